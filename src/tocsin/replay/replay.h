/* SPDX-License-Identifier: GPL-3.0-or-later
 * One replay, to be printed. */
#ifndef TOCSIN_REPLAY_REPLAY_H
#define TOCSIN_REPLAY_REPLAY_H
#include "../command.h"
#include "told.h"

struct replay {
	struct context *x;
	struct town *town;
	int64_t from,
		to; /* alarms of [from, to) are shown; what is before from is heard all the same */
	int64_t first_at, last_at; /* of what was heard within */
	uint64_t undated; /* without a date and nothing before them: not heard */
	int64_t wall, shown_at;
	bool has_policy;
	struct policy policy;
	struct told_list told;
	struct error e;
};
/* print.c: the alarms, whom they reach, how often a week. */
void replay_print(const struct replay *p);
#endif
