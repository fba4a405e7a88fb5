/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a purge takes beside the comments: raw inputs, messages, names in the account of what people did. */
#include "keep.h"
#include "purge.h"

#define REST_ROWS 100 /* of which each may be as long as a line */

/* What is wiped already is not written again. */
#define WIPE_RAW(table, column, filter) \
	"UPDATE " table " SET " column " = zeroblob(length(" column "))" \
	" WHERE id > ?1 AND id <= ?2 AND " column " <> zeroblob(length(" column ")) AND " filter
#define IS_OF(table, column) \
	"is_of(" column ", (SELECT name FROM source s WHERE s.id = " table ".source), ?3)"
#define DELIVERED \
	"EXISTS(SELECT 1 FROM outbox o WHERE o.id = outbox_payload.id AND o.state >= 2" \
	" AND o.added_at < ?3)"

#define WIPE_OUTBOX(column) \
	"UPDATE outbox SET " column \
	" = " BLANKS(column) " WHERE id > ?1 AND id <= ?2" \
			     " AND state >= 2 AND added_at < ?3 AND " column " <> " BLANKS(column)
/* No receiver's answer, but job_drop()'s: by it escalate finds the mail that must go. */
#define OWN_FILE "(channel = 'mail' AND detail GLOB 'déposé : *.eml')"
#define CLOSED "NOT EXISTS(SELECT 1 FROM incident i WHERE i.id = outbox.incident AND i.state < 2)"

/* Unreadable inputs, dead letters and old deliveries. An erasure takes every raw input that contains the name, or one that he was shown under, or
 * a value that is the account's name or the id of a comment that is erased; and, when it found anything, every message that has done its work (it may quote it), with what its receiver answered. Its address goes by age alone, and never while the
 * incident is open: by it escalate knows who has been told. */
static const struct {
	const char *last, *by_age, *by_name, *by_value;
	bool aged; /* an erasure too leaves what is not old */
} rests[] = {
	{"SELECT max(id) FROM quarantine",
		WIPE_RAW("quarantine", "raw", KEEP_OLD("quarantine", "?3")),
		WIPE_RAW("quarantine", "raw", "holds_name(raw, ?3, ?4)"),
		WIPE_RAW("quarantine", "raw", IS_OF("quarantine", "raw"))},
	{"SELECT max(id) FROM dead", WIPE_RAW("dead", "comment", KEEP_OLD("dead", "?3")),
		WIPE_RAW("dead", "comment", "holds_name(comment, ?3, ?4)"),
		WIPE_RAW("dead", "comment", IS_OF("dead", "comment"))},
	{"SELECT max(id) FROM outbox_payload", WIPE_RAW("outbox_payload", "payload", DELIVERED),
		NULL, NULL},
	{"SELECT max(id) FROM outbox", WIPE_OUTBOX("detail") " AND NOT " OWN_FILE, NULL, NULL},
	{"SELECT max(id) FROM outbox", WIPE_OUTBOX("target") " AND " CLOSED, NULL, NULL, true},
};
#define RESTS (int)(sizeof(rests) / sizeof(*rests))

static int forget_author(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	int r = oppose_forget(st, j->author, e);

	if (r == 0)
		r = sq_do(&st->q, e, "UPDATE incident SET author = zeroblob(16) WHERE author = ?",
			"b", (struct slice){(const char *)j->author, sizeof(j->author)});
	return r < 0 ? r : audit_forget_name(st, j->q.author, e);
}

/* The names that he was shown under, one a step (whoever reads the account through for each holds nobody up), and his account's,
 * which may be a part of them, last. */
static int forget_name(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	const size_t at = j->name;

	if (at >= j->known.names.n) {
		j->forgotten = true;
		return j->by_author ? forget_author(st, e) : 0;
	}
	j->name += strlen(j->known.names.p + at) + 1;
	return audit_forget_name(st, slice_of(j->known.names.p + at), e);
}

/* An erasure that found no comment leaves the messages alone: they quote nothing of it. */
static bool nothing_to_quote(const struct purge_job *j)
{
	return !j->by_age && !rests[j->table].by_name && !j->known.found;
}

static int next_rest(struct purge_job *j)
{
	j->id = j->id_last = 0;
	j->name = j->known.names.n ? 1 : 0;
	j->table++;
	return 0;
}

/* A slice of raw inputs: what holds the account's name or the comment's id, or a name that he was shown under, as a word; and what is
 * about a comment that is erased. */
static int rest_by_name(struct store *st, int64_t to, uint64_t *sum, struct error *e)
{
	struct purge_job *j = st->purge;
	const char *sql = rests[j->table].by_name;
	int r = sq_do(&st->q, e, sql, "iibi", j->id, to, j->by_author ? j->q.author : j->q.id,
		(int64_t)!j->by_author);

	*sum += r < 0 ? 0 : (uint64_t)sqlite3_changes(st->q.db);
	for (size_t at = 1; r >= 0 && at < j->known.names.n;) {
		const struct slice name = slice_of(j->known.names.p + at);

		at += name.n + 1;
		r = sq_do(&st->q, e, sql, "iibi", j->id, to, name, (int64_t)1);
		*sum += r < 0 ? 0 : (uint64_t)sqlite3_changes(st->q.db);
	}
	if (r >= 0)
		r = sq_do(&st->q, e, rests[j->table].by_value, "iib", j->id, to,
			(struct slice){(const char *)j->author, sizeof(j->author)});
	*sum += r < 0 ? 0 : (uint64_t)sqlite3_changes(st->q.db);
	return r;
}

/* A slice of one of these tables. */
static int rest(struct store *st, struct error *e)
{
	struct purge_job *j = st->purge;
	const bool aged = j->by_age || rests[j->table].by_name || rests[j->table].aged;
	int64_t before = aged ? j->now - st->keep.unflagged_ms : INT64_MAX;
	uint64_t beside = 0; /* columns of rows that are counted already */
	uint64_t *sums[RESTS] = {
		&j->sum.quarantine, &j->sum.dead, &j->sum.outbox, &beside, &beside};
	int64_t to = j->id + REST_ROWS;
	int r = 0;

	if (nothing_to_quote(j))
		return next_rest(j);
	if (!j->id)
		r = sq_get(&st->q, e, &j->id_last, rests[j->table].last, "");
	if (r >= 0 && !j->by_age && rests[j->table].by_name) {
		r = rest_by_name(st, to, sums[j->table], e);
	} else if (r >= 0) {
		r = sq_do(&st->q, e, rests[j->table].by_age, "iii", j->id, to, before);
		*sums[j->table] += r < 0 ? 0 : (uint64_t)sqlite3_changes(st->q.db);
	}
	if (r < 0)
		return r;
	j->id = to;
	if (j->id < j->id_last)
		return 0;
	return next_rest(j);
}

int purge_rest(struct store *st, struct error *e)
{
	return st->purge->table < RESTS ? rest(st, e) : forget_name(st, e);
}
