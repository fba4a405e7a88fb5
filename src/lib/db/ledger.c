/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ledger from both files. The journal's snapshot is taken first. What is in it is then either committed in the
 * database's snapshot (intake says so, item by item, or that the batch is gone) or pending; only a batch accepted after the first and committed
 * before the second snapshot would be counted on one side alone. Its intake row betrays it, and both are taken again. */
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/db/reader.h>
#include <tocsin/record/batch.h>

#include "intake.h"
#include "schema.h"

#define TRIES 50

struct account {
	struct map *index; /* hour and source → place in list */
	struct ledger_row *list;
	size_t n, cap;
	struct arena names;
	struct buf key;
};

struct both {
	struct sq journal, store;
	bool has_journal;
};

static struct ledger_row *at(struct account *a, int64_t hour, struct slice source)
{
	uint64_t *place;
	bool fresh;

	buf_clear(&a->key);
	buf_add(&a->key, &hour, sizeof(hour));
	buf_add_slice(&a->key, source);
	place = map_at(a->index, buf_slice(&a->key), &fresh);
	if (fresh) {
		a->list = xgrow(a->list, a->n, &a->cap, sizeof(*a->list));
		*place = a->n;
		a->list[a->n++] =
			(struct ledger_row){.hour = hour, .source = arena_copy(&a->names, source)};
	}
	return &a->list[*place];
}

static int snapshot(struct sq *q, struct error *e)
{
	int64_t ignored;
	int r = sq_do(q, e, "BEGIN", "");

	/* the snapshot is the first read's */
	return r < 0 ? r
		     : sq_int(q->db, "SELECT count(*) FROM (SELECT 1 FROM note LIMIT 1)", 0,
			       &ignored, e);
}

/* The id that the journal gives next, as its snapshot has it: above its rows, above those that are gone, and never below
 * its own first. Notes are numbers written as text. */
static int next_id(struct sq *q, int64_t *ret, struct error *e)
{
	int r = sq_get(q, e, ret,
		"SELECT max(ifnull((SELECT max(id) FROM batch), 0) + 1,"
		" ifnull((SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM note WHERE key = 'next'), 0),"
		" ifnull((SELECT (CAST(CAST(value AS TEXT) AS INTEGER) << 32) + 1 FROM note"
		" WHERE key = 'identity'), 0))",
		"");

	return r < 0 ? r : 0;
}

/* Whether the database knows a batch that the journal's snapshot does not have yet. */
static int ahead(struct both *b, bool *ret, struct error *e)
{
	_cleanup_(intake_release) struct intake gone = {0};
	int64_t next, found;
	int r = next_id(&b->journal, &next, e);

	if (r < 0)
		return r;
	/* before the journal has its identity it has no batch either: whatever the database knows came later */
	if (next >> 32 == 0) {
		r = sq_get(&b->store, e, &found, "SELECT 1 FROM intake LIMIT 1", "");
		*ret = r == 0;
		return r < 0 ? r : 0;
	}
	r = sq_get(&b->store, e, &found,
		"SELECT 1 FROM intake WHERE batch >= ? AND batch < ? LIMIT 1", "ii", next,
		(next >> 32 << 32) + INT64_C(0x100000000));
	*ret = r == 0;
	/* … or one that was even released already */
	if (r == SQ_DONE) {
		r = intake_read(&b->store, next >> 32 << 32, &gone, e);
		*ret = r == 0 && intake_has(&gone, (uint32_t)next);
	}
	return r < 0 ? r : 0;
}

static int both_snapshots(struct both *b, struct error *e)
{
	bool again = true;
	int r = 0;

	for (int i = 0; r == 0 && again && i < TRIES; i++) {
		sq_rollback(b->journal.db);
		sq_rollback(b->store.db);
		again = false;
		if (b->has_journal)
			r = snapshot(&b->journal, e);
		if (r == 0)
			r = snapshot(&b->store, e);
		if (r == 0 && b->has_journal)
			r = ahead(b, &again, e);
	}
	if (r == 0 && again)
		r = error_set(
			e, -EAGAIN, "journal et base avancent trop vite pour un compte exact");
	return r;
}

static int read_received(struct both *b, struct account *a, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&b->journal, e, &s, "SELECT hour, source, n FROM received", "");

	while (r == 0) {
		r = sq_step(s, e);
		if (r == 0)
			at(a, sq_col_int(s, 0), sq_col(s, 1))->received =
				(uint64_t)sq_col_int(s, 2);
	}
	return r < 0 ? r : 0;
}

static void count_pending(
	struct account *a, int64_t accepted, struct slice items, const struct intake *done)
{
	int64_t hour = accepted - accepted % CLOCK_HOUR;
	struct slice item;
	struct comment c;
	bool bad;

	for (uint32_t i = 0; batch_next(&items, &item, &bad); i++) {
		if (intake_has(done, i))
			continue;
		if (comment_decode(item, &c) < 0)
			c.source = (struct slice){0};
		at(a, hour, c.source)->pending++;
	}
}

/* Which items of a batch the database has: its row, or all when the row is gone because ingest has released the batch since
 * the journal's snapshot. */
static int committed(
	struct both *b, int64_t batch, uint32_t count, struct intake *ret, struct error *e)
{
	_cleanup_(intake_release) struct intake gone = {0};
	int r = intake_read(&b->store, batch, ret, e);

