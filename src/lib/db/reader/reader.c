/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening for reading, and comments. A statement that is stopped early is reset, so that no read transaction
 * outlives a call. */
#include <tocsin/db/reader.h>
#include "limit.h"
#include "rd.h"

#include <assert.h>
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/digest/digest.h>

/* sources: empty, all. */
static int open_reader(
	const char *state_dir, struct slice sources, struct reader **ret, struct error *e)
{
	_free_ char *path = xasprintf("%s/store.db", state_dir);
	struct reader *r = xcalloc(1, sizeof(*r));
	int code;

	arena_init(&r->arena, 0);
	if (access(path, F_OK) < 0 && errno == EACCES)
		code = error_set(e, -EACCES, "%s : accès refusé", path);
	else if (access(path, F_OK) < 0)
		code = error_set(e, -ENOENT, "%s : base de données pas encore créée", path);
	else
		code = sq_open(path, SQLITE_OPEN_READONLY, &r->q.db, e);
	if (code == 0)
		code = schema_check(r->q.db, e);
	if (code == 0 && sources.n)
		code = limit_views(&r->q, sources, e);
	if (code == 0)
		code = sq_exec(r->q.db, "PRAGMA cache_size = -16384; PRAGMA query_only = ON", e);
	if (code < 0) {
		reader_close(r);
		return code;
	}
	*ret = r;
	return 0;
}

int reader_open(const char *state_dir, struct reader **ret, struct error *e)
{
	return open_reader(state_dir, (struct slice){0}, ret, e);
}

int reader_open_limited(
	const char *state_dir, struct slice sources, struct reader **ret, struct error *e)
{
	return sources.n ? open_reader(state_dir, sources, ret, e)
			 : error_set(e, -EINVAL, "aucune source");
}

struct reader *reader_close(struct reader *r)
{
	if (!r)
		return NULL;
	sq_release(&r->q);
	arena_release(&r->arena);
	buf_release(&r->text);
	free(r);
	return NULL;
}

void reader_handle(struct slice handle, struct comment *c)
{
	const char *nul = handle.n ? memchr(handle.p, 0, handle.n) : NULL;

	/* one that was wiped is all NUL: an empty author */
	if (!nul)
		return;
	c->author = (struct slice){handle.p, (size_t)(nul - handle.p)};
	c->author_name = (struct slice){nul + 1, handle.n - c->author.n - 1};
	if (c->author_name.n && !c->author_name.p[0])
		c->author_name.n = 0;
}

static void empty_if_wiped(struct slice *s)
{
	if (s->n && !s->p[0])
		*s = (struct slice){0};
}

void reader_forget(struct comment *c)
{
	c->text = c->url = c->extra = c->author = c->author_name = (struct slice){0};
	empty_if_wiped(&c->id);
	empty_if_wiped(&c->thread);
	empty_if_wiped(&c->parent);
	empty_if_wiped(&c->channel);
}

void reader_item(
	struct reader *r, sqlite3_stmt *s, int from, bool with_text, struct stored_comment *ret)
{
	int64_t state = sq_col_int(s, from + 4);
	struct slice author = sq_col(s, from + 5);

	*ret = (struct stored_comment){.seq = sq_col_int(s, from),
		.row = sq_col_int(s, from + 1),
		.accepted_at = sq_col_int(s, from + 2),
		.version = (uint32_t)sq_col_int(s, from + 3),
		.gone = state & ITEM_GONE};
	if (author.n == sizeof(ret->author_key) && !(state & ITEM_OPPOSED))
		memcpy(ret->author_key, author.p, author.n);
	if (comment_decode(sq_col(s, from + 7), &ret->comment) < 0) {
		ret->comment = (struct comment){0};
		ret->gone = true;
	}
	if (with_text)
		reader_handle(sq_col(s, from + 6), &ret->comment);
	if (ret->gone)
		reader_forget(&ret->comment);
	if (!with_text)
		ret->comment.text = (struct slice){0};
	ret->comment.source = sq_col(s, from + 9);
	arena_clear(&r->arena);
	if (verdict_decode(sq_col(s, from + 8), &r->arena, &ret->verdict) < 0)
		ret->verdict =
			(struct verdict){.level = VERDICT_QUEUE, .unscored = UNSCORED_UNREADABLE};
}

int reader_each(struct reader *r, sqlite3_stmt *s, bool with_text, comment_fn *fn, void *user,
	struct error *e)
{
	int code = 0;

