/* SPDX-License-Identifier: GPL-3.0-or-later
 * The few SQLite calls this room makes, with its errors as negative errno:
 * -ENOSPC no room (also a quota or a file size limit), -EBUSY locked, -EEXIST a constraint, -EINVAL a value that SQLite
 * refuses, -EUCLEAN a broken file or no database at all, -EIO anything else. */
#ifndef DB_SQ_H
#define DB_SQ_H
#include <sqlite3.h>
#include <stdint.h>
#include <tocsin/base/error.h>
#include <tocsin/base/slice.h>

int sq_open(const char *path, int flags, sqlite3 **ret, struct error *e) _must_check_;
void sq_close(sqlite3 **db);
/* The errno for rc; the text says what was being done. */
int sq_fail(sqlite3 *db, int rc, struct error *e) _must_check_;
int sq_exec(sqlite3 *db, const char *sql, struct error *e) _must_check_;
/* Rolls back what is open, if anything; cannot fail in a way that matters. */
void sq_rollback(sqlite3 *db);
int sq_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret, struct error *e) _must_check_;
/* One step of a statement that gives no row; resets it. */
int sq_run(sqlite3_stmt *s, struct error *e) _must_check_;
/* The next row: 0, or SQ_DONE (then the statement is reset), or a fault (reset too). */
enum { SQ_DONE = 1 };
int sq_step(sqlite3_stmt *s, struct error *e) _must_check_;
/* Each row, until fn answers other than 0: that is the answer, and the statement is reset; else 0, or a fault. */
typedef int sq_row_fn(void *user, sqlite3_stmt *s);
int sq_each(sqlite3_stmt *s, sq_row_fn *fn, void *user, struct error *e) _must_check_;
/* One integer from a query without parameters; absent = otherwise. */
int sq_int(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *ret, struct error *e)
	_must_check_;

/* A connection with its prepared statements, found again by the address of their text: give literals. */
#define SQ_CACHE 256u
struct sq {
	sqlite3 *db;
	struct sq_statement {
		const char *sql;
		sqlite3_stmt *s;
	} cache[SQ_CACHE];
};
void sq_release(struct sq *q);
/* Prepares (or finds) and binds. types: i int64_t, t text slice, b blob slice, B blob slice or NULL when empty,
 * n NULL, z int64_t zeros. Slices are borrowed until the statement's next reset. */
int sq_query(struct sq *q, struct error *e, sqlite3_stmt **ret, const char *sql, const char *types,
	...) _must_check_;
/* … and runs a statement without rows. */
int sq_do(struct sq *q, struct error *e, const char *sql, const char *types, ...) _must_check_;
/* … and reads one integer: 0, or SQ_DONE when there is no row or it is NULL. */
int sq_get(struct sq *q, struct error *e, int64_t *ret, const char *sql, const char *types, ...)
	_must_check_;

static inline void sq_bind_int(sqlite3_stmt *s, int i, int64_t v)
{
	sqlite3_bind_int64(s, i, v);
}
/* Borrowed until the statement's step; NULL pointers become an empty value, not NULL. */
static inline void sq_bind_blob(sqlite3_stmt *s, int i, struct slice v)
{
	sqlite3_bind_blob64(s, i, v.n ? v.p : "", v.n, SQLITE_STATIC);
}
static inline void sq_bind_text(sqlite3_stmt *s, int i, struct slice v)
{
	sqlite3_bind_text64(s, i, v.n ? v.p : "", v.n, SQLITE_STATIC, SQLITE_UTF8);
}
static inline int64_t sq_col_int(sqlite3_stmt *s, int i)
{
	return sqlite3_column_int64(s, i);
}
static inline struct slice sq_col(sqlite3_stmt *s, int i)
{
	const char *p = sqlite3_column_blob(s, i);

	return (struct slice){p, (size_t)sqlite3_column_bytes(s, i)};
}
#endif
