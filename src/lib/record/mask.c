/* SPDX-License-Identifier: GPL-3.0-or-later
 * Each finder looks at one place of the text, which begins a word, and returns how many bytes there are its
 * datum (0: none). */
#include <tocsin/record/mask.h>
#include <ctype.h>
#include <strings.h>
#include <tocsin/base/utf8.h>
#include "web.h"

static bool digit(struct slice t, size_t i)
{
	return i < t.n && t.p[i] >= '0' && t.p[i] <= '9';
}

static bool ascii_letter(struct slice t, size_t i)
{
	return i < t.n && (((unsigned)(unsigned char)t.p[i] | 32u) - 'a') < 26u;
}

/* ASCII, or a letter of Latin-1 and its extensions; i may be inside of it. Signs such as » are none. */
static bool letter(struct slice t, size_t i)
{
	if (i >= t.n || (unsigned char)t.p[i] < 0x80)
		return ascii_letter(t, i);
	while (i > 0 && ((unsigned char)t.p[i] & 0xc0) == 0x80)
		i--;
	uint32_t c = utf8_next(t, &i);
	return c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7;
}

static bool wordish(struct slice t, size_t i)
{
	return letter(t, i) || digit(t, i);
}

/* The bytes of one blank, also of a no-break one (U+00A0, U+202F). */
static size_t blank(struct slice t, size_t i)
{
	if (i >= t.n)
		return 0;
	if (t.p[i] == ' ' || t.p[i] == '\t')
		return 1;
	if (i + 1 < t.n && memcmp(t.p + i, "\u00a0", 2) == 0)
		return 2;
	return i + 2 < t.n && memcmp(t.p + i, "\u202f", 3) == 0 ? 3 : 0;
}

static bool address_char(struct slice t, size_t i)
{
	return i < t.n && (wordish(t, i) || strchr("._%+-", t.p[i]));
}

static size_t mail(struct slice t, size_t i)
{
	size_t j = i;
	while (address_char(t, j) && t.p[j])
		j++;
	if (j == i || j >= t.n || t.p[j] != '@')
		return 0;
	size_t domain = ++j;
	bool dot = false;
	while (j < t.n && (wordish(t, j) || t.p[j] == '-' || t.p[j] == '.')) {
		dot |= t.p[j] == '.' && j > domain;
		j++;
	}
	while (j > domain && t.p[j - 1] == '.')
		j--;
	return dot ? j - i : 0;
}

static size_t handle(struct slice t, size_t i)
{
	size_t j = i + 1;
	if (t.p[i] != '@')
		return 0;
	while (j < t.n && (wordish(t, j) || t.p[j] == '_' || t.p[j] == '.' || t.p[j] == '-'))
		j++;
	while (j > i + 1 && t.p[j - 1] == '.')
		j--;
	return j > i + 2 ? j - i : 0;
}

/* Ten digits and more with single separators: "06 12 34 56 78", "+33 (0)6.12…", "0612345678". */
static size_t telephone(struct slice t, size_t i)
{
	size_t digits = 0, end = i, j = i;
	if (t.p[j] == '+' || t.p[j] == '(')
		j++;
	if (!digit(t, j))
		return 0;
	/* a number of France stays one when a word touches it */
	bool french = j > i || (t.p[j] == '0' && j + 1 < t.n && t.p[j + 1] != '0');
	while (j < t.n) {
		if (digit(t, j)) {
			digits++;
			end = ++j;
			continue;
		}
		size_t gap = blank(t, j);
		if (!gap && strchr(".,-/()_", t.p[j]) && t.p[j])
			gap = 1;
		if (!gap && j + 2 < t.n && memcmp(t.p + j, "\xe2\x80", 2) == 0 &&
			(unsigned char)t.p[j + 2] >= 0x90 && (unsigned char)t.p[j + 2] <= 0x95)
			gap = 3; /* ‑ – — */
		if (!gap)
			break;
		j += gap;
		if (j < t.n && (t.p[j] == '(' || t.p[j] == ')'))
			j++;
		if (blank(t, j))
			j += blank(t, j);
		if (!digit(t, j))
			break;
	}
	return digits >= 9 && (french || !letter(t, end)) ? end - i : 0;
}

/* A group of an IBAN: at most four signs, of which one is a digit, or a bank's four capitals: the words behind it
 * are none. */
static bool group(struct slice t, size_t from, size_t to)
{
	size_t digits = 0, capitals = 0;
	for (size_t i = from; i < to; i++) {
		digits += digit(t, i);
		capitals += t.p[i] >= 'A' && t.p[i] <= 'Z';
	}
	return to - from <= 4 && (digits || capitals == 4);
}

