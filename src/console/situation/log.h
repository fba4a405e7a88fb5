/* SPDX-License-Identifier: GPL-3.0-or-later
 * The main courante on an alarm's page: in the order in which things happened, with what people write into it. */
#ifndef CONSOLE_LOG_H
#define CONSOLE_LOG_H
#include "alarm.h"

/* 0 or -errno. */
int log_put(struct visit *v, const struct alarm *a, struct error *e) _must_check_;
/* What stands in it alone. */
int log_put_table(struct visit *v, int64_t incident, struct error *e) _must_check_;
#endif
