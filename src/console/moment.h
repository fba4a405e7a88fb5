/* SPDX-License-Identifier: GPL-3.0-or-later
 * A moment that people pick in a form, as the town's clocks show it. */
#ifndef CONSOLE_MOMENT_H
#define CONSOLE_MOMENT_H
#include "console.h"

/* An <input> for it; at 0: empty. */
void moment_put(struct visit *v, const char *name, int64_t at);
/* What was picked, 0 when nothing was. False: it is no moment, or the form has no such field. */
bool moment_read(struct visit *v, const char *name, int64_t *ret) _must_check_;
#endif
