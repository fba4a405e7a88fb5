/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/db/dossier.h>

#include <assert.h>

#include "rd.h"

#define DOSSIERS \
	"SELECT d.id, d.opened_at," \
	" ifnull((SELECT l.at FROM dossier_entry l WHERE l.dossier = d.id AND l.kind = 5), 0)," \
	" d.who, d.title, d.purpose, d.victim," \
	" (SELECT count(DISTINCT p.row) FROM dossier_piece p WHERE p.dossier = d.id)," \
	" ifnull((SELECT max(s.at) FROM dossier_entry s WHERE s.dossier = d.id AND s.kind = 4), 0)" \
	" FROM dossier d "

struct handing {
	struct reader *r;
	dossier_fn *fn;
	void *user;
	size_t n;
};

static int hand(void *user, sqlite3_stmt *s)
{
	struct handing *to = user;
	const struct dossier d = {.id = sq_col_int(s, 0),
		.opened_at = sq_col_int(s, 1),
		.lifted_at = sq_col_int(s, 2),
		.who = sq_col(s, 3),
		.title = sq_col(s, 4),
		.purpose = (enum dossier_purpose)sq_col_int(s, 5),
		.victim = (enum dossier_victim)sq_col_int(s, 6),
		.pieces = (uint64_t)sq_col_int(s, 7),
		.sent_at = sq_col_int(s, 8)};

	to->n++;
	return to->fn(to->user, &d);
}

int reader_dossiers(struct reader *r, bool open_only, int64_t before, uint32_t limit,
	dossier_fn *fn, void *user, struct error *e)
{
	struct handing to = {r, fn, user, 0};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		DOSSIERS "WHERE d.id < ? AND (? = 0 OR " DOSSIER_HOLDS(
			"d.id") ") ORDER BY d.id DESC LIMIT ?",
		"iii", before > 0 ? before : INT64_MAX, (int64_t)open_only, (int64_t)limit);

	return code < 0 ? code : sq_each(s, hand, &to, e);
}

int reader_dossier(struct reader *r, int64_t id, dossier_fn *fn, void *user, struct error *e)
{
	struct handing to = {r, fn, user, 0};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, DOSSIERS "WHERE d.id = ?", "i", id);

	if (code == 0)
		code = sq_each(s, hand, &to, e);
	return code ? code : to.n ? 0 : READER_END;
}

int reader_dossiers_of(struct reader *r, int64_t row, dossier_fn *fn, void *user, struct error *e)
{
	struct handing to = {r, fn, user, 0};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		DOSSIERS "WHERE d.id IN (SELECT o.dossier FROM dossier_piece o WHERE o.row = ?)"
			 " ORDER BY d.id DESC",
		"i", row);

	return code < 0 ? code : sq_each(s, hand, &to, e);
}

int reader_dossier_items(struct reader *r, int64_t id,
	int (*fn)(void *user, const struct dossier_item *i), void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT p.at, p.who, (SELECT hash FROM evidence v WHERE v.seq = p.seq), " ITEM_COLUMNS
		" FROM dossier_piece p JOIN item i ON i.seq = p.seq WHERE p.dossier = ?"
		" ORDER BY p.row, p.seq",
		"i", id);

	assert(!r->handing);
	while (code == 0 && (code = sq_step(s, e)) == 0) {
		struct stored_comment c;
		struct dossier_item item = {&c, sq_col_int(s, 0), sq_col(s, 1), sq_col(s, 2)};

		reader_item(r, s, 3, true, &c);
		r->handing = true;
		code = fn(user, &item);
		r->handing = false;
		if (code)
			sqlite3_reset(s);
	}
	return code == SQ_DONE ? 0 : code;
}

struct logging {
	int (*fn)(void *user, const struct dossier_entry *l);
	void *user;
};

static int hand_entry(void *user, sqlite3_stmt *s)
{
	const struct logging *to = user;
	const struct dossier_entry l = {.at = sq_col_int(s, 0),
		.written_at = sq_col_int(s, 1),
		.row = sq_col_int(s, 2),
		.kind = (enum dossier_entry_kind)sq_col_int(s, 3),
		.purpose = (enum dossier_purpose)sq_col_int(s, 4),
		.who = sq_col(s, 5),
		.text = sq_col(s, 6)};

	return to->fn(to->user, &l);
}

int reader_dossier_log(struct reader *r, int64_t id,
	int (*fn)(void *user, const struct dossier_entry *l), void *user, struct error *e)
{
	struct logging to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT at, written_at, row, kind, purpose, who, text FROM dossier_entry"
		" WHERE dossier = ? ORDER BY id",
		"i", id);

	return code < 0 ? code : sq_each(s, hand_entry, &to, e);
}
