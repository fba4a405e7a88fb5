/* SPDX-License-Identifier: GPL-3.0-or-later
 * HTTP/1.x server behind a strict guard. Sole user of libmicrohttpd.
 *
 * A handler gets whole requests only: read to the end, within every limit, unambiguous. It answers at once or
 * later. One request a connection (every answer says Connection: close): what follows a request is never read, so
 * nobody can hide a second one behind the first. What the guard refuses is answered here, with {"error":"key"}:
 *   400 bad_request         what a proxy in front could read differently: two Content-Length or one beside
 *                           Transfer-Encoding, two Host or none in HTTP/1.1, bare line feeds, folded lines, a space
 *                           before a colon, control characters, a target that is no absolute path in visible ASCII …
 *   405 method_not_allowed  a method that options.methods lacks
 *   408 timeout             header or body took longer, in all, than its time (trickling does not help)
 *   411 length_required     POST, PUT or PATCH with neither Content-Length nor Transfer-Encoding: chunked
 *   413 too_large           body over its limit
 *   417, 501, 505           an Expect, transfer coding or version that we don't speak
 *   431 header_too_large
 *   503 busy                too many bytes of bodies in memory
 * (A chunk that cannot be read is answered by libmicrohttpd itself, with its own 400.) No answer names the software.
 *
 * Flow control: bodies in memory are bounded by limits.bodies_bytes, connections by limits.connections and, for
 * each address that is not of this machine (a reverse proxy is), limits.per_address. When either bound is near, the
 * connection that has been longest without finishing its request is cut: the slow make room for the quick.
 *
 * An answer may go on for hours (http_stream): such a connection counts among limits.connections, and its only limit in time
 * is for what the peer does not read.
 *
 * Single-threaded: http_turn does all the work and calls the handler. */
#ifndef TOCSIN_HTTP_HTTP_H
#define TOCSIN_HTTP_HTTP_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

struct http_limits { /* 0 = the default in brackets */
	unsigned connections; /* [512] */
	unsigned per_address; /* [64] */
	size_t header_bytes; /* request line and header fields [16 KiB] */
	size_t body_bytes; /* of one request [1 MiB] */
	size_t bodies_bytes; /* of all requests that are being read or wait for their answer [64 MiB] */
	int64_t header_ms; /* from the connection's start [10 s] */
	int64_t body_ms; /* from the end of the header [20 s] */
	int64_t answer_ms; /* until the peer has read our answer [20 s] */
};

struct http_request {
	struct slice method; /* "POST" */
	struct slice path; /* as sent: begins with '/', visible ASCII, not decoded */
	struct slice query; /* behind '?', as sent; empty when none */
	struct slice body;
	struct slice peer; /* textual address, without port; of a Unix socket "unix" */
	bool by_socket; /* it came over a Unix socket, from one of options.peers */
	void *owner; /* the handler's own */
};
struct http_response {
	unsigned status;
	const char *type; /* Content-Type; NULL: application/json */
	struct slice body; /* copied */
	unsigned retry_after; /* seconds; 0: no Retry-After */
	const char *allow; /* value of Allow, or NULL */
	bool page; /* for people: may load nothing, run nothing, be in no frame and no index */
	/* What a page may load and do instead, as a Content-Security-Policy; NULL: nothing but its own styles. */
	const char *policy;
	const char *location; /* value of Location, or NULL */
	const char *download; /* it is a file of this name (letters, digits, . and -); or NULL */
	const char *cookie; /* value of Set-Cookie, or NULL */
	const char *authenticate; /* value of WWW-Authenticate, or NULL */
	unsigned keep; /* seconds for which a browser may keep it; 0: it may not */
};

/* Called with each whole request. http_answer must be called once for it, now or later, from the same thread;
 * until then the request and its slices live, whether or not the peer is still there. */
typedef void http_handle_fn(void *user, struct http_request *r);
/* Called after the header, before any of the body is read: true lets it in; else *refuse (status set) is answered.
 * r has no body yet. May be NULL. */
typedef bool http_admit_fn(void *user, struct http_request *r, struct http_response *refuse);

struct http_options {
	const char *
		listen; /* "host:port", "[v6]:port" (port 0: any) or the absolute path of a Unix socket */
	const unsigned *peers; /* users (uid) who may come over that; others are closed at once */
	size_t n_peers;
	const char *const *methods; /* NULL-terminated, e.g. {"GET", "POST", NULL} */
	struct http_limits limits;
	http_admit_fn *admit;
	http_handle_fn *handle;
	void *user;
};