#define ACCOUNT_MAX 34u
/* FR76 and 23 more, in groups or not. */
static size_t account(struct slice t, size_t i)
{
	if (!ascii_letter(t, i) || !ascii_letter(t, i + 1) || !digit(t, i + 2) || !digit(t, i + 3))
		return 0;
	size_t signs = 4, end = i + 4, j = i + 4, digits = 2;
	while (j < t.n && signs < ACCOUNT_MAX) {
		size_t gap = blank(t, j), k = j + gap;
		while (gap && (ascii_letter(t, k) || digit(t, k)))
			k++;
		if (gap && !group(t, j + gap, k))
			break;
		j += gap;
		if (!ascii_letter(t, j) && !digit(t, j))
			break;
		digits += digit(t, j);
		signs++;
		end = ++j;
	}
	return signs >= 15 && digits >= 10 && !wordish(t, end) ? end - i : 0;
}

/* "de 150 et" is no plate. */
static bool small_word(struct slice t, size_t i)
{
	static const char words[] =
		"ai an as au ce ci de du en es et eu il je la le ma me mi ne ni nb no on ou pk rn sa se si ta "
		"te tu un va vu ";
	for (const char *w = words; *w; w += 3)
		if ((t.p[i] | 0x20) == w[0] && (t.p[i + 1] | 0x20) == w[1])
			return true;
	return false;
}

/* Plates: AB-123-CD (since 2009) and 1234 ABC 75 (before). */
static size_t plate(struct slice t, size_t i)
{
	size_t j = i;
	if (ascii_letter(t, j) && ascii_letter(t, j + 1)) {
		j += 2;
		bool apart = j < t.n && t.p[j] == ' ';
		if (j < t.n && (t.p[j] == '-' || t.p[j] == ' '))
			j++;
		if (!digit(t, j) || !digit(t, j + 1) || !digit(t, j + 2))
			return 0;
		j += 3;
		if (j < t.n && (t.p[j] == '-' || t.p[j] == ' '))
			j++;
		if (!ascii_letter(t, j) || !ascii_letter(t, j + 1) || wordish(t, j + 2))
			return 0;
		return apart && (small_word(t, i) || small_word(t, j)) ? 0 : j + 2 - i;
	}
	size_t digits = 0, letters = 0;
	while (digits < 5 && digit(t, j)) {
		digits++;
		j++;
	}
	if (j < t.n && (t.p[j] == '-' || t.p[j] == ' '))
		j++;
	while (letters < 4 && j < t.n && t.p[j] >= 'A' && t.p[j] <= 'Z') {
		letters++;
		j++;
	}
	if (j < t.n && (t.p[j] == '-' || t.p[j] == ' '))
		j++;
	if (digits < 1 || digits > 4 || letters < 2 || letters > 3 || !digit(t, j) ||
		!digit(t, j + 1))
		return 0;
	return wordish(t, j + 2) ? 0 : j + 2 - i;
}

static const char *const streets[] = {"rue", "avenue", "av", "bd", "boulevard", "bld", "place",
	"pl", "impasse", "allée", "allee", "allées", "chemin", "ch", "route", "rte", "quai",
	"cours", "square", "passage", "villa", "cité", "résidence", "residence", "lotissement",
	"sentier", "ruelle", "esplanade", "faubourg", "hameau", "lieu-dit", "mail", "voie",
	"venelle", "traverse"};

/* The word at i, letters and inner hyphens. */
static size_t word(struct slice t, size_t i)
{
	size_t j = i;
	while (letter(t, j) ||
		(j > i && j + 1 < t.n && (t.p[j] == '-' || t.p[j] == '\'') && letter(t, j + 1)))
		j++;
	return j - i;
}

static bool is_street(struct slice t, size_t i, size_t n)
{
	for (size_t s = 0; s < sizeof(streets) / sizeof(*streets); s++)
		if (strlen(streets[s]) == n && strncasecmp(t.p + i, streets[s], n) == 0)
			return true;
	return false;
}

static bool joins(struct slice t, size_t i, size_t n)
{
	static const char *const small[] = {
		"de", "du", "des", "la", "le", "les", "et", "en", "sur"};
	for (size_t s = 0; s < sizeof(small) / sizeof(*small); s++)
		if (strlen(small[s]) == n && strncasecmp(t.p + i, small[s], n) == 0)
			return true;
	return false;
}

/* "l'Église", "d'Orle" */
static bool elided(struct slice t, size_t i, size_t n)
{
	return n > 2 && (strncasecmp(t.p + i, "d'", 2) == 0 || strncasecmp(t.p + i, "l'", 2) == 0);
}

/* "bis", "ter", "quater" or a single letter behind a house number. */
static size_t suffix(struct slice t, size_t i)
{
	size_t n = word(t, i);
	if (n == 1 ||
		(n == 3 &&
			(strncasecmp(t.p + i, "bis", 3) == 0 ||
				strncasecmp(t.p + i, "ter", 3) == 0)))
		return n;
	return n == 6 && strncasecmp(t.p + i, "quater", 6) == 0 ? n : 0;
}

