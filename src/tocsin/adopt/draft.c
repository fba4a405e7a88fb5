/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft.h"
#include <ctype.h>
#include <strings.h>
#include <tocsin/record/mask.h>
#include <tocsin/text/text.h>

#define EXAMPLE_BYTES 240u
#define NEAR_WORDS 6u
#define PART_LEAST 4u /* letters of a label's word that says something */
#define NAME "[nom]"
#define NAME_LEAST 3u /* bytes of a part of an author's name that is looked for */

void draft_id(struct slice label, char ret[static DRAFT_ID_MAX + 1])
{
	struct text_views *v = text_views_new();
	size_t n = 0;
	text_views_make(v, label);
	struct slice view = text_view(v, TEXT_FOLDED);
	for (size_t i = 0; i < view.n && n < DRAFT_ID_MAX; i++)
		if (isalnum((unsigned char)view.p[i]))
			ret[n++] = view.p[i];
		else if (n && ret[n - 1] != '_')
			ret[n++] = '_';
	while (n && ret[n - 1] == '_')
		n--;
	ret[n] = '\0';
	if (!n || isdigit((unsigned char)ret[0]))
		memcpy(ret, "sujet", sizeof("sujet"));
	text_views_free(v);
}

bool draft_touches(const struct draft *d, struct slice text)
{
	struct text_views *v = text_views_new();
	bool found = false;
	text_views_make(v, text);
	struct slice view = text_view(v, TEXT_FOLDED);
	for (const char *p = d->id, *end; *p && !found; p = *end ? end + 1 : end) {
		end = strchrnul(p, '_');
		size_t n = (size_t)(end - p);
		found = n >= PART_LEAST && memmem(view.p, view.n, p, n);
	}
	text_views_free(v);
	return found;
}

/* In single quotes, on one line. */
static void quote(struct buf *out, struct slice text)
{
	buf_add_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\'')
			buf_add_char(out, '\'');
		buf_add_char(out, (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i]);
	}
	buf_add_char(out, '\'');
}

static struct slice first_word(struct slice label)
{
	const char *blank = memchr(label.p, ' ', label.n);
	return (struct slice){label.p, blank ? (size_t)(blank - label.p) : label.n};
}

static struct slice last_word(struct slice label)
{
	const char *blank = memrchr(label.p, ' ', label.n);
	size_t from = blank ? (size_t)(blank + 1 - label.p) : 0;
	return (struct slice){label.p + from, label.n - from};
}

/* The name itself, or its first and its last word near each other. */
static void write_condition(const struct draft *d, struct buf *out)
{
	struct slice first = first_word(d->label), last = last_word(d->label);
	if (first.n == d->label.n) {
		buf_add_string(out, "    quand:\n      mots: [");
		quote(out, d->label);
		buf_add_string(out, "]\n");
		return;
	}
	buf_add_string(out, "    quand:\n      au_choix:\n        - mots: [");
	quote(out, d->label);
	buf_printf(out, "]\n        - proche: {distance: %u mots, ensemble: [{mots: [", NEAR_WORDS);
	quote(out, first);
	buf_add_string(out, "]}, {mots: [");
	quote(out, last);
	buf_add_string(out, "]}]}\n");
}

static void write_examples(const char *key, const struct slice *list, size_t n, struct buf *out)
{
	if (n)
		buf_printf(out, "      %s:\n", key);
	for (size_t i = 0; i < n; i++) {
		buf_add_string(out, "        - ");
		quote(out, list[i]);
		buf_add_char(out, '\n');
	}
}

static void write_head(const struct draft *d, struct buf *out)
{
	if (d->pack)
		buf_printf(out,
			"# Un sujet que personne n'avait déclaré, suivi depuis le point de situation. Il compte et il sonne. Un sujet\n"
			"# qui nomme une personne demande un mandat et une raison. Gardez son id : il dit que le titre vient de ce que les habitants\n"
			"# ont écrit, et qu'en période électorale le cabinet lit « Sujet suivi » et son numéro.\n"
			"tocsin: 1\npaquet: %s\nresponsable: ",
			d->pack);
	else
		buf_printf(out,
			"# Un sujet que personne n'avait déclaré, à compléter. En observation, il compte sans sonner ;\n"
			"# « statut: active » le fait sonner. Un sujet qui nomme une personne demande un mandat et une raison.\n"
			"# Les exemples sont sans coordonnées, sans le nom de l'auteur ni ceux qui suivent M. ou Mme ; d'autres\n"
			"# noms peuvent rester : relisez.\n"
			"tocsin: 1\npaquet: %s\nresponsable: ",
			d->id);
	quote(out, d->owner);
}

void draft_write(const struct draft *d, struct buf *out)
{
	write_head(d, out);
	buf_printf(out, "\nsujets:\n  - id: %s\n    titre: ", d->id);
	quote(out, d->title.n ? d->title : d->label);
	buf_printf(out, "\n    statut: %s\n", d->pack ? "active" : "observation");
	for (size_t i = 0; i < d->n_beside; i++) {
		buf_add_string(out, i ? ", " : "    # Montent avec lui : ");
		quote(out, d->beside[i]);
	}
	buf_add_string(out, d->n_beside ? "\n" : "");
	write_condition(d, out);
	if (!d->n_yes && !d->n_no)
		return;
	buf_add_string(out, "    exemples:\n");
	write_examples("oui", d->yes, d->n_yes, out);
	write_examples("non", d->no, d->n_no, out);
}

/* --- names */

static bool is_letter(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* ASCII, or À to Þ. */
static bool is_capital(struct slice w)
{
	return w.n &&
		(isupper((unsigned char)w.p[0]) ||
			(w.n > 1 && w.p[0] == '\xc3' && (unsigned char)w.p[1] < 0x9f));
}

static bool is_title(struct slice w)
{
	static const char *const titles[] = {"M", "Mme", "Mlle", "MM", "Monsieur", "Madame",
		"Mademoiselle", "Me", "Dr", "Docteur"};
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (slice_is(w, titles[i]))
			return true;
	return false;
}

static size_t word_at(struct slice text, size_t at)
{
	size_t n = 0;
	while (at + n < text.n && (is_letter(text.p[at + n]) || (n && text.p[at + n] == '-')))
		n++;
	return n;
}

static bool is_of_name(struct slice w, struct slice name)
{
	for (size_t i = 0; w.n >= NAME_LEAST && i < name.n;) {
		size_t n = word_at(name, i);
		if (n == w.n && strncasecmp(name.p + i, w.p, n) == 0)
			return true;
		i += n ? n : 1;
	}
	return false;
}

void draft_hide(struct buf *out, struct slice text, struct slice author_name)
{
	_buf_ struct buf masked = {0};
	bool named = false; /* a title, or a name after one, stands before */
	mask_text(&masked, text, EXAMPLE_BYTES);
	struct slice t = buf_slice(&masked);
	for (size_t i = 0; i < t.n;) {
		size_t n = word_at(t, i);
		struct slice w = {t.p + i, n};
		if (n == 0) {
			named &= t.p[i] == ' ' || t.p[i] == '.';
			buf_add_char(out, t.p[i++]);
			continue;
		}
		if ((named && is_capital(w)) || is_of_name(w, author_name)) {
			buf_add_string(out, NAME);
		} else {
			buf_add_slice(out, w);
			named = is_title(w);
		}
		i += n;
	}
}
