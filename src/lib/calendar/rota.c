/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/calendar/rota.h>
#include <tocsin/calendar/day.h>

#define SUBSTITUTES_MAX 8 /* in a row: who replaces whom who replaces whom … */

static int64_t rounded_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The number of the turn that runs at ms: 0 from the start on. */
static int64_t turn_at(const struct rota *r, int64_t ms)
{
	int64_t day = day_of(ms, NULL);
	if (ms < day_instant(day, r->handover))
		day--;
	return rounded_down(day - r->start, r->period);
}

static size_t planned(const struct rota *r, int64_t ms)
{
	for (size_t i = 0; i < r->n_shifts && r->shifts[i].from <= ms; i++)
		if (ms < r->shifts[i].to)
			return r->shifts[i].who;
	if (!r->n_turn)
		return ROTA_NOBODY;
	int64_t turn = turn_at(r, ms), n = (int64_t)r->n_turn;
	return r->turn[(turn % n + n) % n];
}

static const struct rota_absence *absence(
	const struct rota_absence *list, size_t n, size_t who, int64_t ms)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].who == who && ms >= list[i].from && ms < list[i].to)
			return &list[i];
	return NULL;
}

bool rota_absent(const struct rota_absence *list, size_t n, size_t who, int64_t ms)
{
	return absence(list, n, who, ms) != NULL;
}

size_t rota_on_duty(const struct rota *r, int64_t ms, size_t *ret_planned)
{
	size_t who = ROTA_NOBODY;
	if (!r->hours || hours_open(r->hours, ms))
		who = planned(r, ms);
	if (ret_planned)
		*ret_planned = who;
	for (int i = 0; who != ROTA_NOBODY; i++) {
		const struct rota_absence *a = absence(r->absences, r->n_absences, who, ms);
		if (!a)
			return who;
		who = i < SUBSTITUTES_MAX ? a->substitute : ROTA_NOBODY;
	}
	return ROTA_NOBODY;
}

static void sooner(int64_t at, int64_t ms, int64_t *next)
{
	if (at > ms && at < *next)
		*next = at;
}

int64_t rota_change(const struct rota *r, int64_t ms)
{
	int64_t next = r->hours ? hours_change(r->hours, ms) : INT64_MAX;
	if (r->n_turn) {
		int64_t turn = turn_at(r, ms) + 1;
		sooner(day_instant(r->start + turn * r->period, r->handover), ms, &next);
	}
	for (size_t i = 0; i < r->n_shifts; i++) {
		sooner(r->shifts[i].from, ms, &next);
		sooner(r->shifts[i].to, ms, &next);
		if (r->shifts[i].from > next)
			break;
	}
	for (size_t i = 0; i < r->n_absences; i++) {
		sooner(r->absences[i].from, ms, &next);
		sooner(r->absences[i].to, ms, &next);
	}
	return next;
}
