/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ingest's journal: batches as accepted, until store has committed them. SQLite, WAL, synchronous=FULL, one writer
 * (lock file). In memory only a window; 2 million comments waiting cost nothing but disk. */
#ifndef TOCSIN_DB_JOURNAL_H
#define TOCSIN_DB_JOURNAL_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

struct journal;
struct journal_batch {
	uint64_t
		id; /* grows by one, never reused, also after everything was released. Its upper half is
	                        the journal's own random number: another journal's ids never meet these */
	int64_t accepted_at; /* ms; its hour is the ledger's */
	uint32_t count;
	struct slice items; /* lives until the next journal call */
};
int journal_open(const char *path, struct journal **ret, struct error *e) _must_check_;
struct journal *journal_close(struct journal *j);

/* A group: begin, any number of adds, commit (fsync). Fail: rolled back, nothing was accepted;
 * -ENOSPC for a full disk, -EIO otherwise. received[] counts by source in the same transaction. */
int journal_begin(struct journal *j, struct error *e) _must_check_;
int journal_add(struct journal *j, int64_t accepted_at, struct slice items, uint32_t count,
	uint64_t *ret_id, struct error *e) _must_check_;
int journal_count_received(struct journal *j, int64_t accepted_at, struct slice source, uint32_t n,
	struct error *e) _must_check_;
int journal_cursor_set(struct journal *j, struct slice source, struct slice cursor, struct error *e)
	_must_check_;
int journal_commit(struct journal *j, struct error *e) _must_check_;
void journal_rollback(struct journal *j);

/* The first batch with id > after: 0, or JOURNAL_END. */
enum { JOURNAL_END = 1 };
int journal_next(struct journal *j, uint64_t after, struct journal_batch *ret, struct error *e)
	_must_check_;
int journal_get(struct journal *j, uint64_t id, struct journal_batch *ret, struct error *e)
	_must_check_;
/* Batches that store committed whole go (secure_delete), lazily grouped: one transaction for many ids (or part of the
 * group that is open). Unknown ids count as gone. */
int journal_release(struct journal *j, const uint64_t *ids, size_t n, struct error *e) _must_check_;
int journal_cursor_get(struct journal *j, struct slice source, struct buf *ret, struct error *e)
	_must_check_;
/* Comments waiting; lowest waiting id (or next id when none). */
int journal_waiting(struct journal *j, uint64_t *ret_comments, uint64_t *ret_lowest,
	struct error *e) _must_check_;
/* Small values kept with it: the active bundle's hash. */
int journal_note_set(struct journal *j, const char *key, struct slice value, struct error *e)
	_must_check_;
int journal_note_get(struct journal *j, const char *key, struct buf *ret, struct error *e)
	_must_check_;
/* What was released is gone for good only after a scrub, which rewrites the file without it and empties the
 * write-ahead log, so that no released text is in any byte of either. Call it at NEWS_PURGE and at start. Seconds when millions wait; -EBUSY when a reader holds the log for long (call again). Not in a group. */
int journal_scrub(struct journal *j, struct error *e) _must_check_;
/* Call about once a second when no group is open: copies the log into the file when there is little else to do, and
 * empties it when nothing waits. Faults are not urgent: it is tried again. */
int journal_idle(struct journal *j, struct error *e) _must_check_;
/* A fixed random number of this journal; its ids are (identity << 32) + 1, 2, … */
uint64_t journal_identity(struct journal *j);
#endif
