/* SPDX-License-Identifier: GPL-3.0-or-later
 * One item on its way in: new, a new version, the same again, a deletion, or something that is no comment.
 *
 * SQL first, memory (keys, counters, clock, seq) last: a row that fails has changed nothing that a savepoint does not
 * undo. */
#include <errno.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/verdict.h>

#include "caller.h"
#include "st.h"

#define VERSIONS_KEPT 20 /* older texts of one comment are wiped */

int source_id(struct store *st, struct slice name, int64_t *ret, struct error *e)
{
	uint64_t *known = map_find(st->sources, name);
	int r;

	if (known) {
		*ret = (int64_t)*known;
		return 0;
	}
	r = sq_do(&st->q, e, "INSERT OR IGNORE INTO source(name) VALUES(?)", "t", name);
	if (r == 0)
		r = sq_get(&st->q, e, ret, "SELECT id FROM source WHERE name = ?", "t", name);
	if (r)
		return r < 0 ? r : -EIO;
	st->sources_dirty = true;
	*map_at(st->sources, name, NULL) = (uint64_t)*ret;
	return 0;
}

/* What one item needs on its way. */
struct inlet {
	const struct arrival *a;
	struct comment c;
	struct verdict v;
	struct slice verdict; /* encoded */
	int64_t source, at; /* at: event time */
	uint64_t hash;
	unsigned char author[16];
	bool opposed; /* the author objects: record/oppose.h */
};

static bool flagged(const struct verdict *v)
{
	return v->level >= VERDICT_QUEUE || v->unscored;
}

/* A question or a request waits for its answer whether or not it is flagged. */
static bool asks(const struct verdict *v)
{
	return v->lanes & LANE_REPONSE;
}

static bool needs_human(const struct inlet *in)
{
	return flagged(&in->v) || asks(&in->v) || comment_is_reported(&in->c);
}

/* Who objects, and asks for nothing: his words are not even written. */
static int unkept(const struct inlet *in)
{
	return in->opposed && !flagged(&in->v) && !asks(&in->v) ? ITEM_PURGED : 0;
}

static int opposed(const struct inlet *in)
{
	return in->opposed ? ITEM_OPPOSED : 0;
}

/* The row of the newest version that is known. */
struct known {
	int64_t seq, first, prev, accepted, pos, version;
	int state;
	bool same_comment, same_text;
};

/* The rules see in it what they did not see in the other. */
static bool says_more(const struct verdict *v, const struct verdict *than)
{
	return (flagged(v) && !flagged(than)) || (asks(v) && !asks(than)) ||
		(v->priority == 1 && than->priority != 1);
}

/* Whether it says what the text said that is gone; verdict: of that one. What was too short to leave its mark is known by its
 * length, unless the rules see more in the new one. */
static bool is_what_is_gone(
	struct store *st, const struct inlet *in, struct slice gone, struct slice verdict)
{
	unsigned char mark[TEXT_MARK];
	struct verdict v;

	if (gone.n != in->c.text.n)
		return false;
	if (gone.n < TEXT_MARK)
		return verdict_decode(verdict, &st->arena, &v) == 0 && !says_more(&in->v, &v);
	text_mark(st, in->c.text, mark);
	return !memcmp(gone.p, mark, TEXT_MARK);
}

static int read_known(
	struct store *st, const struct inlet *in, int64_t seq, struct known *ret, struct error *e)
{
	struct comment c;
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT seq, ifnull(first, seq), accepted, pos, version, state, body, ifnull(prev, 0),"
		" verdict FROM item"
		" WHERE seq = ?",
		"i", seq);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r
			     : error_set(e, -EIO, "table lookup sans ligne %lld", (long long)seq);
	*ret = (struct known){.seq = sq_col_int(s, 0),
		.first = sq_col_int(s, 1),
		.prev = sq_col_int(s, 7),
		.accepted = sq_col_int(s, 2),
		.pos = sq_col_int(s, 3),
		.version = sq_col_int(s, 4),
		.state = (int)sq_col_int(s, 5)};
	/* of what an erasure wiped, only the hash is left to tell */
	if (comment_decode(sq_col(s, 6), &c) < 0 || !c.id.n || (c.id.p[0] == 0)) {
		ret->same_comment = ret->same_text = true;
	} else {
		ret->same_comment =
			slice_equal(c.source, in->c.source) && slice_equal(c.id, in->c.id);
		ret->same_text = slice_equal(c.text, in->c.text);
	}
	if (!ret->same_text && ret->state & ITEM_GONE)
		ret->same_text = is_what_is_gone(st, in, c.text, sq_col(s, 8));
	sqlite3_reset(s);
	return 0;
}

