/* SPDX-License-Identifier: GPL-3.0-or-later
 * A store in a temporary folder, and short ways to feed it. */
#ifndef TEST_DB_FIXTURE_H
#define TEST_DB_FIXTURE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/db/journal.h>
#include <tocsin/db/reader.h>
#include <tocsin/db/store.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/batch.h>

#define DAY0 INT64_C(1764000000000) /* a moment in November 2025 */

struct fixture {
	char dir[64];
	struct store_spec spec;
	struct store *store;
	uint64_t batch;
	struct buf items, verdicts;
	uint32_t n;
	int64_t accepted; /* of what is fed */
};

static inline void check(int r, const struct error *e)
{
	if (r < 0)
		fail_msg("%d: %s", r, e->text);
}

/* In memory if the machine has such a folder: what is tested is not the disk. */
static inline void make_folder(char dir[64])
{
	snprintf(dir, 64, "%s/tocsin-db-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(dir));
}

static inline void fixture_open(struct fixture *f)
{
	struct error e = {""};

	check(store_open(&f->spec, &f->store, &e), &e);
}

static inline void fixture_start(struct fixture *f)
{
	*f = (struct fixture){.batch = 1, .accepted = DAY0};
	make_folder(f->dir);
	f->spec = (struct store_spec){
		.state_dir = f->dir, .keep = {35 * CLOCK_DAY, 120 * CLOCK_DAY, 395 * CLOCK_DAY}};
	fixture_open(f);
}

static inline void fixture_end(struct fixture *f)
{
	store_close(f->store);
	buf_release(&f->items);
	buf_release(&f->verdicts);
	assert_int_equal(file_remove_tree(f->dir), 0);
}

/* Adds an item to the batch that fixture_commit stores. */
static inline void feed(struct fixture *f, const struct comment *c, const struct verdict *v)
{
	_buf_ struct buf b = {0};

	batch_add(&f->items, c);
	verdict_encode(&b, v ? v : &(struct verdict){0});
	batch_add_item(&f->verdicts, buf_slice(&b));
	f->n++;
}

static inline void feed_text(struct fixture *f, const char *id, const char *text)
{
	feed(f,
		&(struct comment){.source = SLICE("facebook"),
			.id = slice_of(id),
			.text = slice_of(text),
			.author = SLICE("jeanne"),
			.author_name = SLICE("Jeanne D.")},
		NULL);
}

static inline struct store_result fixture_result(struct fixture *f)
{
	static const unsigned char bundle[32] = {1};

	return (struct store_result){.batch = f->batch,
		.count = f->n,
		.accepted_at = f->accepted,
		.bundle = bundle,
		.items = buf_slice(&f->items),
		.verdicts = buf_slice(&f->verdicts)};
}

static inline int fixture_apply(struct fixture *f, const struct store_result *r, bool careful)
{
	struct error e = {""};
	int code;

	check(store_begin(f->store, &e), &e);
	code = store_result(f->store, r, careful, &e);
	if (code) {
		store_rollback(f->store);
		return code;
	}
	check(store_commit(f->store, &e), &e);
	return 0;
}

static inline void fixture_next(struct fixture *f)
{
	buf_clear(&f->items);
	buf_clear(&f->verdicts);
	f->n = 0;
	f->batch++;
}

static inline void fixture_commit(struct fixture *f)
{
	struct store_result r = fixture_result(f);

	assert_int_equal(fixture_apply(f, &r, false), 0);
	fixture_next(f);
}

static inline int ask(
	struct fixture *f, enum request_verb verb, struct slice body, struct buf *reply)
{
	_buf_ struct buf ignored = {0};
	struct error e = {""};
	int r;

	check(store_begin(f->store, &e), &e);
	r = store_request(f->store, verb, body, reply ? reply : &ignored, &e);
	if (r < 0) {
		store_rollback(f->store);
		return r;
	}
	check(store_commit(f->store, &e), &e);
	return 0;
}

static inline struct reader *fixture_reader(struct fixture *f)
{
	struct error e = {""};
	struct reader *r = NULL;

	check(reader_open(f->dir, &r, &e), &e);
	return r;
}

/* The first column of what a query finds; it must find something. */
static inline int64_t fixture_count(struct fixture *f, const char *sql)
{
	_free_ char *path = xasprintf("%s/store.db", f->dir);
	sqlite3_stmt *s;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

/* The database as version `to` had it, closed: what each version since then added is taken away. */
static inline void fixture_older(struct fixture *f, int to)
{
	static const char *const added[] = {
		[2] = "DROP TABLE evidence",
		[3] = "DROP TABLE revision; DROP TABLE evidence_late",
		[4] = "DROP TABLE code",
		[5] = "DROP TABLE account; DROP TABLE claim",
		[6] = "DROP INDEX queue_moderation; DROP INDEX queue_reponse; DROP INDEX queue_seq;"
		      "ALTER TABLE queue DROP COLUMN source; ALTER TABLE queue DROP COLUMN category",
		[7] = "DROP TABLE token",
		[8] = "DROP TABLE answer; DROP TABLE follow; ALTER TABLE account DROP COLUMN services",
		[9] = "DROP TABLE dossier; DROP TABLE dossier_piece; DROP TABLE dossier_entry",
		[10] = "DROP TABLE second; DROP TABLE bulk; DROP TABLE view; DROP INDEX decision_bulk;"
		       "DROP INDEX queue_moderation; DROP INDEX queue_reponse;"
		       "ALTER TABLE decision DROP COLUMN bulk; ALTER TABLE queue DROP COLUMN tags;"
		       "CREATE INDEX queue_moderation ON queue(rank); CREATE INDEX queue_reponse ON queue(rank)",
		[11] = "DROP TRIGGER queue_handled; DROP TABLE handled; DROP TABLE absence",
		[12] = "DROP TABLE remind",
		[13] = "DROP TABLE opposition; DROP INDEX audit_search",
		[14] = "ALTER TABLE second DROP COLUMN service; ALTER TABLE second DROP COLUMN until",
		[15] = "DROP INDEX outbox_undone",
		[16] = "ALTER TABLE account DROP COLUMN shortcuts",
		[17] = "DROP TABLE label; DROP TABLE labelled; DROP TABLE heard",
		[18] = "DROP TABLE missed_end",
		[19] = "ALTER TABLE incident DROP COLUMN next_at; DROP TABLE rumour",
		[20] = "ALTER TABLE account DROP COLUMN sources",
		[21] = "ALTER TABLE token DROP COLUMN sources",
		[22] = "DROP TABLE caller",
		[23] = "DROP TABLE rung; DROP TABLE gone; ALTER TABLE incident DROP COLUMN passed_to;"
		       "ALTER TABLE incident DROP COLUMN passed_at",
		[24] = "DROP TABLE setup; ALTER TABLE account DROP COLUMN held;"
		       "ALTER TABLE account DROP COLUMN raised_at",
	};
	_free_ char *path = xasprintf("%s/store.db", f->dir);
	_free_ char *version = xasprintf("PRAGMA user_version = %d", to);
	sqlite3 *db;

	store_close(f->store);
	f->store = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (int v = sizeof(added) / sizeof(*added) - 1; v > to; v--)
		if (sqlite3_exec(db, added[v], NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s: %s", added[v], sqlite3_errmsg(db));
	assert_int_equal(sqlite3_exec(db, version, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Changes the database behind the store's back, which is closed and opened again. */
static inline void fixture_change(struct fixture *f, const char *sql)
{
	_free_ char *path = xasprintf("%s/store.db", f->dir);
	sqlite3 *db;

	store_close(f->store);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	fixture_open(f);
}
#endif
