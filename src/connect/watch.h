/* SPDX-License-Identifier: GPL-3.0-or-later
 * Items whose edits and deletions a source does not tell by itself: they are asked for again, those that were looked at longest ago
 * first; of too many the oldest are forgotten. Pure. */
#ifndef CONNECT_WATCH_H
#define CONNECT_WATCH_H
#include <tocsin/base/buf.h>
#include <tocsin/json/json.h>

#define WATCH_MAX 400u
#define WATCH_ID 64u /* bytes of an id, with its NUL; a longer one is not watched */

struct watched {
	char id[WATCH_ID], root[WATCH_ID]; /* root: of its thread */
	char by[WATCH_ID]; /* its author's account, "" when unknown */
};
struct watch {
	struct watched list[WATCH_MAX];
	size_t n;
};
const struct watched *watch_find(const struct watch *w, struct slice id);
void watch_add(struct watch *w, struct slice id, struct slice root);
/* Whose it is: remembered when it is watched. */
void watch_author(struct watch *w, struct slice id, struct slice by);
void watch_remove(struct watch *w, struct slice id);
/* The first n go to the end. */
void watch_turn(struct watch *w, size_t n);
/* As a list of texts "ID ROOT BY" (BY only when it is known), of at most `most` bytes of out in all; and back. */
void watch_print(const struct watch *w, struct json_writer *out, size_t most);
void watch_read(struct watch *w, struct json_value list);
#endif
