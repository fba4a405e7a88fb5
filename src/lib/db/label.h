/* SPDX-License-Identifier: GPL-3.0-or-later
 * What comments are found by, whether they wait or not: every combination of one category, one topic and one source that a
 * version answers to has a list of the blocks of seq in which one does. So a filter reads these blocks and nothing else, and a
 * comment of a label that its block has already costs nothing. The time has `heard`: between which seq a comment of each hour
 * stands. */
#ifndef DB_LABEL_H
#define DB_LABEL_H
#include <tocsin/base/buf.h>
#include <tocsin/base/map.h>

#include "sq.h"

struct verdict;
/* "c:menace t:eau s:3 ", each only when it is asked for; source 0: any. */
void label_name(struct buf *out, struct slice category, struct slice topic, int64_t source);
/* Rows that are found together. More make a smaller list and more to read for a rare label: one in each block at worst. */
#define LABEL_BLOCK 64
/* Of very many categories or topics, the first. Added once, however often it is asked. known: by name the id and the block that
 * was written last, cleared by its owner when what was written is rolled back. */
int labels_add(struct sq *q, struct map *known, int64_t seq, int64_t source,
	const struct verdict *v, struct error *e) _must_check_;
/* … of an older file, which had none; and what was heard, by the hour in which it came and the one in which it was said. */
int labels_fill(sqlite3 *db, struct error *e) _must_check_;

struct heard { /* hour: its first ms, town clock */
	int64_t hour, first, last;
};
int heard_write(struct sq *q, const struct heard *h, struct error *e) _must_check_;
/* Every comment of from <= time < to is among these: first <= seq < end, empty when there is none. 0 is always. */
int heard_between(struct sq *q, int64_t from, int64_t to, int64_t *ret_first, int64_t *ret_end,
	struct error *e) _must_check_;
#endif
