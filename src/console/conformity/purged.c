/* SPDX-License-Identifier: GPL-3.0-or-later
 * The proof of a purge: what it took, who asked and why, whether journal and search have followed, and that the chain of
 * evidence holds without the texts that went. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/db/search.h>
#include <tocsin/html/html.h>
#include "../metrics.h"
#include "conformity.h"

enum { LINKS = 500, FRESH_MS = 1500 };

struct proving {
	int64_t number;
	bool found;
	struct evidence_at at;
	unsigned char chain[DIGEST_SIZE];
	struct evidence sum;
};

static int judge(void *user, const struct evidence_item *l)
{
	struct proving *p = user;
	const bool ok = evidence_holds(l, p->chain);
	p->sum.links++;
	p->sum.wiped += ok && l->wiped;
	p->sum.broken += !ok;
	if (!ok && !p->sum.first_broken)
		p->sum.first_broken = l->seq;
	return 0;
}

static int step(struct visit *v, void *state, struct error *e)
{
	struct proving *p = state;
	int r = reader_evidence_links(v->c->reader, &p->at, LINKS, judge, p, e);
	return r == READER_END ? STINT_DONE : r;
}

static void put_row(struct visit *v, const char *name)
{
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th><td>");
}

static void end_row(struct visit *v)
{
	buf_add_string(&v->out, "</td></tr>\n");
}

/* --- what must follow the database */

static bool journal_followed(const struct visit *v, int64_t at)
{
	const char *run = v->c->s->config.run_dir;
	double written = 0, pending = 1;
	return metrics_number(run, "tocsin-ingest", "process_written_seconds", &written) &&
		metrics_number(run, "tocsin-ingest", "ingest_scrub_pending", &pending) &&
		(int64_t)(written * 1000) >= at + FRESH_MS && pending <= 0;
}

static bool search_followed(const struct visit *v, int64_t number)
{
	struct search *search = NULL;
	struct error e = {""};
	int64_t done = 0;
	int r = search_open(v->c->s->config.state_dir, false, &search, &e);
	if (r == 0)
		r = search_purged(search, &done, &e);
	search_close(search);
	return r == 0 && done >= number;
}

static void put_followed(struct visit *v, const struct purge_done *p)
{
	const char *yes = words(v->l, "a suivi"),
		   *no = words(v->l, "suit encore : rechargez la page");
	put_row(v, words(v->l, "Base"));
	page_word(v, words(v->l, "faite : ses fichiers n'en gardent rien"));
	end_row(v);
	put_row(v, words(v->l, "Journal d'arrivée"));
	page_word(v, journal_followed(v, p->at) ? yes : no);
	end_row(v);
	put_row(v, words(v->l, "Recherche"));
	page_word(v,
		!v->c->s->config.search                 ? words(v->l, "il n'y en a pas")
			: !p->comments                  ? words(v->l, "rien à effacer")
			: search_followed(v, p->number) ? yes
							: no);
	end_row(v);
}

static void put_chain(struct visit *v, const struct evidence *sum)
{
	put_row(v, words(v->l, "Chaîne de preuves"));
	if (sum->broken)
		buf_printf(&v->out, words(v->l, "ROMPUE au n° %lld (%llu maillons faux sur %llu)"),
			(long long)sum->first_broken, (unsigned long long)sum->broken,
			(unsigned long long)sum->links);
	else
		buf_printf(&v->out,
			words(v->l, "intacte : %llu maillons, dont %llu au texte effacé"),
			(unsigned long long)sum->links, (unsigned long long)sum->wiped);
	end_row(v);
}

/* What this purge does not reach. */
static void put_backups(struct visit *v)
{
	char number[40];
	const int64_t days = v->c->s->config.keep.unflagged_ms / CLOCK_DAY;
	put_row(v, words(v->l, "Sauvegardes"));
	buf_printf(&v->out,
		words(v->l,
			"pas atteintes : celles d'avant cette purge gardent ces textes. Ne les gardez pas plus longtemps que les textes eux-mêmes (%s jours pour ce qui n'est pas signalé) ; si l'une est restaurée, ce qui a été effacé depuis est à refaire."),
		words_number(v->l, days, number));
	end_row(v);
}

/* --- the page */

struct page {
	struct visit *v;
	struct proving *p;
};

static int put_purge(void *user, const struct purge_done *done)
{
	const struct page *page = user;
	struct visit *v = page->v;
	char text[40];
	page->p->found = true;
	buf_add_string(&v->out, "<table class=\"facts\"><tbody>\n");
	put_row(v, words(v->l, "Faite le"));
	conformity_moment(v, done->at);
	end_row(v);
	put_row(v, words(v->l, "Demandée par"));
	page_person(v, done->who);
	end_row(v);
	put_row(v, words(v->l, "Motif"));
	html_shown(&v->out, done->why);
	end_row(v);
	put_row(v, words(v->l, "Commentaires effacés"));
	buf_add_string(&v->out, words_number(v->l, (int64_t)done->comments, text));
	end_row(v);
	put_followed(v, done);
	put_chain(v, &page->p->sum);
	put_backups(v);
	buf_add_string(&v->out, "</tbody></table>\n");
	return 0;
}

static void show(struct visit *v, void *state, int r, const struct error *why)
{
	struct proving *p = state;
	struct page page = {v, p};
	struct error e = *why;
	_buf_ struct buf title = {0};
	buf_printf(&title, words(v->l, "Preuve de la purge n° %lld"), (long long)p->number);
	conformity_open(v, buf_string(&title), "/conformite/purge/");
	if (r == 0)
		r = reader_purges(v->c->reader, p->number, 1, put_purge, &page, &e);
	if (r < 0)
		visit_problem(v, 503);
	else if (!p->found)
		visit_problem(v, 404);
	else
		conformity_end(v, 200);
}

static int is_there(void *user, const struct purge_done *done)
{
	(void)done;
	*(bool *)user = true;
	return 0;
}

void purged_get(struct visit *v)
{
	struct error e = {""};
	const int64_t number = visit_number(v);
	bool found = false;
	int r = visit_reader(v);
	if (r == 0 && number)
		r = reader_purges(v->c->reader, number, 1, is_there, &found, &e);
	if (r < 0 || !found) {
		visit_problem(v, r < 0 ? 503 : 404);
		return;
	}
	struct proving *p = xcalloc(1, sizeof(*p));
	p->number = number;
	stint_begin(v, &(struct stint){p, step, show, free});
}
