/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rumours to check: what of an alarm may be one, in whose words never in whose name, and what the town hall found of each. */
#ifndef CONSOLE_RUMOUR_H
#define CONSOLE_RUMOUR_H
#include "alarm.h"

/* Those of a topic, or of the whole, since it rises; nothing when there is none, or for those who see but counts. On the alarm's
 * own page each with a form. 0 or -errno. */
int rumours_put(struct visit *v, const struct alarm *a, struct error *e) _must_check_;
#endif