struct http;
/* Listens. 0 or -errno (the text names the address). */
int http_open(const struct http_options *o, struct http **ret, struct error *e) _must_check_;
/* Closes every connection. Each request handed out must have been answered. */
struct http *http_close(struct http *h);
/* The one descriptor to wait for: readable when http_turn has something to do (time limits too). */
int http_fd(const struct http *h);
/* 0 when the address can be listened on now, -EADDRINUSE when somebody else does, or what else is wrong with it. */
int http_try(const char *listen, struct error *e) _must_check_;
/* Does what there is to do, calling the handler. Bounded: comes back soon under any load. */
void http_turn(struct http *h);
/* Stops accepting; what has begun goes on. */
void http_drain(struct http *h);
/* Requests handed out and not answered, connections open. */
unsigned http_pending(const struct http *h);
unsigned http_connections(const struct http *h);
unsigned http_port(const struct http *h);

void http_answer(struct http_request *r, const struct http_response *a);
/* An answer that goes on, in place of http_answer: what is said follows piece by piece, each at once. It takes no thread and
 * no turn while nothing is said. gone is called once, from http_turn, when the peer has left, or was cut because for
 * limits.answer_ms it did not read, or left HTTP_UNREAD_MAX bytes unread; r is dead then. http_close calls it too, nothing
 * does after http_end. */
#define HTTP_UNREAD_MAX (64u << 10)
typedef void http_gone_fn(void *user);
void http_stream(
	struct http_request *r, const struct http_response *a, http_gone_fn *gone, void *user);
void http_say(struct http_request *r, struct slice piece);
/* Bytes said that the peer has not taken: who says much waits until they are few. */
size_t http_unread(const struct http_request *r);
void http_end(struct http_request *r);
/* … before it is whole: the peer sees that it is not. */
void http_break(struct http_request *r);
/* The value of the one field with this name (any case). 0, -ENOENT, or -EEXIST when there are several. */
int http_header(struct http_request *r, const char *name, struct slice *ret) _must_check_;
/* The one field with this name in a body of the type application/x-www-form-urlencoded: 0 with its decoded value appended,
 * -ENOENT, -EEXIST when there are several, -EMSGSIZE beyond max bytes, or -EBADMSG for a body that is no such form. */
int http_form(struct http_request *r, const char *name, size_t max, struct buf *ret) _must_check_;
/* The same in the query of the address: 0, -ENOENT, -EEXIST, -EMSGSIZE, or -EBADMSG when there is a NUL in it. */
int http_query(struct http_request *r, const char *name, size_t max, struct buf *ret) _must_check_;
/* The one cookie with this name: 0, -ENOENT, -EEXIST when there are several (whose is which?), or -EBADMSG when the header
 * or its value is none (RFC 6265, section 4.2.1; values in quotes are refused). */
int http_cookie(struct http_request *r, const char *name, struct slice *ret) _must_check_;
/* The same in the header's value. Pure. */
int cookie_find(struct slice header, const char *name, struct slice *ret) _must_check_;
/* Who sent it: the peer; behind a proxy of this machine (a Unix socket's peer is one) what that writes last in X-Forwarded-For, and nobody (empty) when
 * it does not say: all would be one. */
struct slice http_sender(struct http_request *r);
/* Whom an address stands for. */
struct address_key {
	char bytes
		[16]; /* IPv4 as mapped into IPv6 ("::ffff:192.0.2.1" is the same); of IPv6 the /64, one subscriber's */
	bool local; /* of this machine */
};
/* Of its text, as r->peer has it or a proxy writes it: "192.0.2.1", "2001:db8::1", "[2001:db8::1]". False: it is none. */
bool http_address_key(struct slice text, struct address_key *ret);
/* Frees the body early (r->body becomes empty): its bytes no longer count. */
void http_drop_body(struct http_request *r);

/* What has happened so far. */
struct http_counts {
	uint64_t connections, requests;
	uint64_t refused; /* by the guard */
	uint64_t timeouts; /* of these: header, body or answer too slow */
	uint64_t evicted; /* cut to make room */
	uint64_t turned_away; /* not accepted: too many from one address */
};
struct http_counts http_counted(const struct http *h);
#endif
