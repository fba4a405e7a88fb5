/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long a text may stay, by what the rules and people say of it. */
#ifndef DB_KEEP_H
#define DB_KEEP_H
#include <tocsin/db/kept.h>
#include <tocsin/record/verdict.h>

#include "sq.h"

/* Whether the law gives a year for it. */
bool keep_discriminatory(struct slice category);
/* What people say of a comment, as two columns of a row of item: the category of the last decision, and whether nobody needs the words
 * of who objects any more. They do while it waits, for a person, a service or its source, and when the last decision says
 * more than that nothing is to be done, or what was answered. */
#define KEEP_ROW "ifnull(first, item.seq)"
#define KEEP_JUDGED \
	"iif(state & 16, (SELECT category FROM decision WHERE row = " KEEP_ROW \
	" ORDER BY id DESC LIMIT 1), '')," \
	" iif(state & 144 = 144," \
	" NOT EXISTS(SELECT 1 FROM queue q WHERE q.row = " KEEP_ROW ")" \
	" AND NOT EXISTS(SELECT 1 FROM follow f WHERE f.row = " KEEP_ROW " AND f.ended = 0)" \
	" AND NOT EXISTS(SELECT 1 FROM second g WHERE g.row = " KEEP_ROW " AND g.ended = 0)" \
	" AND NOT EXISTS(SELECT 1 FROM decision d JOIN outbox o ON o.key = 'action/' || d.id" \
	" WHERE d.row = " KEEP_ROW " AND o.state < 2)" \
	" AND (SELECT category = '' AND decision IN ('laisser', 'repondre', 'transferer')" \
	" FROM decision WHERE row = " KEEP_ROW " ORDER BY id DESC LIMIT 1), 0)"
struct judged {
	bool discriminatory, settled;
};
/* Of a row whose columns from `first` on are KEEP_JUDGED. */
struct judged keep_judged(sqlite3_stmt *s, int first);
enum kept_as keep_kind(const struct verdict *v, int64_t state, struct judged by);
/* ms; INT64_MAX: until it is let go. */
int64_t keep_for(enum kept_as kind, const struct keep *k, struct slice source);

/* Raw texts beside the comments (quarantine, dead), whose age is compared with `now - unflagged_ms`: what of them is too old, with
 * the limits that sources have of their own. Needs keep_functions on its connection. */
#define KEEP_OLD(table, before) \
	"accepted < " before " + source_sooner((SELECT name FROM source s WHERE s.id = " table \
	".source))"
int keep_functions(sqlite3 *db, struct keep *k, struct error *e) _must_check_;
#endif
