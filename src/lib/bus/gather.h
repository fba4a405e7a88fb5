/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages whose bytes stay until the turn in which they gathered is over. A message is received in
 * its slot and never moved: zmq keeps short ones inside the zmq_msg_t itself. */
#ifndef BUS_GATHER_H
#define BUS_GATHER_H
#include "socket.h"

struct gather {
	struct message **list; /* the first n are kept, the rest are free slots */
	size_t n, cap;
	size_t bytes;
	uint64_t comments;
};
void gather_release(struct gather *g);
/* The slot to receive the next message in. */
struct message *gather_slot(struct gather *g);
/* The message in the slot is kept: slices into its body stay good until gather_clear. */
void gather_keep(struct gather *g, uint64_t comments);
void gather_clear(struct gather *g);
#endif
