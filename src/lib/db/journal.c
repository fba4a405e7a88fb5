/* SPDX-License-Identifier: GPL-3.0-or-later
 * The journal is four small tables. A batch is one row with one blob, so accepting 512 comments costs one insert.
 * What the file would have to be asked for all the time (waiting comments, next id, counts received in the open
 * group) is kept in memory and rolled back with the group. */
#include <tocsin/db/journal.h>

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/base/map.h>
#include <tocsin/digest/digest.h>

#include "sq.h"

#define JOURNAL_SCHEMA 1
#define SCRUB_IN_MEMORY 50000u /* comments */
#define WAL_PAGES 4096 /* SQLite copies the log into the file when it is longer (32 MiB) */

enum statement {
	S_BEGIN,
	S_COMMIT,
	S_ADD,
	S_RECEIVED,
	S_CURSOR_SET,
	S_CURSOR_GET,
	S_NEXT,
	S_GET,
	S_COUNT,
	S_DELETE,
	S_LOWEST,
	S_NOTE_SET,
	S_NOTE_GET,
	STATEMENTS
};

static const char *const statement_sql[STATEMENTS] = {
	[S_BEGIN] = "BEGIN IMMEDIATE",
	[S_COMMIT] = "COMMIT",
	[S_ADD] = "INSERT INTO batch(id, accepted_at, count, items) VALUES(?, ?, ?, ?)",
	[S_RECEIVED] = "INSERT INTO received(hour, source, n) VALUES(?, ?, ?) "
		       "ON CONFLICT DO UPDATE SET n = n + excluded.n",
	[S_CURSOR_SET] = "INSERT INTO cursor(source, value) VALUES(?, ?) "
			 "ON CONFLICT DO UPDATE SET value = excluded.value",
	[S_CURSOR_GET] = "SELECT value FROM cursor WHERE source = ?",
	[S_NEXT] =
		"SELECT id, accepted_at, count, items FROM batch WHERE id > ? ORDER BY id LIMIT 1",
	[S_GET] = "SELECT id, accepted_at, count, items FROM batch WHERE id = ?",
	[S_COUNT] = "SELECT count FROM batch WHERE id = ?",
	[S_DELETE] = "DELETE FROM batch WHERE id = ?",
	[S_LOWEST] = "SELECT id FROM batch ORDER BY id LIMIT 1",
	[S_NOTE_SET] = "INSERT INTO note(key, value) VALUES(?, ?) "
		       "ON CONFLICT DO UPDATE SET value = excluded.value",
	[S_NOTE_GET] = "SELECT value FROM note WHERE key = ?",
};

static const char journal_schema[] =
	"CREATE TABLE batch(id INTEGER PRIMARY KEY, accepted_at INTEGER NOT NULL,"
	" count INTEGER NOT NULL, items BLOB NOT NULL) STRICT;"
	"CREATE TABLE received(hour INTEGER, source TEXT, n INTEGER NOT NULL,"
	" PRIMARY KEY(hour, source)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE cursor(source TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE note(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"PRAGMA user_version = 1;";

struct received_key { /* followed by the source's bytes in the map's key */
	int64_t hour;
};

struct totals {
	uint64_t next, comments, batches;
};

struct journal {
	sqlite3 *db;
	sqlite3_stmt *s[STATEMENTS];
	int lock;
	bool group; /* between journal_begin and its end */
	uint64_t identity;
	struct totals now, before; /* before: as it was when the group began */
	uint64_t noted_next; /* ids below this are never given again, also when no row is left */
	struct map *received;
	struct buf key, batch; /* batch: the one last handed out */
	int64_t quiet_since; /* monotonic ms of the last write */
	bool dirty; /* the log holds something */
};

