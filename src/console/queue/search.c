/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking for words in everything that was received, decided or not. Who looked for what, and why, is written down by store
 * before anything is shown: a search may well aim at a person. */
#include <errno.h>
#include <tocsin/db/search.h>
#include <tocsin/html/html.h>
#include "card.h"
#include "file.h"
#include "../access/limit.h"
#include "../topic.h"

enum { FOUND_MAX = 50, WHY_MAX = 1000 };
/* Everybody waits meanwhile: pages are made one after the other. */
#define PATIENCE 1000u /* ms */

struct found {
	int64_t seqs[FOUND_MAX];
	size_t n;
	bool more;
	bool late; /* the search was stopped */
};

static int take_seq(void *user, int64_t seq)
{
	struct found *f = user;
	if (f->n == FOUND_MAX)
		f->more = true;
	else
		f->seqs[f->n++] = seq;
	return 0;
}

/* --- what was found */

static int put_waiting(void *user, const struct queue_item *q)
{
	struct visit *v = user;
	card_put(v, &(struct card){.stored = &q->stored, .waits = q});
	return 0;
}

struct decided {
	struct visit *v;
	int64_t row;
	size_t start; /* of the last decision in the page */
};

static int put_comment(void *user, const struct stored_comment *c)
{
	struct decided *d = user;
	d->row = c->row;
	card_put(d->v, &(struct card){.stored = c});
	return 0;
}

/* Only the last one stays. */
static int put_decision(void *user, const struct decision *decision)
{
	struct decided *d = user;
	struct visit *v = d->v;
	v->out.n = d->start;
	buf_add_string(&v->out, "<p class=\"meta decided\"><strong>");
	card_decision(v, decision->decision);
	buf_add_string(&v->out, "</strong> · ");
	page_person(v, decision->who);
	buf_add_string(&v->out, " · ");
	page_time(v, decision->at);
	buf_add_string(&v->out, "</p>\n");
	return 0;
}

static int put_one(struct visit *v, int64_t seq, struct error *e)
{
	struct decided d = {.v = v};
	buf_add_string(&v->out, "<li>");
	int r = reader_queue_item(v->c->reader, seq, put_waiting, v, e);
	if (r == READER_END) {
		r = reader_comment(v->c->reader, seq, put_comment, &d, e);
		d.start = v->out.n;
		if (r == 0)
			r = reader_history(v->c->reader, d.row, put_decision, &d, e);
	}
	buf_add_string(&v->out, "</li>\n");
	return r;
}

static void put_count(struct visit *v, const struct found *f, bool before)
{
	buf_add_string(&v->out, "<p class=\"count\" role=\"status\">");
	if (f->late)
		page_word(v,
			words(v->l,
				"La recherche, trop longue, a été arrêtée : précisez les mots. Ce qui a été trouvé jusque-là :"));
	else if (!f->n)
		page_word(v, words(v->l, "Rien n'a été trouvé."));
	else if (f->more)
		buf_printf(&v->out,
			before ? words(v->l, "%u plus anciens :")
			       : words(v->l, "Les %u plus récents :"),
			(unsigned)FOUND_MAX);
	else
		buf_printf(&v->out, words_n(v->l, "%u commentaire :", "%u commentaires :", f->n),
			(unsigned)f->n);
	buf_add_string(&v->out, "</p>\n");
}

/* --- the page */

static void put_field(struct visit *v, const char *name, const char *label, struct slice value)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v, label);
	buf_printf(&v->out, "<input name=\"%s\" required maxlength=\"%u\" value=\"", name,
		(unsigned)SEARCHED_MAX);
	html_text(&v->out, value);
	buf_add_string(&v->out, "\"></label></p>\n");
}

struct asked {
	struct buf words, why;
	int64_t before; /* seq; 0: from the newest */
};

static void asked_release(struct asked *a)
{
	buf_release(&a->words);
	buf_release(&a->why);
}

static bool read_asked(struct visit *v, struct asked *a)
{
	int words = visit_query(v, "q", SEARCHED_MAX, &a->words);
	int why = visit_query(v, "motif", WHY_MAX, &a->why);
	_buf_ struct buf number = {0};
	int before = visit_query(v, "avant", 20, &number);
	return (words == 0 || words == -ENOENT) && (why == 0 || why == -ENOENT) &&
		(before == -ENOENT ||
			(before == 0 && slice_number(buf_slice(&number), &a->before)));
}

