/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far a polled source was read: what its server said of its last answer, and the latest items with a digest of their
 * words, so that only what is new or has changed is sent. */
#ifndef CONNECT_SEEN_H
#define CONNECT_SEEN_H
#include <stdint.h>
#include <tocsin/json/json.h>
#include <tocsin/net/fetch.h>

#define SEEN_MAX 2048u /* items remembered: the oldest are forgotten first */
#define SEEN_MARK (48u << 10)
#define SEEN_BYTES (256u << 10) /* of a printed cursor at most */

struct seen_item {
	unsigned char id[8], words[8]; /* the first bytes of SHA-256 */
	bool before; /* it was there when the cursor was read */
};
struct seen {
	char url[17]; /* of the address: with another one etag and modified mean nothing */
	char etag[FETCH_NAME], modified[FETCH_NAME];
	struct buf mark; /* the kind's own words */
	bool begun; /* a look has come to its end before */
	struct seen_item items[SEEN_MAX]; /* a ring */
	uint32_t next, n;
	uint32_t failed; /* looks in a row that failed behind their first page */
	uint32_t pages,
		again; /* pages to read once more, for what moved while they were read; how often that was done */
};
/* One JSON object, without a newline. */
void seen_print(struct buf *out, const struct seen *s);
/* … of a look that failed: without what it has added, nor what the server said of its answer. */
void seen_print_before(struct buf *out, const struct seen *s);
/* False for what is no cursor of ours: everything is new then. ret is overwritten. */
bool seen_parse(struct slice text, struct seen *ret);
void seen_release(struct seen *s);
/* Validators hold for one address. */
void seen_address(struct seen *s, struct slice url);
/* Whether it was there, in whatever words, when the cursor was read. */
bool seen_before(const struct seen *s, struct slice id);
/* Whether this item was seen with other words or never; remembers it. */
bool seen_add(struct seen *s, struct slice id, struct slice words);
#endif
