/* SPDX-License-Identifier: GPL-3.0-or-later
 * A verdict that says more since its comment was committed: a rule's rate holds. The comment is then flagged as it would
 * have been at once. The version that was scored is revised; people see the newest one in the queue.
 *
 * What a human decided stays. Where it waits still under his word (requalified, followed, a service's turn), that word stays
 * too: it is called what he calls it and stands where he put it, unless the rules find something urgent, which rings as
 * anywhere and brings it to the front. */
#include <errno.h>
#include <tocsin/record/wire.h>

#include "incident.h"
#include "st.h"

struct revised {
	struct revise_request q;
	struct verdict before, now;
	struct comment c; /* of st->body, its author of st->handle */
	int64_t accepted, state, source;
	int64_t row, current; /* of the comment; its newest version */
	int64_t worded; /* 1: it waits under a human's word */
	unsigned char author[16];
};

static bool names(const struct slice *list, uint32_t n, struct slice id)
{
	for (uint32_t i = 0; i < n; i++)
		if (slice_equal(list[i], id))
			return true;
	return false;
}

static int read_request(struct store *st, struct slice body, struct revised *v, struct error *e)
{
	if (revise_decode(body, &st->arena, &v->q) < 0 ||
		verdict_decode(v->q.verdict, &st->arena, &v->now) < 0)
		return error_set(e, -EBADMSG, "verdict révisé illisible");
	for (uint32_t i = 0; i < v->q.n_rules; i++)
		if (!names(v->now.rated, v->now.n_rated, v->q.rules[i]))
			return error_set(
				e, -EINVAL, "verdict révisé pour une règle qu'il ne nomme pas");
	return 0;
}

static int read_item(struct store *st, struct revised *v, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT accepted, state, author, handle, body,"
		" ifnull((SELECT r.verdict FROM revision r WHERE r.seq = item.seq), verdict), source"
		" FROM item WHERE seq = ?",
		"i", v->q.seq);
	const char *nul;

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0
			? r
			: error_set(e, -ENOENT, "commentaire %lld inconnu", (long long)v->q.seq);
	v->accepted = sq_col_int(s, 0);
	v->state = sq_col_int(s, 1);
	if (sq_col(s, 2).n == sizeof(v->author))
		memcpy(v->author, sq_col(s, 2).p, sizeof(v->author));
	buf_clear(&st->handle);
	buf_add_slice(&st->handle, sq_col(s, 3));
	buf_clear(&st->body);
	buf_add_slice(&st->body, sq_col(s, 4));
	v->source = sq_col_int(s, 6);
	r = verdict_decode(arena_copy(&st->arena, sq_col(s, 5)), &st->arena, &v->before);
	sqlite3_reset(s);
	if (r < 0 || comment_decode(buf_slice(&st->body), &v->c) < 0)
		return error_set(e, -EINVAL, "commentaire %lld illisible", (long long)v->q.seq);
	nul = st->handle.n ? memchr(st->handle.p, 0, st->handle.n) : NULL;
	if (nul)
		v->c.author = (struct slice){st->handle.p, (size_t)(nul - st->handle.p)};
	return 0;
}

static int check_places(const struct revised *v, struct error *e)
{
	for (uint32_t i = 0; i < v->now.n_matches; i++)
		if (v->now.matches[i].end > v->c.text.n)
			return error_set(e, -EINVAL, "verdict révisé d'un autre texte");
	return 0;
}

static int add_evidence(struct store *st, const struct revised *v, struct error *e)
{
	int64_t there;
	int r = sq_get(&st->q, e, &there, "SELECT 1 FROM evidence WHERE seq = ?", "i", v->q.seq);

	return r != SQ_DONE ? r
			    : evidence_add(st, v->q.seq, v->accepted, buf_slice(&st->handle),
				      buf_slice(&st->body), e);
}

