/* SPDX-License-Identifier: GPL-3.0-or-later
 * Batches on their way to ingest: a few at once, in order, kept until they are taken. */
#ifndef CONNECT_WINDOW_H
#define CONNECT_WINDOW_H
#include <tocsin/bus/put.h>
#include <tocsin/record/batch.h>

#define WINDOW_SLOTS 8u

enum slot_state { SLOT_OPEN, SLOT_READY, SLOT_SENT, SLOT_TAKEN };
struct slot {
	enum slot_state state;
	struct buf items, cursor;
	uint32_t count;
	uint64_t number;
};
struct window {
	struct bus *bus;
	struct put *put;
	struct slice source;
	struct slot slots[WINDOW_SLOTS]; /* a ring */
	uint32_t head, used;
	int64_t not_before; /* ingest asked for patience */
	uint64_t taken, refused,
		again; /* comments taken, comments refused for good, PUTs repeated */
	enum put_status last; /* answer */
	void (*on_space)(void *user); /* something was taken */
	void *user;
	int timer; /* 0: nothing waits to be sent again */
};

int window_open(struct window *w, struct bus *b, const char *name, struct slice source,
	struct error *e) _must_check_;
void window_close(struct window *w);
/* The slot being filled, or NULL while all are on their way. */
struct slot *window_slot(struct window *w);
static inline bool slot_full(const struct slot *s)
{
	return s->count >= BATCH_MAX || s->items.n >= BATCH_BYTES_MAX - (1u << 20);
}
/* The slot is complete (nothing happens when it is empty): it goes out with its cursor. */
void window_send(struct window *w, struct slice cursor);
static inline bool window_empty(const struct window *w)
{
	return w->used == 0;
}
#endif
