/* SPDX-License-Identifier: GPL-3.0-or-later
 * À modérer: what waits for a human eye, the urgent first. */
#include "card.h"
#include <tocsin/html/html.h>

enum { SHOWN = 50 };

static int put_item(void *user, const struct queue_item *q)
{
	struct visit *v = user;
	const struct card c = {.stored = &q->stored, .waits = q};
	buf_add_string(&v->out, "<li>");
	card_put(v, &c);
	buf_add_string(&v->out, "</li>\n");
	return 0;
}

static void put_count(struct visit *v, const uint64_t by[5])
{
	char number[40];
	uint64_t all = by[0] + by[1] + by[2] + by[3] + by[4];
	buf_add_string(&v->out, "<p class=\"count\">");
	if (!all) {
		page_word(v, words(v->l, "Rien n'attend un regard humain."));
	} else {
		buf_printf(&v->out,
			words_n(v->l, "%s commentaire attend un regard humain",
				"%s commentaires attendent un regard humain", all),
			words_number(v->l, (int64_t)all, number));
		if (by[1])
			buf_printf(&v->out, words(v->l, ", dont %llu en urgence"),
				(unsigned long long)by[1]);
		if (all > SHOWN)
			buf_printf(&v->out, words(v->l, " ; voici les %d premiers"), SHOWN);
		buf_add_char(&v->out, '.');
	}
	buf_add_string(&v->out, "</p>\n");
}

/* The keys, and their switch: a screen reader or a voice may want them off. Scripts show it. */
static void put_keys(struct visit *v)
{
	static const struct {
		const char *key, *french;
	} keys[] = {{"j", WORDS_MARK("suivant")}, {"k", WORDS_MARK("précédent")},
		{"o", WORDS_MARK("ouvrir")}, {"c", WORDS_MARK("je m'en occupe")},
		{"x", WORDS_MARK("je laisse la main")}, {"l", WORDS_MARK("laisser en ligne")},
		{"m", WORDS_MARK("masquer")}, {"r", WORDS_MARK("répondre")},
		{"t", WORDS_MARK("transférer")}, {"?", WORDS_MARK("cette aide")}};
	buf_add_string(&v->out, "<details class=\"keys\" id=\"touches\" hidden><summary>");
	page_word(v, words(v->l, "Raccourcis clavier"));
	buf_add_string(&v->out, "</summary><dl>");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		buf_printf(&v->out, "<div><dt><kbd>%s</kbd></dt><dd>", keys[i].key);
		page_word(v, words(v->l, keys[i].french));
		buf_add_string(&v->out, "</dd></div>");
	}
	buf_add_string(
		&v->out, "</dl><p><label><input type=\"checkbox\" id=\"touches-oui\" checked> ");
	page_word(v, words(v->l, "Raccourcis actifs dans ce navigateur"));
	buf_add_string(&v->out, "</label></p></details>\n");
}

void queue_get(struct visit *v)
{
	struct error e = {""};
	uint64_t by[5];
	const char *title = words(v->l, "À modérer");
	page_open(v, title);
	page_element(v, "h1", title);
	int r = visit_reader(v);
	if (r == 0)
		r = reader_queue_count(v->c->reader, by, &e);
	if (r == 0) {
		put_count(v, by);
		put_keys(v);
		buf_add_string(&v->out, "<ol class=\"queue\">\n");
		r = reader_queue(v->c->reader, LANE_MODERATION, SHOWN, put_item, v, &e);
	}
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	buf_add_string(&v->out, "</ol>\n");
	page_close(v);
	visit_page(v, 200);
}
