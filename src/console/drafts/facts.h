/* SPDX-License-Identifier: GPL-3.0-or-later
 * What this installation does, as its configuration and its database say: parts of several drafts. Each appends to the page;
 * 0 or -errno. */
#ifndef CONSOLE_DRAFTS_FACTS_H
#define CONSOLE_DRAFTS_FACTS_H
#include "sheet.h"

int fact_town(struct visit *v, struct error *e);
int fact_sources(struct visit *v, struct error *e);
int fact_durations(struct visit *v, struct error *e);
int fact_accounts(struct visit *v, struct error *e); /* roles, what each sees, how many have it */
int fact_recipients(struct visit *v, struct error *e); /* of alarms, by role, never by name */
int fact_outside(struct visit *v, struct error *e); /* with which machines it speaks */
int fact_place(struct visit *v, struct error *e);
int fact_entry(
	struct visit *v, struct error *e); /* how people get in, and what is written down of it */
int fact_access(
	struct visit *v, struct error *e); /* what of the way in depends on the configuration */
int fact_suppositions(struct visit *v, struct error *e); /* what the rules in force flag */
int fact_deadlines(struct visit *v, struct error *e);
int fact_two(struct visit *v, struct error *e); /* what only two people decide */
#endif
