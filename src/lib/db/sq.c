/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sq.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>

static int errno_of(sqlite3 *db, int rc)
{
	int system = db ? sqlite3_system_errno(db) : 0;

	switch (rc & 0xff) {
	case SQLITE_FULL: return -ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return -EBUSY;
	case SQLITE_CONSTRAINT: return -EEXIST;
	case SQLITE_INTERRUPT: return -EINTR;
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
	case SQLITE_RANGE: return -EINVAL;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT: return -EUCLEAN;
	case SQLITE_CANTOPEN: return system == ENOENT || !system ? -ENOENT : -system;
	case SQLITE_IOERR:
		/* the WAL-index grows by a file of its own, whose failure is no SQLITE_FULL */
		if (system == ENOSPC || system == EDQUOT || system == EFBIG)
			return -ENOSPC;
		return -EIO;
	default: return -EIO;
	}
}

int sq_fail(sqlite3 *db, int rc, struct error *e)
{
	return error_set(e, errno_of(db, rc), "base de données : %s",
		db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
}

int sq_open(const char *path, int flags, sqlite3 **ret, struct error *e)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc != SQLITE_OK) {
		int r = sq_fail(db, rc, e);

		error_prefix(e, "%s", path);
		sqlite3_close_v2(db);
		return r;
	}
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, 5000);
	*ret = db;
	return 0;
}

void sq_close(sqlite3 **db)
{
	sqlite3_close_v2(*db);
	*db = NULL;
}

int sq_exec(sqlite3 *db, const char *sql, struct error *e)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sq_fail(db, rc, e);
}

void sq_rollback(sqlite3 *db)
{
	if (db && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

int sq_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret, struct error *e)
{
	int rc = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);

	return rc == SQLITE_OK ? 0 : sq_fail(db, rc, e);
}

int sq_run(sqlite3_stmt *s, struct error *e)
{
	int r = sq_step(s, e);

	if (r == 0)
		sqlite3_reset(s);
	return r == SQ_DONE ? 0 : r;
}

int sq_step(sqlite3_stmt *s, struct error *e)
{
	int rc = sqlite3_step(s), r;

	if (rc == SQLITE_ROW)
		return 0;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(s);
		return SQ_DONE;
	}
	r = sq_fail(sqlite3_db_handle(s), rc, e);
	sqlite3_reset(s);
	return r;
}

int sq_each(sqlite3_stmt *s, sq_row_fn *fn, void *user, struct error *e)
{
	int r;

	while ((r = sq_step(s, e)) == 0) {
		r = fn(user, s);
		if (r) {
			sqlite3_reset(s);
			return r;
		}
	}
	return r < 0 ? r : 0;
}

int sq_int(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *ret, struct error *e)
{
	sqlite3_stmt *s = NULL;
	int r = sq_prepare(db, sql, &s, e);

	if (r < 0)
		return r;
	r = sq_step(s, e);
	if (r == SQ_DONE)
		*ret = otherwise;
	else if (r == 0)
		*ret = sqlite3_column_type(s, 0) == SQLITE_NULL ? otherwise : sq_col_int(s, 0);
	sqlite3_finalize(s);
	return r < 0 ? r : 0;
}

void sq_release(struct sq *q)
{
	for (unsigned i = 0; i < SQ_CACHE; i++)
		sqlite3_finalize(q->cache[i].s);
	sq_close(&q->db);
	*q = (struct sq){0};
}

static int cached(struct sq *q, const char *sql, sqlite3_stmt **ret, struct error *e)
{
	unsigned at = (unsigned)(((uintptr_t)sql >> 3) * 2654435761u >> 8) % SQ_CACHE;
	int r;

	for (unsigned tries = 0; q->cache[at].sql != sql; tries++) {
		assert(tries < SQ_CACHE);
		if (!q->cache[at].sql) {
			r = sq_prepare(q->db, sql, &q->cache[at].s, e);
			if (r < 0)
				return r;
			q->cache[at].sql = sql;
			break;
		}
		at = (at + 1) % SQ_CACHE;
	}
	*ret = q->cache[at].s;
	return 0;
}

static void bind(sqlite3_stmt *s, const char *types, va_list ap)
{
	struct slice v;

	for (int i = 1; types[i - 1]; i++)
		switch (types[i - 1]) {
		case 'i': sqlite3_bind_int64(s, i, va_arg(ap, int64_t)); break;
		case 't': sq_bind_text(s, i, va_arg(ap, struct slice)); break;
		case 'b': sq_bind_blob(s, i, va_arg(ap, struct slice)); break;
		case 'B':
			v = va_arg(ap, struct slice);
			if (v.n)
				sq_bind_blob(s, i, v);
			else
				sqlite3_bind_null(s, i);
			break;
		case 'z': sqlite3_bind_zeroblob64(s, i, (uint64_t)va_arg(ap, int64_t)); break;
		default: sqlite3_bind_null(s, i); break;
		}
}

static int query(struct sq *q, struct error *e, sqlite3_stmt **ret, const char *sql,
	const char *types, va_list ap)
{
	int r = cached(q, sql, ret, e);

	if (r < 0)
		return r;
	assert(sqlite3_bind_parameter_count(*ret) == (int)strlen(types));
	bind(*ret, types, ap);
	return 0;
}

int sq_query(
	struct sq *q, struct error *e, sqlite3_stmt **ret, const char *sql, const char *types, ...)
{
	va_list ap;
	int r;

	va_start(ap, types);
	r = query(q, e, ret, sql, types, ap);
	va_end(ap);
	return r;
}

int sq_do(struct sq *q, struct error *e, const char *sql, const char *types, ...)
{
	sqlite3_stmt *s;
	va_list ap;
	int r;

	va_start(ap, types);
	r = query(q, e, &s, sql, types, ap);
	va_end(ap);
	return r < 0 ? r : sq_run(s, e);
}

int sq_get(struct sq *q, struct error *e, int64_t *ret, const char *sql, const char *types, ...)
{
	sqlite3_stmt *s;
	va_list ap;
	int r;

	va_start(ap, types);
	r = query(q, e, &s, sql, types, ap);
	va_end(ap);
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r;
	if (sqlite3_column_type(s, 0) == SQLITE_NULL)
		r = SQ_DONE;
	else
		*ret = sq_col_int(s, 0);
	sqlite3_reset(s);
	return r;
}
