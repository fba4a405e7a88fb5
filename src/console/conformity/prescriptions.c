/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calendar of prescriptions: of what was flagged and nobody left online, when the law's short clock ends. Those that end
 * within thirty days are listed, within seven they stand out. No text: whoever may read it finds it by its number. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/calendar/prescription.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "conformity.h"
#include "../card.h"

enum { LISTED_MAX = 300, SOON_DAYS = 7, WARN_DAYS = 30, LINKS = 1000, CATEGORY_MAX = 40 };

struct clock_of { /* one comment */
	int64_t row, seq, said_at, day;
	char category[CATEGORY_MAX], decision[CATEGORY_MAX];
	bool held;
};
struct clocks {
	int64_t seq, today;
	struct clock_of list[LISTED_MAX];
	size_t n;
	uint64_t beyond; /* within thirty days, but the list is full */
	uint64_t later;
};

/* The shortest clock of what the rules suppose, or the one of what a person called it. */
static int shortest(const struct kept_text *t, struct slice *ret_category)
{
	const struct verdict *v = &t->stored->verdict;
	int months = prescription_months(t->category);
	*ret_category = t->category;
	if (t->category.n)
		return months;
	for (uint32_t i = 0; i < v->n_categories; i++) {
		const int of = prescription_months(v->categories[i]);
		if (of && (!months || of < months)) {
			months = of;
			*ret_category = v->categories[i];
		}
	}
	return months;
}

/* An older version of the same comment was said earlier: its clock is the one that counts. */
static bool is_known(const struct clocks *c, int64_t row)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].row == row)
			return true;
	return false;
}

static int take(void *user, const struct kept_text *t)
{
	struct clocks *c = user;
	struct slice category;
	const int months = shortest(t, &category);
	const int64_t said = t->stored->comment.created_at ? t->stored->comment.created_at
							   : t->stored->accepted_at;
	if (!months || slice_is(t->decision, "laisser"))
		return 0;
	const int64_t day = prescription_day(said, months);
	if (day <= c->today || is_known(c, t->stored->row))
		return 0;
	if (day > c->today + WARN_DAYS) {
		c->later += !t->superseded;
		return 0;
	}
	if (c->n == LISTED_MAX) {
		c->beyond++;
		return 0;
	}
	struct clock_of *one = &c->list[c->n++];
	*one = (struct clock_of){.row = t->stored->row,
		.seq = t->stored->seq,
		.said_at = said,
		.day = day,
		.held = t->held};
	snprintf(one->category, sizeof(one->category), "%.*s", (int)category.n, category.p);
	snprintf(one->decision, sizeof(one->decision), "%.*s", (int)t->decision.n,
		t->decision.n ? t->decision.p : "");
	return 0;
}

static int step(struct visit *v, void *state, struct error *e)
{
	struct clocks *c = state;
	int r = reader_flagged(v->c->reader, &c->seq, LINKS, take, c, e);
	return r == READER_END ? WORK_DONE : r;
}

static int by_day(const void *a, const void *b)
{
	const struct clock_of *x = a, *y = b;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* --- the page */

static void put_number(struct visit *v, const struct clock_of *o)
{
	if (v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM))
		buf_printf(&v->out, "<a href=\"/moderation/%lld\">n° %lld</a>", (long long)o->seq,
			(long long)o->row);
	else
		buf_printf(&v->out, "n° %lld", (long long)o->row);
}

static void put_left(struct visit *v, const struct clocks *c, const struct clock_of *o)
{
	const int64_t left = o->day - c->today;
	buf_printf(&v->out, "<span class=\"badge%s\">", left <= SOON_DAYS ? " p1" : "");
	buf_printf(&v->out, words(v->l, "J-%lld"), (long long)left);
	buf_add_string(&v->out, "</span>");
}

static void put_row(struct visit *v, const struct clocks *c, const struct clock_of *o)
{
	_buf_ struct buf category = {0};
	phrase_category(v->l, slice_of(o->category), &category);
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	put_number(v, o);
	buf_add_string(&v->out, "</th><td>");
	put_left(v, c, o);
	buf_add_string(&v->out, "</td><td>");
	conformity_day(v, day_instant(o->day, 0));
	buf_add_string(&v->out, "</td><td>");
	html_text(&v->out, buf_slice(&category));
	buf_add_string(&v->out, "</td><td>");
	conformity_day(v, o->said_at);
	buf_add_string(&v->out, "</td><td>");
	if (o->held)
		page_word(v, words(v->l, "en dossier"));
	else if (*o->decision)
		card_decision(v, slice_of(o->decision));
	else
		page_word(v, words(v->l, "à décider"));
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_list(
	struct visit *v, const struct clocks *c, const char *title, int64_t from, int64_t to)
{
	const char *const heads[] = {words(v->l, "commentaire"), words(v->l, "reste"),
		words(v->l, "agir avant le"), words(v->l, "supposition"), words(v->l, "dit le"),
		words(v->l, "état"), NULL};
	size_t n = 0;
	buf_add_string(&v->out, "<section>");
	page_element(v, "h2", title);
	for (size_t i = 0; i < c->n; i++) {
		const int64_t left = c->list[i].day - c->today;
		if (left < from || left > to)
			continue;
		if (n++ == 0)
			conformity_table(v, title, heads);
		put_row(v, c, &c->list[i]);
	}
	if (n)
		conformity_table_end(v);
	else
		page_element(v, "p", words(v->l, "Aucune."));
	buf_add_string(&v->out, "</section>\n");
}

static void show(struct visit *v, void *state, int r, const struct error *e)
{
	struct clocks *c = state;
	char n[40];
	(void)e;
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	qsort(c->list, c->n, sizeof(*c->list), by_day);
	conformity_open(v, words(v->l, "Prescriptions"), "/conformite/prescriptions");
	page_element(v, "p",
		words(v->l,
			"Injure, diffamation, fausse nouvelle : trois mois depuis la publication ; injure discriminatoire et provocation à la haine : un an (loi du 29 juillet 1881, articles 65 et 65-3). Ce sont des suppositions : un juriste qualifie et vérifie la date."));
	put_list(v, c, words(v->l, "Dans sept jours ou moins"), 0, SOON_DAYS);
	put_list(v, c, words(v->l, "Dans trente jours ou moins"), SOON_DAYS + 1, WARN_DAYS);
	buf_add_string(&v->out, "<p class=\"count\">");
	if (c->beyond)
		page_word(v,
			words(v->l,
				"La liste est pleine : d'autres finissent dans les trente jours."));
	buf_add_char(&v->out, ' ');
	buf_printf(&v->out,
		words_n(v->l, "%s autre court plus longtemps.", "%s autres courent plus longtemps.",
			c->later),
		words_number(v->l, (int64_t)c->later, n));
	buf_add_string(&v->out, "</p>\n");
	conformity_end(v, 200);
}

void prescriptions_get(struct visit *v)
{
	struct clocks *c = xcalloc(1, sizeof(*c));
	c->today = day_of(v->town, NULL);
	work_begin(v, &(struct work){c, step, show, free});
}
