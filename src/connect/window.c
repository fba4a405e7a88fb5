/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window.h"

#include <tocsin/base/clock.h>

#define RETRY_MS 20 /* ingest is not there, or the wire is full */

static struct slot *at(struct window *w, uint32_t i)
{
	return &w->slots[(w->head + i) % WINDOW_SLOTS];
}

/* In order: what was not taken goes before what comes after it. False when something waits still. */
static bool push_all(struct window *w)
{
	bool patience = clock_monotonic() < w->not_before;

	for (uint32_t i = 0; i < w->used; i++) {
		struct slot *s = at(w, i);

		if (s->state != SLOT_READY)
			continue;
		if (patience ||
			put_send(w->put, w->source, buf_slice(&s->items), s->count,
				buf_slice(&s->cursor), &s->number) != 0)
			return false;
		s->state = SLOT_SENT;
	}
	return true;
}

static void push(struct window *w);

static void tick(void *user)
{
	struct window *w = user;

	w->timer = 0;
	push(w);
}

static void push(struct window *w)
{
	if (!push_all(w) && !w->timer)
		w->timer = bus_timer(w->bus, RETRY_MS, 0, tick, w);
}

static void drop_taken(struct window *w)
{
	bool space = false;

	while (w->used && at(w, 0)->state == SLOT_TAKEN) {
		w->head = (w->head + 1) % WINDOW_SLOTS;
		w->used--;
		space = true;
	}
	if (space)
		w->on_space(w->user);
}

static void on_ack(void *user, const struct put_ack *ack)
{
	struct window *w = user;
	struct slot *s = NULL;

	for (uint32_t i = 0; i < w->used && !s; i++)
		if (at(w, i)->state == SLOT_SENT && at(w, i)->number == ack->number)
			s = at(w, i);
	if (!s)
		return;
	w->last = ack->status;
	if (ack->status == PUT_OK || ack->status == PUT_REFUSED) {
		*(ack->status == PUT_OK ? &w->taken : &w->refused) += s->count;
		s->state = SLOT_TAKEN;
		drop_taken(w);
		return;
	}
	w->again++;
	s->state = SLOT_READY;
	if (clock_monotonic() + ack->retry_ms > w->not_before)
		w->not_before = clock_monotonic() + ack->retry_ms;
	if (!w->timer)
		w->timer = bus_timer(w->bus, RETRY_MS, 0, tick, w);
}

int window_open(
	struct window *w, struct bus *b, const char *name, struct slice source, struct error *e)
{
	w->bus = b;
	w->source = source;
	return put_open(b, name, on_ack, w, &w->put, e);
}

void window_close(struct window *w)
{
	w->put = put_close(w->put);
	bus_timer_cancel(w->bus, w->timer);
	for (uint32_t i = 0; i < WINDOW_SLOTS; i++) {
		buf_release(&w->slots[i].items);
		buf_release(&w->slots[i].cursor);
	}
}

struct slot *window_slot(struct window *w)
{
	struct slot *s;

	if (w->used && at(w, w->used - 1)->state == SLOT_OPEN)
		return at(w, w->used - 1);
	if (w->used == WINDOW_SLOTS)
		return NULL;
	s = at(w, w->used++);
	s->state = SLOT_OPEN;
	s->count = 0;
	buf_clear(&s->items);
	buf_clear(&s->cursor);
	return s;
}

void window_send(struct window *w, struct slice cursor)
{
	struct slot *s = w->used ? at(w, w->used - 1) : NULL;

	if (!s || s->state != SLOT_OPEN)
		return;
	if (!s->count) {
		w->used--;
		return;
	}
	buf_add_slice(&s->cursor, cursor);
	s->state = SLOT_READY;
	push(w);
}
