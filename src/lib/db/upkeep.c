/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the file needs between transactions: the log copied back, new keys written into their table, copies made. */
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

#include "st.h"

#define PAGES_CHEAP 2048 /* 16 MiB in the log are copied back when that is cheap */
#define PAGES_MOST 32768 /* 256 MiB in any case */
#define ROWS_CHEAP 8192
#define READERS_WAIT_MS 200
#define GRAVE_KEEP CLOCK_DAY
#define COPY_MAX 4096u

static int flush_keys(struct store *st, struct error *e)
{
	int r = store_begin(st, e);

	if (r == 0)
		r = keys_flush(&st->keys, e);
	if (r == 0)
		r = note_set_int(st, "looked_up", st->now.next_seq - 1, e);
	if (r == 0 && st->now.graves) {
		r = sq_do(&st->q, e, "DELETE FROM grave WHERE accepted < ?", "i",
			st->wall - GRAVE_KEEP);
		if (r == 0)
			r = sq_get(&st->q, e, &st->now.graves, "SELECT count(*) FROM grave", "");
	}
	if (r == 0)
		r = store_commit(st, e);
	if (r < 0) {
		store_rollback(st);
		return r;
	}
	return keys_flushed(&st->keys, e);
}

int store_flush_keys(struct store *st, struct error *e)
{
	return st->keys.n ? flush_keys(st, e) : 0;
}

/* PASSIVE waits for nobody; then the log begins anew only if no reader is in it at the next commit. RESTART waits for the
 * readers of the old log, whose calls are short. */
static int copy_back(struct store *st, int mode, struct error *e)
{
	int log = 0, copied = 0, rc;

	sqlite3_busy_timeout(st->q.db, READERS_WAIT_MS);
	rc = sqlite3_wal_checkpoint_v2(st->q.db, NULL, mode, &log, &copied);
	sqlite3_busy_timeout(st->q.db, 5000);
	if (rc != SQLITE_OK)
		return (rc & 0xff) == SQLITE_BUSY ? 0 : sq_fail(st->q.db, rc, e);
	if (log == copied)
		st->wal_pages = 0;
	return 0;
}

/* The log grows by whole pages a commit, also for one comment. Copying it back costs the pages that differ, which the
 * comments since the last time bound: few comments, a short pause, at any time; many, only when the log is long. */
static bool log_is_long(const struct store *st, bool idle)
{
	bool cheap = idle || st->now.next_seq - st->copied_seq < ROWS_CHEAP;

	return st->wal_pages > (cheap ? PAGES_CHEAP : PAGES_MOST) &&
		clock_monotonic() >= st->checkpoint_retry;
}

int store_upkeep(struct store *st, bool idle, struct error *e)
{
	int r = 0;

	if (keys_full(&st->keys))
		r = flush_keys(st, e);
	if (r < 0 || !log_is_long(st, idle))
		return r;
	r = copy_back(st,
		st->wal_pages > PAGES_MOST ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE,
		e);
	st->copied_seq = st->now.next_seq;
	/* a reader in the way, or a fault: not at every turn */
	if (r < 0 || st->wal_pages)
		st->checkpoint_retry = clock_monotonic() + CLOCK_SECOND;
	return r;
}

static int vacuum_into(sqlite3 *db, const char *path, struct error *e)
{
	sqlite3_stmt *s = NULL;
	int r = sq_prepare(db, "VACUUM INTO ?", &s, e);

	if (r < 0)
		return r;
	sq_bind_text(s, 1, slice_of(path));
	r = sq_run(s, e);
	sqlite3_finalize(s);
	return r;
}

static int copy_small(const char *from, const char *to, struct error *e)
{
	_buf_ struct buf b = {0};
	int r = file_read(from, COPY_MAX, &b, e);

	return r < 0 ? r : file_write_atomic(to, buf_slice(&b), 0600, e);
}

/* A journal that is put back alone would number its next batches as the live one did since; store would take them for
 * what it has, and they would be lost. So the copy goes on far above. */
#define IDS_AHEAD "16777216"
static int go_on_above(const char *path, struct error *e)
{
	sqlite3 *db = NULL;
	int r = sq_open(path, SQLITE_OPEN_READWRITE, &db, e);

	if (r == 0)
		r = sq_exec(db,
			"PRAGMA synchronous = FULL;"
			"INSERT OR REPLACE INTO note(key, value) SELECT 'next', CAST(CAST(" IDS_AHEAD
			" + max(ifnull((SELECT max(id) FROM batch), 0) + 1,"
			" ifnull((SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM note WHERE key = 'next'), 0),"
			" (CAST(CAST(value AS TEXT) AS INTEGER) << 32) + 1) AS TEXT) AS BLOB)"
			" FROM note WHERE key = 'identity'",
			e);
	sq_close(&db);
	return r;
}

/* Journal first: what store commits in between is in both copies, and counts nothing when it comes again. */
int store_backup(struct store *st, const char *folder, struct error *e)
{
	_free_ char *journal = xasprintf("%s/journal.db", st->dir);
	_free_ char *key = xasprintf("%s/author.key", st->dir);
	_free_ char *to_journal = xasprintf("%s/journal.db", folder);
	_free_ char *to_store = xasprintf("%s/store.db", folder);
	_free_ char *to_key = xasprintf("%s/author.key", folder);
	sqlite3 *db = NULL;
	int r = 0;

	if (folder[0] != '/')
		return error_set(e, -EINVAL, "le dossier de la copie doit être un chemin absolu");
	if (access(journal, F_OK) == 0) {
		r = sq_open(journal, SQLITE_OPEN_READONLY, &db, e);
		if (r == 0)
			r = vacuum_into(db, to_journal, e);
		sq_close(&db);
		if (r == 0)
			r = go_on_above(to_journal, e);
	}
	if (r == 0)
		r = vacuum_into(st->q.db, to_store, e);
	return r < 0 ? r : copy_small(key, to_key, e);
}
