/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading the chain of evidence. Its links stand in two rows (evidence.c), which are merged here: a sorter would put the texts
 * into a file of its own. */

#include "../evidence.h"
#include <assert.h>
#include <tocsin/db/kept.h>

#include "rd.h"

static bool is_zero(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			return false;
	return true;
}

bool evidence_holds(const struct evidence_item *l, unsigned char chain[static DIGEST_SIZE])
{
	unsigned char link[DIGEST_SIZE], own[DIGEST_SIZE];
	bool ok;

	evidence_link(chain, l->mark, l->seq, l->accepted, link);
	ok = l->hash.n == sizeof(link) && !memcmp(l->hash.p, link, sizeof(link));
	/* one broken link must not break all that follow */
	if (l->hash.n == sizeof(link))
		memcpy(chain, l->hash.p, sizeof(link));
	if (l->wiped)
		return ok && !l->there;
	evidence_mark(l->salt, l->accepted, l->handle, l->body, own);
	return ok && l->mark.n == sizeof(own) && !memcmp(l->mark.p, own, sizeof(own));
}

/* The place in the order, the link, the row; the row's columns are NULL when it is gone. */
#define LINK "SELECT e.seq, salt, mark, hash, "
#define OF_ITEM " LEFT JOIN item i ON i.seq = e.seq "
enum { AT_SEQ, AT_SALT, AT_MARK, AT_HASH, AT_ORDER, AT_NUMBER, AT_ITEM };

/* The two rows of links, each in its order; there: its statement stands on a link. */
struct links {
	sqlite3_stmt *s;
	bool there;
};

static int next(struct links *l, struct error *e)
{
	int r = sq_step(l->s, e);

	l->there = r == 0;
	return r < 0 ? r : 0;
}

static struct evidence_item item_of(struct reader *r, sqlite3_stmt *s, struct stored_comment *c)
{
	struct evidence_item l = {.seq = sq_col_int(s, AT_SEQ),
		.salt = sq_col(s, AT_SALT),
		.mark = sq_col(s, AT_MARK),
		.hash = sq_col(s, AT_HASH),
		.accepted = sq_col_int(s, AT_ITEM + 2),
		.stored = c};

	reader_item(r, s, AT_ITEM, true, c);
	l.wiped = is_zero(l.salt);
	/* a row that is no row is not gone: something took it */
	l.there = !(sq_col_int(s, AT_ITEM + 4) & ITEM_GONE);
	if (!l.wiped) {
		l.handle = sq_col(s, AT_ITEM + 6);
		l.body = sq_col(s, AT_ITEM + 7);
	}
	return l;
}

static int begin(struct reader *r, const struct evidence_at *at, struct links *own,
	struct links *late, struct error *e)
{
	int code = sq_query(&r->q, e, &own->s,
		LINK "e.seq, e.seq, " ITEM_COLUMNS " FROM evidence e" OF_ITEM
		     "WHERE e.seq > ? AND NOT EXISTS"
		     " (SELECT 1 FROM evidence_late l WHERE l.seq = e.seq) ORDER BY e.seq",
		"i", at->own);

	if (code == 0)
		code = sq_query(&r->q, e, &late->s,
			LINK "after, number, " ITEM_COLUMNS
			     " FROM evidence_late l JOIN evidence e ON e.seq = l.seq" OF_ITEM
			     "WHERE number > ? ORDER BY number",
			"i", at->late);
	if (code == 0)
		code = next(own, e);
	return code ? code : next(late, e);
}

int reader_evidence_links(struct reader *r, struct evidence_at *at, uint32_t links,
	int (*fn)(void *user, const struct evidence_item *l), void *user, struct error *e)
{
	struct links own = {0}, late = {0};
	struct evidence_at now = *at;
	int code = begin(r, at, &own, &late, e);
	uint32_t n = 0;

	assert(!r->handing);
	while (code == 0 && n < links && (own.there || late.there)) {
		bool first = own.there &&
			(!late.there ||
				sq_col_int(own.s, AT_ORDER) <= sq_col_int(late.s, AT_ORDER));
		struct links *l = first ? &own : &late;
		struct stored_comment c;
		struct evidence_item item = item_of(r, l->s, &c);

		*(first ? &now.own : &now.late) = sq_col_int(l->s, AT_NUMBER);
		r->handing = true;
		code = fn(user, &item);
		r->handing = false;
		n++;
		if (code == 0)
			code = next(l, e);
	}
	if (code == 0 && n < links)
		code = READER_END;
	if (own.there)
		sqlite3_reset(own.s);
	if (late.there)
		sqlite3_reset(late.s);
	if (code >= 0)
		*at = now;
	return code;
}

struct proof {
	unsigned char chain[DIGEST_SIZE];
	struct evidence sum;
};

static int judge(void *user, const struct evidence_item *l)
{
	struct proof *p = user;
	struct evidence *v = &p->sum;
	bool ok = evidence_holds(l, p->chain);

	v->links++;
	v->proven += ok && !l->wiped;
	v->wiped += ok && l->wiped;
	v->broken += !ok;
	if (!ok && !v->first_broken)
		v->first_broken = l->seq;
	return 0;
}

int reader_evidence(struct reader *r, struct evidence *ret, struct error *e)
{
	struct evidence_at at = {0};
	struct proof p = {.chain = {0}};
	int code = reader_evidence_links(r, &at, UINT32_MAX, judge, &p, e);

	if (code < 0)
		return code;
	*ret = p.sum;
	return 0;
}
