/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dispatch.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

enum state { WAITING, FLYING, DONE, BYPASS };

struct entry {
	struct piece piece;
	enum state state;
	int64_t at; /* WAITING: not before; DONE, BYPASS: again after */
};
struct batch {
	uint64_t id;
	uint32_t count, committed;
	unsigned char *bits; /* one a comment: committed */
};
/* A few hundred of each at most, bounded by the workers' credit: plain arrays, oldest first. */
struct dispatch {
	struct batch *batches;
	struct entry *entries;
	size_t n_batches, cap_batches, n_entries, cap_entries;
	uint64_t redelivered, split, bypassed;
};

struct dispatch *dispatch_new(void)
{
	return xcalloc(1, sizeof(struct dispatch));
}

struct dispatch *dispatch_free(struct dispatch *d)
{
	if (!d)
		return NULL;
	for (size_t i = 0; i < d->n_batches; i++)
		free(d->batches[i].bits);
	free(d->batches);
	free(d->entries);
	free(d);
	return NULL;
}

static struct batch *batch_of(struct dispatch *d, uint64_t id)
{
	for (size_t i = 0; i < d->n_batches; i++)
		if (d->batches[i].id == id)
			return &d->batches[i];
	return NULL;
}

static bool is_committed(const struct batch *b, uint32_t i)
{
	return b->bits[i / 8] & 1u << i % 8;
}

static void insert(struct dispatch *d, size_t at, const struct piece *p, enum state s, int64_t time)
{
	d->entries = xgrow(d->entries, d->n_entries, &d->cap_entries, sizeof(*d->entries));
	memmove(&d->entries[at + 1], &d->entries[at], (d->n_entries - at) * sizeof(*d->entries));
	d->entries[at] = (struct entry){*p, s, time};
	d->n_entries++;
}

static void drop(struct dispatch *d, size_t at)
{
	d->n_entries--;
	memmove(&d->entries[at], &d->entries[at + 1], (d->n_entries - at) * sizeof(*d->entries));
}

static void add_batch(struct dispatch *d, uint64_t batch, uint32_t count)
{
	d->batches = xgrow(d->batches, d->n_batches, &d->cap_batches, sizeof(*d->batches));
	d->batches[d->n_batches++] = (struct batch){batch, count, 0, xcalloc(1, count / 8 + 1)};
}

void dispatch_add(struct dispatch *d, uint64_t batch, uint32_t count)
{
	const struct piece p = {batch, 0, count, 1};

	add_batch(d, batch, count);
	insert(d, d->n_entries, &p, WAITING, 0);
}

size_t dispatch_suspects(const struct dispatch *d, struct piece *list, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_entries; i++) {
		const struct entry *e = &d->entries[i];

		if (e->piece.attempt == 1)
			continue;
		if (n < max) {
			list[n] = e->piece;
			list[n].attempt += e->state == BYPASS;
		}
		n++;
	}
	return n;
}

bool dispatch_add_again(
	struct dispatch *d, uint64_t batch, uint32_t count, const struct piece *list, size_t n)
{
	struct piece rest = {batch, 0, 0, 1};
	uint32_t end = 0;

	for (size_t i = 0; i < n; i++) {
		const struct piece *p = &list[i];

		if (p->batch != batch || p->first < end || !p->count || p->first > count ||
			p->count > count - p->first ||
			(p->attempt > DISPATCH_ATTEMPTS && p->count > 1))
			return false;
		end = p->first + p->count;
	}
	add_batch(d, batch, count);
	end = 0;
	for (size_t i = 0; i <= n; i++) {
		rest.first = end;
		rest.count = (i < n ? list[i].first : count) - end;
		if (rest.count)
			insert(d, d->n_entries, &rest, WAITING, 0);
		if (i == n)
			break;
		insert(d, d->n_entries, &list[i],
			list[i].attempt > DISPATCH_ATTEMPTS ? BYPASS : WAITING, 0);
		end = list[i].first + list[i].count;
	}
	return true;
}

/* Leaves of entry i only what is not committed; an entry may become several, or vanish (false). */
static bool trim(struct dispatch *d, size_t i)
{
	const struct batch *b = batch_of(d, d->entries[i].piece.batch);
	struct piece p = d->entries[i].piece;
	uint32_t from = p.first, to, end = p.first + p.count;

	while (b && from < end && is_committed(b, from))
		from++;
	if (!b || from == end) {
		drop(d, i);
		return false;
	}
	for (to = from; to < end && !is_committed(b, to); to++)
		;
	d->entries[i].piece.first = from;
	d->entries[i].piece.count = to - from;
	if (to < end) {
		p.first = to;
		p.count = end - to;
		insert(d, i + 1, &p, WAITING, d->entries[i].at);
	}
	return true;
}

