/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basket.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

enum { RETRY_MS = 50 };

struct bag {
	struct bag *next;
	struct lot *lot;
	struct buf items;
	uint32_t count;
	uint64_t serial; /* order of opening */
	uint64_t number; /* of the PUT that carries it */
	int64_t since; /* monotonic ms */
	struct parcel **parcels;
	size_t n, cap;
};
struct basket {
	struct put *put;
	struct bus *bus;
	basket_done_fn *done;
	void *user;
	struct bag *waiting; /* full or due, not sent */
	struct bag *sent;
	struct bag *open[64]; /* being filled; more sources at once only mean a PUT earlier */
	size_t n_open, bytes;
	uint64_t serial;
	int timer;
	bool sending;
};

static void on_ack(void *user, const struct put_ack *ack);

/* In the order of their coming, also for one that was lost: a comment's edit must not overtake it. */
static void queue(struct basket *k, struct bag *bag)
{
	struct bag **at = &k->waiting;
	while (*at && (*at)->serial < bag->serial)
		at = &(*at)->next;
	bag->next = *at;
	*at = bag;
}

static void close_bag(struct basket *k, size_t i)
{
	struct bag *bag = k->open[i];
	bag->lot->open = NULL;
	k->open[i] = k->open[--k->n_open];
	queue(k, bag);
}

static struct bag *bag_for(struct basket *k, struct lot *lot)
{
	struct bag *bag = lot->open;
	if (bag && (bag->count == BATCH_MAX || bag->items.n >= BATCH_BYTES_MAX / 2)) {
		for (size_t i = 0; i < k->n_open; i++)
			if (k->open[i] == bag) {
				close_bag(k, i);
				break;
			}
		bag = NULL;
	}
	if (bag)
		return bag;
	if (k->n_open == sizeof(k->open) / sizeof(*k->open))
		close_bag(k, 0);
	bag = lot->open = xcalloc(1, sizeof(*bag));
	bag->lot = lot;
	bag->serial = ++k->serial;
	bag->since = clock_monotonic();
	k->open[k->n_open++] = bag;
	return bag;
}

void basket_add(struct basket *k, struct lot *lot, struct parcel *p, const struct comment *c)
{
	struct bag *bag = bag_for(k, lot);
	size_t before = bag->items.n;
	batch_add(&bag->items, c);
	bag->count++;
	lot->bytes += bag->items.n - before;
	k->bytes += bag->items.n - before;
	if (bag->n && bag->parcels[bag->n - 1] == p)
		return;
	bag->parcels = xgrow(bag->parcels, bag->n, &bag->cap, sizeof(*bag->parcels));
	bag->parcels[bag->n++] = p;
	p->parts++;
}

bool basket_pack(struct basket *k, struct parcel *p)
{
	(void)k;
	p->packed = true;
	return p->parts == 0;
}

/* The bag's way ends. The worst that befell one part is a request's fate. */
static void finish(struct basket *k, struct bag *bag, enum lot_fate fate, uint32_t retry_ms)
{
	bag->lot->bytes -= bag->items.n;
	k->bytes -= bag->items.n;
	for (size_t i = 0; i < bag->n; i++) {
		struct parcel *p = bag->parcels[i];
		if (fate > p->fate)
			p->fate = fate;
		if (retry_ms > p->retry_ms)
			p->retry_ms = retry_ms;
		if (--p->parts == 0 && p->packed)
			k->done(k->user, p);
	}
	buf_release(&bag->items);
	free(bag->parcels);
	free(bag);
}

static void on_timer(void *user)
{
	struct basket *k = user;
	k->timer = -1;
	basket_flush(k);
}

static void send_waiting(struct basket *k)
{
	const int64_t now = clock_monotonic();
	while (k->waiting) {
		struct bag *bag = k->waiting;
		int r = put_send(k->put, bag->lot->source, buf_slice(&bag->items), bag->count,
			(struct slice){0}, &bag->number);
		if (r == BUS_FULL && now - bag->since < BASKET_WAIT_MS) {
			if (k->timer < 0)
				k->timer = bus_timer(k->bus, RETRY_MS, 0, on_timer, k);
			return;
		}
		k->waiting = bag->next;
		if (r == 0) {
			bag->next = k->sent;
			k->sent = bag;
		} else {
			finish(k, bag, r == BUS_FULL ? LOT_ABSENT : LOT_REFUSED, 0);
		}
	}
}

void basket_flush(struct basket *k)
{
	while (k->n_open)
		close_bag(k, k->n_open - 1);
	if (k->sending)
		return; /* the turn below takes it along */
	k->sending = true;
	send_waiting(k);
	k->sending = false;
}

static struct bag *take_sent(struct basket *k, uint64_t number)
{
	for (struct bag **at = &k->sent; *at; at = &(*at)->next)
		if ((*at)->number == number) {
			struct bag *bag = *at;
			*at = bag->next;
			return bag;
		}
	return NULL;
}

static void on_ack(void *user, const struct put_ack *ack)
{
	struct basket *k = user;
	struct bag *bag = take_sent(k, ack->number);
	if (!bag)
		return;
	switch (ack->status) {
	case PUT_OK: finish(k, bag, LOT_TAKEN, 0); break;
	case PUT_BUSY: finish(k, bag, LOT_BUSY, ack->retry_ms); break;
	case PUT_FULL: finish(k, bag, LOT_FULL, ack->retry_ms); break;
	case PUT_REFUSED: finish(k, bag, LOT_REFUSED, 0); break;
	case PUT_LOST: /* the store is idempotent: the same again, as long as the sender has patience */
		if (clock_monotonic() - bag->since < BASKET_WAIT_MS)
			queue(k, bag);
		else
			finish(k, bag, LOT_ABSENT, 0);
		break;
	}
	basket_flush(k);
}

int basket_open(
	struct bus *b, basket_done_fn *done, void *user, struct basket **ret, struct error *e)
{
	struct basket *k = xcalloc(1, sizeof(*k));
	*k = (struct basket){.bus = b, .done = done, .user = user, .timer = -1};
	int r = put_open(b, "webhook", on_ack, k, &k->put, e);
	if (r < 0) {
		free(k);
		return r;
	}
	*ret = k;
	return 0;
}

struct basket *basket_close(struct basket *k)
{
	if (!k)
		return NULL;
	if (k->timer >= 0)
		bus_timer_cancel(k->bus, k->timer);
	while (k->n_open)
		close_bag(k, 0);
	while (k->sent) {
		struct bag *bag = k->sent;
		k->sent = bag->next;
		queue(k, bag);
	}
	put_close(k->put);
	while (k->waiting) {
		struct bag *bag = k->waiting;
		k->waiting = bag->next;
		finish(k, bag, LOT_ABSENT, 0);
	}
	free(k);
	return NULL;
}

size_t basket_bytes(const struct basket *k)
{
	return k->bytes;
}