	if (r == 0 && !ret->n)
		r = intake_read(&b->store, batch >> 32 << 32, &gone, e);
	if (r == 0 && intake_has(&gone, (uint32_t)batch))
		intake_add(ret, 0, count);
	return r;
}

static int read_pending(struct both *b, struct account *a, struct error *e)
{
	sqlite3_stmt *s, *blob;
	int r = sq_query(
		&b->journal, e, &s, "SELECT id, accepted_at, count FROM batch ORDER BY id", "");

	while (r == 0) {
		_cleanup_(intake_release) struct intake done = {0};

		r = sq_step(s, e);
		if (r)
			break;
		r = committed(b, sq_col_int(s, 0), (uint32_t)sq_col_int(s, 2), &done, e);
		if (r < 0 || intake_covers(&done, 0, (uint32_t)sq_col_int(s, 2)))
			continue;
		r = sq_query(&b->journal, e, &blob, "SELECT items FROM batch WHERE id = ?", "i",
			sq_col_int(s, 0));
		if (r == 0)
			r = sq_step(blob, e);
		if (r == 0) {
			count_pending(a, sq_col_int(s, 1), sq_col(blob, 0), &done);
			sqlite3_reset(blob);
		}
	}
	return r < 0 ? r : 0;
}

static int read_counted(struct both *b, struct account *a, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&b->store, e, &s,
		"SELECT hour, name, fresh, version, duplicate, tombstone, quarantined, dead, purged"
		" FROM ledger JOIN source ON source.id = ledger.source",
		"");

	while (r == 0) {
		struct ledger_row *l;

		r = sq_step(s, e);
		if (r)
			break;
		l = at(a, sq_col_int(s, 0), sq_col(s, 1));
		l->fresh = (uint64_t)sq_col_int(s, 2);
		l->version = (uint64_t)sq_col_int(s, 3);
		l->duplicate = (uint64_t)sq_col_int(s, 4);
		l->tombstone = (uint64_t)sq_col_int(s, 5);
		l->quarantined = (uint64_t)sq_col_int(s, 6);
		l->dead = (uint64_t)sq_col_int(s, 7);
		l->purged = (uint64_t)sq_col_int(s, 8);
	}
	return r < 0 ? r : 0;
}

static int read_present(struct both *b, struct account *a, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&b->store, e, &s,
		"SELECT hour, name, n FROM (SELECT accepted - accepted % 3600000 AS hour, source, count(*) AS n"
		" FROM item WHERE version = 1 AND state & 4 = 0 GROUP BY 1, 2) t"
		" JOIN source ON source.id = t.source",
		"");

	while (r == 0) {
		r = sq_step(s, e);
		if (r == 0)
			at(a, sq_col_int(s, 0), sq_col(s, 1))->present = (uint64_t)sq_col_int(s, 2);
	}
	return r < 0 ? r : 0;
}

static int by_hour(const void *x, const void *y)
{
	const struct ledger_row *a = x, *b = y;

	if (a->hour != b->hour)
		return a->hour < b->hour ? -1 : 1;
	return slice_compare(a->source, b->source);
}

static int say(struct account *a, ledger_fn *fn, void *user)
{
	int r = 0;

	if (a->n)
		qsort(a->list, a->n, sizeof(*a->list), by_hour);
	for (size_t i = 0; r == 0 && i < a->n; i++) {
		struct ledger_row *l = &a->list[i];

		l->balanced = l->received ==
				l->fresh + l->version + l->duplicate + l->tombstone +
					l->quarantined + l->dead + l->pending &&
			l->fresh == l->present + l->purged;
		r = fn(user, l);
	}
	return r;
}

static bool there_is(const char *state_dir, const char *name)
{
	_free_ char *path = xasprintf("%s/%s", state_dir, name);

	return access(path, F_OK) == 0;
}

static int open_both(const char *state_dir, struct both *b, struct error *e)
{
	_free_ char *journal = xasprintf("%s/journal.db", state_dir);
	_free_ char *store = xasprintf("%s/store.db", state_dir);
	int r = 0;

	if (!there_is(state_dir, "store.db"))
		return error_set(e, -ENOENT, "%s : base de données pas encore créée", store);
	b->has_journal = there_is(state_dir, "journal.db");
	if (b->has_journal)
		r = sq_open(journal, SQLITE_OPEN_READONLY, &b->journal.db, e);
	if (r == 0)
		r = sq_open(store, SQLITE_OPEN_READONLY, &b->store.db, e);
	return r < 0 ? r : schema_check(b->store.db, e);
}

int reader_ledger(const char *state_dir, ledger_fn *fn, void *user, struct error *e)
{
	struct account a = {.index = map_new()};
	struct both b = {0};
	int r = open_both(state_dir, &b, e);

	arena_init(&a.names, 0);
	if (r == 0)
		r = both_snapshots(&b, e);
	if (r == 0 && !b.has_journal && there_is(state_dir, "journal.db"))
		r = error_set(e, -EAGAIN, "le journal vient d'apparaître");
	if (r == 0 && b.has_journal)
		r = read_received(&b, &a, e);
	if (r == 0 && b.has_journal)
		r = read_pending(&b, &a, e);
	if (r == 0)
		r = read_counted(&b, &a, e);
	if (r == 0)
		r = read_present(&b, &a, e);
	sq_release(&b.journal);
	sq_release(&b.store);
	if (r == 0)
		r = say(&a, fn, user);
	map_free(a.index);
	arena_release(&a.names);
	buf_release(&a.key);
	free(a.list);
	return r;
}
