/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comments on their way to ingest. What many requests bring in one turn travels in few PUTs (one source each);
 * a request is done when every PUT that carries a part of it has been answered.
 *
 * Flow control: PUTs that cannot be sent yet wait here, for WAIT_MS at most, then their requests fail. The caller
 * bounds what it puts in by basket_bytes and the `bytes` of a source. */
#ifndef WEBHOOK_BASKET_H
#define WEBHOOK_BASKET_H
#include <tocsin/bus/put.h>
#include <tocsin/record/batch.h>

#define BASKET_WAIT_MS 8000

struct bag;
struct lot { /* one source's share; embedded by the caller, zeroed */
	struct slice source;
	struct bag *open; /* still being filled */
	size_t bytes; /* on their way */
};
enum lot_fate {
	LOT_TAKEN,
	LOT_BUSY,
	LOT_FULL,
	LOT_REFUSED,
	LOT_ABSENT /* ingest doesn't answer */
};
struct parcel { /* one request's comments; embedded by the caller, zeroed */
	uint32_t parts; /* PUTs that are not answered */
	bool packed; /* all its comments are in */
	enum lot_fate fate;
	uint32_t retry_ms;
};
/* Every part of p is answered, and it is packed: fate says how. p may be freed. */
typedef void basket_done_fn(void *user, struct parcel *p);

struct basket;
int basket_open(struct bus *b, basket_done_fn *done, void *user, struct basket **ret,
	struct error *e) _must_check_;
struct basket *basket_close(struct basket *k);
void basket_add(struct basket *k, struct lot *lot, struct parcel *p, const struct comment *c);
/* p has all its comments. True: nothing to wait for (it had none), done is not called. */
bool basket_pack(struct basket *k, struct parcel *p);
/* Sends what has gathered. */
void basket_flush(struct basket *k);
size_t basket_bytes(const struct basket *k);
#endif
