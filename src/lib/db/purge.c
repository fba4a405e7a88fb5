/* SPDX-License-Identifier: GPL-3.0-or-later
 * Forgetting, in steps: by age, by author or by one comment. Rows are wiped in place (wipe.c); at the end the log is
 * emptied, so that the file is the only place and holds nothing of it. */
#include "purge.h"
#include <dirent.h>
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/verdict.h>

#include "keep.h"

#define STEP_ROWS 1000
#define READERS_WAIT_MS 5

void purge_free(struct store *st)
{
	if (!st->purge)
		return;
	buf_release(&st->purge->body);
	erased_release(&st->purge->known);
	free(st->purge);
	st->purge = NULL;
}

struct store_purged store_purged(const struct store *st)
{
	return st->purged;
}

static int found_before(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	int r = 0;

	if (!j->by_age)
		r = erased_read(st, &j->known, j->by_author ? "account" : "comment", j->author, e);
	if (r < 0)
		purge_free(st);
	return r;
}

static void begin(struct store *st)
{
	struct purge_job *j = st->purge;

	j->now = j->q.now ? j->q.now : store_clock(st);
	j->last = store_last_seq(st);
	j->until = INT64_MAX;
	j->phase = j->by_age ? PHASE_ITEMS : PHASE_KEYS;
}

/* On the disk before anything is done: what is erased stays erased when a backup takes the place of the database. */
static int enter(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	int r;

	author_pseudonym(st, j->q.source, j->by_author ? j->q.author : j->q.id, j->author);
	erasures_add(&st->erasures, clock_now(), j->by_author ? ERASURE_ACCOUNT : ERASURE_COMMENT,
		j->author);
	r = erasures_write(&st->erasures, e);
	if (r < 0)
		purge_free(st);
	return r;
}

int store_purge_begin(struct store *st, struct slice body, struct error *e)
{
	struct purge_job *j;
	int r = 0;

	if (st->purge)
		return STORE_PURGE_BUSY;
	j = xcalloc(1, sizeof(*j));
	st->purge = j;
	buf_add_slice(&j->body, body);
	if (purge_decode(buf_slice(&j->body), &j->q) < 0 || (j->q.author.n && j->q.id.n) ||
		((j->q.author.n || j->q.id.n) && !j->q.source.n)) {
		purge_free(st);
		return error_set(e, -EBADMSG, "demande d'effacement illisible");
	}
	j->by_author = j->q.author.n > 0;
	j->by_age = !j->by_author && !j->q.id.n;
	begin(st);
	if (!j->by_age)
		r = enter(st, e);
	return r < 0 ? r : found_before(st, e);
}

int purge_again(
	struct store *st, const struct erasure *k, const struct purge_request *q, struct error *e)
{
	struct purge_job *j;

	if (st->purge)
		return STORE_PURGE_BUSY;
	j = xcalloc(1, sizeof(*j));
	st->purge = j;
	purge_encode(&j->body, q);
	if (purge_decode(buf_slice(&j->body), &j->q) < 0) {
		purge_free(st);
		return error_set(e, -EBADMSG, "demande d'effacement illisible");
	}
	j->by_author = k->kind == ERASURE_ACCOUNT;
	j->again = k;
	memcpy(j->author, k->whom, sizeof(j->author));
	begin(st);
	j->until = k->at;
	return found_before(st, e);
}

struct candidate {
	int64_t seq, row, accepted, source, version, state, handle;
};

/* A comment that goes with its author's account is known by itself when its source sends it again to a restored database. */
static void enter_text(struct store *st, struct slice body)
{
	const struct purge_job *j = st->purge;
	unsigned char whom[16];
	struct comment c;

	if (!j->by_author || j->again || comment_decode(body, &c) < 0 || !c.id.n || !c.id.p[0])
		return;
	author_pseudonym(st, c.source, c.id, whom);
	erasures_add(&st->erasures, clock_now(), ERASURE_TEXT, whom);
}

/* Who looked for it by its words or its author's name, and why it was judged: the words, and his names, go with it. */
static int forget_looks(struct store *st, const struct candidate *k, struct error *e)
{
	_buf_ struct buf body = {0}, handle = {0};
	const int64_t seq = k->seq;
	struct comment c;
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT body, handle FROM item WHERE seq = ?", "i", seq);

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	buf_add_slice(&body, sq_col(s, 0));
	buf_add_slice(&handle, sq_col(s, 1));
	sqlite3_reset(s);
	enter_text(st, buf_slice(&body));
	if (st->purge->by_author) {
		const struct buf *names = &st->purge->known.names;

		erased_add_name(&st->purge->known, buf_slice(&handle));
		r = 0;
		for (size_t at = 1; r == 0 && at < names->n; at += strlen(names->p + at) + 1)
			r = decision_forget_name(st, k->row, slice_of(names->p + at), e);
		if (r == 0)
			r = decision_forget_name(st, k->row, st->purge->q.author, e);
	}
	return r < 0 || comment_decode(buf_slice(&body), &c) < 0
		? r
		: audit_forget_found(st, c.text, buf_slice(&handle), e);
}