#define IS_WORDED(row) \
	"(ifnull(" HUMAN_CATEGORY(row) ", '') <> ''" \
				       " OR EXISTS(SELECT 1 FROM follow WHERE row = " row \
				       " AND ended = 0))"

/* SQ_DONE: a human has decided, and it waits no more. */
static int find_place(struct store *st, struct revised *v, struct error *e)
{
	int r = item_newest(st, v->q.seq, &v->row, &v->current, e);

	if (r < 0 || !(v->state & ITEM_DECIDED))
		return r;
	return sq_get(&st->q, e, &v->worded, "SELECT " IS_WORDED("?1") " FROM queue WHERE row = ?1",
		"i", v->row);
}

/* Once for each comment: a human who called it urgent has rung already. */
static int ring(struct store *st, const struct revised *v, int64_t at, struct error *e)
{
	const struct p1 p = {.seq = v->q.seq,
		.at = at,
		.since = at,
		.comment = &v->c,
		.category = verdict_first(&v->now),
		.author = v->author};
	int64_t rung;
	int r = sq_get(&st->q, e, &rung, "SELECT 1 FROM rung WHERE row = ?", "i", v->row);

	return r == SQ_DONE ? incident_p1(st, &p, NULL, e) : r;
}

static int flag(struct store *st, const struct revised *v, struct error *e)
{
	const struct queue_place place = {.row = v->row,
		.current = v->current,
		.at = v->c.created_at ? v->c.created_at : v->accepted,
		.decided = false};
	const bool urgent = v->now.priority == 1 && v->before.priority != 1;
	int r = 0;

	if (v->now.level < VERDICT_QUEUE && !v->now.unscored)
		return 0;
	if (!v->worded)
		r = queue_add(st, &place, &v->now, e);
	else if (urgent)
		r = queue_hasten(st, v->row, &v->now, e);
	if (r == 0)
		r = add_evidence(st, v, e);
	return r == 0 && urgent ? ring(st, v, place.at, e) : r;
}

static int write_down(struct store *st, const struct revised *v, struct error *e)
{
	_buf_ struct buf what = {0}, why = {0};

	buf_printf(&what, "%lld", (long long)v->q.seq);
	for (uint32_t i = 0; i < v->q.n_rules; i++) {
		buf_add_string(&why, i ? ", " : "");
		buf_add_slice(&why, v->q.rules[i]);
	}
	return audit(st, WHO_MACHINE, AUDIT_REVISE, buf_slice(&what), buf_slice(&why), e);
}

static int revise(struct store *st, struct slice request, struct error *e)
{
	struct revised v = {0};
	int r;

	arena_clear(&st->arena);
	r = read_request(st, request, &v, e);
	if (r == 0)
		r = read_item(st, &v, e);
	if (r < 0)
		return r;
	if (v.state & ITEM_GONE || !verdict_raises(&v.before, &v.now))
		return 0;
	r = find_place(st, &v, e);
	if (r)
		return r < 0 ? r : 0;
	r = check_places(&v, e);
	if (r == 0)
		r = sq_do(&st->q, e, "INSERT OR REPLACE INTO revision(seq, verdict) VALUES(?, ?)",
			"ib", v.q.seq, v.q.verdict);
	if (r == 0)
		r = labels_add(st->labels, &st->q, v.q.seq, v.source, &v.now, e);
	if (r == 0)
		r = flag(st, &v, e);
	if (r == 0)
		r = write_down(st, &v, e);
	if (r == 0)
		st->changes.revised = v.q.seq;
	return r;
}

int request_revise(struct store *st, struct slice body, struct error *e)
{
	struct wire w = wire_reader(body);
	uint32_t n = 0;
	int r;

	do {
		struct slice one = wire_bytes(&w);

		if (w.bad || n++ == REVISE_MOST)
			return error_set(e, -EBADMSG, "verdicts révisés illisibles");
		r = revise(st, one, e);
	} while (r == 0 && w.p < w.end);
	return r;
}
