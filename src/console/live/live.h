/* SPDX-License-Identifier: GPL-3.0-or-later
 * News for pages that are open: one look at the database for all of them, at most seven times a second, when store says that
 * something changed and at least once a second. A page says which event it has seen last and gets those behind it. */
#ifndef CONSOLE_LIVE_H
#define CONSOLE_LIVE_H
#include "../console.h"

struct live;
int live_open(struct console *c, struct live **ret, struct error *e) _must_check_;
/* Ends every stream. */
void live_stop(struct live *l);
struct live *live_close(struct live *l);
/* "3f0c9a….-17": the last event so far. */
#define LIVE_CURSOR 48
void live_cursor(struct live *l, char out[static LIVE_CURSOR]);
size_t live_viewers(const struct live *l);
#endif
