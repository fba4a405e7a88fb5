/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/db/rumours.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/record/mask.h>

enum { ENOUGH = 1, TEXT_BYTES = 400 };

struct reading {
	struct rumours *u;
	size_t open, known; /* without an outcome; with one, and not met yet */
};

bool rumours_query(const struct incident *i, bool event, struct recent_query *ret)
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

/* Those with an outcome all, of the others the newest. */
static int take(void *user, const struct stored_comment *c)
{
	struct reading *r = user;
	_buf_ struct buf text = {0};
	struct alarm_rumour *o = find(r->u, c->row);
	if (!c->gone && c->comment.text.n && (o || r->open < RUMOURS_SHOWN)) {
		mask_text(&text, c->comment.text, TEXT_BYTES);
		r->open += !o;
		r->known -= o != NULL;
		o = o ? o : add(r->u, c->row);
		o->text = arena_copy(&r->u->arena, buf_slice(&text));
	}
	return r->open == RUMOURS_SHOWN && !r->known ? ENOUGH : 0;
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
	if (!rumours_query(i, event, &q))
		return 0;
	int code = reader_rumours(r, i->id, take_found, ret, e);
	reading.known = ret->n;
	if (code >= 0)
		code = reader_recent_find(r, &q, take, &reading, e);
	drop_gone(ret);
	return code < 0 ? code : 0;
}

void rumours_release(struct rumours *u)
{
	free(u->list);
	arena_release(&u->arena);
}
