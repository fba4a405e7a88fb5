/* SPDX-License-Identifier: GPL-3.0-or-later
 * Topics that emerged and are followed (record/followed.h): of each how much is said of it, its curve against the usual, its
 * alarms. How many and where, never who. topics_refresh() first. */
#ifndef CONSOLE_FOLLOWED_H
#define CONSOLE_FOLLOWED_H
#include <tocsin/rules/rules.h>
#include "../console.h"

/* Who may follow one, and stop. */
bool followed_may(const struct visit *v);
/* The topic of the rules in force that this alarm has become. */
bool followed_find(const struct visit *v, int64_t alarm, struct rule_info *ret);
/* Of an alarm about a topic that emerged: the button to follow it, or that it is followed. */
void followed_put(struct visit *v, const struct incident *i);
/* All that are followed; nothing when none is. 0 or -errno. */
int followed_put_all(struct visit *v, struct error *e) _must_check_;
#endif
