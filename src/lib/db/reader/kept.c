/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/db/kept.h>

#include <assert.h>

#include "../keep.h"
#include "rd.h"

#define CENSUS \
	"SELECT seq, state, version, accepted, body," \
	" ifnull((SELECT r.verdict FROM revision r WHERE r.seq = item.seq), verdict)," \
	" (SELECT name FROM source s WHERE s.id = item.source), " KEEP_JUDGED \
	" FROM item WHERE seq > ? ORDER BY seq LIMIT ?"

/* As purge.c sees it. */
static int64_t said_at(const struct census *c, sqlite3_stmt *s)
{
	struct comment comment;

	if (c->event && comment_decode(sq_col(s, 4), &comment) == 0 && comment.created_at)
		return comment.created_at;
	return sq_col_int(s, 3);
}

static void count(struct reader *r, struct census *c, sqlite3_stmt *s)
{
	const int64_t state = sq_col_int(s, 1), at = said_at(c, s);
	struct verdict v = {0};
	struct kept *k;
	enum kept_as kind;
	int64_t ends;
	bool due;

	arena_clear(&r->arena);
	if (verdict_decode(sq_col(s, 5), &r->arena, &v) < 0)
		v = (struct verdict){0};
	kind = keep_kind(&v, state, keep_judged(s, 7));
	k = &c->kinds[kind];
	ends = kind == KEPT_HELD ? INT64_MAX : at + keep_for(kind, &c->keep, sq_col(s, 6));
	due = ends < c->now && !(state & (ITEM_HELD | ITEM_PURGED));
	c->comments += due && sq_col_int(s, 2) == 1;
	c->versions += due && sq_col_int(s, 2) > 1;
	if (state & ITEM_GONE) {
		c->wiped++;
		return;
	}
	k->texts++;
	k->due += due;
	if (!k->oldest || at < k->oldest)
		k->oldest = at;
	if (kind != KEPT_HELD && (!k->ends || ends < k->ends))
		k->ends = ends;
}

int reader_census(struct reader *r, uint32_t rows, struct census *c, struct error *e)
{
	sqlite3_stmt *s;
	uint32_t n = 0;
	int code = sq_query(&r->q, e, &s, CENSUS, "ii", c->seq, (int64_t)rows);

	assert(!r->handing);
	while (code == 0 && (code = sq_step(s, e)) == 0) {
		c->seq = sq_col_int(s, 0);
		count(r, c, s);
		n++;
	}
	return code < 0 ? code : n < rows ? READER_END : 0;
}

#define BLANK(column) column " = zeroblob(length(" column "))"

int reader_kept_beside(struct reader *r, int64_t now, const struct keep *k, struct kept_beside *ret,
	struct error *e)
{
	const int64_t before = now - k->unflagged_ms;
	int64_t quarantine = 0, dead = 0, outbox = 0;
	int code = keep_functions(r->q.db, &r->keep, e);

	r->keep = *k;
	if (code == 0)
		code = sq_get(&r->q, e, &quarantine,
			"SELECT count(*) FROM quarantine WHERE " KEEP_OLD(
				"quarantine", "?") " AND NOT " BLANK("raw"),
			"i", before);

	if (code >= 0)
		code = sq_get(&r->q, e, &dead,
			"SELECT count(*) FROM dead WHERE " KEEP_OLD("dead", "?") " AND NOT " BLANK(
				"comment"),
			"i", before);
	if (code >= 0)
		code = sq_get(&r->q, e, &outbox,
			"SELECT count(*) FROM outbox_payload p JOIN outbox o ON o.id = p.id"
			" WHERE o.state >= 2 AND o.added_at < ? AND NOT " BLANK("p.payload"),
			"i", before);
	if (code < 0)
		return code;
	*ret = (struct kept_beside){(uint64_t)quarantine, (uint64_t)dead, (uint64_t)outbox};
	return 0;
}

struct holds {
	int (*fn)(void *user, const struct hold *h);
	void *user;
};

