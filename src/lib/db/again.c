/* SPDX-License-Identifier: GPL-3.0-or-later
 * Erasures that a restored database does not know, done again by the register (erasures.h). It holds no names: they are found in
 * the database, which has the comments again; where it has none of them, only what stands under the pseudonym can go. */
#include <errno.h>
#include <poll.h>
#include <tocsin/record/comment.h>

#include "purge.h"

#define KNOWN "erasures" /* the line of the register that the database knows */
#define OWED "erasures owed" /* what no register can say */
#define READERS_MS 50
#define READERS_TRIES 200

static int read_known(struct store *st, struct erasures_at *ret, bool *ret_noted, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT value FROM note WHERE key = '" KNOWN "'", "");

	*ret = (struct erasures_at){0};
	*ret_noted = false;
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	*ret_noted = erasures_at_read(sq_col(s, 0), ret) == 0;
	sqlite3_reset(s);
	return 0;
}

int again_note(struct store *st, const struct erasures_at *at, struct error *e)
{
	_buf_ struct buf value = {0};

	if (!st->erasures.path)
		return 0;
	erasures_at_put(&value, at);
	return sq_do(&st->q, e,
		"INSERT INTO note(key, value) VALUES('" KNOWN "', ?1)"
		" ON CONFLICT(key) DO UPDATE SET value = ?1 WHERE value <> ?1",
		"b", buf_slice(&value));
}

/* Of what is no restored state, or what somebody has seen to, nothing is owed. */
int again_open(struct store *st, struct error *e)
{
	struct erasures_at known;
	bool noted;
	int r = read_known(st, &known, &noted, e);

	if (r < 0)
		return r;
	erasures_open(&st->erasures, st->spec.erasures, st->dir, st->author_key, &known);
	st->owes = st->spec.restored && st->erasures.path;
	if (!st->erasures.path || st->owes)
		return 0;
	r = again_note(st, &st->erasures.last, e);
	return r < 0 ? r : sq_do(&st->q, e, "DELETE FROM note WHERE key = '" OWED "'", "");
}

bool again_gone(struct store *st, struct slice source, struct slice id)
{
	unsigned char whom[16];

	if (!map_count(st->erasures.gone))
		return false;
	author_pseudonym(st, source, id, whom);
	return map_find(st->erasures.gone, (struct slice){(const char *)whom, sizeof(whom)});
}

const char *store_register_fault(const struct store *st)
{
	return st->erasures.path && st->erasures.fd < 0 ? st->erasures.why.text : NULL;
}

/* --- whose they are */

struct names {
	struct buf source, name;
};

static int find_account(
	struct store *st, const unsigned char whom[static 16], struct names *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s,
		"SELECT (SELECT name FROM source s WHERE s.id = item.source), handle FROM item"
		" WHERE author = ? AND length(handle) > 0 AND substr(handle, 1, 1) <> x'00' LIMIT 1",
		"b", (struct slice){(const char *)whom, 16});

	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	const struct slice handle = sq_col(s, 1);
	const char *end = memchr(handle.p, 0, handle.n);

	buf_add_slice(&ret->source, sq_col(s, 0));
	buf_add_slice(
		&ret->name, (struct slice){handle.p, end ? (size_t)(end - handle.p) : handle.n});
	sqlite3_reset(s);
	return 0;
}

static int find_comment(
	struct store *st, const unsigned char whom[static 16], struct names *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT body FROM item WHERE state & 1 = 0", "");

	while (r == 0 && (r = sq_step(s, e)) == 0) {
		unsigned char mark[16];
		struct comment c;

		if (comment_decode(sq_col(s, 0), &c) < 0 || !c.id.n || !c.id.p[0])
			continue;
		author_pseudonym(st, c.source, c.id, mark);
		if (memcmp(mark, whom, sizeof(mark)) != 0)
			continue;
		buf_add_slice(&ret->source, c.source);
		buf_add_slice(&ret->name, c.id);
		sqlite3_reset(s);
		return 0;
	}
	return r < 0 ? r : 0;
}

