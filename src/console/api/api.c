/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api.h"
#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "limit.h"
#include "../access/limit.h"

#define API "/api/v1"

static const struct api_route routes[] = {
	{"GET", API "/openapi.json", 0, api_openapi_get},
	{"GET", API "/queue", SCOPE_QUEUE_READ, api_queue_get},
	{"GET", API "/queue/*", SCOPE_QUEUE_READ, api_item_get},
	{"POST", API "/queue/*/decision", SCOPE_QUEUE_DECIDE, api_decide_post},
	{"POST", API "/queue/*/undo", SCOPE_QUEUE_DECIDE, api_undo_post},
	{"GET", API "/incidents", SCOPE_INCIDENTS_READ, api_incidents_get},
	{"GET", API "/incidents/*", SCOPE_INCIDENTS_READ, api_incident_get},
	{"POST", API "/incidents/*/ack", SCOPE_INCIDENTS_ACK, api_ack_post},
	{"POST", API "/incidents/*/close", SCOPE_INCIDENTS_ACK, api_close_post},
	{"POST", API "/incidents/*/reopen", SCOPE_INCIDENTS_ACK, api_reopen_post},
	{"GET", API "/statistics", SCOPE_STATISTICS, api_statistics_get},
	{"GET", API "/rules", SCOPE_RULES, api_rules_get},
};
#define N_ROUTES (sizeof(routes) / sizeof(*routes))

bool api_is(struct slice path)
{
	return slice_begins(path, "/api/");
}

void api_print(struct buf *out)
{
	for (size_t i = 0; i < N_ROUTES; i++) {
		buf_printf(out, "%s %s ", routes[i].method, routes[i].path);
		token_scopes_write(out, routes[i].scope);
		buf_add_string(out, routes[i].scope ? "\n" : "*\n");
	}
}

/* --- the answers */

static void answer(struct call *c, struct http_response a)
{
	struct console *console = c->v->c;
	a.body = buf_slice(&c->v->out);
	console->statuses[a.status < 600 ? a.status : 0]++;
	http_answer(c->v->r, &a);
}

void call_answer(struct call *c)
{
	answer(c, (struct http_response){.status = 200, .type = "application/json"});
}

static const char *title(const struct visit *v, unsigned status)
{
	switch (status) {
	case 400: return words(v->l, "demande refusée");
	case 401: return words(v->l, "jeton nécessaire");
	case 403: return words(v->l, "hors des portées du jeton");
	case 404: return words(v->l, "introuvable");
	case 405: return words(v->l, "méthode refusée");
	case 409: return words(v->l, "conflit");
	case 415: return words(v->l, "type de contenu refusé");
	case 422: return words(v->l, "demande incomplète");
	case 429: return words(v->l, "trop de demandes");
	default: return words(v->l, "service indisponible");
	}
}

static void put_problem(
	struct call *c, struct http_response a, const char *detail, const char *authenticate)
{
	struct json_writer w = {.out = &c->v->out};
	buf_clear(&c->v->out);
	json_w_begin(&w, '{');
	json_w_text(&w, "type", SLICE("about:blank"));
	json_w_text(&w, "title", slice_of(title(c->v, a.status)));
	json_w_number(&w, "status", a.status);
	json_w_text(&w, "detail", slice_of(detail));
	json_w_end(&w, '}');
	a.type = "application/problem+json";
	a.authenticate = authenticate;
	answer(c, a);
}

void call_problem(struct call *c, unsigned status, const char *detail)
{
	put_problem(c, (struct http_response){.status = status, .retry_after = status == 503},
		detail, NULL);
}

void call_refused(struct call *c, int code, const struct error *e)
{
	const struct visit *v = c->v;
	if (code == -ENOENT)
		call_problem(c, 404, words(v->l, "Ce numéro n'est à rien : relisez la liste."));
	else if (code == -EALREADY)
		call_problem(c, 409,
			words(v->l,
				"Quelqu'un a décidé avant : relisez l'élément avant d'y revenir."));
	else if (code == -EEXIST)
		call_problem(c, 409,
			words(v->l,
				"Une autre alerte est ouverte sur ce sujet : conduisez celle-là, et notez-y ce qui manque."));
	else if (code == -EBUSY)
		call_problem(c, 409,
			words(v->l,
				"Quelqu'un d'autre s'en occupe : attendez, ou voyez avec lui."));
	else if (code == -EPERM)
		call_problem(c, 409, words(v->l, "Une autre personne doit confirmer."));
	else if (code == -EINVAL)
		call_problem(c, 422, e->text);
	else if (code == -ETIME)
		call_problem(
			c, 409, words(v->l, "Trop tard pour annuler : prenez une autre décision."));
	else if (code > 0 || code == -EAGAIN)
		call_problem(c, 503, visit_why(v, code, e));
	else
		call_problem(c, 503,
			e->text[0] ? e->text : words(v->l, "La base ne se lit pas : réessayez."));
}