static int hand_hold(void *user, sqlite3_stmt *s)
{
	const struct holds *to = user;
	const struct hold h = {
		sq_col_int(s, 0), sq_col_int(s, 1), sq_col(s, 2), sq_col(s, 3), sq_col_int(s, 4)};

	return to->fn(to->user, &h);
}

int reader_holds(struct reader *r, uint32_t limit, int (*fn)(void *user, const struct hold *h),
	void *user, struct error *e)
{
	struct holds to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT d.row, d.at, d.who, d.reason, 0 FROM decision d WHERE d.decision = 'dossier'"
		" AND (SELECT state & 8 FROM item WHERE seq = d.seq)"
		" AND NOT EXISTS(SELECT 1 FROM decision n WHERE n.row = d.row AND n.id > d.id"
		" AND n.decision IN ('dossier', 'lever'))"
		" UNION ALL SELECT p.row, min(p.at), p.who, '', p.dossier FROM dossier_piece p WHERE " DOSSIER_HOLDS(
			"p.dossier") " GROUP BY p.dossier, p.row ORDER BY 2 DESC LIMIT ?",
		"i", (int64_t)limit);

	return code < 0 ? code : sq_each(s, hand_hold, &to, e);
}

struct purges {
	int (*fn)(void *user, const struct purge_done *p);
	void *user;
};

static int hand_purge(void *user, sqlite3_stmt *s)
{
	const struct purges *to = user;
	const struct purge_done p = {.number = sq_col_int(s, 0),
		.at = sq_col_int(s, 1),
		.comments = (uint64_t)sq_col_int(s, 2),
		.who = sq_col(s, 3),
		.what = sq_col(s, 4),
		.why = sq_col(s, 5)};

	return to->fn(to->user, &p);
}

/* A purge and the account of it are written in one transaction, at one moment. */
int reader_purges(struct reader *r, int64_t number, uint32_t limit,
	int (*fn)(void *user, const struct purge_done *p), void *user, struct error *e)
{
	struct purges to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT p.number, p.at, p.comments, ifnull(a.who, ''), ifnull(a.what, ''), ifnull(a.why, '')"
		" FROM purge p LEFT JOIN audit a ON a.id = (SELECT max(id) FROM audit"
		" WHERE verb = 'purge' AND at = p.at)"
		" WHERE ?1 = 0 OR p.number = ?1 ORDER BY p.number DESC LIMIT ?2",
		"ii", number, (int64_t)limit);

	return code < 0 ? code : sq_each(s, hand_purge, &to, e);
}

/* Rows whose columns are ITEM_COLUMNS, then the last decision and its category. */
#define LAST(column) \
	"ifnull((SELECT " column " FROM decision d WHERE d.row = ifnull(i.first, i.seq)" \
	" ORDER BY d.id DESC LIMIT 1), '')"
#define TEXTS "SELECT " ITEM_COLUMNS ", " LAST("decision") ", " LAST("category") " FROM "

static int hand_texts(struct reader *r, sqlite3_stmt *s, int64_t *seq, uint32_t rows, text_fn *fn,
	void *user, struct error *e)
{
	uint32_t n = 0;
	int code = 0;

	assert(!r->handing);
	while (code == 0 && (code = sq_step(s, e)) == 0) {
		const int64_t state = sq_col_int(s, 4);
		struct stored_comment c;

		reader_item(r, s, 0, true, &c);
		*seq = c.seq;
		n++;
		if (c.gone)
			continue;
		r->handing = true;
		code = fn(user,
			&(struct kept_text){&c, sq_col(s, 10), sq_col(s, 11), state & ITEM_HELD,
				state & ITEM_SUPERSEDED});
		r->handing = false;
		if (code)
			sqlite3_reset(s);
	}
	if (code && code != SQ_DONE)
		return code;
	return n < rows ? READER_END : 0;
}

struct unfinished_all {
	int (*fn)(void *user, const struct unfinished *u);
	void *user;
};

