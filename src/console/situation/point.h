/* SPDX-License-Identifier: GPL-3.0-or-later
 * When the next point of the situation is promised: whoever is in charge of an alarm, or conducts it, says it, and it is seen
 * by all, also that it is late. */
#ifndef CONSOLE_POINT_H
#define CONSOLE_POINT_H
#include "alarm.h"

/* "Prochain point à 12 h 40", or that it did not come; nothing when none is promised. */
void point_put(struct visit *v, const struct alarm *a);
/* The form of an open alarm's page; nothing for those who may not. */
void point_put_form(struct visit *v, const struct alarm *a);
#endif
