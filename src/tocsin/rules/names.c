/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

enum { TITLE = 3, CRIED = 3, LOUD = 4, NAMES = 2 /* Jeanne Dupont */ };

/* Of a place in a text: a letter's bytes, 0 for what is none. Latin letters, those with accents (0xc3) too. */
static size_t letter(struct slice s, bool *ret_capital)
{
	const unsigned char *c = (const unsigned char *)s.p;
	const bool wide = s.n > 1 && c[0] == 0xc3 && c[1] != 0x97 && c[1] != 0xb7;
	const unsigned char small = s.n ? c[0] | 0x20 : 0;
	if (!wide && (small < 'a' || small > 'z'))
		return 0;
	*ret_capital = wide ? c[1] < 0x9f : c[0] < 'a';
	return wide ? 2 : 1;
}

static struct slice behind(struct slice s, size_t n)
{
	return (struct slice){s.p + n, s.n - n};
}

static size_t word_length(struct slice s)
{
	size_t n = 0;
	while (n < s.n && (unsigned char)s.p[n] > ' ' && !strchr(",;:.!?\"()", s.p[n]))
		n++;
	return n;
}

/* The letters that a part of a word begins with. */
struct part {
	size_t bytes, letters, capitals;
	bool begins; /* with a capital */
};

static struct part part_of(struct slice s)
{
	struct part p = {0};
	bool capital = false;
	for (size_t n; (n = letter(behind(s, p.bytes), &capital)); p.bytes += n) {
		p.begins |= !p.letters && capital;
		p.capitals += capital;
		p.letters++;
	}
	return p;
}

static bool is_cried(const struct part *p)
{
	return p->letters >= CRIED && p->capitals == p->letters;
}

static bool is_known(struct slice word)
{
	static const char *const list[] = {"ADN", "AESH", "ALSH", "ASVP", "ATSEM", "BAC", "CAF",
		"CCAS", "CHU", "CNIL", "COVID", "CPAM", "CRS", "CSP", "DGS", "EDF", "EHPAD", "GPS",
		"HLM", "IRM", "IVG", "LGBT", "MJC", "OGM", "OMS", "ONG", "ONU", "PACA", "PDF",
		"PLU", "PMI", "PMR", "PMU", "QPV", "RATP", "RER", "RIB", "RSA", "SAMU", "SDF",
		"SMIC", "SMS", "SNCF", "SUV", "TER", "TGV", "TVA", "UNESCO", "URSSAF", "USA", "VTC",
		"ZAC", "ZFE", "ZUP"};
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (slice_is(word, list[i]))
			return true;
	return false;
}

/* Most of it is cried: then capitals say nothing. */
static bool is_loud(struct slice text)
{
	size_t words = 0, cried = 0;
	while (text.n) {
		const struct part p = part_of(text);
		words += p.letters >= CRIED;
		cried += is_cried(&p) && !is_known((struct slice){text.p, p.bytes});
		text = behind(text, p.bytes ? p.bytes : 1);
	}
	return cried >= LOUD && cried * 2 > words;
}

static bool is_title(struct slice word)
{
	static const char *const list[] = {"M", "MM", "MR", "MME", "MMES", "MLLE", "DR", "MONSIEUR",
		"MADAME", "MADEMOISELLE", "DOCTEUR"};
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (slice_is(word, list[i]))
			return true;
	return false;
}

/* Where in a word a name begins ("d'Ormesson", "«Dupont"), or its length. A sentence's first letter is one of any word. */
static size_t name_at(struct slice word, bool first, bool loud)
{
	for (size_t at = 0; at < word.n;) {
		const struct part p = part_of(behind(word, at));
		const bool cried =
			is_cried(&p) && !loud && !is_known((struct slice){word.p + at, p.bytes});
		const bool named = p.begins && p.capitals < p.letters && !(first && at == 0);
		if (cried || named)
			return at;
		at += p.bytes ? p.bytes : 1;
	}
	return word.n;
}

void names_hide(struct buf *out, struct slice text)
{
	const bool loud = is_loud(text);
	unsigned titled =
		0; /* so many words may be the name behind a title, also when all is cried */
	bool first = true, title = false; /* title: the last word may be one: « M. », « Dr. » */
	while (text.n) {
		const size_t n = word_length(text);
		const struct slice word = {text.p, n};
		if (n) {
			const size_t at = name_at(word, first, loud && !titled);
			const struct part p = part_of(word);
			buf_add_slice(out, (struct slice){word.p, at});
			buf_add_string(out, at < n ? "[…]" : "");
			title = p.begins && p.bytes == n && p.letters <= TITLE;
			titled = is_title(word) ? NAMES : titled && at < n ? titled - 1 : 0;
			first = false;
		} else {
			buf_add_char(out, (unsigned char)*text.p < ' ' ? ' ' : *text.p);
			first = first || (strchr(".!?", *text.p) && !(*text.p == '.' && title));
			title = title && *text.p == '.';
			if (*text.p != ' ' && !(*text.p == '.' && titled == NAMES))
				titled = 0;
		}
		text = behind(text, n ? n : 1);
	}
}
