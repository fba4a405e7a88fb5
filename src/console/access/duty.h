/* SPDX-License-Identifier: GPL-3.0-or-later
 * The role « astreinte »: who has it looks at the situation at any time; while the plan has him on duty (ROUTE_DUTY) he takes
 * charge as well, and reads and decides what is urgent: P1 and P2, nothing else. */
#ifndef CONSOLE_DUTY_H
#define CONSOLE_DUTY_H
#include "../console.h"
#include "../queue/filter.h"

/* Of the session, for this request: by the town clock, the plan, and the absences that people entered. */
void duty_refresh(struct visit *v);
/* He reads files only as being on duty. */
bool duty_is(const struct visit *v);
/* Whether what the path names is for him: of comments, the urgent. False: the visit is over, as if there were none. */
bool duty_may(struct visit *v);
/* Narrows a list to P1, or to P2 when that was asked for. */
void duty_narrow(const struct visit *v, struct filter *f);
/* The way from one to the other. */
void duty_put(struct visit *v, const struct filter *f);
#endif
