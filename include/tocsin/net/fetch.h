/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a page of somebody else's server, or changing it: GET, its redirects, its limits, and the guard that keeps us from being sent
 * into the town's own network (SSRF). Blocks up to its deadline: run it in a child process. */
#ifndef TOCSIN_NET_FETCH_H
#define TOCSIN_NET_FETCH_H
#include <stdint.h>
#include <sys/socket.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define FETCH_HOPS 5 /* redirects that are followed */
#define FETCH_NAME \
	1024 /* bytes of a header that is kept, with its NUL; a longer one counts as absent */

#define FETCH_KEPT 4

enum fetch_outcome {
	FETCH_BODY = 0, /* 2xx, and the whole body is there */
	FETCH_SAME = 1, /* 304: nothing has changed since etag or modified */
	FETCH_LATER = 2, /* no answer, cut off, too slow, 408, 425, 429, 5xx: try again */
	FETCH_REFUSED =
		3, /* an address that is not asked, too big, too many redirects, other answers */
};

struct fetch_job {
	const char *url; /* http or https, without user and password */
	const char *accept; /* media types, as the header Accept wants them */
	const char *etag, *modified; /* of the last answer; NULL or "": unconditional */
	const char *user, *password; /* Basic, for home's host, port and scheme alone; NULL: none */
	const char *bearer; /* a token (RFC 6750), for the same alone; NULL or "": none */
	const char *key; /* Idempotency-Key of what is sent; NULL or "": none */
	const char *const *
		keep; /* headers wanted of the answer, NULL-terminated, FETCH_KEPT at most; NULL: none */
	const char *home; /* the address they belong to, when a page of it named url; NULL: url */
	const char *ca_file; /* NULL: the system's authorities */
	const char *const *
		internal; /* hosts ("cms.ville.example", "10.0.0.7:8080") that may be inside; NULL: none */
	const char *post; /* media type of body: POST; no redirect is followed then. NULL: GET */
	struct slice body; /* what is sent */
	size_t max; /* bytes of the answer's body once unpacked */
	int64_t timeout_ms; /* for all of it */
};
struct fetch_answer {
	long status; /* of the last answer, 0: none */
	char type[FETCH_NAME]; /* "" when absent */
	char etag[FETCH_NAME],
		modified[FETCH_NAME]; /* the same, and when it is too new to be told from what comes next */
	char kept[FETCH_KEPT][FETCH_NAME]; /* those of keep, "" when absent */
	bool too_big; /* refused for that: its body is longer than max */
	int64_t retry_ms; /* from now, by the server's own clock when it says a moment: Retry-After, or RateLimit-Reset when nothing is left of it; 0: not said */
	bool spent; /* nothing is left of what this server allows us: 429, or RateLimit-Remaining: 0 */
	int64_t date_ms; /* the server's own clock when it answered; ours when it does not say */
	struct buf url; /* where the answer came from, NUL-terminated */
	struct buf body;
};
/* An enum fetch_outcome; e says in French what happened, unless it went well. ret is zeroed or used before. */
int fetch(const struct fetch_job *job, struct fetch_answer *ret, struct error *e) _must_check_;
void fetch_answer_release(struct fetch_answer *a);

/* Whether everybody on the internet means the same machine by it: no loopback, private, link-local, shared (CGNAT),
 * multicast, documentation or benchmark range, no tunnel whose inside we cannot see (IANA special-purpose registries). */
bool address_is_public(const struct sockaddr *a);
#endif
