/* SPDX-License-Identifier: GPL-3.0-or-later
 * The API, /api/v1: what programs ask, as JSON. A caller shows a token (Authorization: Bearer …); cookies count for nothing,
 * and no other site's page may read an answer. He may do what the token's scopes say, as far as the roles of its account still
 * allow it, and every change bears the account's name.
 *
 * api.c is the table of what can be asked (`tocsin-console --api` prints it; static/openapi.json describes it, and a scenario
 * holds the two together), and the way in. What is refused is answered as application/problem+json (RFC 9457). */
#ifndef CONSOLE_API_H
#define CONSOLE_API_H
#include <tocsin/json/json.h>
#include <tocsin/record/token.h>
#include "../console.h"

struct api_route;
enum { DECISION_MAX = 20 };
struct call { /* one question on its way */
	struct visit *v; /* v->out: the answer; v->argument: what stands for '*' */
	const struct api_route *route;
	char account[ACCOUNT_NAME_MAX + 1], token[ACCOUNT_NAME_MAX + 1];
	uint16_t roles; /* the account's */
	char sources[ACCOUNT_SOURCES_MAX + 1]; /* the only ones that both see, the token and it */
	bool limited; /* … which are some, or none */
	uint8_t scopes; /* as far as they go; 0: nobody */
	struct json_value body; /* of a POST: an object */
	/* of what waits for store */
	bool proposed; /* a decision that another one is to confirm */
	void (*done)(struct call *c);
	char decision[DECISION_MAX + 1];
	int64_t follow_at; /* of a decision that the item waits after: town ms, else 0 */
	bool keyed; /* the answer is kept under this key, for this question */
	unsigned char key[DIGEST_SIZE], asked[DIGEST_SIZE];
};
struct api_route {
	const char *method, *path; /* as in route.h */
	uint8_t scope; /* enum token_scope; 0: for everybody */
	void (*handle)(struct call *c);
};

/* Whether a path is the API's. */
bool api_is(struct slice path);
void api_handle(struct visit *v);
/* The table, one line each: METHOD PATH SCOPE, "*" for everybody. */
void api_print(struct buf *out);
/* The caller's token may do this: for what is no part of the API. */
bool api_may(struct visit *v, uint8_t scope);

/* Every handler ends in one of these. */
void call_answer(struct call *c); /* 200, what is in v->out */
void call_problem(struct call *c, unsigned status, const char *detail); /* detail: and the cure */
void call_read(
	struct call *c, int r, const struct error *e); /* … if r, of the reading, is no fault */
/* What store said to a change: 404, 409, 503 with its words. */
void call_refused(struct call *c, int code, const struct error *e);
/* Asks store: the call goes on in c->done when it was done, else it is refused; nothing of the body is there any more. */
void call_ask(struct call *c, enum request_verb verb, const struct buf *body);
/* The members of the body are among these (NULL-terminated), all strings: else the call is over. */
bool call_members(struct call *c, const char *const *names);
/* One of them, empty when it is missing; false: longer than max bytes, and the call is over. */
bool call_string(struct call *c, const char *name, size_t max, struct slice *ret);
/* A parameter of the address; empty when it is missing. False: twice or too long, and the call is over. */
bool call_query(struct call *c, const char *name, size_t max, struct buf *ret);

/* The handlers: api/queue.c, api/decide.c, api/incidents.c, api/about.c. */
void api_queue_get(struct call *c);
void api_item_get(struct call *c);
void api_decide_post(struct call *c);
void api_undo_post(struct call *c);
void api_incidents_get(struct call *c);
void api_incident_get(struct call *c);
void api_ack_post(struct call *c);
void api_close_post(struct call *c);
void api_reopen_post(struct call *c);
void api_statistics_get(struct call *c);
void api_rules_get(struct call *c);
void api_openapi_get(struct call *c);
#endif