	assert(!r->handing); /* the row that is handed out would be written over */
	while (code == 0) {
		struct stored_comment c;

		code = sq_step(s, e);
		if (code)
			break;
		reader_item(r, s, 0, with_text, &c);
		r->handing = true;
		code = fn(user, &c);
		r->handing = false;
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_comments(struct reader *r, int64_t after, uint32_t limit, bool with_text, comment_fn *fn,
	void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT " ITEM_COLUMNS " FROM item i WHERE seq > ? ORDER BY seq LIMIT ?", "ii",
		after, (int64_t)limit);

	return code < 0 ? code : reader_each(r, s, with_text, fn, user, e);
}

int reader_recent(struct reader *r, int64_t before, uint32_t limit, comment_fn *fn, void *user,
	struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT " ITEM_COLUMNS
		" FROM item i WHERE seq < ? AND state & 1 = 0 ORDER BY seq DESC LIMIT ?",
		"ii", before > 0 ? before : INT64_MAX, (int64_t)limit);

	return code < 0 ? code : reader_each(r, s, true, fn, user, e);
}

int reader_comment(struct reader *r, int64_t seq, comment_fn *fn, void *user, struct error *e)
{
	int64_t there;
	sqlite3_stmt *s = NULL;
	int code = sq_get(&r->q, e, &there, "SELECT 1 FROM item WHERE seq = ?", "i", seq);

	if (code == SQ_DONE)
		return error_set(e, -ENOENT, "commentaire %lld inconnu", (long long)seq);
	if (code == 0)
		code = sq_query(&r->q, e, &s, "SELECT " ITEM_COLUMNS " FROM item i WHERE seq = ?",
			"i", seq);
	return code < 0 ? code : reader_each(r, s, true, fn, user, e);
}

int reader_last_seq(struct reader *r, int64_t *ret, struct error *e)
{
	return sq_int(r->q.db, "SELECT max(seq) FROM item", 0, ret, e);
}

static int note(struct reader *r, const char *key, int64_t *ret, struct error *e)
{
	int code =
		sq_get(&r->q, e, ret, "SELECT value FROM note WHERE key = ?", "t", slice_of(key));

	if (code == SQ_DONE)
		*ret = 0;
	return code < 0 ? code : 0;
}

int reader_observed(struct reader *r, int64_t *ret_minute, int64_t *ret_seq, struct error *e)
{
	int code = note(r, "observed_minute", ret_minute, e);

	return code < 0 ? code : note(r, "observed_seq", ret_seq, e);
}

int reader_clock(struct reader *r, bool event, int64_t *ret, struct error *e)
{
	if (event)
		return note(r, "clock", ret, e);
	*ret = clock_now();
	return 0;
}

int reader_bundle(struct reader *r, char ret_hash[65], struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s, "SELECT value FROM note WHERE key = 'bundle'", "");

	ret_hash[0] = 0;
	if (code == 0)
		code = sq_step(s, e);
	if (code)
		return code < 0 ? code : 0;
	if (sq_col(s, 0).n == DIGEST_SIZE)
		digest_hex((const unsigned char *)sq_col(s, 0).p, DIGEST_SIZE, ret_hash);
	sqlite3_reset(s);
	return 0;
}

static int text_note(struct reader *r, const char *key, struct buf *out, struct error *e)
{
	sqlite3_stmt *s;
	int code =
		sq_query(&r->q, e, &s, "SELECT value FROM note WHERE key = ?", "t", slice_of(key));

	if (code == 0)
		code = sq_step(s, e);
	if (code)
		return code < 0 ? code : 0;
	buf_add_slice(out, sq_col(s, 0));
	sqlite3_reset(s);
	return 0;
}

int reader_folder_bundle(struct reader *r, char ret_hash[65], struct error *e)
{
	_buf_ struct buf hash = {0};
	int code = text_note(r, "bundle_folder", &hash, e);

	snprintf(ret_hash, 65, "%s", buf_string(&hash));
	return code;
}

int reader_disputed_packs(struct reader *r, struct buf *ret, struct error *e)
{
	return text_note(r, "bundle_disputed", ret, e);
}

int reader_decisions(struct reader *r, decision_of_fn *fn, void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT row, decision, category FROM decision"
		" WHERE id IN (SELECT max(id) FROM decision GROUP BY row) ORDER BY row",
		"");

	while (code == 0) {
		code = sq_step(s, e);
		if (code)
			break;
		code = fn(user, sq_col_int(s, 0), sq_col(s, 1), sq_col(s, 2));
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}

int reader_publications(struct reader *r, uint32_t limit,
	int (*fn)(void *user, const struct publication *p), void *user, struct error *e)
{
	sqlite3_stmt *s;
	int code = sq_query(&r->q, e, &s,
		"SELECT at, what, who, why FROM audit WHERE verb = 'bundle' ORDER BY id DESC LIMIT ?",
		"i", (int64_t)limit);

	while (code == 0) {
		struct publication p;

		code = sq_step(s, e);
		if (code)
			break;
		p = (struct publication){
			sq_col_int(s, 0), sq_col(s, 1), sq_col(s, 2), sq_col(s, 3)};
		code = fn(user, &p);
		if (code) {
			sqlite3_reset(s);
			return code;
		}
	}
	return code < 0 ? code : 0;
}
