/* SPDX-License-Identifier: GPL-3.0-or-later
 * « Signalement reçu »: somebody told the town hall of what is written somewhere, and who took the call writes it down. It goes
 * to ingest as what a source sends does (bus/put.h), and becomes an item of the queue: record/comment.h, COMMENT_REPORTED. */
#ifndef CONSOLE_REPORTED_H
#define CONSOLE_REPORTED_H
#include "../console.h"

struct reporting; /* what ingest has not answered yet */
int reporting_open(struct console *c, struct reporting **ret, struct error *e) _must_check_;
/* Whoever waits is told that it may not have been taken. Returns NULL. */
struct reporting *reporting_close(struct reporting *p);

/* The way to the form. */
void reported_put_link(struct visit *v);
/* Of one, in its card: how it came, who took it, where it stands, whom to call back. */
void reported_put(struct visit *v, const struct comment *c);
#endif
