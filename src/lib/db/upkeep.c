/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the file needs between transactions: the log copied back, new keys written into their table. */
#include <errno.h>
#include <tocsin/base/alloc.h>

#include "st.h"

#define PAGES_CHEAP 2048 /* 16 MiB in the log are copied back when that is cheap */
#define PAGES_MOST 32768 /* 256 MiB in any case */
#define ROWS_CHEAP 8192
#define READERS_WAIT_MS 20 /* results wait while we do */
#define GRAVE_KEEP CLOCK_DAY

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
