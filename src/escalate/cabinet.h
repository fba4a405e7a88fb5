/* SPDX-License-Identifier: GPL-3.0-or-later
 * The cabinet in an election period: its messages say how many, and quote nobody, as its pages do. Whose account has the role
 * and neither the moderation's nor the dir'com's; or whose role in the policy names the cabinet, unless his account has one of
 * those two. A hook is theirs when the policy says so (`cabinet: yes`), when its id or its title names the cabinet, or when
 * somebody of them is told by it: whoever else reads there, they do. */
#ifndef ESCALATE_CABINET_H
#define ESCALATE_CABINET_H
#include "compose.h"
#include "escalate.h"

/* Who of the policy that is now: ids of people and of hooks, and the addresses and numbers of those people; in the arena of the
 * look. None outside a period. */
size_t cabinet_counted(struct escalate *x, struct slice **ret);
bool cabinet_is_counted(struct escalate *x, const struct compose_reader *who);
#endif
