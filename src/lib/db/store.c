/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening, transactions, and results on their way into item.c. */
#include <tocsin/db/store.h>

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/record/batch.h>

#include "caller.h"
#include "intake.h"
#include "keep.h"
#include "name.h"
#include "st.h"

static int on_wal(void *user, sqlite3 *db, const char *name, int pages)
{
	struct store *st = user;

	(void)db;
	(void)name;
	st->wal_pages = pages;
	return SQLITE_OK;
}

/* Rows are appended and keys are written in their order: a large cache would only take fresh memory for each new page, a
 * page fault every few comments, where a small one takes the same pages again. */
static int set_up(struct store *st, struct error *e)
{
	int r = sq_exec(st->q.db,
		"PRAGMA page_size = 8192; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL;"
		"PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
		"PRAGMA cache_size = -16384;",
		e);

	if (r < 0)
		return r;
	sqlite3_wal_hook(st->q.db, on_wal, st);
	r = keep_functions(st->q.db, &st->keep, e);
	if (r == 0)
		r = name_functions(st->q.db, e);
	if (r == 0)
		r = purge_functions(st, e);
	return r < 0 ? r : schema_migrate(st->q.db, st->path, e);
}

/* A key that was lost or swapped would split every author in two and hide every erasure: refuse instead. */
static int check_author_key(struct store *st, struct error *e)
{
	unsigned char mark[16];
	sqlite3_stmt *s;
	int r;

	digest_pseudonym(st->author_key, SLICE("tocsin: author.key"), mark);
	r = sq_query(&st->q, e, &s, "SELECT value FROM note WHERE key = 'author_key'", "");
	if (r == 0)
		r = sq_step(s, e);
	if (r == SQ_DONE)
		return sq_do(&st->q, e, "INSERT INTO note(key, value) VALUES('author_key', ?)", "b",
			(struct slice){(const char *)mark, sizeof(mark)});
	if (r < 0)
		return r;
	if (!slice_equal(sq_col(s, 0), (struct slice){(const char *)mark, sizeof(mark)}))
		r = error_set(e, -EPROTO, "author.key n'est pas la clé de cette base");
	sqlite3_reset(s);
	return r;
}

static int read_seed(struct store *st, uint64_t seed[2], struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT value FROM note WHERE key = 'lookup_seed'", "");

	if (r == 0)
		r = sq_step(s, e);
	if (r == SQ_DONE) {
		digest_random(seed, 16);
		return sq_do(&st->q, e, "INSERT INTO note(key, value) VALUES('lookup_seed', ?)",
			"b", (struct slice){(const char *)seed, 16});
	}
	if (r < 0)
		return r;
	if (sq_col(s, 0).n == 16)
		memcpy(seed, sq_col(s, 0).p, 16);
	else
		r = error_set(e, -EPROTO, "note lookup_seed illisible");
	sqlite3_reset(s);
	return r;
}

static int read_sources(struct store *st, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT name, id FROM source", "");

	map_clear(st->sources);
	while (r == 0) {
		r = sq_step(s, e);
		if (r == 0)
			*map_at(st->sources, sq_col(s, 0), NULL) = (uint64_t)sq_col_int(s, 1);
	}
	return r < 0 ? r : 0;
}

static int read_bundle(struct store *st, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT value FROM note WHERE key = 'bundle'", "");

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	if (sq_col(s, 0).n == DIGEST_SIZE) {
		memcpy(st->now.bundle, sq_col(s, 0).p, DIGEST_SIZE);
		st->now.has_bundle = true;
	}
	sqlite3_reset(s);
	return 0;
}

/* Rows that are newer than the lookup table go back into memory. Their order is that of seq, so the newest wins, except
 * for a version that came too late to be current. */
static int read_new_keys(struct store *st, struct error *e)
{
	int64_t looked_up;
	sqlite3_stmt *s;
	int r = note_get_int(st, "looked_up", 0, &looked_up, e);

	if (r == 0)
		r = sq_query(&st->q, e, &s,
			"SELECT seq, body, state FROM item WHERE seq > ? ORDER BY seq", "i",
			looked_up);
	while (r == 0) {
		struct comment c;

		r = sq_step(s, e);
		if (r)
			break;
		if (sq_col_int(s, 2) & ITEM_SUPERSEDED)
			continue;
		if (comment_decode(sq_col(s, 1), &c) == 0)
			keys_put(&st->keys, keys_hash(&st->keys, c.source, c.id), sq_col_int(s, 0));
	}
	keys_commit(&st->keys);
	return r < 0 ? r : 0;
}

