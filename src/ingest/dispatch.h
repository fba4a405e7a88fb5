/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who gets what next, and what to do after a loss: the policy above the seam, pure. It knows batches by
 * number and count only, and keeps just those that were given out and are not yet committed whole.
 *
 * A piece is a range of a batch. It waits, is in flight, is done (a worker said so, the store's COMMITTED
 * is still awaited) or is bypassed (goes to store unscored). A loss that its comments may have caused raises
 * its attempt: it is cut in four, and each part is delivered alone, so that neighbours don't share the guilt.
 * A single comment lost DISPATCH_ATTEMPTS times is bypassed. A refusal, a shutdown, or the death of a worker
 * that had scored it already, raises nothing. */
#ifndef INGEST_DISPATCH_H
#define INGEST_DISPATCH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISPATCH_PARTS 4u
#define DISPATCH_ATTEMPTS 6u
#define DISPATCH_DOUBT_MS 2000 /* a done piece that is not committed so long is delivered again */

struct piece {
	uint64_t batch;
	uint32_t first, count;
	uint32_t attempt; /* from 1 */
};
struct dispatch;
struct dispatch_counts {
	uint64_t redelivered, split, bypassed; /* since the start */
	size_t batches, waiting, in_flight; /* now */
};

struct dispatch *dispatch_new(void);
struct dispatch *dispatch_free(struct dispatch *d);
/* A batch read from the journal; ids grow from call to call. Its piece waits behind the others. */
void dispatch_add(struct dispatch *d, uint64_t batch, uint32_t count);

/* What a restart must remember: the pieces that were lost at least once, the oldest batch first, in order. One that is
 * given up has an attempt above DISPATCH_ATTEMPTS. Writes at most max of them and returns how many there are. */
size_t dispatch_suspects(const struct dispatch *d, struct piece *list, size_t max);
/* As dispatch_add, with what was remembered of it: these pieces wait with their attempts, the rest is as new. False, and
 * nothing added, when they are no pieces of such a batch in order. */
bool dispatch_add_again(
	struct dispatch *d, uint64_t batch, uint32_t count, const struct piece *list, size_t n);

/* The next piece to deliver at `now` (ms): suspects (alone) or the others; the oldest first. Parts of it that
 * were committed meanwhile are left out. False when there is none. */
bool dispatch_next(struct dispatch *d, bool alone, int64_t now, struct piece *ret);
/* It was taken by a worker. */
void dispatch_taken(struct dispatch *d, const struct piece *p);
/* How a delivery ended; unknown ones (committed meanwhile) are ignored. */
enum dispatch_end { DISPATCH_DONE, DISPATCH_LOST, DISPATCH_RETURNED };
void dispatch_ended(struct dispatch *d, const struct piece *p, enum dispatch_end end,
	int64_t delay_ms, int64_t now);
/* Done pieces whose COMMITTED does not come wait again. */
void dispatch_tick(struct dispatch *d, int64_t now);

/* A comment to send unscored now; it is named again every DISPATCH_DOUBT_MS until it is committed. */
bool dispatch_bypass(struct dispatch *d, int64_t now, struct piece *ret);

/* True when the batch is now committed whole: it is forgotten here and may be released. */
bool dispatch_committed(struct dispatch *d, uint64_t batch, uint32_t first, uint32_t count);
struct dispatch_counts dispatch_counts(const struct dispatch *d);
#endif
