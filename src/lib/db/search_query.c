/* SPDX-License-Identifier: GPL-3.0-or-later
 * Asking: a person's words become an FTS5 expression, each shard from the newest is asked until there are enough. */
#include <tocsin/db/search.h>

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>

#include "schema.h"
#include "search_private.h"

struct word {
	struct slice text;
	bool not_, begin;
};

/* The next word or quoted phrase; false at the end. */
static bool next_word(struct slice *q, struct word *ret)
{
	const char *end;
	size_t n;

	while (q->n && (*q->p == ' ' || *q->p == '\t')) {
		q->p++;
		q->n--;
	}
	if (!q->n)
		return false;
	*ret = (struct word){.not_ = *q->p == '-' && q->n > 1};
	if (ret->not_) {
		q->p++;
		q->n--;
	}
	if (*q->p == '"') {
		q->p++;
		q->n--;
		end = q->n ? memchr(q->p, '"', q->n) : NULL;
		n = end ? (size_t)(end - q->p) : q->n;
		ret->text = (struct slice){q->p, n};
		n += end != NULL;
	} else {
		for (n = 0; n < q->n && q->p[n] != ' ' && q->p[n] != '\t'; n++)
			;
		ret->text = (struct slice){q->p, n};
		ret->begin = n > 1 && q->p[n - 1] == '*';
		ret->text.n -= ret->begin;
	}
	q->p += n;
	q->n -= n;
	return true;
}

/* As an FTS5 string, in which nothing but a quote is special. */
static void add_quoted(struct buf *out, const struct word *w)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < w->text.n; i++) {
		if (w->text.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, w->text.p[i] ? w->text.p[i] : ' ');
	}
	buf_add_char(out, '"');
	if (w->begin)
		buf_add_char(out, '*');
}

#define BEGIN_LEAST 3 /* bytes: « a* » is every word with an a, and reads the whole index */

/* (a b …) NOT c NOT d. -EINVAL when there is nothing to look for, or too much. */
static int translate(struct slice query, struct buf *out, struct error *e)
{
	struct word w;
	struct slice rest = query;
	int words = 0;

	buf_add_char(out, '(');
	while (next_word(&rest, &w)) {
		if (w.begin && w.text.n < BEGIN_LEAST)
			return error_set(e, -EINVAL, "trois lettres au moins avant *");
		if (!w.not_ && w.text.n) {
			buf_add_string(out, words++ ? " AND " : "");
			add_quoted(out, &w);
		}
	}
	buf_add_char(out, ')');
	if (!words)
		return error_set(e, -EINVAL, "aucun mot à chercher");
	for (rest = query; next_word(&rest, &w);)
		if (w.not_ && w.text.n) {
			buf_add_string(out, " NOT ");
			add_quoted(out, &w);
		}
	return 0;
}

/* Its text is there, and for who asks. */
static int current(struct search *s, int64_t seq, bool *ret, struct error *e)
{
	int64_t state;
	int r = sq_get(&s->store, e, &state, "SELECT state FROM item WHERE seq = ?", "i", seq);

	*ret = r == 0 && !(state & (ITEM_SUPERSEDED | ITEM_GONE));
	return r < 0 ? r : 0;
}

struct asking {
	struct search *s;
	struct slice match; /* as an FTS5 expression */
	int64_t below; /* seq */
	uint32_t left;
	int64_t deadline; /* monotonic ms */
	search_fn *fn;
	void *user;
};

static int ask_shard(struct asking *a, const char *name, struct error *e)
{
	_free_ char *sql =
		xasprintf("SELECT rowid FROM %s WHERE %s MATCH ? AND rowid < ? ORDER BY rowid DESC",
			name, name);
	sqlite3_stmt *st = NULL;
	int r = sq_prepare(a->s->q.db, sql, &st, e);

	if (r == 0) {
		sq_bind_text(st, 1, a->match);
		sqlite3_bind_int64(st, 2, a->below);
	}
	while (r == 0 && a->left) {
		int64_t seq;
		bool ok;

		r = sq_step(st, e);
		if (r)
			break;
		seq = sq_col_int(st, 0);
		r = current(a->s, seq, &ok, e);
		if (r == 0 && ok) {
			a->left--;
			r = a->fn(a->user, seq);
		}
		if (r == 0 && clock_monotonic() >= a->deadline)
			r = -EINTR;
	}
	sqlite3_finalize(st);
	return r == SQ_DONE ? 0 : r;
}

static int ask_all(struct asking *a, struct error *e)
{
	int64_t below = INT64_MAX;
	int r = 0;

	while (r == 0 && a->left) {
		_free_ char *name = NULL;
		sqlite3_stmt *st;

		r = sq_query(&a->s->q, e, &st,
			"SELECT number, name FROM shard WHERE number < ? ORDER BY number DESC LIMIT 1",
			"i", below);
		if (r == 0)
			r = sq_step(st, e);
		if (r)
			return r < 0 ? r : 0;
		below = sq_col_int(st, 0);
		name = xstrndup(sq_col(st, 1).p, sq_col(st, 1).n);
		sqlite3_reset(st);
		r = ask_shard(a, name, e);
	}
	return r;
}

#define STEPS 1000 /* of SQLite's machine between two looks at the clock: some ten microseconds */

static int is_late(void *user)
{
	const struct asking *a = user;
	return clock_monotonic() >= a->deadline;
}

/* In one snapshot, for a shard may be built again meanwhile. */
static int ask_in_time(struct asking *a, struct error *e)
{
	int r = sq_do(&a->s->q, e, "BEGIN", "");

	if (r < 0)
		return r;
	sqlite3_progress_handler(a->s->q.db, STEPS, is_late, a);
	r = ask_all(a, e);
	sqlite3_progress_handler(a->s->q.db, 0, NULL, NULL);
	sq_rollback(a->s->q.db);
	return r == -EINTR ? SEARCH_IMPATIENT : r;
}

int search_query(
	struct search *s, const struct search_ask *ask, search_fn *fn, void *user, struct error *e)
{
	_buf_ struct buf match = {0};
	int r = translate(ask->words, &match, e);

	if (r < 0)
		return r;
	return ask_in_time(
		&(struct asking){.s = s,
			.match = buf_slice(&match),
			.below = ask->before ? ask->before : INT64_MAX,
			.left = ask->limit,
			.deadline = ask->patience ? clock_monotonic() + ask->patience : INT64_MAX,
			.fn = fn,
			.user = user},
		e);
}
