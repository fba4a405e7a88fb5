/* SPDX-License-Identifier: GPL-3.0-or-later
 * All that a source showed, by number, with a trace of its words: for sources that are read whole at each look. Pure. */
#ifndef CONNECT_KNOWN_H
#define CONNECT_KNOWN_H
#include <stdint.h>
#include <tocsin/base/buf.h>

#define KNOWN_MAX \
	6000u /* numbers; of more the smallest, which are the oldest, are not followed any more */

struct known_item {
	int64_t id;
	uint16_t words;
	uint8_t missed; /* whole rounds in a row without it */
	bool here; /* in this round */
};
struct known {
	struct known_item *list; /* by id */
	size_t n, cap;
	int64_t floor; /* what is below is passed by; 0: nothing is */
	bool over; /* more than fit */
};
/* Whether it is new or has other words; it is here in this round then. */
bool known_add(struct known *k, int64_t id, struct slice words);
/* The round was whole: calls each for what has been missing for two rounds, and forgets it. */
typedef void known_fn(void *user, int64_t id);
void known_round(struct known *k, known_fn *gone, void *user);
/* As text of `most` bytes, appended (what does not fit is not followed any more), and back. */
void known_print(struct known *k, size_t most, struct buf *out);
void known_parse(struct known *k, struct slice text);
void known_release(struct known *k);
#endif
