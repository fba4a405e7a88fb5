/* SPDX-License-Identifier: GPL-3.0-or-later
 * An astreinte: who is on duty when. A turn goes round a list, changing at one time of the week (or every n days);
 * shifts, from a list or a CSV file, come before the turn; whoever is absent is replaced by his substitute, or nobody
 * is. People are numbers that the caller gives. Pure. */
#ifndef TOCSIN_CALENDAR_ROTA_H
#define TOCSIN_CALENDAR_ROTA_H
#include <tocsin/base/problem.h>
#include <tocsin/calendar/hours.h>

#define ROTA_NOBODY SIZE_MAX

struct rota_shift { /* [from, to) */
	int64_t from, to;
	size_t who;
};
struct rota_absence { /* [from, to), of a person, in every astreinte */
	int64_t from, to;
	size_t who, substitute; /* or ROTA_NOBODY */
};
struct rota {
	const char *id, *title;
	const struct hours *hours; /* duty holds only then; NULL: always */
	const size_t *turn; /* the people in their order */
	size_t n_turn;
	int64_t start; /* day on which the first of the turn takes over; before it the turn goes round backwards */
	int handover; /* minute of the day at which they change */
	int period; /* days of each */
	const struct rota_shift *shifts; /* sorted by from, apart */
	size_t n_shifts;
	const struct rota_absence *absences;
	size_t n_absences;
};
/* Who is on duty, or ROTA_NOBODY. ret_planned (may be NULL): who should have been; differs when he is absent. */
size_t rota_on_duty(const struct rota *r, int64_t ms, size_t *ret_planned);
/* The next instant after ms at which rota_on_duty() may change its answer. */
int64_t rota_change(const struct rota *r, int64_t ms);
bool rota_absent(const struct rota_absence *list, size_t n, size_t who, int64_t ms);

/* A plan as a spreadsheet saves it: UTF-8, columns cut by ';', ',' or a tab; start, end, person; a first line that names
 * them (début, fin, personne / start, end, person) gives their order, others are passed over. A day without a time is
 * the handover of that day; as an end, without a handover (< 0), the end of that day. Empty lines and '#' are passed
 * over. find gives a person's number, or ROTA_NOBODY. Every problem goes to p with path:line:column; so do shifts that
 * overlap. ret is sorted; the caller frees it. 0 or -EINVAL. */
int rota_csv(const char *path, struct slice text, int handover,
	size_t (*find)(void *user, struct slice name), void *user, struct rota_shift **ret,
	size_t *ret_n, struct problems *p) _must_check_;
#endif