static int read_state(struct store *st, struct error *e)
{
	int64_t last = 0;
	uint64_t seed[2] = {0};
	int r = check_author_key(st, e);

	if (r == 0)
		r = read_seed(st, seed, e);
	if (r == 0)
		r = sq_int(st->q.db, "SELECT max(seq) FROM item", 0, &last, e);
	if (r == 0)
		r = sq_int(st->q.db, "SELECT count(*) FROM grave", 0, &st->now.graves, e);
	if (r == 0)
		r = caller_fill(st, e);
	if (r == 0)
		r = oppose_load(st, e);
	if (r == 0)
		r = note_get_int(st, "clock", 0, &st->now.clock.now, e);
	if (r == 0)
		r = read_sources(st, e);
	if (r == 0)
		r = read_bundle(st, e);
	if (r == 0)
		r = evidence_load(st, e);
	if (r < 0)
		return r;
	st->now.next_seq = last + 1;
	keys_init(&st->keys, &st->q, seed);
	r = read_new_keys(st, e);
	return r < 0 ? r : keys_load(&st->keys, e);
}

int store_open(const struct store_spec *spec, struct store **ret, struct error *e)
{
	struct store *st = xcalloc(1, sizeof(*st));
	_free_ char *lock = xasprintf("%s/store.lock", spec->state_dir);
	_free_ char *key = xasprintf("%s/author.key", spec->state_dir);
	int r;

	st->lock = -1;
	st->spec = *spec;
	st->dir = xstrdup(spec->state_dir);
	st->spec.state_dir = st->dir;
	st->spec.erasures = NULL;
	st->erasures.fd = -1;
	keep_copy(&st->keep, &spec->keep);
	st->path = xasprintf("%s/store.db", spec->state_dir);
	st->sources = map_new();
	st->labels = labels_new();
	arena_init(&st->arena, 0);
	r = file_make_folder(st->dir, 0700, e);
	if (r == 0)
		r = file_lock(lock, &st->lock, e);
	if (r == 0)
		r = digest_key_file(key, st->author_key, e);
	if (r == 0)
		r = sq_open(st->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &st->q.db, e);
	if (r == 0)
		r = set_up(st, e);
	if (r == 0)
		r = read_state(st, e);
	st->spec.erasures = spec->erasures;
	if (r == 0)
		r = again_open(st, e);
	st->spec.erasures = NULL; /* borrowed */
	if (r < 0) {
		store_close(st);
		return r;
	}
	*ret = st;
	return 0;
}

void store_keep(struct store *st, const struct keep *k)
{
	keep_release(&st->keep);
	keep_copy(&st->keep, k);
}

struct store *store_close(struct store *st)
{
	if (!st)
		return NULL;
	purge_free(st);
	erasures_release(&st->erasures);
	sq_release(&st->q);
	keys_release(&st->keys);
	map_free(st->sources);
	labels_free(st->labels);
	arena_release(&st->arena);
	buf_release(&st->body);
	buf_release(&st->handle);
	buf_release(&st->scratch);
	buf_release(&st->facts);
	hours_release(&st->hours);
	keep_release(&st->keep);
	store_two(st, NULL);
	free(st->changes.incidents);
	digest_wipe(st->author_key, sizeof(st->author_key));
	free(st->dir);
	free(st->path);
	close_fd(&st->lock);
	free(st);
	return NULL;
}

int store_begin(struct store *st, struct error *e)
{
	int r = sq_do(&st->q, e, "BEGIN IMMEDIATE", "");

	if (r < 0)
		return r;
	st->in_transaction = true;
	st->now.removal_shard = 0;
	st->before = st->now;
	hours_clear(&st->hours);
	st->changes = (struct store_changes){
		.incidents = st->changes.incidents, .cap_incidents = st->changes.cap_incidents};
	st->wall = clock_now();
	return 0;
}

void store_rollback(struct store *st)
{
	struct error ignored;

	sq_rollback(st->q.db);
	if (!st->in_transaction)
		return;
	st->in_transaction = false;
	st->now = st->before;
	st->bundle_id = 0;
	keys_rollback(&st->keys);
	labels_clear(st->labels);
	st->changes.n_incidents = 0;
	/* a source made in this transaction has no row now; asking again is only slower */
	if (st->sources_dirty && read_sources(st, &ignored) < 0)
		map_clear(st->sources);
	st->sources_dirty = false;
}

int store_commit(struct store *st, struct error *e)
{
	int r = hours_write(&st->hours, &st->q, e);

	if (r == 0)
		r = labels_write(st->labels, &st->q, e);
	if (r == 0 && st->now.clock.now != st->before.clock.now) {
		r = note_set_int(st, "clock", st->now.clock.now, e);
		st->changes.clock = true;
	}
	if (r == 0)
		r = sq_do(&st->q, e, "COMMIT", "");
	if (r < 0)
		return r;
	st->in_transaction = false;
	st->sources_dirty = false;
	st->changes.comments = (uint64_t)(st->now.next_seq - st->before.next_seq);
	keys_commit(&st->keys);
	return 0;
}

