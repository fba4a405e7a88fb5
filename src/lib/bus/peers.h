/* SPDX-License-Identifier: GPL-3.0-or-later
 * A server's table of connected peers. A peer is forgotten on BYE or after BUS_SILENT_MS of silence. */
#ifndef BUS_PEERS_H
#define BUS_PEERS_H
#include "socket.h"

struct peer {
	struct peer_id id;
	int64_t heard; /* monotonic ms */
	uint64_t asked; /* number of the last question: said twice, it is answered once */
	uint64_t failed; /* put: the last PUT not taken … */
	uint8_t failure; /* … and why */
	uint64_t last; /* put: the last PUT that came; 0: none yet */
	uint64_t missing; /* put: up to this one, not all came on this connection */
	bool known; /* said HELLO, and was welcomed */
	bool all_ranges; /* commit: gets every COMMITTED */
};
struct peers {
	struct peer *list;
	size_t n, cap;
};

void peers_release(struct peers *p);
/* Finds or makes; notes that it was heard. Holds until the next peers_ call. */
struct peer *peers_at(struct peers *p, const struct peer_id *id);
void peers_remove(struct peers *p, const struct peer_id *id);
void peers_sweep(struct peers *p);
/* True for a question that this connection has not asked before. */
bool peers_ask(struct peers *p, const struct peer_id *id, uint64_t number);
#endif
