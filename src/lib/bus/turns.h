/* SPDX-License-Identifier: GPL-3.0-or-later
 * A server that works in turns: what comes gathers, and a turn ends when the socket is drained or enough has gathered,
 * so that a transaction holds many. Its peers are forgotten when they leave or fall silent. */
#ifndef BUS_TURNS_H
#define BUS_TURNS_H
#include "gather.h"
#include "peers.h"

struct turns_spec {
	struct socket_spec socket; /* ready and user are set here */
	uint32_t comments; /* so many, or … */
	size_t bytes; /* … so many gathered end a turn */
	bool (*handle)(void *user, struct message *m); /* true: gathered with gather_keep */
	void (*on_turn)(void *user); /* at least one has gathered */
	void *handler, *listener; /* user of handle, of on_turn */
};

struct turns {
	struct turns_spec spec;
	struct bus *bus;
	struct bus_socket *socket;
	struct peers peers;
	struct gather gather;
	uint64_t epoch; /* of this server: peers say HELLO again to another */
	int timer;
};

/* t stays where it is until turns_close. */
int turns_open(struct bus *b, const struct turns_spec *spec, struct turns *t, struct error *e);
void turns_close(struct turns *t);
/* Before an answer that must know of all that came before its question. */
void turns_end(struct turns *t);
/* Answers a BYE: what the peer sent is dealt with first. */
void turns_bye(struct turns *t, const struct peer_id *from);
#endif
