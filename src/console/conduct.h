/* SPDX-License-Identifier: GPL-3.0-or-later
 * How an alarm is conducted: what is written down, what is said and done, until when it is silent, that it is over. Each is a
 * form on the alarm's page and a request to store; what was typed comes back when it could not be written. */
#ifndef CONSOLE_CONDUCT_H
#define CONSOLE_CONDUCT_H
#include <tocsin/record/position.h>
#include "alarm.h"

/* The forms of those who conduct: nothing for others, or when the alarm is closed. */
void conduct_put(struct visit *v, const struct alarm *a, const struct position *p);

/* situation.c: the alarm of the path, with all that it points to; else the visit is over, and false. */
bool situation_find(struct visit *v, struct arena *arena, struct incident *ret);
/* Its page, once more. */
void situation_again(struct visit *v, unsigned status, struct typed typed);
#endif
