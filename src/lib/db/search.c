/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/db/search.h>

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/file.h>
#include <tocsin/record/comment.h>

#include "reader/limit.h"
#include "schema.h"
#include "search_private.h"

static const char search_schema[] =
	"CREATE TABLE note(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"
	"CREATE TABLE shard(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
	"PRAGMA user_version = 1;";

static int open_store(struct search *s, struct error *e)
{
	_free_ char *path = xasprintf("%s/store.db", s->dir);
	int r;

	if (access(path, F_OK) < 0)
		return error_set(e, -ENOENT, "%s : base de données pas encore créée", path);
	r = sq_open(path, SQLITE_OPEN_READONLY, &s->store.db, e);
	return r < 0 ? r : schema_check(s->store.db, e);
}

/* The database's own random seed tells one database from another. */
static int belongs(struct search *s, bool *ret, struct error *e)
{
	sqlite3_stmt *theirs, *ours;
	struct slice mark = {0};
	int r = sq_query(
		&s->store, e, &theirs, "SELECT value FROM note WHERE key = 'lookup_seed'", "");

	if (r == 0)
		r = sq_step(theirs, e);
	if (r)
		return r < 0 ? r : error_set(e, -ENOENT, "base de données pas encore prête");
	mark = sq_col(theirs, 0);
	r = sq_query(&s->q, e, &ours, "SELECT value FROM note WHERE key = 'database'", "");
	if (r == 0)
		r = sq_step(ours, e);
	*ret = true;
	if (r == 0) {
		*ret = slice_equal(sq_col(ours, 0), mark);
		sqlite3_reset(ours);
	} else if (r == SQ_DONE) {
		r = sq_do(
			&s->q, e, "INSERT INTO note(key, value) VALUES('database', ?)", "b", mark);
	}
	sqlite3_reset(theirs);
	return r < 0 ? r : 0;
}

static int set_up(struct search *s, struct error *e)
{
	int64_t version;
	int r = sq_exec(s->q.db,
		"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
		"PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;",
		e);

	if (r < 0)
		return r;
	sqlite3_wal_autocheckpoint(s->q.db, 4096);
	r = sq_int(s->q.db, "PRAGMA user_version", 0, &version, e);
	if (r == 0 && version > 1)
		r = error_set(e, -EUCLEAN, "search.db d'une autre version");
	if (r == 0 && version == 0) {
		r = sq_exec(s->q.db, "BEGIN IMMEDIATE", e);
		if (r == 0)
			r = sq_exec(s->q.db, search_schema, e);
		if (r == 0)
			r = sq_exec(s->q.db, "COMMIT", e);
		sq_rollback(s->q.db);
	}
	return r;
}

static void remove_index(const struct search *s)
{
	static const char *const ends[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		_free_ char *path = xasprintf("%s/search.db%s", s->dir, ends[i]);

		unlink(path);
	}
}

static int open_index(struct search *s, struct error *e)
{
	_free_ char *path = xasprintf("%s/search.db", s->dir);
	bool mine = false;
	int r = 0;

	for (int tries = 0; tries < 2 && !mine; tries++) {
		r = sq_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &s->q.db, e);
		if (r == 0)
			r = set_up(s, e);
		if (r == 0)
			r = belongs(s, &mine, e);
		if (r < 0 && r != -EUCLEAN)
			return r;
		if (!mine) {
			sq_release(&s->q);
			remove_index(s);
		}
	}
	return r;
}

static int open_reading(struct search *s, struct error *e)
{
	_free_ char *path = xasprintf("%s/search.db", s->dir);

	if (access(path, F_OK) < 0)
		return error_set(e, -ENOENT, "%s : pas encore d'index", path);
	return sq_open(path, SQLITE_OPEN_READONLY, &s->q.db, e);
}

