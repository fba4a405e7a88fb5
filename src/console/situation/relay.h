/* SPDX-License-Identifier: GPL-3.0-or-later
 * What whoever is in charge of an alarm can do with his charge: hold it longer, give it back, ask somebody to take over. It is his
 * until that one takes it. */
#ifndef CONSOLE_RELAY_H
#define CONSOLE_RELAY_H
#include "alarm.h"

/* Below who is in charge: that somebody is asked; the buttons, for who is in charge. On the alarm's own page also whom to ask.
 * 0 or -errno. */
int relay_put(struct visit *v, const struct alarm *a, struct error *e) _must_check_;
#endif
