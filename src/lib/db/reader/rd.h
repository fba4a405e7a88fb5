/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the reading files share. */
#ifndef DB_RD_H
#define DB_RD_H
#include <tocsin/base/arena.h>
#include <tocsin/db/reader.h>
#include <tocsin/record/keep.h>

#include "../schema.h"

struct reader {
	struct sq q;
	struct arena arena;
	struct buf text;
	struct keep keep; /* of the caller, while a verb runs */
	bool handing; /* a callback has a row whose verdict is in the arena */
};

/* The columns of ITEM_COLUMNS, in this order, from column `from`. with_text false: text and handle stay empty.
 * Slices borrow from the statement. A row that cannot be read is gone and has no fields. */
#define ITEM_COLUMNS \
	"i.seq, ifnull(i.first, i.seq), i.accepted, i.version, i.state, i.author, i.handle, i.body," \
	" ifnull((SELECT r.verdict FROM revision r WHERE r.seq = i.seq), i.verdict)," \
	" (SELECT name FROM source WHERE id = i.source)"
void reader_item(
	struct reader *r, sqlite3_stmt *s, int from, bool with_text, struct stored_comment *ret);
/* Each row of ITEM_COLUMNS, until fn answers other than 0: that is the answer. */
int reader_each(struct reader *r, sqlite3_stmt *s, bool with_text, comment_fn *fn, void *user,
	struct error *e) _must_check_;
/* A handle's two parts; what is left of a comment that is gone. */
void reader_handle(struct slice handle, struct comment *c);
void reader_forget(struct comment *c);
/* reader/recent.c's and reader/handled.c's, for the tests that see how they are read; the last is NULL. */
extern const char *const reader_recent_queries[], *const reader_handled_queries[];
#endif
