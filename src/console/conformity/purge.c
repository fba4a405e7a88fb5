/* SPDX-License-Identifier: GPL-3.0-or-later
 * A purge that somebody asks for: what it would take, and why; then store does what `tocsin purge` asks of it. */
#include "purge.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/wire.h>
#include "conformity.h"

enum { PURGE_MS = 600000 };

/* --- what would go */

static int step(struct visit *v, void *state, struct error *e)
{
	int r = reader_census(v->c->reader, STINT_ROWS, state, e);
	return r == READER_END ? STINT_DONE : r;
}

static void put_row(struct visit *v, const char *name, uint64_t n)
{
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th>");
	conformity_number(v, n);
	buf_add_string(&v->out, "</tr>\n");
}

static void put_preview(struct visit *v, const struct census *c, const struct kept_beside *b)
{
	const char *const heads[] = {words(v->l, "quoi"), words(v->l, "combien"), NULL};
	const char *title = words(v->l, "Ce qui partirait maintenant");
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	put_row(v, words(v->l, "commentaires dont la durée est passée"), c->comments);
	put_row(v, words(v->l, "anciennes versions de commentaires"), c->versions);
	for (enum kept_as kind = 0; kind < KEPT_HELD; kind++)
		if (c->kinds[kind].due) {
			_buf_ struct buf name = {0};
			buf_printf(
				&name, words(v->l, "dont des textes %s"), conformity_kind(v, kind));
			put_row(v, buf_string(&name), c->kinds[kind].due);
		}
	put_row(v, words(v->l, "entrées illisibles"), b->quarantine + b->dead);
	put_row(v, words(v->l, "messages d'alerte déjà partis"), b->outbox);
	put_row(v, words(v->l, "textes gardés, car en dossier"), c->kinds[KEPT_HELD].texts);
	conformity_table_end(v);
}

static void put_form(struct visit *v)
{
	page_form(v, "noting", "/conformite/purge");
	conformity_reason(v, (struct slice){0});
	buf_add_string(&v->out, "<p><button class=\"grave\">");
	page_word(v, words(v->l, "Effacer définitivement"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void show(struct visit *v, void *state, int r, const struct error *why)
{
	const struct census *c = state;
	struct kept_beside beside = {0};
	struct error e = *why;
	if (r == 0)
		r = reader_kept_beside(v->c->reader, c->now, &c->keep, &beside, &e);
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	conformity_open(v, words(v->l, "Purger"), "/conformite/purge");
	page_element(v, "p",
		words(v->l,
			"Une purge efface pour toujours les textes et les noms dont la durée est passée : de la base, du journal d'arrivée et de la recherche. Les décisions et les statistiques restent."));
	put_preview(v, c, &beside);
	put_form(v);
	conformity_end(v, 200);
}

void purge_get(struct visit *v)
{
	struct census *c = xcalloc(1, sizeof(*c));
	*c = conformity_census(v);
	stint_begin(v, &(struct stint){c, step, show, free});
}

/* --- it goes */

struct purging {
	struct visit *v;
	const char *back;
};

static void purged(void *user, int r, struct slice reply, const struct error *e)
{
	struct purging *p = user;
	struct visit *v = p->v;
	struct wire w = wire_reader(reply);
	const int64_t number = r == 0 ? wire_i64(&w) : 0;
	v->now = clock_now();
	v->session = session_peek(&v->c->sessions, v->token, v->now);
	if (!v->session) {
		visit_go(v, "/connexion");
	} else if (number > 0 && !w.bad) {
		visit_go_to(v, "/conformite/purge/%lld", (long long)number);
	} else {
		visit_tell_error(v,
			r == BUS_TIMEOUT                   ? ASK_UNSURE
				: r == -ENOTCONN || r == 0 ? ASK_AWAY
							   : r,
			e);
		visit_go(v, p->back);
	}
	visit_end(v);
	free(p);
}

void purge_ask(struct visit *v, const struct purge_request *q, const char *back)
{
	struct console *c = v->c;
	_buf_ struct buf body = {0};
	struct error e = {""};
	int r = 0;
	if (!c->purger)
		r = commit_open(c->bus,
			&(struct commit_client_spec){.name = "tocsin-console-purge", .user = c},
			&c->purger, &e);
	struct purging *p = xcalloc(1, sizeof(*p));
	*p = (struct purging){visit_keep(v), back};
	purge_encode(&body, q);
	if (r == 0)
		r = commit_ask(c->purger, REQUEST_PURGE, buf_slice(&body), PURGE_MS, purged, p);
	if (r < 0)
		purged(p, r, (struct slice){0}, &e);
}

void purge_post(struct visit *v)
{
	_buf_ struct buf why = {0};
	if (!conformity_reason_read(v, &why)) {
		visit_tell(v, true, words(v->l, "Un motif est nécessaire."));
		visit_go(v, "/conformite/purge");
		return;
	}
	purge_ask(v,
		&(struct purge_request){
			.who = slice_of(v->session->name), .reason = buf_slice(&why)},
		"/conformite/purge");
}
