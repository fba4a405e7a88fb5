/* SPDX-License-Identifier: GPL-3.0-or-later
 * The database's tables, and how an older file becomes a newer one. */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H
#include "sq.h"

#define SCHEMA_VERSION 24

/* item.state: LIVE is always there, so that the number is one byte in a row and is changed in place. */
enum item_state {
	ITEM_SUPERSEDED = 1, /* a newer version is there */
	ITEM_TOMBSTONE = 2, /* deleted at its source */
	ITEM_PURGED = 4,
	ITEM_HELD = 8, /* a dossier needs it: nothing removes its text */
	ITEM_DECIDED = 16, /* a human decided on this version or on one before */
	ITEM_DELETED = 32, /* deleted at its source while held: goes when the hold ends */
	ITEM_LIVE = 64,
	ITEM_OPPOSED =
		128 /* its author had objected when it came: record/oppose.h. From the start or never */
};
#define ITEM_GONE (ITEM_TOMBSTONE | ITEM_PURGED)

/* Makes or migrates; a file that is migrated is copied to <path>.v<old> first. The connection is store's. */
int schema_migrate(sqlite3 *db, const char *path, struct error *e) _must_check_;
/* For readers: 0, -ENOENT (not made yet) or -EPROTO (another version). */
int schema_check(sqlite3 *db, struct error *e) _must_check_;
/* A row of outbox that may be leased at ?, a wall time that is bound twice. No lease and no pause is longer than a quarter
 * of an hour: what is further off was set by a clock that has since been put back. */
#define OUTBOX_READY "iif(state = 0, next_at, lease_until) NOT BETWEEN ? + 1 AND ? + 900000"

/* Ranks of the queue beside those of verdicts (2 … 9): what a service was reminded of too late, or has answered, comes
 * first; what waits for a service, last. */
#define RANK_BACK "1"
#define RANK_WAITS "11"
/* The dossier whose number this is holds its pieces: its log has no DOSSIER_LIFTED. */
#define DOSSIER_HOLDS(id) \
	"NOT EXISTS(SELECT 1 FROM dossier_entry l WHERE l.dossier = " id " AND l.kind = 5)"
/* An id is one of several, with commas between them. */
#define IS_AMONG(id, list) id " <> '' AND instr(',' || " list " || ',', ',' || " id " || ',')"
/* queue.tags of a verdict: " c:menace t:cantine ", or nothing; of very many, the first. */
#define TAGS_MAX 1000u
struct verdict;
struct buf;
void queue_tags(const struct verdict *v, struct buf *out);
/* The last decision on a row that was not undone: NULL when there is none. Undone is the one right before an "annuler". */
#define LAST_DECISION(row) \
	"(SELECT max(id) FROM (SELECT id, decision, lead(decision) OVER (ORDER BY id) AS next" \
	" FROM decision WHERE row = " row ")" \
	" WHERE decision <> 'annuler' AND ifnull(next, '') <> 'annuler')"
/* What a human takes it for, by the last word on the row that holds still: "", or NULL, when nobody has said so, or it was
 * decided since. Beside it stands what leaves the item where it is. */
#define HUMAN_CATEGORY(row_) \
	"(SELECT iif(decision IN ('requalifier', 'oubli'), category, '') FROM" \
	" (SELECT id, decision, category, lead(decision) OVER (ORDER BY id) AS next" \
	" FROM decision WHERE row = " row_ ")" \
	" WHERE decision NOT IN ('annuler', 'refuser', 'retirer', 'lever')" \
	" AND decision NOT GLOB 'proposer*' AND ifnull(next, '') <> 'annuler'" \
	" AND id NOT IN (SELECT id FROM follow WHERE row = " row_ ") ORDER BY id DESC LIMIT 1)"
#endif
