/* SPDX-License-Identifier: GPL-3.0-or-later
 * The cabinet in an election period: its messages say how many, and quote nobody, as its pages do. */
#ifndef ESCALATE_CABINET_H
#define ESCALATE_CABINET_H
#include "escalate.h"

/* Who of the policy that is now, by id, in the arena of the look: whose account has the role and neither the moderation's nor the
 * dir'com's; without an account, whose role in the policy names the cabinet. */
size_t cabinet_counted(struct escalate *x, struct slice **ret);
bool cabinet_is_counted(struct escalate *x, struct slice person);
#endif