static int set_up(struct journal *j, struct error *e)
{
	int64_t version;
	int r;

	/* the page size counts only before the file exists; secure_delete is for what is released */
	r = sq_exec(j->db,
		"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA secure_delete = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;",
		e);
	if (r < 0)
		return r;
	sqlite3_wal_autocheckpoint(j->db, WAL_PAGES);
	r = sq_int(j->db, "PRAGMA user_version", 0, &version, e);
	if (r < 0)
		return r;
	if (version > JOURNAL_SCHEMA)
		return error_set(e, -EPROTO, "journal de version %lld, inconnue ici (%d)",
			(long long)version, JOURNAL_SCHEMA);
	if (version == JOURNAL_SCHEMA)
		return 0;
	r = sq_exec(j->db, "BEGIN IMMEDIATE", e);
	if (r == 0)
		r = sq_exec(j->db, journal_schema, e);
	if (r == 0)
		r = sq_exec(j->db, "COMMIT", e);
	sq_rollback(j->db);
	return r;
}

/* The journal's own number, made once; at most 30 bits so that an id stays positive in SQLite. */
static int read_identity(struct journal *j, struct error *e)
{
	_buf_ struct buf b = {0};
	uint32_t fresh;
	int r = journal_note_get(j, "identity", &b, e);

	if (r < 0)
		return r;
	if (!b.n) {
		digest_random(&fresh, sizeof(fresh));
		buf_printf(&b, "%lu", (unsigned long)(fresh & 0x3fffffff) | 1);
		r = journal_note_set(j, "identity", buf_slice(&b), e);
		if (r < 0)
			return r;
	}
	j->identity = strtoull(buf_string(&b), NULL, 10);
	return j->identity ? 0 : error_set(e, -EPROTO, "journal sans identité");
}

static int read_totals(struct journal *j, struct error *e)
{
	_buf_ struct buf b = {0};
	int64_t n = 0, comments = 0, highest = 0;
	int r = journal_note_get(j, "next", &b, e);

	if (r < 0)
		return r;
	j->noted_next = b.n ? strtoull(buf_string(&b), NULL, 10) : (j->identity << 32) + 1;
	r = sq_int(j->db, "SELECT count(*) FROM batch", 0, &n, e);
	if (r == 0)
		r = sq_int(j->db, "SELECT sum(count) FROM batch", 0, &comments, e);
	if (r == 0)
		r = sq_int(j->db, "SELECT max(id) FROM batch", 0, &highest, e);
	if (r < 0)
		return r;
	j->now = (struct totals){j->noted_next, (uint64_t)comments, (uint64_t)n};
	if ((uint64_t)highest >= j->now.next)
		j->now.next = (uint64_t)highest + 1;
	return 0;
}

int journal_open(const char *path, struct journal **ret, struct error *e)
{
	_free_ char *lock = xasprintf("%s.lock", path);
	struct journal *j = xcalloc(1, sizeof(*j));
	int r;

	j->lock = -1;
	j->received = map_new();
	r = file_lock(lock, &j->lock, e);
	if (r == 0)
		r = sq_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &j->db, e);
	if (r == 0)
		r = set_up(j, e);
	for (int i = 0; r == 0 && i < STATEMENTS; i++)
		r = sq_prepare(j->db, statement_sql[i], &j->s[i], e);
	if (r == 0)
		r = read_identity(j, e);
	if (r == 0)
		r = read_totals(j, e);
	if (r < 0) {
		error_prefix(e, "%s", path);
		journal_close(j);
		return r;
	}
	j->dirty = true;
	*ret = j;
	return 0;
}

struct journal *journal_close(struct journal *j)
{
	if (!j)
		return NULL;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(j->s[i]);
	sq_close(&j->db);
	map_free(j->received);
	buf_release(&j->key);
	buf_release(&j->batch);
	close_fd(&j->lock);
	free(j);
	return NULL;
}

uint64_t journal_identity(struct journal *j)
{
	return j->identity;
}

int journal_begin(struct journal *j, struct error *e)
{
	int r = sq_run(j->s[S_BEGIN], e);

	if (r < 0)
		return r;
	j->group = true;
	j->before = j->now;
	return 0;
}

void journal_rollback(struct journal *j)
{
	sq_rollback(j->db);
	if (j->group)
		j->now = j->before;
	j->group = false;
	map_clear(j->received);
}

/* A fault inside a group ends it: SQLite may have rolled back by itself already. */
static int fail(struct journal *j, int r)
{
	journal_rollback(j);
	return r == -ENOSPC ? r : -EIO;
}