/* Finds the comment; two that share a hash stand in neighbouring places. */
static int find(struct store *st, struct inlet *in, struct known *ret, struct error *e)
{
	int64_t seq;
	int r;

	in->hash = keys_hash(&st->keys, in->c.source, in->c.id);
	for (;; in->hash = keys_next(in->hash)) {
		r = keys_find(&st->keys, in->hash, &seq, e);
		if (r)
			return r;
		r = read_known(st, in, seq, ret, e);
		if (r < 0 || ret->same_comment)
			return r;
	}
}

/* The comment's wire form without its author, who stands in a column apart. */
static void split(struct store *st, const struct inlet *in, int state)
{
	struct comment c = in->c;

	buf_clear(&st->handle);
	if ((c.author.n || c.author_name.n) && !(in->opposed && !flagged(&in->v))) {
		buf_add_slice(&st->handle, c.author);
		buf_add_char(&st->handle, 0);
		buf_add_slice(&st->handle, c.author_name);
	}
	c.author = c.author_name = (struct slice){0};
	buf_clear(&st->body);
	comment_encode(&st->body, &c);
	if (state & ITEM_PURGED)
		item_blank(st, &st->body);
}

static int insert_row(
	struct store *st, struct inlet *in, int state, const struct known *before, struct error *e)
{
	struct slice author = {(const char *)in->author, in->c.author.n ? sizeof(in->author) : 0};
	int64_t seq = st->now.next_seq;

	split(st, in, state);
	if (!before)
		return sq_do(&st->q, e,
			"INSERT INTO item(seq, accepted, pos, source, bundle, state, version, author,"
			" handle, body, verdict) VALUES(?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
			"iiiiiiBBbb", seq, in->a->accepted, in->a->pos, in->source, st->bundle_id,
			(int64_t)state, author, buf_slice(&st->handle), buf_slice(&st->body),
			in->verdict);
	return sq_do(&st->q, e,
		"INSERT INTO item(seq, accepted, pos, source, bundle, state, version, first, prev,"
		" author, handle, body, verdict) VALUES(?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?)",
		"iiiiiiiiiBBbb", seq, in->a->accepted, in->a->pos, in->source, st->bundle_id,
		(int64_t)state, before->version + 1, before->first,
		state & ITEM_SUPERSEDED ? before->prev : before->seq, author,
		buf_slice(&st->handle), buf_slice(&st->body), in->verdict);
}

static int insert(
	struct store *st, struct inlet *in, int state, const struct known *before, struct error *e)
{
	int r = insert_row(st, in, state, before, e);

	if (r == 0 && slice_is(in->c.source, COMMENT_REPORTED) && !(state & ITEM_GONE))
		r = caller_add(st, st->now.next_seq, in->c.extra, e);
	return r < 0 ? r : labels_add(st->labels, &st->q, st->now.next_seq, in->source, &in->v, e);
}

static int enqueue(struct store *st, const struct inlet *in, int64_t row, int64_t current,
	int state, struct error *e)
{
	const struct queue_place p = {row, current, in->at, state & ITEM_DECIDED};

	if (!needs_human(in))
		return sq_do(
			&st->q, e, "UPDATE queue SET seq = ? WHERE row = ?", "ii", current, row);
	return queue_add(st, &p, &in->v, e);
}

/* current: the version that people see, which a late one is not. */
static int flag(struct store *st, const struct inlet *in, int64_t row, int64_t current, int state,
	struct error *e)
{
	bool known = row != st->now.next_seq;
	int r = 0;

	if (known || needs_human(in))
		r = enqueue(st, in, row, current, state, e);
	if (r == 0 && flagged(&in->v))
		r = evidence_add(st, st->now.next_seq, in->a->accepted, buf_slice(&st->handle),
			buf_slice(&st->body), e);
	if (r < 0 || in->v.priority != 1)
		return r;
	struct comment said = in->c;
	if (in->opposed) /* it rings, and counts with no other of his */
		said.author = (struct slice){0};
	const struct p1 p = {.seq = st->now.next_seq,
		.at = in->at,
		.since = in->at,
		.comment = &said,
		.category = verdict_first(&in->v),
		.author = in->author};
	return incident_p1(st, &p, NULL, e);
}

static void taken(struct store *st, const struct inlet *in, bool current)
{
	hours_hear(&st->hours, st->spec.clock_event ? in->at : in->a->accepted, st->now.next_seq);
	if (current)
		keys_put(&st->keys, in->hash, st->now.next_seq);
	st->now.next_seq++;
	event_clock_hear(&st->now.clock, in->at, st->wall);
}

/* A deletion may have been committed before its comment, when two workers scored them. */
static int in_grave(struct store *st, const struct inlet *in, bool *ret, struct error *e)
{
	int64_t found;
	int r;

	*ret = false;
	if (!st->now.graves)
		return 0;
	r = sq_get(&st->q, e, &found,
		"SELECT 1 FROM grave WHERE hash = ? AND (accepted, pos) > (?, ?)", "iii",
		(int64_t)in->hash, in->a->accepted, in->a->pos);
	*ret = r == 0;
	return r < 0 ? r : 0;
}