int search_open(const char *state_dir, bool writer, struct search **ret, struct error *e)
{
	_free_ char *lock = xasprintf("%s/search.lock", state_dir);
	struct search *s = xcalloc(1, sizeof(*s));
	int r = 0;

	s->lock = -1;
	s->dir = xstrdup(state_dir);
	if (writer)
		r = file_lock(lock, &s->lock, e);
	if (r == 0)
		r = open_store(s, e);
	if (r == 0)
		r = writer ? open_index(s, e) : open_reading(s, e);
	if (r < 0) {
		search_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

int search_open_limited(
	const char *state_dir, struct slice sources, struct search **ret, struct error *e)
{
	struct search *s = NULL;
	int r = search_open(state_dir, false, &s, e);

	if (r == 0)
		r = limit_views(&s->store, sources, e);
	if (r < 0) {
		search_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

struct search *search_close(struct search *s)
{
	if (!s)
		return NULL;
	sqlite3_finalize(s->insert);
	sq_release(&s->q);
	sq_release(&s->store);
	close_fd(&s->lock);
	free(s->dir);
	free(s);
	return NULL;
}

static int indexed(struct search *s, int64_t *ret, struct error *e)
{
	int r = sq_get(&s->q, e, ret, "SELECT value FROM note WHERE key = 'seq'", "");

	if (r == SQ_DONE)
		*ret = 0;
	return r < 0 ? r : 0;
}

static int last_seq(struct search *s, int64_t *ret, struct error *e)
{
	int r = sq_get(&s->store, e, ret, "SELECT max(seq) FROM item", "");

	if (r == SQ_DONE)
		*ret = 0;
	return r < 0 ? r : 0;
}

int search_lag(struct search *s, int64_t *ret_seq, int64_t *ret_behind, struct error *e)
{
	int64_t last;
	int r = indexed(s, ret_seq, e);

	if (r == 0)
		r = last_seq(s, &last, e);
	if (r == 0)
		*ret_behind = last > *ret_seq ? last - *ret_seq : 0;
	return r;
}

/* A table for a shard, of a name never used before. */
static int new_table(struct search *s, int64_t shard, struct error *e)
{
	_free_ char *sql = NULL, *name = NULL;
	int64_t number = 0;
	int r = sq_get(&s->q, e, &number, "SELECT value FROM note WHERE key = 'tables'", "");

	if (r < 0)
		return r;
	name = xasprintf("words_%lld", (long long)++number);
	sql = xasprintf("CREATE VIRTUAL TABLE %s USING fts5(text, content='', columnsize=0,"
			" tokenize=\"unicode61 remove_diacritics 2\")",
		name);
	r = sq_exec(s->q.db, sql, e);
	if (r == 0)
		r = sq_do(&s->q, e, "INSERT OR REPLACE INTO note(key, value) VALUES('tables', ?)",
			"i", number);
	return r < 0 ? r
		     : sq_do(&s->q, e, "INSERT OR REPLACE INTO shard(number, name) VALUES(?, ?)",
			       "it", shard, slice_of(name));
}

static int table_of(struct search *s, int64_t shard, char **ret, struct error *e)
{
	sqlite3_stmt *st;
	int r = sq_query(&s->q, e, &st, "SELECT name FROM shard WHERE number = ?", "i", shard);

	*ret = NULL;
	if (r == 0)
		r = sq_step(st, e);
	if (r)
		return r < 0 ? r : 0;
	*ret = xstrndup(sq_col(st, 0).p, sq_col(st, 0).n);
	sqlite3_reset(st);
	return 0;
}

/* The statement that adds words to a shard; kept while the shard stays the same. */
static int insert_into(struct search *s, int64_t shard, struct error *e)
{
	_free_ char *name = NULL, *sql = NULL;
	int r;

	if (s->insert && s->insert_shard == shard)
		return 0;
	sqlite3_finalize(s->insert);
	s->insert = NULL;
	r = table_of(s, shard, &name, e);
	if (r == 0 && !name) {
		r = new_table(s, shard, e);
		if (r == 0)
			r = table_of(s, shard, &name, e);
	}
	if (r < 0)
		return r;
	sql = xasprintf("INSERT INTO %s(rowid, text) VALUES(?, ?)", name);
	s->insert_shard = shard;
	return sq_prepare(s->q.db, sql, &s->insert, e);
}

static int add(struct search *s, int64_t seq, struct slice body, struct error *e)
{
	struct comment c;
	int r = insert_into(s, seq / SEARCH_SHARD, e);

	if (r < 0 || comment_decode(body, &c) < 0 || !c.text.n)
		return r;
	sq_bind_int(s->insert, 1, seq);
	sq_bind_text(s->insert, 2, c.text);
	return sq_run(s->insert, e);
}

/* Rows in (after, to], at most limit; *last is the highest seq that was looked at. */
static int add_rows(struct search *s, int64_t after, int64_t to, uint32_t limit, int64_t *last,
	uint32_t *n, struct error *e)
{
	sqlite3_stmt *rows;
	int r = sq_query(&s->store, e, &rows,
		"SELECT seq, state, body FROM item WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
		"iii", after, to, (int64_t)limit);

	while (r == 0) {
		r = sq_step(rows, e);
		if (r)
			break;
		*last = sq_col_int(rows, 0);
		++*n;
		if (!(sq_col_int(rows, 1) & (ITEM_SUPERSEDED | ITEM_GONE)))
			r = add(s, *last, sq_col(rows, 2), e);
		if (r < 0)
			sqlite3_reset(rows);
	}
	return r < 0 ? r : 0;
}

/* A statement on a table that a rollback took away must not be used again. */
static void roll_back(struct search *s)
{
	sqlite3_finalize(s->insert);
	s->insert = NULL;
	sq_rollback(s->q.db);
}

int search_fill(struct search *s, uint32_t limit, struct error *e)
{
	int64_t seq, last;
	uint32_t n = 0;
	int r = indexed(s, &seq, e);

	if (r < 0)
		return r;
	last = seq;
	r = sq_do(&s->q, e, "BEGIN IMMEDIATE", "");
	if (r == 0)
		r = add_rows(s, seq, INT64_MAX, limit, &last, &n, e);
	if (r == 0 && n)
		r = sq_do(&s->q, e, "INSERT OR REPLACE INTO note(key, value) VALUES('seq', ?)", "i",
			last);
	if (r == 0)
		r = sq_do(&s->q, e, "COMMIT", "");
	if (r < 0) {
		roll_back(s);
		return r;
	}
	return n < limit ? SEARCH_CAUGHT_UP : 0;
}

/* Builds a shard again from what is left of its rows, and drops the old one, in one transaction. */
static int rebuild(struct search *s, int64_t shard, struct error *e)
{
	_free_ char *old = NULL, *sql = NULL;
	int64_t first = shard * SEARCH_SHARD, to, seq, last;
	uint32_t n = 0;
	int r = table_of(s, shard, &old, e);

	if (r < 0 || !old)
		return r;
	r = indexed(s, &seq, e);
	to = first + SEARCH_SHARD - 1 < seq ? first + SEARCH_SHARD - 1 : seq;
	roll_back(s);
	if (r == 0)
		r = sq_do(&s->q, e, "BEGIN IMMEDIATE", "");
	if (r == 0)
		r = new_table(s, shard, e);
	if (r == 0)
		r = add_rows(s, first - 1, to, SEARCH_SHARD, &last, &n, e);
	sql = xasprintf("DROP TABLE %s", old);
	sqlite3_finalize(s->insert);
	s->insert = NULL;
	if (r == 0)
		r = sq_exec(s->q.db, sql, e);
	if (r == 0)
		r = sq_do(&s->q, e, "COMMIT", "");
	if (r < 0)
		roll_back(s);
	return r;
}

/* One round works through the shards that lost a text up to the removal number that was highest when it began; what comes
 * in between is for the next round. */
static int begin_round(struct search *s, struct error *e)
{
	int r;

	if (s->round)
		return 0;
	s->round_shard = -1;
	r = sq_get(&s->store, e, &s->round, "SELECT max(number) FROM removal WHERE number > ?", "i",
		s->forgotten);
	if (r == SQ_DONE)
		s->round = 0;
	return r < 0 ? r : 0;
}

static int end_round(struct search *s, int64_t *ret_number, struct error *e)
{
	int rc = sqlite3_wal_checkpoint_v2(s->q.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	if (rc != SQLITE_OK)
		return sq_fail(s->q.db, rc, e);
	*ret_number = s->forgotten = s->round;
	s->round = 0;
	return SEARCH_CAUGHT_UP;
}

int search_forget(struct search *s, int64_t *ret_number, struct error *e)
{
	int64_t shard;
	int r = begin_round(s, e);

	*ret_number = 0;
	if (r < 0 || !s->round)
		return r < 0 ? r : SEARCH_CAUGHT_UP;
	r = sq_get(&s->store, e, &shard,
		"SELECT min(shard) FROM removal WHERE number > ? AND number <= ? AND shard > ?",
		"iii", s->forgotten, s->round, s->round_shard);
	if (r == SQ_DONE)
		return end_round(s, ret_number, e);
	if (r == 0)
		r = rebuild(s, shard, e);
	if (r == 0)
		s->round_shard = shard;
	return r;
}

int search_purged(struct search *s, int64_t *ret_purge, struct error *e)
{
	int r = sq_get(&s->store, e, ret_purge,
		"SELECT max(number) FROM purge WHERE removal <"
		" ifnull((SELECT min(number) FROM removal WHERE number > ?), 9223372036854775807)",
		"i", s->forgotten);

	if (r == SQ_DONE)
		*ret_purge = 0;
	return r < 0 ? r : 0;
}
