/* SPDX-License-Identifier: GPL-3.0-or-later
 * A server, its connections, and the one request of each.
 *
 * A connection begins with us: its header is looked at where it lies in the socket (MSG_PEEK) until it is complete,
 * and only one that the guard can read goes to libmicrohttpd, which by itself would take bare line feeds, folded
 * lines, NULs and more. It is always in one phase, and each but PENDING has a limit in time from its beginning:
 *   HEAD ─header read─▶ BODY ─read whole─▶ PENDING ─answered─▶ ANSWER ─sent─▶ closed
 *                                                     └─begun─▶ STREAM ─ended─▶ closed
 * In STREAM, `since` is when the peer began to leave something unread. A refusal goes from HEAD or BODY straight to ANSWER. From BODY on libmicrohttpd owns the socket; a connection that
 * is over its limit is *cut*: its socket is shut down, and libmicrohttpd finds it closed. */
#ifndef TOCSIN_HTTP_PRIVATE_H
#define TOCSIN_HTTP_PRIVATE_H
#include <microhttpd.h>
#include <netinet/in.h>
#include <tocsin/base/map.h>
#include <tocsin/http/http.h>
#include "guard.h"

enum phase { PHASE_HEAD, PHASE_BODY, PHASE_PENDING, PHASE_ANSWER, PHASE_STREAM };

struct connection {
	struct http_request request; /* first: the one is the other */
	struct http *h;
	struct connection *prev, *next;
	struct MHD_Connection *mhd; /* from BODY on */
	int fd;
	enum phase phase;
	int64_t since; /* of the phase, monotonic ms */
	size_t seen; /* HEAD: bytes that lie in the socket */
	bool cut;
	struct sockaddr_storage from;
	struct address_key address;
	char peer[INET6_ADDRSTRLEN];

	char *raw; /* the header; head and fields point into it */
	struct guard_head head;
	struct guard_field *fields;
	struct guard_verdict verdict;
	struct buf body;
	size_t counted; /* bytes of it in http.bodies */
	size_t swallowed; /* read and thrown away behind a refusal */
	struct MHD_Response *response;
	unsigned status;
	bool begun, handling, queued;
	/* STREAM: stream.c */
	struct buf tail; /* said and not yet sent */
	bool asleep; /* suspended until more is said */
	bool ended;
	http_gone_fn *gone; /* NULL: nobody asks (any more) */
	void *gone_user;
};
struct http {
	struct http_options o;
	struct http_limits limits;
	struct MHD_Daemon *daemon;
	int poll_fd, wake_fd, timer_fd, listen_fd;
	unsigned port;
	unsigned ticks;
	bool ticking, deaf; /* deaf: not accepting for the moment */
	struct connection *head; /* newest first */
	struct connection *handing; /* on its way to libmicrohttpd */
	unsigned n_open, n_pending;
	struct map *addresses; /* of other machines → connections */
	size_t bodies;
	char *peek; /* limits.header_bytes + 1 */
	struct http_counts counts;
};

/* server.c */
void server_phase(struct connection *c, enum phase phase);
/* The connection is at its end. answer: raw bytes to say before, or NULL. In HEAD it is gone after this. */
void server_cut(struct connection *c, const char *answer);
/* Cuts the connection that has been longest at sending its request, unless that is keep. False when there is none. */
bool server_make_room(struct http *h, const struct connection *keep, enum phase phase);
void server_wake(struct http *h);
void server_forget(struct connection *c);

/* door.c: accepting, and the HEAD phase */
void door_accept(struct http *h);
/* ended: the peer will send no more. c may be gone after this. */
void door_look(struct connection *c, bool ended);
/* Takes up accepting again when there is room. */
void door_listen(struct http *h);
/* What came and nobody will read, so that closing does not reset what we said. */
void door_discard(int fd);

/* request.c: what libmicrohttpd calls */
enum MHD_Result request_handle(void *user, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *data, size_t *n, void **state);
/* The answer, now or later. */
void request_respond(struct connection *c, unsigned status, struct MHD_Response *response);
void request_completed(
	void *user, struct MHD_Connection *mhd, void **state, enum MHD_RequestTerminationCode code);

/* answer.c */
struct MHD_Response *answer_make(const struct http_response *a);
/* Headers of a response whose body comes from elsewhere. */
void answer_fill(struct MHD_Response *response, const struct http_response *a);
struct MHD_Response *answer_refusal(unsigned status, const char *allow);
/* The same as raw bytes, for 400, 408, 431, 501 and 505. */
const char *answer_raw(unsigned status);
/* "GET, POST" */
char *answer_allow(const char *const *methods);

/* stream.c */
/* libmicrohttpd takes the connection up again, to send or to find that it is cut. */
void stream_wake(struct connection *c);
/* The connection is at its end. */
void stream_forget(struct connection *c);

/* address.c */
struct address_key address_key(const struct sockaddr *a);
void address_text(const struct sockaddr *a, char out[static INET6_ADDRSTRLEN]);
/* A listening socket for "host:port", or for a path. */
int address_listen(const char *listen, int *ret_fd, unsigned *ret_port, struct error *e)
	_must_check_;

/* local.c: Unix sockets */
int local_listen(const char *path, int *ret_fd, struct error *e) _must_check_;
/* Whether who has connected is one of those who may. */
bool local_welcome(const struct http_options *o, int fd);
#endif