void call_read(struct call *c, int r, const struct error *e)
{
	if (r < 0)
		call_refused(c, -EIO, e);
	else
		call_answer(c);
}

static void stored(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct call *c = v->owner;
	c->v = v;
	c->proposed = reply.n == 1 && reply.p[0] == DECIDED_PROPOSED;
	if (r)
		call_refused(c, r, e);
	else
		c->done(c);
	free(c);
}

void call_ask(struct call *c, enum request_verb verb, const struct buf *body)
{
	struct call *kept = xmalloc(sizeof(*kept));
	*kept = *c;
	c->v->owner = kept;
	visit_ask_then(c->v, verb, body, stored);
}

/* --- what was asked */

bool call_members(struct call *c, const char *const *names)
{
	_buf_ struct buf text = {0};
	struct json_value value;
	struct slice key;
	for (uint32_t it = 0; json_each(c->body, &it, &key, &value);) {
		size_t i = 0;
		while (names[i] && !slice_is(key, names[i]))
			i++;
		if (names[i] && value.type == JSON_STRING)
			continue;
		buf_printf(&text,
			names[i]
				? words(c->v->l, "« %.*s » doit être un texte.")
				: words(c->v->l,
					  "« %.*s » n'est pas connu ici : /api/v1/openapi.json dit ce qui l'est."),
			(int)(key.n > 40 ? 40 : key.n), key.p);
		call_problem(c, 400, buf_string(&text));
		return false;
	}
	return true;
}

static void too_long(struct call *c, const char *name, size_t max)
{
	_buf_ struct buf text = {0};
	buf_printf(&text, words(c->v->l, "« %s » a %zu octets au plus, et une seule fois."), name,
		max);
	call_problem(c, 400, buf_string(&text));
}

bool call_string(struct call *c, const char *name, size_t max, struct slice *ret)
{
	struct json_value value;
	*ret = (struct slice){0};
	if (json_get(c->body, slice_of(name), &value))
		*ret = json_string(value);
	if (ret->n <= max)
		return true;
	too_long(c, name, max);
	return false;
}

bool call_query(struct call *c, const char *name, size_t max, struct buf *ret)
{
	int r = visit_query(c->v, name, max, ret);
	if (r == 0 || r == -ENOENT)
		return true;
	too_long(c, name, max);
	return false;
}

/* --- who asks */

static int take_roles(void *user, const struct login *a)
{
	struct call *c = user;
	_buf_ struct buf sources = {0};
	c->roles = a->roles;
	c->scopes &= token_scopes_of(a->roles);
	c->limited = a->sources.n || c->sources[0];
	if (c->limited)
		c->scopes &= SCOPES_LIMITED;
	if (!account_sources_meet(a->sources, slice_of(c->sources), &sources))
		c->scopes = 0;
	snprintf(c->sources, sizeof(c->sources), "%s", buf_string(&sources));
	snprintf(c->account, sizeof(c->account), "%.*s", (int)a->name.n, a->name.p);
	return 0;
}

static int take_token(void *user, const struct token *t)
{
	struct call *c = user;
	if (t->expires_at <= c->v->now)
		return READER_END;
	c->scopes = t->scopes;
	snprintf(c->sources, sizeof(c->sources), "%.*s", (int)t->sources.n,
		t->sources.n ? t->sources.p : "");
	snprintf(c->token, sizeof(c->token), "%.*s", (int)t->name.n, t->name.p);
	snprintf(c->account, sizeof(c->account), "%.*s", (int)t->account.n, t->account.p);
	return 0;
}

/* The one token that was shown; empty: none, or something else. */
static struct slice shown(struct visit *v)
{
	static const char bearer[] = "bearer ";
	struct slice header;
	if (http_header(v->r, "Authorization", &header) != 0 || header.n < sizeof(bearer) ||
		strncasecmp(header.p, bearer, sizeof(bearer) - 1) != 0)
		return (struct slice){0};
	header = (struct slice){header.p + sizeof(bearer) - 1, header.n - sizeof(bearer) + 1};
	return token_text_ok(header) ? header : (struct slice){0};
}

/* 0 with the caller, READER_END: nobody, or -errno. */
static int identify(struct call *c)
{
	unsigned char digest[DIGEST_SIZE];
	struct error e = {""};
	struct slice text = shown(c->v);
	int r = visit_reader(c->v);
	if (r < 0)
		return r;
	if (!text.n)
		return READER_END;
	digest_sha256(text, digest);
	r = reader_token(c->v->c->reader, (struct slice){(const char *)digest, sizeof(digest)},
		take_token, c, &e);
	if (r == 0)
		r = reader_account(c->v->c->reader, slice_of(c->account), take_roles, c, &e);
	if (r)
		c->scopes = 0;
	return r;
}

