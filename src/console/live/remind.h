/* SPDX-License-Identifier: GPL-3.0-or-later
 * By when those who work on something should be done: when their claim ends, and when a P1 or P2 is due. The page knows it of
 * each one's own items, and says it when it comes near (direct.js), whether or not it has a line to the server then. */
#ifndef CONSOLE_REMIND_H
#define CONSOLE_REMIND_H
#include <tocsin/json/json.h>
#include "../console.h"

/* Of one claim, into an object: at, until (its end: wall ms, "16:30"), due, by (the same of the item; 0 and "" for P3 and
 * below). */
void remind_write(
	const struct console *c, struct json_writer *to, const struct queue_claim *q, int64_t town);
/* The visitor's own, as data of the page. */
void remind_put(struct visit *v);
#endif