bool dispatch_next(struct dispatch *d, bool alone, int64_t now, struct piece *ret)
{
	for (size_t i = 0; i < d->n_entries;) {
		const struct entry *e = &d->entries[i];

		if (e->state != WAITING || e->at > now || (e->piece.attempt > 1) != alone) {
			i++;
			continue;
		}
		if (!trim(d, i))
			continue;
		*ret = d->entries[i].piece;
		return true;
	}
	return false;
}

static size_t find(const struct dispatch *d, const struct piece *p, enum state s)
{
	for (size_t i = 0; i < d->n_entries; i++) {
		const struct piece *q = &d->entries[i].piece;

		if (d->entries[i].state == s && q->batch == p->batch && q->first == p->first &&
			q->count == p->count && q->attempt == p->attempt)
			return i;
	}
	return SIZE_MAX;
}

void dispatch_taken(struct dispatch *d, const struct piece *p)
{
	size_t i = find(d, p, WAITING);

	if (i != SIZE_MAX)
		d->entries[i].state = FLYING;
}

/* A loss that its comments may have caused. */
static void blame(struct dispatch *d, size_t i, int64_t now)
{
	struct piece p = d->entries[i].piece;
	uint32_t end = p.first + p.count, parts = DISPATCH_PARTS;

	if (p.count == 1 && p.attempt >= DISPATCH_ATTEMPTS) {
		d->entries[i].state = BYPASS;
		d->entries[i].at = now;
		d->bypassed++;
		return;
	}
	drop(d, i);
	d->redelivered++;
	if (p.count > 1)
		d->split++;
	if (parts > p.count)
		parts = p.count;
	for (p.attempt++; parts; parts--) {
		p.count = (end - p.first + parts - 1) / parts;
		insert(d, i++, &p, WAITING, now);
		p.first += p.count;
	}
}

void dispatch_ended(struct dispatch *d, const struct piece *p, enum dispatch_end end,
	int64_t delay_ms, int64_t now)
{
	size_t i = find(d, p, FLYING);

	if (i == SIZE_MAX)
		return;
	if (end == DISPATCH_LOST) {
		blame(d, i, now);
	} else if (end == DISPATCH_DONE) {
		d->entries[i].state = DONE;
		d->entries[i].at = now + DISPATCH_DOUBT_MS;
	} else {
		d->entries[i].state = WAITING;
		d->entries[i].at = now + delay_ms;
		d->redelivered++;
	}
}

void dispatch_tick(struct dispatch *d, int64_t now)
{
	for (size_t i = 0; i < d->n_entries; i++)
		if (d->entries[i].state == DONE && d->entries[i].at <= now) {
			d->entries[i].state = WAITING;
			d->redelivered++;
		}
}

bool dispatch_bypass(struct dispatch *d, int64_t now, struct piece *ret)
{
	for (size_t i = 0; i < d->n_entries; i++)
		if (d->entries[i].state == BYPASS && d->entries[i].at <= now) {
			d->entries[i].at = now + DISPATCH_DOUBT_MS;
			*ret = d->entries[i].piece;
			return true;
		}
	return false;
}

bool dispatch_committed(struct dispatch *d, uint64_t batch, uint32_t first, uint32_t count)
{
	struct batch *b = batch_of(d, batch);
	size_t n = 0;

	if (!b || first > b->count || count > b->count - first)
		return false;
	for (uint32_t i = first; i < first + count; i++)
		if (!is_committed(b, i)) {
			b->bits[i / 8] |= (unsigned char)(1u << i % 8);
			b->committed++;
		}
	if (b->committed == b->count) {
		free(b->bits);
		d->n_batches--;
		memmove(b, b + 1, (size_t)(&d->batches[d->n_batches] - b) * sizeof(*d->batches));
		b = NULL;
	}
	for (size_t i = 0; i < d->n_entries; i++) {
		const struct entry *e = &d->entries[i];
		bool over = e->piece.batch == batch &&
			(!b ||
				(e->piece.first >= first &&
					e->piece.first + e->piece.count <= first + count));

		if (!over)
			d->entries[n++] = *e;
	}
	d->n_entries = n;
	return !b;
}

struct dispatch_counts dispatch_counts(const struct dispatch *d)
{
	struct dispatch_counts c = {.redelivered = d->redelivered,
		.split = d->split,
		.bypassed = d->bypassed,
		.batches = d->n_batches};

	for (size_t i = 0; i < d->n_entries; i++) {
		c.waiting += d->entries[i].state == WAITING;
		c.in_flight += d->entries[i].state == FLYING;
	}
	return c;
}