int journal_add(struct journal *j, int64_t accepted_at, struct slice items, uint32_t count,
	uint64_t *ret_id, struct error *e)
{
	sqlite3_stmt *s = j->s[S_ADD];
	int r;

	sq_bind_int(s, 1, (int64_t)j->now.next);
	sq_bind_int(s, 2, accepted_at);
	sq_bind_int(s, 3, count);
	sq_bind_blob(s, 4, items);
	r = sq_run(s, e);
	if (r < 0)
		return fail(j, r);
	*ret_id = j->now.next++;
	j->now.comments += count;
	j->now.batches++;
	return 0;
}

int journal_count_received(
	struct journal *j, int64_t accepted_at, struct slice source, uint32_t n, struct error *e)
{
	struct received_key key = {accepted_at - accepted_at % CLOCK_HOUR};

	(void)e;
	buf_clear(&j->key);
	buf_add(&j->key, &key, sizeof(key));
	buf_add_slice(&j->key, source);
	*map_at(j->received, buf_slice(&j->key), NULL) += n;
	return 0;
}

static int write_received(struct journal *j, struct error *e)
{
	sqlite3_stmt *s = j->s[S_RECEIVED];
	struct slice key;
	uint64_t *n;
	size_t it = 0;

	while (map_each(j->received, &it, &key, &n)) {
		struct received_key k;
		int r;

		memcpy(&k, key.p, sizeof(k));
		sq_bind_int(s, 1, k.hour);
		sq_bind_text(s, 2, (struct slice){key.p + sizeof(k), key.n - sizeof(k)});
		sq_bind_int(s, 3, (int64_t)*n);
		r = sq_run(s, e);
		if (r < 0)
			return r;
	}
	return 0;
}

static int set_value(sqlite3_stmt *s, struct slice key, struct slice value, struct error *e)
{
	sq_bind_text(s, 1, key);
	sq_bind_blob(s, 2, value);
	return sq_run(s, e);
}

static int get_value(sqlite3_stmt *s, struct slice key, struct buf *ret, struct error *e)
{
	int r;

	sq_bind_text(s, 1, key);
	r = sq_step(s, e);
	if (r == SQ_DONE)
		return 0;
	if (r == 0)
		buf_add_slice(ret, sq_col(s, 0));
	sqlite3_reset(s);
	return r;
}

int journal_cursor_set(struct journal *j, struct slice source, struct slice cursor, struct error *e)
{
	int r = set_value(j->s[S_CURSOR_SET], source, cursor, e);

	return r < 0 && j->group ? fail(j, r) : r;
}

int journal_cursor_get(struct journal *j, struct slice source, struct buf *ret, struct error *e)
{
	return get_value(j->s[S_CURSOR_GET], source, ret, e);
}

int journal_note_set(struct journal *j, const char *key, struct slice value, struct error *e)
{
	int r = set_value(j->s[S_NOTE_SET], slice_of(key), value, e);

	return r < 0 && j->group ? fail(j, r) : r;
}

int journal_note_get(struct journal *j, const char *key, struct buf *ret, struct error *e)
{
	return get_value(j->s[S_NOTE_GET], slice_of(key), ret, e);
}

int journal_commit(struct journal *j, struct error *e)
{
	int r = write_received(j, e);

	if (r == 0)
		r = sq_run(j->s[S_COMMIT], e);
	if (r < 0)
		return fail(j, r);
	j->group = false;
	j->dirty = true;
	j->quiet_since = clock_monotonic();
	map_clear(j->received);
	return 0;
}

/* The row is copied out, for an open statement would hold the log. */
static int read_batch(
	struct journal *j, sqlite3_stmt *s, uint64_t id, struct journal_batch *ret, struct error *e)
{
	int r;

	sq_bind_int(s, 1, (int64_t)id);
	r = sq_step(s, e);
	if (r == SQ_DONE)
		return JOURNAL_END;
	if (r < 0)
		return r;
	buf_clear(&j->batch);
	buf_add_slice(&j->batch, sq_col(s, 3));
	*ret = (struct journal_batch){(uint64_t)sq_col_int(s, 0), sq_col_int(s, 1),
		(uint32_t)sq_col_int(s, 2), buf_slice(&j->batch)};
	sqlite3_reset(s);
	return 0;
}

