/* SPDX-License-Identifier: GPL-3.0-or-later
 * One alarm on a page: its level and figures, its curve, what is said, what the town hall says and does. How many and where,
 * never who. */
#ifndef CONSOLE_ALARM_H
#define CONSOLE_ALARM_H
#include "console.h"

struct alarm {
	const struct incident
		*incident; /* with all that it points to: the reader is used meanwhile */
	struct slice note; /* typed before, when it was not written */
	bool alone; /* the page of this one, with its main courante; else among others */
};
/* 0 or -errno. */
int alarm_put(struct visit *v, const struct alarm *a, struct error *e) _must_check_;
/* The level as a word and a colour. */
void alarm_level(struct visit *v, enum town_level level);
#endif
