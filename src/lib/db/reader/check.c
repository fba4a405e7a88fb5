/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/db/reader.h>
#include <errno.h>
#include <tocsin/base/alloc.h>
#include "../sq.h"

static int check(sqlite3 *db, const char *path, struct error *e)
{
	sqlite3_stmt *s = NULL;
	int r = sq_prepare(db, "PRAGMA integrity_check(1)", &s, e);

	if (r == 0)
		r = sq_step(s, e);
	if (r == SQ_DONE)
		r = error_set(e, -EUCLEAN, "%s : pas de réponse à integrity_check", path);
	if (r == 0 && !slice_is(sq_col(s, 0), "ok")) {
		struct slice text = sq_col(s, 0);

		r = error_set(e, -EUCLEAN, "%s : %.*s", path, (int)text.n, text.p);
	}
	sqlite3_finalize(s);
	return r;
}

int reader_check(const char *state_dir, struct error *e)
{
	static const char *const names[] = {"store.db", "journal.db"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(names) / sizeof(*names); i++) {
		_free_ char *path = xasprintf("%s/%s", state_dir, names[i]);
		sqlite3 *db = NULL;

		r = sq_open(path, SQLITE_OPEN_READONLY, &db, e);
		if (r == 0)
			r = check(db, path, e);
		sq_close(&db);
	}
	return r;
}