static int wipe_one(struct store *st, const struct candidate *c, enum wipe what, struct error *e)
{
	struct purge_job *j = st->purge;
	int r = 0;

	j->known.found |= !j->by_age;
	if (c->state & ITEM_HELD) {
		j->sum.held++;
		return 0;
	}
	if (c->state & ITEM_PURGED && what == WIPE_TEXT)
		return 0;
	j->sum.again += c->state & ITEM_PURGED ? 1 : 0;
	if (what == WIPE_ALL)
		r = forget_looks(st, c, e);
	if (r == 0)
		r = item_wipe(st, c->seq, what, ITEM_PURGED, e);
	if (r == 0 && !(c->state & ITEM_SUPERSEDED))
		r = row_forget(st, c->row, e);
	if (r < 0 || c->state & ITEM_PURGED)
		return r;
	if (c->version == 1)
		hours_tally(&st->hours, TALLY_PURGED, c->accepted, c->source);
	j->sum.comments += c->version == 1;
	j->sum.versions += c->version > 1;
	j->sum.handles += c->handle > 0;
	return 0;
}

static bool too_old(struct store *st, const struct candidate *c, sqlite3_stmt *s)
{
	struct purge_job *j = st->purge;
	struct verdict v = {0};
	struct comment comment;
	int64_t at = c->accepted;

	arena_clear(&st->arena);
	if (verdict_decode(sq_col(s, 8), &st->arena, &v) < 0)
		v = (struct verdict){0};
	if (st->spec.clock_event && comment_decode(sq_col(s, 7), &comment) == 0 &&
		comment.created_at)
		at = comment.created_at;
	return at < j->now -
		keep_for(keep_kind(&v, c->state, keep_judged(s, 10)), &st->keep, sq_col(s, 9));
}

static struct candidate candidate(sqlite3_stmt *s)
{
	return (struct candidate){sq_col_int(s, 0), sq_col_int(s, 1), sq_col_int(s, 2),
		sq_col_int(s, 3), sq_col_int(s, 4), sq_col_int(s, 5), sq_col_int(s, 6)};
}

#define CANDIDATE \
	"SELECT seq, ifnull(first, seq), accepted, source, version, state, ifnull(length(handle), 0), body," \
	" ifnull((SELECT r.verdict FROM revision r WHERE r.seq = item.seq), verdict)," \
	" (SELECT name FROM source s WHERE s.id = item.source), " KEEP_JUDGED " FROM item WHERE "

/* Candidates are gathered first, for a row must not be written while it is being read. */
static int gather(struct store *st, struct candidate *list, size_t *n, struct error *e)
{
	struct purge_job *j = st->purge;
	struct slice author = {(const char *)j->author, sizeof(j->author)};
	int64_t to = j->cursor + STEP_ROWS < j->last ? j->cursor + STEP_ROWS : j->last;
	sqlite3_stmt *s;
	int r;

	if (j->by_age)
		r = sq_query(&st->q, e, &s, CANDIDATE "seq > ? AND seq <= ? AND state & 12 = 0",
			"ii", j->cursor, to);
	else
		r = sq_query(&st->q, e, &s,
			CANDIDATE
			"seq > ?1 AND seq <= ?2 AND accepted <= ?4 AND (author = ?3 OR seq IN"
			" (SELECT c.seq FROM caller c WHERE c.mark = ?3))",
			"iibi", j->cursor, to, author, j->until);
	while (r == 0) {
		r = sq_step(s, e);
		if (r)
			break;
		list[*n] = candidate(s);
		if (!j->by_age || too_old(st, &list[*n], s))
			(*n)++;
		else if (!j->floor)
			j->floor = list[*n].seq;
	}
	j->cursor = to;
	return r < 0 ? r : 0;
}

static int items_by_id(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	struct candidate c;
	sqlite3_stmt *s;
	int64_t seq;
	int r = keys_find(&st->keys, keys_hash(&st->keys, j->q.source, j->q.id), &seq, e);

	j->cursor = j->last;
	while (r == 0) {
		r = sq_query(&st->q, e, &s, CANDIDATE "seq = ?", "i", seq);
		if (r == 0)
			r = sq_step(s, e);
		if (r)
			break;
		c = candidate(s);
		sqlite3_reset(s);
		if (c.accepted <= j->until)
			r = wipe_one(st, &c, WIPE_ALL, e);
		if (r == 0)
			r = sq_get(
				&st->q, e, &seq, "SELECT prev FROM item WHERE seq = ?", "i", seq);
	}
	return r < 0 ? r : 0;
}