bool api_may(struct visit *v, uint8_t scope)
{
	struct call c = {.v = v};
	return identify(&c) == 0 && c.scopes & scope;
}

static bool is_allowed(struct call *c)
{
	unsigned char id[DIGEST_SIZE];
	struct visit *v = c->v;
	struct guesses *wrong = &v->c->api_senders;
	int r = identify(
		c); /* a good token passes whatever others try from the same address: it cannot be guessed */
	if (r > 0 && !guess_allowed(wrong, http_sender(v->r), v->now)) {
		put_problem(c, (struct http_response){.status = 429, .retry_after = 60},
			words(v->l,
				"Trop de jetons faux : attendez une minute, vérifiez le jeton."),
			NULL);
	} else if (r < 0) {
		call_problem(c, 503, words(v->l, "La base ne se lit pas : réessayez."));
	} else if (r) {
		guess_wrong(wrong, http_sender(v->r), v->now);
		put_problem(c, (struct http_response){.status = 401},
			words(v->l,
				"Il faut « Authorization: Bearer » et un jeton qui vaut encore : « tocsin token add »."),
			"Bearer realm=\"tocsin\"");
	} else {
		digest_sha256(slice_of(c->token), id);
		if (api_may_ask(v->c->api, id, v->now))
			return true;
		put_problem(c, (struct http_response){.status = 429, .retry_after = 1},
			words(v->l, "Ce jeton demande trop vite : dix fois par seconde au plus."),
			NULL);
	}
	return false;
}

/* --- the way in */

static bool is_json(struct visit *v)
{
	struct slice type;
	if (http_header(v->r, "Content-Type", &type) != 0)
		return false;
	const char *semicolon = memchr(type.p, ';', type.n);
	size_t n = semicolon ? (size_t)(semicolon - type.p) : type.n;
	while (n && type.p[n - 1] == ' ')
		n--;
	return n == strlen("application/json") && strncasecmp(type.p, "application/json", n) == 0;
}

static bool read_body(struct call *c)
{
	struct error e = {""};
	struct visit *v = c->v;
	if (!is_json(v)) {
		call_problem(c, 415, words(v->l, "Le corps doit être du type application/json."));
		return false;
	}
	if (json_parse(v->c->json, v->r->body, &c->body, &e) != 0 || c->body.type != JSON_OBJECT) {
		call_problem(c, 400,
			e.text[0] ? e.text
				  : words(v->l, "Le corps doit être un objet JSON : {…}."));
		return false;
	}
	return true;
}

static const struct api_route *find(struct visit *v, bool *ret_known)
{
	*ret_known = false;
	for (size_t i = 0; i < N_ROUTES; i++) {
		const bool get = strcmp(routes[i].method, "GET") == 0;
		if (!route_fits(routes[i].path, v->r->path, &v->argument))
			continue;
		*ret_known = true;
		if (slice_is(v->r->method, routes[i].method) ||
			(get && slice_is(v->r->method, "HEAD")))
			return &routes[i];
	}
	return NULL;
}

static void no_route(struct call *c, bool known)
{
	const struct visit *v = c->v;
	if (!known)
		call_problem(c, 404,
			words(v->l,
				"Cette adresse n'est pas connue : /api/v1/openapi.json les dit toutes."));
	else
		put_problem(c,
			(struct http_response){.status = 405,
				.allow = slice_is(v->r->method, "POST") ? "GET, HEAD" : "POST"},
			words(v->l, "Cette adresse ne se demande pas ainsi."), NULL);
}

/* Of what its account sees. */
static void handle(struct call *c)
{
	struct visit *v = c->v;
	struct console *console = v->c;
	struct error e = {""};
	struct reader *before;
	if (limit_begin(v, c->sources, &before) < 0)
		call_problem(c, 503, words(v->l, "La base ne se lit pas : réessayez."));
	else if (v->argument.n && limit_is(v) && !limit_sees(v, visit_number(v)))
		call_refused(c, -ENOENT, &e);
	else
		c->route->handle(c);
	limit_end(console, before);
}

static const char *why_not(const struct call *c)
{
	return c->limited
		? words(c->v->l,
			  "Ce jeton, ou le compte à qui il est, voit certaines sources seulement : au plus la file de celles-là. Chiffres, alertes et règles sont de toute la ville.")
		: words(c->v->l,
			  "Ce jeton, ou le compte à qui il est, n'a pas cette portée : « tocsin token list » les montre.");
}

void api_handle(struct visit *v)
{
	struct call c = {.v = v};
	bool known;
	c.route = find(v, &known);
	if (!c.route)
		no_route(&c, known);
	else if (!c.route->scope)
		c.route->handle(&c);
	else if (!is_allowed(&c))
		return;
	else if (!(c.scopes & c.route->scope))
		call_problem(&c, 403, why_not(&c));
	else if (strcmp(c.route->method, "POST") != 0 || read_body(&c))
		handle(&c);
}
