/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing a message block by block. */
#ifndef ESCALATE_WRITE_H
#define ESCALATE_WRITE_H
#include "message.h"
#include <tocsin/base/clock.h>

struct writer {
	struct arena *arena;
	struct message *m;
	struct buf text; /* of the block being written */
};
/* The text so far as an arena copy; the buffer is empty again. */
struct slice writer_take(struct writer *w);
/* Ends a block with the text so far; nothing when that is empty. */
void writer_block(struct writer *w, enum block_kind kind, const char *label);
/* "a, b, c" step by step: adds the comma. */
void writer_comma(struct writer *w, bool *first);
/* The time as people say it: "12:10" on the day of `at`, else "24/11 12:10". */
const char *writer_time(int64_t ms, int64_t at, char out[static CLOCK_TEXT]);
/* The same with its preposition: "à 12:10", "le 24/11 à 12:10". */
const char *writer_at(enum words_lang l, int64_t ms, int64_t at, char out[static CLOCK_TEXT]);
/* Counts a minute → ▁▂▃▄▅▆▇█, at most 40 columns. */
void writer_curve(struct buf *out, struct slice series);
#endif
