/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/db/rumours.h>
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/record/mask.h>

enum { ENOUGH = 1, TEXT_BYTES = 400 };

struct reading {
	struct rumours *u;
	size_t open; /* without an outcome */
};

/* Which comments they are; false: this alarm can have none. event: its clock is that of what is heard. */
static bool query_of(const struct incident *i, bool event, struct recent_query *ret)
{
	const bool all = i->kind == INCIDENT_WHOLE;
	*ret = (struct recent_query){.category = SLICE(RUMOUR_CATEGORY),
		.topic = all ? (struct slice){0} : i->topic,
		.from = i->facts.since,
		.to = i->state == INCIDENT_CLOSED ? i->closed_at : 0,
		.event = event};
	return (all || i->kind == INCIDENT_TOPIC) && i->facts.since;
}

static struct alarm_rumour *find(const struct rumours *u, int64_t row)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->list[i].row == row)
			return &u->list[i];
	return NULL;
}

static struct alarm_rumour *add(struct rumours *u, int64_t row)
{
	u->list = xgrow(u->list, u->n, &u->cap, sizeof(*u->list));
	u->list[u->n] = (struct alarm_rumour){.row = row};
	return &u->list[u->n++];
}

/* With their outcome, before anything is known of what they say. */
static int take_found(void *user, const struct rumour *found)
{
	struct rumours *u = user;
	struct alarm_rumour *o = add(u, found->row);
	o->outcome = found->outcome;
	o->at = found->at;
	o->who = arena_copy(&u->arena, found->who);
	return 0;
}

static void keep_text(struct rumours *u, struct alarm_rumour *o, struct slice said)
{
	_buf_ struct buf text = {0};
	mask_text(&text, said, TEXT_BYTES);
	o->text = arena_copy(&u->arena, buf_slice(&text));
}

/* Of those without an outcome, the newest. */
static int take(void *user, const struct stored_comment *c)
{
	struct reading *r = user;
	if (c->gone || !c->comment.text.n || find(r->u, c->row))
		return 0;
	keep_text(r->u, add(r->u, c->row), c->comment.text);
	return ++r->open == RUMOURS_SHOWN ? ENOUGH : 0;
}

/* --- those with an outcome, however many came since */

struct seeking {
	const struct recent_query *q;
	struct buf text; /* empty: it is none of these, or gone */
};

static int seek(void *user, const struct stored_comment *c)
{
	struct seeking *s = user;
	if (!c->gone && recent_has(s->q, c))
		buf_add_slice(&s->text, c->comment.text);
	return 0;
}

static int read_one(struct reader *r, const struct recent_query *q, int64_t row, struct buf *ret,
	struct error *e)
{
	struct seeking s = {.q = q, .text = *ret};
	int64_t seq;
	int code = reader_current(r, row, &seq, e);
	if (code == 0)
		code = reader_comment(r, seq, seek, &s, e);
	*ret = s.text;
	return code < 0 && code != -ENOENT ? code : 0;
}

static int read_found(
	struct reader *r, const struct recent_query *q, struct rumours *u, struct error *e)
{
	int code = 0;
	for (size_t i = 0; i < u->n && code == 0; i++) {
		_buf_ struct buf text = {0};
		code = read_one(r, q, u->list[i].row, &text, e);
		if (text.n)
			keep_text(u, &u->list[i], buf_slice(&text));
	}
	return code;
}

static void drop_gone(struct rumours *u)
{
	size_t kept = 0;
	for (size_t i = 0; i < u->n; i++)
		if (u->list[i].text.n)
			u->list[kept++] = u->list[i];
	u->n = kept;
}

int rumours_read(struct reader *r, const struct incident *i, bool event, struct rumours *ret,
	struct error *e)
{
	struct recent_query q;
	struct reading reading = {.u = ret};
	*ret = (struct rumours){0};
	arena_init(&ret->arena, 0);
	if (!query_of(i, event, &q))
		return 0;
	int code = reader_rumours(r, i->id, take_found, ret, e);
	q.limit = (uint32_t)ret->n + RUMOURS_SHOWN;
	if (code >= 0)
		code = read_found(r, &q, ret, e);
	if (code >= 0)
		code = reader_recent_find(r, &q, take, &reading, e);
	drop_gone(ret);
	return code < 0 ? code : 0;
}

int rumours_has(
	struct reader *r, const struct incident *i, bool event, int64_t row, struct error *e)
{
	struct recent_query q;
	_buf_ struct buf text = {0};
	int code = query_of(i, event, &q) ? read_one(r, &q, row, &text, e) : 0;
	return code || text.n ? code : READER_END;
}

void rumours_release(struct rumours *u)
{
	free(u->list);
	arena_release(&u->arena);
}
