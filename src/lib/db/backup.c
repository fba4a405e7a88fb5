/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copies of the state, made by whoever asks for them: a reader like any other, so that store goes on committing. */
#include <errno.h>
#include <fcntl.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/cleanup.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/db/reader.h>
#include <tocsin/db/store.h>

#include "erasures.h"
#include "schema.h"

#define COPY_MAX 4096u
#define STEP_PAGES 512 /* 4 MiB */

/* One snapshot, in steps with a pause as long as each took: what is written is on the disk before the next step, or
 * store's commits would wait for all of it at once. The copy is nobody else's yet: it needs no journal of its own. */
static int copy_pages(sqlite3 *from, sqlite3 *to, int fd, struct error *e)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc = SQLITE_OK;

	if (!b)
		return sq_fail(to, sqlite3_errcode(to), e);
	while (rc == SQLITE_OK) {
		int64_t begun = clock_monotonic_us();

		rc = sqlite3_backup_step(b, STEP_PAGES);
		if (fdatasync(fd) < 0)
			rc = SQLITE_IOERR_FSYNC;
		if (rc == SQLITE_OK)
			usleep((useconds_t)(clock_monotonic_us() - begun));
	}
	sqlite3_backup_finish(b);
	if (rc != SQLITE_DONE)
		return sq_fail(to, rc, e);
	return fsync(fd) < 0 ? error_set(e, -errno, "%s", strerror(errno)) : 0;
}

static int copy_into(sqlite3 *from, const char *path, struct error *e)
{
	sqlite3 *to = NULL;
	/* ours until SQLite is done with the file: closing it would take the file's locks along */
	_close_ int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r = fd < 0 ? error_set(e, -errno, "%s : %s", path, strerror(errno)) : 0;

	if (r == 0)
		r = sq_open(path, SQLITE_OPEN_READWRITE, &to, e);
	if (r == 0)
		r = sq_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", e);
	/* held for the whole copy, or each commit would begin it anew */
	if (r == 0)
		r = sq_exec(from, "BEGIN; SELECT count(*) FROM sqlite_schema", e);
	if (r == 0)
		r = copy_pages(from, to, fd, e);
	sq_rollback(from);
	sq_close(&to);
	return r;
}

static int copy_small(const char *from, const char *to, struct error *e)
{
	_buf_ struct buf b = {0};
	int r = file_read(from, COPY_MAX, &b, e);

	return r < 0 ? r : file_write_atomic(to, buf_slice(&b), 0600, e);
}

/* What the register of erasures says now, with a last line that says when that was. */
static int copy_register(const char *state_dir, const char *folder, struct error *e)
{
	_free_ char *from = erasures_path(state_dir);
	_free_ char *to = xasprintf("%s/" ERASURES_COPY, folder);
	_buf_ struct buf b = {0};
	int r = access(from, F_OK) == 0 ? file_read(from, ERASURES_MAX, &b, e) : 0;

	while (b.n && b.p[b.n - 1] != '\n') /* being written */
		b.n--;
	if (r < 0 || !b.n)
		return r;
	buf_printf(&b, "copie %lld\n", (long long)clock_now());
	return file_write_atomic(to, buf_slice(&b), 0600, e);
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

static int copy_database(const char *from, const char *to, bool journal, struct error *e)
{
	sqlite3 *db = NULL;
	int r = sq_open(from, SQLITE_OPEN_READONLY, &db, e);

	if (r == 0 && !journal)
		r = schema_check(db, e);
	if (r == 0)
		r = copy_into(db, to, e);
	sq_close(&db);
	return r == 0 && journal ? go_on_above(to, e) : r;
}

/* Journal first: what store commits in between is in both copies, and counts nothing when it comes again. */
int reader_backup(const char *state_dir, const char *folder, struct error *e)
{
	_free_ char *journal = xasprintf("%s/journal.db", state_dir);
	_free_ char *store = xasprintf("%s/store.db", state_dir);
	_free_ char *key = xasprintf("%s/author.key", state_dir);
	_free_ char *to_journal = xasprintf("%s/journal.db", folder);
	_free_ char *to_store = xasprintf("%s/store.db", folder);
	_free_ char *to_key = xasprintf("%s/author.key", folder);
	int r = 0;

	if (access(journal, F_OK) == 0)
		r = copy_database(journal, to_journal, true, e);
	if (r == 0)
		r = copy_database(store, to_store, false, e);
	if (r == 0)
		r = copy_small(key, to_key, e);
	/* behind the database: it says all that this one knows */
	return r < 0 ? r : copy_register(state_dir, folder, e);
}
