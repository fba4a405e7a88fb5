/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is written down of what people do, as the page of the account says it: each verb has a name, and stands in one tab. */
#ifndef CONSOLE_CONFORMITY_ACTS_H
#define CONSOLE_CONFORMITY_ACTS_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/record/audit.h>

enum act_group { ACTS_PERSONS, ACTS_PURGES, ACTS_ACCOUNTS, ACTS_DECISIONS, ACT_GROUPS };
struct act_tab {
	const char *name, *title; /* in addresses; in French */
	uint16_t roles;
};
extern const struct act_tab act_tabs[ACT_GROUPS];

struct act {
	const char *french;
	enum act_group group;
};
extern const struct act acts[AUDIT_VERBS];
/* NULL: a verb of another version. */
const struct act *act_of(struct slice verb);
/* The verbs of a tab as reader_audit wants them: " ack close ". */
void act_verbs(enum act_group group, struct buf *ret);
#endif