static int store_new(struct store *st, struct inlet *in, struct error *e)
{
	const bool erased = again_gone(st, in->c.source, in->c.id);
	bool dead;
	int r = in_grave(st, in, &dead, e);

	if (r == 0)
		r = insert(st, in, ITEM_LIVE | opposed(in) | unkept(in), NULL, e);
	if (r == 0 && erased)
		r = item_wipe(st, st->now.next_seq, WIPE_ALL, ITEM_PURGED, e);
	else if (r == 0 && dead)
		r = item_wipe(st, st->now.next_seq, WIPE_TEXT, ITEM_TOMBSTONE, e);
	else if (r == 0)
		r = flag(st, in, st->now.next_seq, st->now.next_seq, ITEM_LIVE, e);
	if (r < 0)
		return r;
	taken(st, in, true);
	hours_tally(&st->hours, TALLY_FRESH, in->a->accepted, in->source);
	if (erased || (unkept(in) && !dead))
		hours_tally(&st->hours, TALLY_PURGED, in->a->accepted, in->source);
	st->now.counts.fresh++;
	return 0;
}

static int wipe_oldest(struct store *st, int64_t seq, struct error *e)
{
	int64_t accepted = 0, source = 0;
	bool counts = false;
	sqlite3_stmt *s;
	int r = 0;

	for (int i = 0; i < VERSIONS_KEPT; i++) {
		r = sq_get(&st->q, e, &seq, "SELECT prev FROM item WHERE seq = ?", "i", seq);
		if (r)
			return r < 0 ? r : 0;
	}
	/* the ledger counts a comment by its first text, once */
	r = sq_query(&st->q, e, &s,
		"SELECT accepted, source FROM item WHERE seq = ? AND version = 1 AND state & 12 = 0",
		"i", seq);
	if (r == 0)
		r = sq_step(s, e);
	if (r == 0) {
		counts = true;
		accepted = sq_col_int(s, 0);
		source = sq_col_int(s, 1);
		sqlite3_reset(s);
	}
	if (r >= 0)
		r = item_wipe(st, seq, WIPE_TEXT, ITEM_PURGED, e);
	if (r == 0 && counts)
		hours_tally(&st->hours, TALLY_PURGED, accepted, source);
	return r;
}

/* Whether people look at the comment: then they see what it says now. */
static int waits(struct store *st, int64_t row, bool *ret, struct error *e)
{
	int64_t found;
	int r = sq_get(&st->q, e, &found, "SELECT 1 FROM queue WHERE row = ?", "i", row);

	*ret = r == 0;
	return r < 0 ? r : 0;
}

static int store_version(struct store *st, struct inlet *in, const struct known *k, struct error *e)
{
	bool late = k->accepted > in->a->accepted ||
		(k->accepted == in->a->accepted && k->pos > in->a->pos);
	int keep = k->state & (ITEM_HELD | ITEM_DECIDED);
	bool needed = false;
	int r;

	r = waits(st, k->first, &needed, e);
	if (r == 0)
		r = insert(st, in,
			ITEM_LIVE | keep | opposed(in) | (needed ? 0 : unkept(in)) |
				(late ? ITEM_SUPERSEDED : 0),
			k, e);
	if (r == 0 && !late)
		r = sq_do(
			&st->q, e, "UPDATE item SET state = state | 1 WHERE seq = ?", "i", k->seq);
	/* between the current one and those before it: what is done to a comment follows the chain */
	if (r == 0 && late)
		r = sq_do(&st->q, e, "UPDATE item SET prev = ? WHERE seq = ?", "ii",
			st->now.next_seq, k->seq);
	/* a threat that was edited away was said all the same, whichever of the two came first */
	if (r == 0 && !(late && k->state & ITEM_GONE))
		r = flag(st, in, k->first, late ? k->seq : st->now.next_seq, k->state, e);
	/* one that was deleted before it was committed stays deleted */
	if (r == 0 && late && k->state & ITEM_TOMBSTONE)
		r = item_wipe(st, st->now.next_seq, WIPE_TEXT, ITEM_TOMBSTONE, e);
	if (r == 0 && keep & ITEM_HELD)
		r = dossier_follow(st, k->first, st->now.next_seq, e);
	if (r == 0 && k->version >= VERSIONS_KEPT && !(keep & ITEM_HELD))
		r = wipe_oldest(st, late ? k->seq : st->now.next_seq, e);
	if (r < 0)
		return r;
	taken(st, in, !late);
	hours_tally(&st->hours, TALLY_VERSION, in->a->accepted, in->source);
	st->now.counts.version++;
	return 0;
}

