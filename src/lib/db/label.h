/* SPDX-License-Identifier: GPL-3.0-or-later
 * What comments are found by, whether they wait or not: every combination of one category, one topic and one source that a
 * version answers to has a list of the blocks of seq in which one does. So a filter reads these blocks and nothing else. A row
 * holds a chunk of blocks as bits, and is written once a transaction: what a comment costs is a look into a map. The time has
 * `heard`: between which seq a comment of each hour stands. */
#ifndef DB_LABEL_H
#define DB_LABEL_H
#include <tocsin/base/buf.h>
#include <tocsin/base/map.h>

#include "sq.h"

struct verdict;
/* "c:menace t:eau s:3 ", each only when it is asked for; source 0: any. */
void label_name(struct buf *out, struct slice category, struct slice topic, int64_t source);
#define LABEL_BLOCK 64 /* rows that are found together; a rare label has one in each at worst */
#define LABEL_WORDS 4 /* of 64 blocks, in a chunk */
#define LABEL_CHUNK (LABEL_WORDS * 64 * LABEL_BLOCK) /* seq */

struct labels; /* those that were met, and what of them is not written yet */
struct labels *labels_new(void);
struct labels *labels_free(struct labels *l);
/* What was written may be rolled back. */
void labels_clear(struct labels *l);
/* Of very many categories or topics, the first. Added once, however often it is asked. */
int labels_add(struct labels *l, struct sq *q, int64_t seq, int64_t source, const struct verdict *v,
	struct error *e) _must_check_;
/* Before a commit, and before a savepoint. */
int labels_write(struct labels *l, struct sq *q, struct error *e) _must_check_;
/* The blocks of the last chunk of a label below `end` and not below `first`: 0, or SQ_DONE. */
int labels_chunk(struct sq *q, int64_t label, int64_t first, int64_t end, int64_t *ret_chunk,
	uint64_t ret_blocks[static LABEL_WORDS], struct error *e) _must_check_;
extern const char labels_chunk_query[];
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
