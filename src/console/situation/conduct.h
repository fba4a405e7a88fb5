/* SPDX-License-Identifier: GPL-3.0-or-later
 * How an alarm is conducted: what is written down, what is said and done, until when it is silent, that it is over. Each is a
 * form on the alarm's page and a request to store; what was typed comes back when it could not be written. */
#ifndef CONSOLE_CONDUCT_H
#define CONSOLE_CONDUCT_H
#include <tocsin/record/position.h>
#include "alarm.h"

/* The forms of those who conduct, or are in charge; of a closed alarm only the way to reopen it. */
void conduct_put(struct visit *v, const struct alarm *a, const struct position *p);

enum { CONDUCT_TEXT_MAX = 4000 /* bytes of what is typed */ };
/* A form that can be unfolded, at /situation/N/path: open when something typed in it comes back. */
void conduct_open_form(struct visit *v, const struct alarm *a, enum alarm_form form,
	const char *summary, const char *path);
void conduct_close_form(struct visit *v, const char *button);
/* The alarm's page again, with what was typed, and why it was not taken. */
void conduct_refuse(struct visit *v, unsigned status, enum alarm_form form, const char *why);
/* What store answered: on to the alarm's page, which says so. */
void conduct_done(
	struct visit *v, int r, const struct error *e, enum alarm_form form, const char *told);
typedef void conduct_fn(struct visit *v, const struct incident *i);
/* On with the alarm of the path, which is open; else the visit is over. */
void conduct_open(struct visit *v, enum alarm_form form, conduct_fn *fn);

/* The others end by themselves; when they come back, another one opens. */
bool conduct_may_reopen(enum incident_kind kind);

/* situation.c: the alarm of the path, with all that it points to; else the visit is over, and false. */
bool situation_find(struct visit *v, struct arena *arena, struct incident *ret);
/* Its page, once more. */
void situation_again(struct visit *v, unsigned status, struct typed typed);
#endif