/* A-Z, À-Þ, Œ */
static bool is_capital(struct slice t, size_t i)
{
	uint32_t c = utf8_next(t, &i);
	return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde) || c == 0x152;
}

#define SHOUTED_NAMES 2u
/* "12 bis, rue de la Paix": the number, the street's kind, small words and the first name that follows, and
 * further words that begin with a capital. */
static size_t street(struct slice t, size_t i)
{
	size_t j = i, n;
	while (digit(t, j))
		j++;
	if (j == i || j > i + 4)
		return 0;
	size_t after = j + blank(t, j);
	n = suffix(t, after);
	if (n)
		j = after + n;
	if (j < t.n && t.p[j] == ',')
		j++;
	j += blank(t, j);
	n = word(t, j);
	if (!n || !is_street(t, j, n))
		return 0;
	/* where all is in capitals they tell no name: what follows must stay readable */
	bool shouted = isupper((unsigned char)t.p[j]) && isupper((unsigned char)t.p[j + n - 1]);
	size_t end = j + n, at = end, names = 0;
	bool named = false;
	for (int words = 0; words < 6; words++) {
		size_t next = at + (at < t.n && t.p[at] == '.' ? 1 : 0);
		next += blank(t, next);
		n = word(t, next);
		if (!n || next == at)
			break;
		bool small = joins(t, next, n);
		bool capital = is_capital(t, next);
		if (named && !capital && !small && !elided(t, next, n))
			break;
		if (shouted && names == SHOUTED_NAMES)
			break;
		at = next + n;
		if (!small || (capital && !shouted)) {
			named = true;
			names++;
			end = at;
		}
	}
	return end - i;
}

static size_t datum(struct slice t, size_t i, const char **name)
{
	static const struct {
		size_t (*find)(struct slice t, size_t i);
		const char *name;
	} finders[] = {{mail, "[courriel]"}, {handle, "[compte]"}, {account, "[compte bancaire]"},
		{plate, "[plaque]"}, {street, "[adresse]"}, {telephone, "[téléphone]"}};
	for (size_t f = 0; f < sizeof(finders) / sizeof(*finders); f++) {
		size_t n = finders[f].find(t, i);
		if (n) {
			*name = finders[f].name;
			return n;
		}
	}
	return 0;
}

/* "Tel0612345678": a whole number of France behind a letter. */
static size_t touching(struct slice t, size_t i, const char **name)
{
	if (t.p[i] != '0' || digit(t, i - 1) || i + 1 >= t.n || t.p[i + 1] == '0')
		return 0;
	*name = "[téléphone]";
	return telephone(t, i);
}

/* Marks that turn or hide text: what people read must be what is there. */
static bool invisible(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
		(c >= 0x2060 && c <= 0x2069) || c == 0xfeff || c == 0xad || (c >= 0x80 && c < 0xa0);
}

/* One line: line ends, control characters and blanks in a row become one blank. */
static void flatten(struct buf *out, struct slice text)
{
	_buf_ struct buf valid = {0};
	utf8_repair(&valid, text);
	struct slice t = buf_slice(&valid);
	for (size_t i = 0; i < t.n;) {
		size_t from = i;
		uint32_t c = utf8_next(t, &i);
		if (invisible(c))
			continue;
		bool gap = c <= ' ' || c == 0x7f || c == 0x2028 || c == 0x2029;
		if (!gap)
			buf_add(out, t.p + from, i - from);
		else if (out->n && out->p[out->n - 1] != ' ')
			buf_add_char(out, ' ');
	}
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
}

void mask_text(struct buf *out, struct slice text, size_t max)
{
	_buf_ struct buf flat = {0}, masked = {0};
	flatten(&flat, text);
	struct slice t = buf_slice(&flat);
	for (size_t i = 0; i < t.n;) {
		const char *name = "";
		bool begins = i == 0 || !wordish(t, i - 1);
		size_t n = begins ? web_address(t, i, &masked) : 0;
		if (!n)
			n = begins ? datum(t, i, &name) : touching(t, i, &name);
		if (n)
			buf_add_string(&masked, name);
		else
			buf_add_char(&masked, t.p[i]);
		i += n ? n : 1;
	}
	struct slice all = buf_slice(&masked);
	if (all.n <= max) {
		buf_add_slice(out, all);
		return;
	}
	struct slice cut = utf8_cut(all, max > 3 ? max - 3 : 0);
	size_t word_end = cut.n;
	while (word_end > 0 && cut.p[word_end - 1] != ' ')
		word_end--;
	if (word_end > cut.n / 2)
		cut.n = word_end - 1;
	buf_add_slice(out, cut);
	buf_add_string(out, "…");
}
