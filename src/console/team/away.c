/* SPDX-License-Identifier: GPL-3.0-or-later
 * An absence is entered, or taken back. */
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "team.h"

enum { DATE_MAX = 20 };

struct form {
	struct buf person, substitute, from, to;
};

static void form_release(struct form *f)
{
	buf_release(&f->person);
	buf_release(&f->substitute);
	buf_release(&f->from);
	buf_release(&f->to);
}

static void again(struct visit *v, unsigned status, const char *wrong, const struct form *f)
{
	absences_page(v, status, wrong,
		&(struct absence_typed){buf_slice(&f->person), buf_slice(&f->substitute),
			buf_slice(&f->from), buf_slice(&f->to)});
}

static bool form_read(struct visit *v, struct form *f)
{
	return visit_field(v, "qui", POLICY_ID_MAX, &f->person) &&
		visit_field(v, "remplacant", POLICY_ID_MAX, &f->substitute) &&
		visit_field(v, "du", DATE_MAX, &f->from) && visit_field(v, "au", DATE_MAX, &f->to);
}

/* A whole day, the last one too. */
static bool read_day(struct slice text, int after, int64_t *ret)
{
	int64_t day;
	int minute;
	if (day_time_parse(text, &day, &minute) < 0 || minute >= 0)
		return false;
	*ret = day_instant(day + after, 0);
	return true;
}

/* Why it is none; NULL: it is one. */
static const char *wrong_with(struct visit *v, const struct form *f, struct absence *ret)
{
	const struct policy *policy = &v->c->policy;
	*ret = (struct absence){.person = buf_slice(&f->person),
		.substitute = buf_slice(&f->substitute),
		.who = slice_of(v->session->name)};
	if (policy->empty || !policy_person(policy, ret->person) ||
		(ret->substitute.n && !policy_person(policy, ret->substitute)))
		return words(v->l, "Choisissez une personne du plan d'alerte.");
	if (slice_equal(ret->person, ret->substitute))
		return words(v->l, "Personne ne se remplace soi-même.");
	if (!read_day(buf_slice(&f->from), 0, &ret->from) ||
		!read_day(buf_slice(&f->to), 1, &ret->to))
		return words(v->l, "Une date comme 2027-08-15 est attendue.");
	if (ret->to <= ret->from || ret->to - ret->from > ABSENCE_DAYS_MAX * CLOCK_DAY)
		return words(v->l, "La fin vient avant le début, ou plus d'un an après.");
	return NULL;
}

static void came_to(struct visit *v, int r, const struct error *e, const char *done)
{
	if (r)
		visit_tell_error(v, r, e);
	else
		visit_tell(v, false, done);
	visit_go(v, "/equipe");
}

static void entered(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	came_to(v, r, e, words(v->l, "L'absence est enregistrée et vaut dès maintenant."));
}

void absence_post(struct visit *v)
{
	struct form f = {0};
	struct absence a;
	_buf_ struct buf body = {0};
	const char *wrong = form_read(v, &f) ? wrong_with(v, &f, &a)
					     : words(v->l, "Cette demande est incomplète.");
	if (wrong) {
		again(v, 400, wrong, &f);
	} else {
		absence_encode(&body, &a);
		visit_ask_then(v, REQUEST_ABSENCE, &body, entered);
	}
	form_release(&f);
}

static void removed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	came_to(v, r, e, words(v->l, "L'absence est retirée."));
}

void absence_remove_post(struct visit *v)
{
	_buf_ struct buf body = {0};
	const struct absence_remove_request q = {
		.id = visit_number(v), .who = slice_of(v->session->name)};
	if (!q.id) {
		visit_problem(v, 404);
		return;
	}
	absence_remove_encode(&body, &q);
	visit_ask_then(v, REQUEST_ABSENCE_REMOVE, &body, removed);
}
