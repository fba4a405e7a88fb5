/* SPDX-License-Identifier: GPL-3.0-or-later
 * The process: its sources, the requests on their way through it. */
#ifndef WEBHOOK_WEBHOOK_H
#define WEBHOOK_WEBHOOK_H
#include <tocsin/bus/commit.h>
#include <tocsin/http/guess.h>
#include <tocsin/http/http.h>
#include <tocsin/service/service.h>
#include "basket.h"
#include "body.h"
#include "sign.h"

#define WEBHOOK_BODY_MAX (4u << 20) /* bytes of one request */
#define WEBHOOK_BASKET_MAX (24u << 20) /* on their way to ingest: below one sender's window there */
#define WEBHOOK_SOURCE_MAX (12u << 20) /* of one source: the other half stays free for the others */

struct source {
	const struct source_config *config;
	struct buf secret;
	struct buf verify; /* meta: the word with which its webhook is set up */
	struct lot lot;
	uint64_t accepted, quarantined;
	int64_t last_at; /* wall ms of the last request taken */
};
struct webhook {
	struct service *s;
	struct bus *bus;
	struct http *http;
	struct basket *basket;
	struct source *sources;
	size_t n_sources;
	struct body body;
	struct buf scratch;
	struct replay replay;
	struct map *on_their_way; /* MACs of requests that wait for ingest */
	uint64_t statuses[600]; /* answers given by us (the guard counts its own) */
	uint64_t bad_signatures, bad_told;
	int64_t told_at;
	/* taking charge: charge.c */
	struct commit_client *store;
	struct guesses guesses;
	struct buf sms_secret; /* of the gateway that brings answers */
	int64_t away_until, asks_since; /* monotonic ms */
	uint32_t asks;
	uint64_t wrong_codes, wrong_told, codes_taken;
	int64_t stop_at; /* monotonic ms: what is not answered by then gets 503; 0 = running */
};

/* door.c */
void webhook_answer(struct webhook *w, struct http_request *r, struct http_response a);
/* False when there are two of a header: whose is the signature then? */
bool webhook_signature(struct http_request *r, struct sign_request *ret);
bool door_admit(void *user, struct http_request *r, struct http_response *refuse);
void door_handle(void *user, struct http_request *r);
void door_done(void *user, struct parcel *p);
#endif