int journal_next(struct journal *j, uint64_t after, struct journal_batch *ret, struct error *e)
{
	return read_batch(j, j->s[S_NEXT], after, ret, e);
}

int journal_get(struct journal *j, uint64_t id, struct journal_batch *ret, struct error *e)
{
	int r = read_batch(j, j->s[S_GET], id, ret, e);

	return r == JOURNAL_END
		? error_set(e, -ENOENT, "lot %llu absent du journal", (unsigned long long)id)
		: r;
}

static int release_one(struct journal *j, uint64_t id, struct error *e)
{
	sqlite3_stmt *s = j->s[S_COUNT];
	int64_t count;
	int r;

	sq_bind_int(s, 1, (int64_t)id);
	r = sq_step(s, e);
	if (r)
		return r == SQ_DONE ? 0 : r;
	count = sq_col_int(s, 0);
	sqlite3_reset(s);
	sq_bind_int(j->s[S_DELETE], 1, (int64_t)id);
	r = sq_run(j->s[S_DELETE], e);
	if (r < 0)
		return r;
	j->now.comments -= (uint64_t)count;
	j->now.batches--;
	return 0;
}

static int release_all(struct journal *j, const uint64_t *ids, size_t n, struct error *e)
{
	_buf_ struct buf b = {0};
	int r;

	for (size_t i = 0; i < n; i++) {
		r = release_one(j, ids[i], e);
		if (r < 0)
			return r;
	}
	/* the highest row may be among them: its id must not come back after a restart */
	buf_printf(&b, "%llu", (unsigned long long)j->now.next);
	r = set_value(j->s[S_NOTE_SET], SLICE("next"), buf_slice(&b), e);
	/* with no row left, one call wipes the root page too */
	if (r == 0 && !j->now.batches)
		r = sq_exec(j->db, "DELETE FROM batch", e);
	return r;
}

int journal_release(struct journal *j, const uint64_t *ids, size_t n, struct error *e)
{
	bool own = !j->group;
	int r = own ? journal_begin(j, e) : 0;

	if (r < 0)
		return r;
	r = release_all(j, ids, n, e);
	if (r < 0)
		return fail(j, r);
	return own ? journal_commit(j, e) : 0;
}

int journal_waiting(
	struct journal *j, uint64_t *ret_comments, uint64_t *ret_lowest, struct error *e)
{
	int r = 0;

	*ret_comments = j->now.comments;
	*ret_lowest = j->now.next;
	if (!j->now.batches)
		return 0;
	r = sq_step(j->s[S_LOWEST], e);
	if (r == 0) {
		*ret_lowest = (uint64_t)sq_col_int(j->s[S_LOWEST], 0);
		sqlite3_reset(j->s[S_LOWEST]);
	}
	return r < 0 ? r : 0;
}

static int checkpoint(struct journal *j, int mode, struct error *e)
{
	int rc = sqlite3_wal_checkpoint_v2(j->db, NULL, mode, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sq_fail(j->db, rc, e);
}

int journal_idle(struct journal *j, struct error *e)
{
	int r;

	if (j->group || !j->dirty || clock_monotonic() - j->quiet_since < CLOCK_SECOND)
		return 0;
	sqlite3_busy_timeout(j->db, 0);
	r = checkpoint(
		j, j->now.batches ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE, e);
	sqlite3_busy_timeout(j->db, 5000);
	if (r == 0)
		j->dirty = false;
	return r == -EBUSY ? 0 : r;
}

int journal_scrub(struct journal *j, struct error *e)
{
	/* the copy that VACUUM makes holds what waits: in memory only when that is little */
	bool little = j->now.comments < SCRUB_IN_MEMORY;
	int r = sq_exec(
		j->db, little ? "PRAGMA temp_store = MEMORY" : "PRAGMA temp_store = FILE", e);

	if (r == 0)
		r = sq_exec(j->db, "VACUUM", e);
	if (r == 0)
		r = checkpoint(j, SQLITE_CHECKPOINT_TRUNCATE, e);
	if (r == 0)
		j->dirty = false;
	return r;
}