static int store_comment(struct store *st, struct inlet *in, struct error *e)
{
	struct known k = {0};
	int r = find(st, in, &k, e);

	if (r == KEYS_ABSENT)
		return store_new(st, in, e);
	if (r < 0)
		return r;
	/* what was not kept of somebody who objects may become a threat by his next edit */
	if (!k.same_text && (!(k.state & ITEM_PURGED) || k.state & ITEM_OPPOSED))
		return store_version(st, in, &k, e);
	hours_tally(&st->hours, TALLY_DUPLICATE, in->a->accepted, in->source);
	st->now.counts.duplicate++;
	return 0;
}

static bool is_before(const struct known *k, const struct arrival *a)
{
	return k->accepted < a->accepted || (k->accepted == a->accepted && k->pos < a->pos);
}

#define GONE_KEPT "1000"

/* Who has its page open is told. */
static int tell_gone(struct store *st, const struct known *k, struct error *e)
{
	int r = sq_do(&st->q, e,
		"INSERT INTO gone(row, seq) SELECT row, seq FROM queue WHERE row = ?", "i",
		k->first);

	return r < 0 || !sqlite3_changes(st->q.db)
		? r
		: sq_do(&st->q, e,
			  "DELETE FROM gone WHERE number <= (SELECT max(number) FROM gone) - " GONE_KEPT,
			  "");
}

static int take_away(struct store *st, const struct known *k, struct error *e)
{
	/* what is held as evidence waits on */
	int r = k->state & ITEM_HELD ? 0 : tell_gone(st, k, e);

	if (r < 0)
		return r;
	return k->state & ITEM_HELD
		? sq_do(&st->q, e, "UPDATE item SET state = state | ? WHERE seq = ?", "ii",
			  (int64_t)ITEM_DELETED, k->seq)
		: item_wipe_all(st, k->seq, WIPE_TEXT, ITEM_TOMBSTONE, e);
}

static int store_tombstone(struct store *st, struct inlet *in, struct error *e)
{
	struct known k = {0};
	int r = find(st, in, &k, e);
	bool grave = r == KEYS_ABSENT, kept = false;

	if (r == 0)
		r = action_keeps(st, k.seq, in->c.source, &kept, e);
	if (grave)
		r = sq_do(&st->q, e,
			"INSERT OR REPLACE INTO grave(hash, accepted, pos) VALUES(?, ?, ?)", "iii",
			(int64_t)in->hash, in->a->accepted, in->a->pos);
	else if (r == 0 && !kept && !(k.state & ITEM_GONE) && is_before(&k, in->a))
		r = take_away(st, &k, e);
	if (r < 0)
		return r;
	st->now.graves += grave;
	hours_tally(&st->hours, TALLY_TOMBSTONE, in->a->accepted, in->source);
	st->now.counts.tombstone++;
	return 0;
}

static int store_quarantine(struct store *st, const struct inlet *in, struct error *e)
{
	int r = sq_do(&st->q, e,
		"INSERT INTO quarantine(accepted, source, place, reason, raw) VALUES(?, ?, ?, ?, ?)",
		"iittb", in->a->accepted, in->source, in->c.id, in->c.extra, in->c.text);

	if (r < 0)
		return r;
	hours_tally(&st->hours, TALLY_QUARANTINED, in->a->accepted, in->source);
	st->now.counts.quarantined++;
	return 0;
}

int item_store(struct store *st, const struct arrival *a, struct error *e)
{
	struct inlet in = {.a = a, .verdict = a->verdict};
	int r;

	if (comment_decode(a->item, &in.c) < 0)
		return error_set(e, -EBADMSG, "commentaire illisible");
	if (!in.c.source.n || (!in.c.id.n && in.c.type != COMMENT_QUARANTINE) ||
		in.c.id.n > COMMENT_ID_MAX)
		return error_set(e, -EINVAL, "commentaire sans source ou sans identifiant");
	in.at = in.c.created_at ? in.c.created_at : a->accepted;
	r = source_id(st, in.c.source, &in.source, e);
	if (r == 0 && in.c.author.n && in.c.type == COMMENT_ITEM) {
		author_pseudonym(st, in.c.source, in.c.author, in.author);
		r = oppose_holds(st, in.author, &in.opposed, e);
	}
	if (r < 0)
		return r;
	switch (in.c.type) {
	case COMMENT_QUARANTINE: return store_quarantine(st, &in, e);
	case COMMENT_TOMBSTONE: return store_tombstone(st, &in, e);
	case COMMENT_ITEM: break;
	}
	arena_clear(&st->arena);
	if (verdict_decode(a->verdict, &st->arena, &in.v) < 0)
		return error_set(e, -EBADMSG, "verdict illisible");
	return store_comment(st, &in, e);
}
