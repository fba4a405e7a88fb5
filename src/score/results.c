/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results.h"

#include <errno.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/record/batch.h>
#include <tocsin/record/verdict.h>

/* A buffer that one huge delivery blew up is given back rather than kept for the next. */
#define SPARE_BYTES_MAX (1u << 20)

struct kept *results_add(struct results *r, const struct delivery *d)
{
	struct kept *k = r->spare;

	if (k)
		r->spare = k->next;
	else
		k = xcalloc(1, sizeof(*k));
	k->next = NULL;
	k->tag = d->tag;
	k->batch = d->batch;
	k->first = d->first;
	k->count = d->count;
	k->accepted_at = d->accepted_at;
	memcpy(k->bundle, d->bundle, sizeof(k->bundle));
	k->sent_at = 0;
	buf_clear(&k->items);
	buf_clear(&k->verdicts);
	buf_add_slice(&k->items, d->items);
	if (r->last)
		r->last->next = k;
	else
		r->first = k;
	r->last = k;
	r->n++;
	return k;
}

/* Too long for one message, which only absurd matches could make it: the comments go, for a human. */
static void strip(struct kept *k)
{
	const struct verdict v = {
		.level = VERDICT_QUEUE, .lanes = LANE_MODERATION, .unscored = UNSCORED_LIMIT};
	_buf_ struct buf one = {0};

	verdict_encode(&one, &v);
	buf_clear(&k->verdicts);
	for (uint32_t i = 0; i < k->count; i++)
		batch_add_item(&k->verdicts, buf_slice(&one));
}

static int send_one(struct kept *k, struct commit_client *store)
{
	struct result result = {.batch = k->batch,
		.first = k->first,
		.count = k->count,
		.accepted_at = k->accepted_at,
		.items = buf_slice(&k->items),
		.verdicts = buf_slice(&k->verdicts)};
	int r;

	memcpy(result.bundle, k->bundle, sizeof(result.bundle));
	r = commit_send(store, &result);
	if (r == -EMSGSIZE) {
		strip(k);
		result.verdicts = buf_slice(&k->verdicts);
		r = commit_send(store, &result);
	}
	return r;
}

void results_send(struct results *r, struct commit_client *store, int64_t now, int64_t again_ms)
{
	for (struct kept *k = r->first; k; k = k->next) {
		if (k->sent_at && now - k->sent_at < again_ms)
			continue;
		if (send_one(k, store) != 0)
			return; /* full, or store is away: the timer comes back to it */
		k->sent_at = now;
	}
}

void results_unsend(struct results *r)
{
	for (struct kept *k = r->first; k; k = k->next)
		k->sent_at = 0;
}

static void set_aside(struct results *r, struct kept *k)
{
	if (k->items.cap > SPARE_BYTES_MAX)
		buf_release(&k->items);
	if (k->verdicts.cap > SPARE_BYTES_MAX)
		buf_release(&k->verdicts);
	k->next = r->spare;
	r->spare = k;
	r->n--;
}

uint32_t results_committed(struct results *r, struct seam *work, const struct committed *c)
{
	struct kept **at = &r->first, *before = NULL, *k;
	uint32_t comments = 0;

	while ((k = *at)) {
		if (k->batch != c->batch || k->first < c->first ||
			(uint64_t)k->first + k->count > (uint64_t)c->first + c->count) {
			before = k;
			at = &k->next;
			continue;
		}
		*at = k->next;
		if (r->last == k)
			r->last = before;
		comments += k->count;
		(void)work->ops->ack(work, k->tag);
		set_aside(r, k);
	}
	return comments;
}

static void free_list(struct kept *k)
{
	while (k) {
		struct kept *next = k->next;

		buf_release(&k->items);
		buf_release(&k->verdicts);
		free(k);
		k = next;
	}
}

void results_release(struct results *r)
{
	free_list(r->first);
	free_list(r->spare);
	*r = (struct results){0};
}
