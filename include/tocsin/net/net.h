/* SPDX-License-Identifier: GPL-3.0-or-later
 * Handing a message to the outside: mail (SMTP), webhooks (HTTP POST), SMS gateways (HTTP GET or POST). Reading from outside is
 * fetch.h. Sole user of libcurl.
 * These calls block, up to their deadline and, on a hostile server, past it: run them in a child process
 * with a deadline of its own. One recipient a mail. No redirects; http and https only. The guard of fetch.h stands in front: what leads
 * inside has FAILED, for the name may lead elsewhere again, and the detail says how it is allowed. */
#ifndef TOCSIN_NET_NET_H
#define TOCSIN_NET_NET_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

/* 0: the receiver has answered that it has the message. The detail (e) is its last answer in any case. */
enum net_outcome {
	NET_SENT = 0,
	NET_FAILED = 1, /* surely not delivered: try again later */
	NET_UNKNOWN = 2, /* everything was sent and no answer came: it may have arrived */
	NET_REFUSED = 3, /* refused for good: this recipient, this message, this address */
};
extern const char *const net_outcome_names[4]; /* "sent" "failed" "unknown" "refused" */

/* Told as it goes, so that whoever kills us knows what to assume. */
enum net_stage {
	NET_STAGE_DATA,
	/* the first byte of the message is about to go */ NET_STAGE_ALL /* the last has gone */
};
typedef void net_stage_fn(void *user, enum net_stage stage);

enum mail_tls { MAIL_TLS_NONE, MAIL_TLS_STARTTLS /* required */, MAIL_TLS_IMPLICIT };
struct mail_job {
	const char *url; /* smtp://host:port or smtps://host:port */
	enum mail_tls tls;
	const char *user,
		*password_file; /* NULL: no AUTH. The password's final newline is not part of it */
	const char *ca_file; /* NULL: the system's authorities */
	/* Hosts that may be inside, as in fetch.h. NULL: the town's own networks (RFC 1918, RFC 4193) and this machine may
	 * be, for there a town's relay is, and who can write url can write this too; never where clouds keep their secrets. */
	const char *const *internal;
	const char *from, *to; /* bare addresses */
	struct slice message; /* RFC 5322 with CRLF */
	int64_t timeout_ms;
};
int mail_send(const struct mail_job *job, net_stage_fn *stage, void *user, struct error *e)
	_must_check_;
/* A bare address that is safe in every place of a mail: printable ASCII, one @, no quotes, brackets, blanks. */
bool mail_address_ok(struct slice address);

struct http_job {
	const char *url;
	const char *const *headers; /* "Name: value", NULL-terminated; no CR or LF */
	const char *ca_file;
	const char *const *internal; /* as in fetch.h */
	bool get; /* GET without a body: for gateways that do something at a GET. It counts as begun once connected */
	bool quiet; /* of the answer only the status is kept: its body may repeat what we sent */
	struct slice body;
	int64_t timeout_ms;
};
/* POST, or GET. 2xx is SENT; 408, 425, 429 and 503 FAILED; other 5xx UNKNOWN; other answers REFUSED. */
int http_post(const struct http_job *job, net_stage_fn *stage, void *user, struct error *e)
	_must_check_;
/* http or https with a host, no user or password in it. */
bool http_url_ok(struct slice url);
/* What can be known of an address before anything is sent: 0, or not 0 when it leads inside without `internal` naming it (e says
 * how it is allowed). Asks no name server: of a name nothing is known. */
int net_check_url(const char *url, const char *const *internal, struct error *e) _must_check_;
#endif