static int find_bundle(struct store *st, const unsigned char *hash, struct error *e)
{
	struct slice h = {(const char *)hash, DIGEST_SIZE};
	int r;

	if (st->bundle_id && !memcmp(st->bundle_hash, hash, DIGEST_SIZE))
		return 0;
	r = sq_do(&st->q, e, "INSERT OR IGNORE INTO bundle(hash) VALUES(?)", "b", h);
	if (r == 0)
		r = sq_get(
			&st->q, e, &st->bundle_id, "SELECT id FROM bundle WHERE hash = ?", "b", h);
	memcpy(st->bundle_hash, hash, DIGEST_SIZE);
	return r;
}

/* Raw into the dead letters; its source is counted if it can still be read. */
static int bury(struct store *st, const struct arrival *a, const char *reason, struct error *e)
{
	struct comment c = {0};
	int64_t source;
	int r;

	if (comment_decode(a->item, &c) < 0)
		c.source = (struct slice){0};
	r = source_id(st, c.source, &source, e);
	if (r == 0)
		r = sq_do(&st->q, e,
			"INSERT INTO dead(accepted, batch, place, source, reason, comment, verdict)"
			" VALUES(?, ?, ?, ?, ?, ?, ?)",
			"iiiitbb", a->accepted, a->batch, (int64_t)a->place, source,
			slice_of(reason), a->item, a->verdict);
	if (r < 0)
		return r;
	hours_tally(&st->hours, TALLY_DEAD, a->accepted, source);
	st->now.counts.dead++;
	return 0;
}

static bool of_the_row(int r)
{
	return r == -EBADMSG || r == -EEXIST || r == -EINVAL;
}

static int store_carefully(struct store *st, const struct arrival *a, struct error *e)
{
	int r = labels_write(st->labels, &st->q, e);
	const struct state saved = st->now;
	int fault;

	if (r == 0)
		r = sq_do(&st->q, e, "SAVEPOINT one", "");
	if (r < 0)
		return r;
	fault = item_store(st, a, e);
	if (fault < 0 && !of_the_row(fault))
		return fault;
	if (fault < 0) {
		st->now = saved;
		labels_clear(st->labels);
		r = sq_do(&st->q, e, "ROLLBACK TO one", "");
		if (r == 0)
			r = read_sources(st, e);
		if (r == 0)
			r = bury(st, a, fault == -EBADMSG ? "unreadable" : "constraint", e);
	}
	return r < 0 ? r : sq_do(&st->q, e, "RELEASE one", "");
}

static int store_items(struct store *st, const struct store_result *res, const struct intake *done,
	bool careful, struct error *e)
{
	struct slice items = res->items, verdicts = res->verdicts;
	struct arrival a = {.accepted = res->accepted_at, .batch = (int64_t)res->batch};
	bool bad = false;

	for (uint32_t i = 0; i < res->count; i++) {
		int r = 0;

		a.item = a.verdict = (struct slice){0};
		a.place = res->first + i;
		a.pos = (int64_t)((res->batch & UINT32_MAX) << 10 | (a.place & 1023));
		if (!batch_next(&items, &a.item, &bad))
			items.n = 0;
		if (!batch_next(&verdicts, &a.verdict, &bad))
			verdicts.n = 0;
		if (intake_has(done, a.place)) {
			st->now.counts.redelivered++;
			continue;
		}
		r = careful ? store_carefully(st, &a, e) : item_store(st, &a, e);
		if (r < 0)
			return of_the_row(r) && !careful ? STORE_ROW : r;
	}
	return 0;
}

int store_result(struct store *st, const struct store_result *res, bool careful, struct error *e)
{
	_cleanup_(intake_release) struct intake done = {0}, gone = {0};
	int r = intake_read(&st->q, (int64_t)res->batch, &done, e);

	/* no row: a new batch, or one so old that its row is gone */
	if (r == 0 && !done.n)
		r = intake_read(&st->q, (int64_t)(res->batch >> 32 << 32), &gone, e);
	if (r < 0)
		return r;
	if (intake_covers(&done, res->first, res->count) ||
		intake_has(&gone, (uint32_t)res->batch)) {
		st->now.counts.redelivered += res->count;
		return 0;
	}
	r = find_bundle(st, res->bundle, e);
	if (r == 0)
		r = store_items(st, res, &done, careful, e);
	if (r)
		return r;
	intake_add(&done, res->first, res->count);
	return intake_write(&st->q, (int64_t)res->batch, &done, e);
}

const struct store_changes *store_changes(const struct store *st)
{
	return &st->changes;
}

int64_t store_last_seq(const struct store *st)
{
	return st->now.next_seq - 1;
}

int64_t store_clock(const struct store *st)
{
	return st->spec.clock_event ? st->now.clock.now : clock_now();
}

const unsigned char *store_bundle(const struct store *st)
{
	return st->now.has_bundle ? st->now.bundle : NULL;
}

struct store_counts store_counts(const struct store *st)
{
	return st->now.counts;
}