/* --- doing them */

static int in_one(struct store *st, const struct erasures_at *at, bool owed, struct error *e)
{
	int r = store_begin(st, e);

	if (r == 0)
		r = again_note(st, at, e);
	if (r == 0 && owed)
		r = note_set_int(st, OWED, 1, e);
	if (r == 0)
		r = store_commit(st, e);
	if (r < 0)
		store_rollback(st);
	return r;
}

/* To its end: nobody is served meanwhile. A reader may hold the log for a moment. */
static int to_the_end(struct store *st, struct error *e)
{
	int tries = READERS_TRIES, r;

	do {
		r = store_purge_step(st, e);
		if (r == -EBUSY && tries-- > 0) {
			poll(NULL, 0, READERS_MS);
			r = STORE_PURGE_MORE;
		}
	} while (r == STORE_PURGE_MORE);
	if (r < 0)
		purge_free(st);
	return r;
}

static int redo(struct store *st, const struct erasure *k, struct slice reason, uint32_t *n,
	struct error *e)
{
	const bool account = k->kind == ERASURE_ACCOUNT;
	struct names names = {0};
	int r = (account ? find_account : find_comment)(st, k->whom, &names, e);

	if (r == 0 && !account && !names.name.n) {
		r = in_one(st, &k->line, false, e); /* it is not here */
	} else if (r == 0) {
		const struct slice name = buf_slice(&names.name);
		const struct purge_request q = {.source = buf_slice(&names.source),
			.author = account ? name : (struct slice){0},
			.id = account ? (struct slice){0} : name,
			.who = SLICE("tocsin"),
			.reason = reason};

		r = purge_again(st, k, &q, e);
		if (r == 0)
			r = to_the_end(st, e);
		*n += r == 0;
	}
	buf_release(&names.source);
	buf_release(&names.name);
	return r;
}

static const char *why_not(const struct erasures *l, const struct erasures_at *known, bool noted)
{
	if (l->fd < 0)
		return l->why.text;
	if (l->lost)
		return "le registre des effacements manquait";
	if (!noted)
		return "la sauvegarde est d'une version de tocsin qui n'avait pas de registre des effacements";
	if (!erasures_has(l, known))
		return "le registre des effacements n'est pas celui de cette sauvegarde, ou elle est plus ancienne que lui";
	if (l->damaged && l->sound >= known->n)
		return "des lignes du registre des effacements sont illisibles";
	return "le registre des effacements est lui-même une copie";
}

int store_again(struct store *st, struct slice reason, struct store_again *ret, struct error *e)
{
	const struct erasures *l = &st->erasures;
	struct store_again done = {0};
	struct erasures_at known;
	int64_t owed = 0;
	bool noted;
	int r = read_known(st, &known, &noted, e);

	if (r == 0)
		r = note_get_int(st, OWED, 0, &owed, e);
	if (r < 0)
		return r;
	done.whole = !owed && noted && erasures_whole(l, &known);
	done.why = owed ? "une fois déjà, le registre des effacements ne suffisait pas"
			: why_not(l, &known, noted);
	if (!done.whole && noted && erasures_has(l, &known) && !l->lost && !l->damaged)
		done.since = l->copied_at;
	/* of another line of history: all, for what is done again twice does no harm */
	const int64_t from = noted && erasures_has(l, &known) ? known.n : 0;

	for (size_t i = 0; r == 0 && i < l->n; i++)
		if (l->list[i].line.n > from && l->list[i].kind != ERASURE_TEXT)
			r = redo(st, &l->list[i], reason, &done.erasures, e);
	if (r == 0 && l->path)
		r = in_one(st, &l->last, !done.whole, e);
	if (r < 0)
		return r;
	st->owes = false;
	*ret = done;
	return 0;
}
