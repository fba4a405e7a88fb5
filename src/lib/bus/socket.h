/* SPDX-License-Identifier: GPL-3.0-or-later
 * One ZeroMQ socket of a channel: opened with every limit set, watched by the loop, speaking
 * [version u8][type u8][body]. A server is a ROUTER that names its peers by the id that zmq made up
 * for their connection: a peer that reconnects is a new peer. A client is a DEALER that queues
 * nothing while it is not connected (ZMQ_IMMEDIATE): every protocol here says its things again. */
#ifndef BUS_SOCKET_H
#define BUS_SOCKET_H
#include <zmq.h>

#include <tocsin/bus/bus.h>
#include <tocsin/record/wire.h>

/* Types of messages; the first ones are the same on every channel. */
enum message_type {
	MESSAGE_HELLO = 1, /* client: who I am; said again until, and after, it is answered */
	MESSAGE_WELCOME, /* server: epoch u64, then the channel's own */
	MESSAGE_BYE, /* client: nothing more comes from me */
	MESSAGE_BYE_OK, /* server: all that you sent was read */
	MESSAGE_ASK, /* client: number u64, then the channel's own */
	MESSAGE_REPLY, /* server: number u64, then the channel's own */
	MESSAGE_CHANNEL /* the channel's own types count from here */
};

#define BUS_TICK_MS 250 /* hello and alive */
#define BUS_RETRY_MS 25 /* … while there is no connection */
#define BUS_SILENT_MS 60000 /* a peer that said nothing for so long is forgotten */
#define BUS_GOODBYE_MS 500 /* a closing client waits so long for BYE_OK */
#define BUS_LINGER_MS 1000
#define BUS_ROUND 1000 /* messages read in one turn before others have theirs */

struct peer_id {
	unsigned char id[8];
	uint8_t n;
};
static inline bool peer_same(const struct peer_id *a, const struct peer_id *b)
{
	return a->n == b->n && memcmp(a->id, b->id, a->n) == 0;
}

struct bus_socket {
	struct bus *bus;
	void *zmq;
	int type;
	bus_ready_fn *ready;
	void *user;
	int lock_fd;
	struct buf out; /* the message being made */
};

struct socket_spec {
	int type; /* ZMQ_ROUTER, ZMQ_DEALER, ZMQ_PUB, ZMQ_SUB: the first and third bind */
	const char *channel;
	int send_limit, receive_limit; /* messages a peer; 0: 1000 */
	bool queue_unconnected; /* keep messages while there is no connection */
	bus_ready_fn *ready; /* NULL: the loop does not look at it */
	void *user;
};
int socket_open(struct bus *b, const struct socket_spec *spec, struct bus_socket **ret,
	struct error *e) _must_check_;
struct bus_socket *socket_close(struct bus_socket *s);

/* A message: start, append to the buffer, send. to is NULL for clients and PUB.
 * 0, BUS_FULL (limit reached, or a client that is not connected), -EHOSTUNREACH (peer is gone),
 * -EMSGSIZE (over BUS_MESSAGE_MAX). */
struct buf *socket_message(struct bus_socket *s, enum message_type type);
int socket_send(struct bus_socket *s, const struct peer_id *to) _must_check_;
/* The same for an empty body when nobody cares whether it arrives. */
void socket_say(struct bus_socket *s, const struct peer_id *to, enum message_type type);

struct message {
	zmq_msg_t raw; /* the receiver closes (or moves) it */
	struct peer_id from;
	unsigned type;
	struct wire body;
};
/* 0 or BUS_EMPTY. What is not understood is dropped and counted (bus_rejected). */
int socket_receive(struct bus_socket *s, struct message *m) _must_check_;
/* A message whose body turned out malformed. */
void socket_reject(struct bus_socket *s);

/* Client: says BYE and reads on until BYE_OK, at most BUS_GOODBYE_MS; not at all when unconnected. */
void socket_goodbye(struct bus_socket *s);

/* Asks over a socket of its own and waits; the question is said again after a reconnection.
 * The reply's body after the number is appended. 0, BUS_TIMEOUT or -errno. */
int socket_ask(struct bus *b, struct bus_socket **asker, const char *channel, struct slice body,
	int64_t timeout_ms, struct buf *reply, struct error *e) _must_check_;

/* The loop's side (bus.c). */
void *bus_context(struct bus *b);
const char *bus_folder(struct bus *b); /* the sockets' own 0700 folder */
void bus_add_socket(struct bus *b, struct bus_socket *s);
void bus_remove_socket(struct bus *b, struct bus_socket *s);
void bus_count_rejected(struct bus *b);
struct bus_socket **bus_deaths(struct bus *b); /* seam_report_death's socket */
uint64_t bus_random(void); /* never 0 */
#endif
