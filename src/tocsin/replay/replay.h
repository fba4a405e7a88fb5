/* SPDX-License-Identifier: GPL-3.0-or-later
 * One replay, to be printed. */
#ifndef TOCSIN_REPLAY_REPLAY_H
#define TOCSIN_REPLAY_REPLAY_H
#include "../command.h"
#include "change.h"
#include "told.h"

/* What rang under some settings, and for whom. */
struct side {
	struct town *town;
	struct policy policy;
	struct told_list told;
};
struct replay {
	struct context *x;
	struct side now;
	struct change change; /* of one setting; CHANGE_NONE: there is none */
	struct side then; /* … with it; its town is the same when only who is told is another */
	bool progress; /* a line on standard error now and then: "12/345" */
	int64_t newest; /* … of so many */
	int64_t from,
		to; /* alarms of [from, to) are shown; what is before from is heard all the same */
	int64_t first_at, last_at; /* of what was heard within */
	uint64_t undated; /* without a date and nothing before them: not heard */
	int64_t wall, shown_at;
	bool has_policy;
	struct error e;
};
/* print.c: the alarms, whom they reach, how often a week. */
void replay_print(const struct replay *p);
bool replay_shows(const struct replay *p, const struct alarm *a);
/* An alarm as members of the object that is open; a table's cell of whom it reaches. */
void replay_json(
	const struct replay *p, const struct side *s, size_t number, struct json_writer *w);
struct table;
void replay_cell(const struct side *s, size_t alarm, const char *nobody, struct table *table);
/* differ.c: what one changed setting makes of the alarms. */
void replay_print_differences(const struct replay *p);
#endif