static int hand_unfinished(void *user, sqlite3_stmt *s)
{
	const struct unfinished_all *to = user;
	const struct unfinished u = {
		sq_col_int(s, 0) != 0, sq_col(s, 1), sq_col_int(s, 2), sq_col_int(s, 3) != 0};

	return to->fn(to->user, &u);
}

int reader_unfinished(struct reader *r, int64_t before,
	int (*fn)(void *user, const struct unfinished *u), void *user, struct error *e)
{
	struct unfinished_all to = {fn, user};
	sqlite3_stmt *s;
	/* erased.c: "erasing since account <hex>" */
	int code = sq_query(&r->q, e, &s,
		"SELECT key GLOB '* account *', substr(key, -32, 8), value,"
		" EXISTS(SELECT 1 FROM note n WHERE n.key = 'erasing ' || substr(note.key, 15)"
		" AND length(n.value) > 0)"
		" FROM note WHERE key GLOB 'erasing since *' AND value < ? ORDER BY value",
		"i", before);

	return code < 0 ? code : sq_each(s, hand_unfinished, &to, e);
}

int reader_texts(
	struct reader *r, int64_t *seq, uint32_t rows, text_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, TEXTS "item i WHERE i.seq > ? ORDER BY i.seq LIMIT ?",
		"ii", *seq, (int64_t)rows);

	return code < 0 ? code : hand_texts(r, s, seq, rows, fn, user, e);
}

int reader_flagged(
	struct reader *r, int64_t *seq, uint32_t rows, text_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		TEXTS "evidence e JOIN item i ON i.seq = e.seq WHERE e.seq > ?"
		      " ORDER BY e.seq LIMIT ?",
		"ii", *seq, (int64_t)rows);

	return code < 0 ? code : hand_texts(r, s, seq, rows, fn, user, e);
}

int reader_author(struct reader *r, const unsigned char key[static 16], int64_t *seq, uint32_t rows,
	text_fn *fn, void *user, struct error *e)
{
	const struct slice author = {(const char *)key, 16};
	const int64_t to = *seq + rows;
	sqlite3_stmt *s;
	int64_t last = 0, at = *seq;
	int code = reader_last_seq(r, &last, e);

	if (code == 0)
		code = sq_query(&r->q, e, &s,
			TEXTS "item i WHERE i.seq > ?1 AND i.seq <= ?2 AND (i.author = ?3"
			      " OR i.seq IN (SELECT c.seq FROM caller c WHERE c.mark = ?3))"
			      " ORDER BY i.seq",
			"iib", *seq, to, author);
	if (code == 0)
		code = hand_texts(r, s, &at, UINT32_MAX, fn, user, e);
	if (code && code != READER_END) {
		*seq = at;
		return code;
	}
	*seq = to;
	return to >= last ? READER_END : 0;
}

int reader_traces(struct reader *r, const unsigned char key[static 16], int64_t *seq, uint32_t rows,
	uint64_t *n, struct error *e)
{
	const int64_t to = *seq + rows;
	int64_t last = 0, more = 0;
	int code = reader_last_seq(r, &last, e);

	if (code == 0)
		code = sq_get(&r->q, e, &more,
			"SELECT count(*) FROM item WHERE seq > ? AND seq <= ? AND author = ?"
			" AND state & 6",
			"iib", *seq, to, (struct slice){(const char *)key, 16});
	if (code < 0)
		return code;
	*n += (uint64_t)more;
	*seq = to;
	return to >= last ? READER_END : 0;
}

struct all_sources {
	int (*fn)(void *user, struct slice source);
	void *user;
};

static int hand_source(void *user, sqlite3_stmt *s)
{
	const struct all_sources *to = user;
	return to->fn(to->user, sq_col(s, 0));
}

int reader_sources(
	struct reader *r, int (*fn)(void *user, struct slice source), void *user, struct error *e)
{
	struct all_sources to = {fn, user};
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, "SELECT name FROM source ORDER BY name", "");

	return code < 0 ? code : sq_each(s, hand_source, &to, e);
}