static int items(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	_free_ struct candidate *list = xcalloc(STEP_ROWS, sizeof(*list));
	size_t n = 0;
	int r;

	if (j->q.id.n)
		return items_by_id(st, e);
	if (j->by_age && !j->cursor) {
		r = note_get_int(st, "purge_floor", 0, &j->cursor, e);
		if (r < 0)
			return r;
	}
	r = gather(st, list, &n, e);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = wipe_one(st, &list[i], j->by_age ? WIPE_TEXT : WIPE_ALL, e);
	return r;
}

/* No text of a backup is older than the longest time for which one stays. */
static int expire_register(struct store *st, struct error *e)
{
	const struct keep *k = &st->keep;
	int64_t longest = k->unflagged_ms;

	longest = k->flagged_ms > longest ? k->flagged_ms : longest;
	longest = k->discriminatory_ms > longest ? k->discriminatory_ms : longest;
	return erasures_expire(&st->erasures, st->wall - longest, e);
}

static int finish(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	int64_t removal;
	int r = sq_int(st->q.db, "SELECT max(number) FROM removal", 0, &removal, e);

	if (r == 0)
		r = code_forget_old(st, e);
	if (r == 0)
		r = sq_do(&st->q, e, "INSERT INTO purge(at, removal, comments) VALUES(?, ?, ?)",
			"iii", st->wall, removal, (int64_t)j->sum.comments);
	if (r < 0)
		return r;
	j->sum.number = sqlite3_last_insert_rowid(st->q.db);
	r = j->by_age ? erased_expire(st, e) : erased_done(st, &j->known, e);
	if (r == 0 && j->by_age)
		r = expire_register(st, e);
	else if (r == 0 && (j->again || !st->owes))
		r = again_note(st, j->again ? &j->again->line : &st->erasures.last, e);
	if (r == 0 && j->by_age)
		r = note_set_int(st, "purge_floor", j->floor ? j->floor - 1 : j->last, e);
	/* the name itself must not survive in the account of its erasure */
	return r < 0 ? r
		     : audit(st, j->q.who, AUDIT_PURGE,
			       j->by_age              ? SLICE("âge")
				       : j->by_author ? SLICE("auteur")
						      : SLICE("commentaire"),
			       j->q.reason, e);
}

/* Copies that migrations left: they hold what was purged. */
static void remove_copies(struct store *st)
{
	DIR *d = opendir(st->dir);
	struct dirent *entry;

	if (!d)
		return;
	while ((entry = readdir(d)) != NULL)
		if (!strncmp(entry->d_name, "store.db.v", strlen("store.db.v")))
			unlinkat(dirfd(d), entry->d_name, 0);
	closedir(d);
}

static int empty_log(struct store *st, struct error *e)
{
	int rc;

	remove_copies(st);
	/* results wait while we do; the next try is soon */
	sqlite3_busy_timeout(st->q.db, READERS_WAIT_MS);
	rc = sqlite3_wal_checkpoint_v2(st->q.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(st->q.db, 5000);
	if (rc != SQLITE_OK)
		return sq_fail(st->q.db, rc, e);
	st->wal_pages = 0;
	st->purged = st->purge->sum;
	purge_free(st);
	return 0;
}

static int write_step(struct store *st, struct error *e)
{
	int r;

	switch (st->purge->phase) {
	case PHASE_ITEMS:
		r = items(st, e);
		if (r == 0)
			r = erasures_write(&st->erasures, e);
		return r < 0 ? r : erased_note(st, &st->purge->known, e);
	case PHASE_REST: return purge_rest(st, e);
	case PHASE_KEYS:
	case PHASE_END:
	case PHASE_LOG: break;
	}
	return finish(st, e);
}

int store_purge_step(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge, before;
	int r;

	if (j->phase == PHASE_LOG)
		return empty_log(st, e);
	if (j->phase == PHASE_KEYS) {
		/* a wiped id can be found by its hash alone, which must then be in the table */
		r = store_flush_keys(st, e);
		j->phase = r == 0 ? PHASE_ITEMS : PHASE_KEYS;
		return r < 0 ? r : STORE_PURGE_MORE;
	}
	before = *j;
	r = store_begin(st, e);
	if (r == 0)
		r = write_step(st, e);
	if (r == 0)
		r = store_commit(st, e);
	if (r < 0) {
		before.known.names = j->known.names; /* they may have grown */
		store_rollback(st);
		erasures_drop(&st->erasures);
		*j = before;
		return r;
	}
	if ((j->phase != PHASE_ITEMS || j->cursor >= j->last) &&
		(j->phase != PHASE_REST || j->forgotten))
		j->phase++;
	return STORE_PURGE_MORE;
}