static void put_form(struct visit *v, const struct asked *a, const char *wrong)
{
	const char *title = words(v->l, "Rechercher");
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
	if (wrong) {
		buf_add_string(&v->out, "<div class=\"told bad\" role=\"alert\"><p>");
		page_word(v, wrong);
		buf_add_string(&v->out, "</p></div>\n");
	}
	buf_add_string(
		&v->out, "<form class=\"searching\" role=\"search\" action=\"/recherche\">\n");
	put_field(v, "q",
		words(v->l,
			"Mots (tous), « entre guillemets » dans cet ordre, -mot à exclure, début*"),
		buf_slice(&a->words));
	put_field(v, "motif", words(v->l, "Pourquoi cherchez-vous ? (inscrit au journal)"),
		buf_slice(&a->why));
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, title);
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void search_page(struct visit *v, unsigned status, const struct asked *a, const char *wrong)
{
	put_form(v, a, wrong);
	page_close(v);
	visit_page(v, status);
}

/* What the words find, newest first: 0, -EINVAL when they are none, or -errno. */
static int find(struct visit *v, const struct asked *a, struct found *f, struct error *e)
{
	struct search *search = NULL;
	const char *dir = v->c->s->config.state_dir;
	int r = limit_is(v) ? search_open_limited(dir, slice_of(v->sources), &search, e)
			    : search_open(dir, false, &search, e);
	if (r == 0)
		r = search_query(search,
			&(struct search_ask){.words = buf_slice(&a->words),
				.limit = FOUND_MAX + 1,
				.before = a->before,
				.patience = PATIENCE},
			take_seq, f, e);
	search_close(search);
	f->late = r == SEARCH_IMPATIENT;
	return f->late ? 0 : r;
}

/* To what is older, looked for with the same words for the same reason. */
static void put_next(struct visit *v, const struct asked *a, const struct found *f)
{
	_buf_ struct buf to = {0};
	if (!f->more)
		return;
	page_query(&to, "q", buf_slice(&a->words));
	page_query(&to, "motif", buf_slice(&a->why));
	buf_printf(&to, "avant=%lld", (long long)f->seqs[f->n - 1]);
	buf_printf(&v->out,
		"<nav class=\"pages\" aria-label=\"%s\"><ul><li><a rel=\"next\" href=\"/recherche?",
		words(v->l, "Pages de la liste"));
	html_text(&v->out, buf_slice(&to));
	buf_add_string(&v->out, "\">");
	page_word(v, words(v->l, "Suivants"));
	buf_add_string(&v->out, "</a></li></ul></nav>\n");
}

static void show(struct visit *v, const struct asked *a)
{
	struct found f = {.n = 0};
	struct error e = {""};
	int r = visit_reader(v);
	if (r == 0)
		r = find(v, a, &f, &e);
	if (r < 0) {
		search_page(v, r == -EINVAL ? 400 : 503, a,
			r == -EINVAL
				? words(v->l,
					  "Il faut un mot à chercher ; devant *, trois lettres au moins.")
				: words(v->l,
					  "La recherche n'est pas prête : réessayez dans une minute."));
		return;
	}
	topics_refresh(v);
	put_form(v, a, NULL);
	put_count(v, &f, a->before);
	buf_add_string(&v->out, "<ol class=\"queue\">\n");
	for (size_t i = 0; i < f.n && r == 0; i++)
		r = put_one(v, f.seqs[i], &e);
	buf_add_string(&v->out, "</ol>\n");
	put_next(v, a, &f);
	page_close(v);
	if (r < 0)
		visit_problem(v, 503);
	else
		visit_page(v, 200);
}

static void written_down(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_cleanup_(asked_release) struct asked a = {0};
	(void)reply, (void)e;
	if (!read_asked(v, &a))
		visit_problem(v, 400);
	else if (r)
		search_page(v, 503, &a,
			words(v->l,
				"La base ne répond pas : la recherche n'a pas pu être inscrite au journal, et n'a pas été faite."));
	else
		show(v, &a);
}

void search_get(struct visit *v)
{
	_cleanup_(asked_release) struct asked a = {0};
	_buf_ struct buf body = {0};
	if (!read_asked(v, &a)) {
		visit_problem(v, 400);
	} else if (!a.words.n) {
		search_page(v, 200, &a, NULL);
	} else if (!a.why.n) {
		search_page(v, 400, &a, words(v->l, "Un motif est nécessaire."));
	} else {
		searched_encode(&body,
			&(struct searched_request){slice_of(v->session->name), buf_slice(&a.words),
				buf_slice(&a.why)});
		visit_ask_then(v, REQUEST_SEARCHED, &body, written_down);
	}
}
