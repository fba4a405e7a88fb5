/* SPDX-License-Identifier: GPL-3.0-or-later
 * A request's way: the route, who comes, whether the form is ours, whether he may, the handler. */
#include "console.h"
#include "api/api.h"
#include "access/duty.h"
#include "access/limit.h"
#include "refusal.h"
#include <errno.h>
#include <stdarg.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include <tocsin/html/html.h>

#define POLICY \
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';" \
	" img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

enum { ASK_MS = 3000, AWAY_MS = 5000, COOKIE_TEXT = 160 };

/* --- the answers */

static bool is_https(const struct console *c)
{
	const char *public = c->s->config.console.public;
	return public && strncmp(public, "https://", 8) == 0;
}

static const char *cookie_name(const struct console *c)
{
	return is_https(c) ? "__Host-tocsin" : "tocsin";
}

static void answer(struct visit *v, struct http_response a)
{
	struct console *c = v->c;
	char cookie[COOKIE_TEXT];
	if (v->new_token) {
		snprintf(cookie, sizeof(cookie), "%s=%s; Path=/; HttpOnly; SameSite=Strict%s",
			cookie_name(c), v->token, is_https(c) ? "; Secure" : "");
		a.cookie = cookie;
	}
	c->statuses[a.status < 600 ? a.status : 0]++;
	http_answer(v->r, &a);
}

void visit_page(struct visit *v, unsigned status)
{
	answer(v,
		(struct http_response){.status = status,
			.type = "text/html; charset=utf-8",
			.body = buf_slice(&v->out),
			.page = true,
			.policy = POLICY});
}

void visit_file(struct visit *v, const char *type, const char *name)
{
	answer(v,
		(struct http_response){.status = 200,
			.type = type,
			.body = buf_slice(&v->out),
			.page = true,
			.policy = POLICY,
			.download = name});
}

void visit_go(struct visit *v, const char *path)
{
	answer(v,
		(struct http_response){.status = 303,
			.type = "text/plain",
			.location = path,
			.page = true,
			.policy = POLICY});
}

void visit_go_to(struct visit *v, const char *format, ...)
{
	char path[128];
	va_list args;
	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	visit_go(v, path);
}

void visit_back(struct visit *v, const char *list)
{
	_buf_ struct buf here = {0};
	bool alone = visit_field(v, "ici", 1, &here);
	visit_go_to(v, "%s%s%lld", list, alone ? "/" : "#c", (long long)visit_number(v));
}

/* --- who comes */

static enum words_lang language_of(struct visit *v)
{
	struct slice asked;
	if (v->session && v->session->lang[0])
		return words_lang_of(v->session->lang);
	/* the first one that is named: French is the town hall's own */
	if (http_header(v->r, "Accept-Language", &asked) == 0 && asked.n >= 2)
		return slice_begins(asked, "en") ? WORDS_EN : WORDS_FR;
	return v->c->s->config.lang;
}

static int check_account(void *user, const struct login *a)
{
	struct session *s = user;
	if (a->changed_at != s->account_changed_at) {
		s->account_changed_at = 0;
		return 0;
	}
	s->roles = a->roles;
	snprintf(s->services, sizeof(s->services), "%.*s", (int)a->services.n,
		a->services.n ? a->services.p : "");
	snprintf(s->sources, sizeof(s->sources), "%.*s", (int)a->sources.n,
		a->sources.n ? a->sources.p : "");
	(void)!shortcuts_read(a->shortcuts, &s->shortcuts); /* they stay as they were */
	return 0;
}

/* An account that changed or went ends its sessions. */
static void confirm(struct visit *v)
{
	struct session *s = v->session;
	struct error e = {""};
	int r = visit_reader(v);
	if (r == 0)
		r = reader_account(v->c->reader, slice_of(s->name), check_account, s, &e);
	if (r < 0)
		v->session = NULL; /* not now; it may be again */
	if (r == READER_END || (r == 0 && !s->account_changed_at)) {
		session_end(s);
		v->session = NULL;
	}
}

static bool is_same_way(const struct visit *v)
{
	return v->session->by_socket == v->r->by_socket;
}

static void identify(struct visit *v)
{
	struct slice cookie;
	if (http_cookie(v->r, cookie_name(v->c), &cookie) == 0 && session_token_ok(cookie)) {
		memcpy(v->token, cookie.p, cookie.n);
		/* a page that asks by itself is nobody's visit */
		v->session = (v->route && v->route->machine ? session_peek : session_find)(
			&v->c->sessions, v->token, v->now);
		if (v->session && !is_same_way(v))
			v->session = NULL;
		if (v->session)
			confirm(v);
	} else if (!v->route || !v->route->machine) {
		session_token(v->token);
		v->new_token = true;
	}
	if (v->r->by_socket)
		proxy_identify(v);
	duty_refresh(v);
	v->l = language_of(v);
}

static void is_written(void *user, int r, struct slice reply, const struct error *e)
{
	const struct console *c = user;
	(void)reply;
	if (r)
		service_log(c->s, LOG_WARNING_, "%s : %s",
			words(c->s->config.lang, "une connexion n'est pas au journal"),
			e && e->text[0] ? e->text : strerror(r < 0 ? -r : ETIMEDOUT));
}

/* Nobody waits for it. */
static void write_down(struct visit *v)
{
	struct console *c = v->c;
	_buf_ struct buf body = {0};
	const struct slice name = slice_of(v->session->name);
	searched_encode(&body,
		&(struct searched_request){name, name,
			v->session->by_socket ? SLICE("serveur d'accès") : SLICE("mot de passe")});
	int r = commit_ask(c->store, REQUEST_SIGNED_IN, buf_slice(&body), ASK_MS, is_written, c);
	if (r < 0)
		is_written(c, r, (struct slice){0}, NULL);
}

void visit_refused(struct visit *v, struct slice name)
{
	struct console *c = v->c;
	c->refused++;
	int r = commit_ask(c->store, REQUEST_REFUSED, name, ASK_MS, is_written, c);
	if (r < 0)
		is_written(c, r, (struct slice){0}, NULL);
}

void visit_sign(struct visit *v, const struct login *a)
{
	session_token(v->token);
	v->new_token = true;
	v->session = session_begin(&v->c->sessions, v->token, a, v->now);
	v->session->by_socket = v->r->by_socket;
	v->c->signed_in++;
	write_down(v);
}

/* --- the door */

static struct visit visit_of(struct console *c, struct http_request *r)
{
	bool known;
	struct visit v = {.c = c, .r = r, .now = clock_now(), .l = c->s->config.lang};
	v.route = route_find(r->method, r->path, &v.argument, &known);
	return v;
}

/* A pack of rules is larger than other forms: taken from who is signed in alone. */
static size_t most(struct console *c, struct http_request *r, const struct route *route)
{
	struct slice cookie;
	char token[SESSION_TOKEN];
	if (!route || route->handle != edit_post || http_cookie(r, cookie_name(c), &cookie) != 0 ||
		!session_token_ok(cookie))
		return CONSOLE_BODY_MAX;
	snprintf(token, sizeof(token), "%.*s", (int)cookie.n, cookie.p);
	return session_peek(&c->sessions, token, clock_now()) ? CONSOLE_LARGE_MAX
							      : CONSOLE_BODY_MAX;
}

static size_t announced(struct http_request *r)
{
	struct slice length;
	int64_t n;
	if (http_header(r, "Transfer-Encoding", &length) != -ENOENT)
		return CONSOLE_BODY_MAX + 1; /* in pieces: nobody knows, and it may be much */
	return http_header(r, "Content-Length", &length) == 0 && slice_number(length, &n)
		? (size_t)n
		: 0;
}

/* Nobody has looked yet who it is. */
static void too_large(struct console *c, struct http_request *r, struct http_response *refuse)
{
	struct visit v = visit_of(c, r);
	*refuse = (struct http_response){.status = 413, .body = SLICE("{\"error\":\"too_large\"}")};
	if (api_is(r->path))
		return;
	v.l = language_of(&v);
	refusal_write(&v, 413);
	buf_release(&c->refusal);
	c->refusal = v.out;
	refuse->type = "text/html; charset=utf-8";
	refuse->body = buf_slice(&c->refusal);
	refuse->page = true;
	refuse->policy = POLICY;
}

/* A body for nobody is not read. */
bool door_admit(void *user, struct http_request *r, struct http_response *refuse)
{
	bool known;
	struct slice argument;
	const struct route *route = route_find(r->method, r->path, &argument, &known);
	if (announced(r) > most(user, r, route)) {
		too_large(user, r, refuse);
		return false;
	}
	if (slice_is(r->method, "GET") || slice_is(r->method, "HEAD") || api_is(r->path) || route)
		return true;
	if (known)
		return true; /* the page says it */
	*refuse = (struct http_response){.status = 404, .body = SLICE("{\"error\":\"not_found\"}")};
	return false;
}

static void no_route(struct visit *v)
{
	struct slice argument;
	bool known;
	_buf_ struct buf allow = {0};
	(void)!route_find(v->r->method, v->r->path, &argument, &known);
	if (!known) {
		visit_problem(v, 404);
		return;
	}
	route_allow(v->r->path, &allow);
	answer(v,
		(struct http_response){.status = 405,
			.body = SLICE("{\"error\":\"method_not_allowed\"}"),
			.allow = buf_string(&allow)});
}

static bool form_is_ours(struct visit *v)
{
	_buf_ struct buf given = {0};
	return http_form(v->r, "csrf", SESSION_TOKEN, &given) == 0 && !v->new_token &&
		session_csrf_is(&v->c->sessions, v->token, buf_slice(&given));
}

/* Whether he has what the path names, for who sees some sources only. */
static bool is_his(struct visit *v)
{
	const char *path = v->route->path;
	if (strncmp(path, "/moderation/*", 13) == 0)
		return limit_sees(v, visit_number(v));
	return strncmp(path, "/dossiers/*", 11) != 0 || limit_sees_dossier(v, visit_number(v));
}

/* Whoever sees some sources only: what is for him, and of those. */
static bool limit_may(struct visit *v)
{
	const struct route *route = v->route;
	if (!limit_is(v) || route->roles == ROUTE_ALL)
		return true;
	if (!(route->roles & ROUTE_LIMITED)) {
		refusal_limited(v);
		return false;
	}
	if (is_his(v))
		return true;
	visit_problem(v, 404);
	return false;
}

static void enter(struct visit *v)
{
	const struct route *route = v->route;
	const bool post = strcmp(route->method, "POST") == 0;
	if (v->r->by_socket && !v->session && route->roles != ROUTE_ALL)
		proxy_stranger(v);
	else if (!v->session && route->roles != ROUTE_ALL && !post)
		visit_go(v, "/connexion");
	else if (post && !v->session && route->roles != ROUTE_ALL)
		refusal_signed_out(v);
	else if (post && !form_is_ours(v))
		refusal_stale(v);
	else if (route->roles != ROUTE_ALL && (!v->session || !(v->session->roles & route->roles)))
		visit_problem(v, 403);
	else if (limit_may(v) && duty_may(v))
		route->handle(v);
}

/* Without what a page says of the town. */
static void refuse_later(struct visit *v)
{
	v->session = NULL;
	visit_problem(v, 503);
}

/* Behind who it is. */
static void serve(struct visit *v)
{
	struct console *c = v->c;
	struct reader *before;
	int r = limit_begin(v, v->session ? v->session->sources : "", &before);
	if (r < 0)
		refuse_later(v);
	else if (v->r->body.n > most(c, v->r, v->route))
		visit_problem(v, 413);
	else if (v->route)
		enter(v);
	else
		no_route(v);
	limit_end(c, before);
}

int64_t console_town(struct console *c, int64_t now)
{
	struct error e = {""};
	int64_t town = now;
	if (c->s->config.clock_event && c->reader && reader_clock(c->reader, true, &town, &e) < 0)
		town = now;
	return town;
}

void door_handle(void *user, struct http_request *r)
{
	struct console *c = user;
	struct visit v = visit_of(c, r);
	const bool api = api_is(r->path);
	(void)!visit_reader(&v);
	v.town = console_town(c, v.now);
	if (!api)
		identify(&v);
	if (api)
		api_handle(&v);
	else
		serve(&v);
	buf_release(&v.out);
}

bool visit_resume(struct visit *v, struct reader **before)
{
	*before = v->c->reader;
	v->session = session_peek(&v->c->sessions, v->token, v->now);
	if (!v->session)
		visit_go(v, "/connexion");
	else if (limit_begin(v, v->session->sources, before) < 0)
		refuse_later(v);
	else
		return true;
	return false;
}

struct visit *visit_keep(const struct visit *v)
{
	struct visit *kept = xcalloc(1, sizeof(*kept));
	*kept = *v;
	kept->out = (struct buf){0};
	kept->session = NULL; /* it may end meanwhile */
	return kept;
}

void visit_end(struct visit *v)
{
	buf_release(&v->out);
	free(v);
}

/* --- what handlers ask */

int64_t visit_number(const struct visit *v)
{
	int64_t n;
	return v->argument.n && v->argument.p[0] != '0' && slice_number(v->argument, &n) ? n : 0;
}

/* Line ends become \n. */
static void tidy(struct slice sent, struct buf *ret)
{
	_buf_ struct buf valid = {0};
	utf8_repair(&valid, sent);
	for (size_t i = 0; i < valid.n; i++)
		if (valid.p[i] != '\r')
			buf_add_char(ret, valid.p[i]);
		else if (i + 1 == valid.n || valid.p[i + 1] != '\n')
			buf_add_char(ret, '\n');
}

bool visit_field(struct visit *v, const char *name, size_t max, struct buf *ret)
{
	_buf_ struct buf sent = {0};
	if (http_form(v->r, name, max, &sent) != 0 || memchr(sent.n ? sent.p : "", 0, sent.n))
		return false;
	tidy(buf_slice(&sent), ret);
	return true;
}

int visit_query(struct visit *v, const char *name, size_t max, struct buf *ret)
{
	_buf_ struct buf sent = {0};
	int r = http_query(v->r, name, max, &sent);
	if (r == 0)
		tidy(buf_slice(&sent), ret);
	return r;
}

int visit_reader(struct visit *v)
{
	struct error e = {""};
	if (!limit_holds(v))
		return -EACCES;
	if (v->c->reader)
		return 0;
	return reader_open(v->c->s->config.state_dir, &v->c->reader, &e);
}

static void store_is_away(struct console *c)
{
	c->away_until = clock_monotonic() + AWAY_MS;
	service_log(c->s, LOG_WARNING_, "%s", words(c->s->config.lang, "store ne répond pas"));
}

int visit_ask(struct visit *v, enum request_verb verb, const struct buf *body, struct buf *reply,
	struct error *e)
{
	struct console *c = v->c;
	if (clock_monotonic() < c->away_until)
		return ASK_AWAY;
	int r = commit_request(c->store, verb, buf_slice(body), ASK_MS, reply, e);
	if (r <= 0)
		return r;
	store_is_away(c);
	return ASK_UNSURE;
}

struct asking { /* a visit that waits for store */
	struct visit *v;
	visit_then_fn *then;
	bool signed_in;
};

static void go_on(struct asking *a, int r, struct slice reply, const struct error *e)
{
	struct visit *v = a->v;
	struct console *c = v->c;
	struct reader *before;
	char sources[ACCOUNT_SOURCES_MAX + 1]; /* of the session, or of who asked through the API */
	snprintf(sources, sizeof(sources), "%s", v->session ? v->session->sources : v->sources);
	if (limit_begin(v, sources, &before) == 0)
		a->then(v, r, reply, e);
	else
		refuse_later(v);
	limit_end(c, before);
}

static void answered(void *user, int r, struct slice reply, const struct error *e)
{
	struct asking *a = user;
	struct visit *v = a->v;
	v->now = clock_now();
	v->session = session_peek(&v->c->sessions, v->token, v->now);
	if (r == BUS_TIMEOUT || r == -ENOTCONN) {
		store_is_away(v->c);
		r = r > 0 ? ASK_UNSURE : ASK_AWAY;
	}
	if (v->session || !a->signed_in)
		go_on(a, r, reply, e);
	else
		visit_go(v, "/connexion");
	visit_end(v);
	free(a);
}

void visit_ask_then(
	struct visit *v, enum request_verb verb, const struct buf *body, visit_then_fn *then)
{
	struct console *c = v->c;
	struct error e = {""};
	if (clock_monotonic() < c->away_until) {
		then(v, ASK_AWAY, (struct slice){0}, &e);
		return;
	}
	struct asking *a = xcalloc(1, sizeof(*a));
	*a = (struct asking){visit_keep(v), then, v->session != NULL};
	int r = commit_ask(c->store, verb, buf_slice(body), ASK_MS, answered, a);
	if (r == 0)
		return;
	answered(a, error_set(&e, r, "store : %s", strerror(-r)), (struct slice){0}, &e);
}

void visit_tell(struct visit *v, bool bad, const char *text)
{
	buf_clear(&v->session->told);
	buf_add_string(&v->session->told, text);
	v->session->told_bad = bad;
	v->session->undo = v->session->undo_bulk = 0;
}

const char *visit_why(const struct visit *v, int code, const struct error *e)
{
	if (code == ASK_AWAY)
		return words(v->l,
			"La base ne répond pas : rien n'a été changé. Réessayez dans une minute.");
	if (code == ASK_UNSURE)
		return words(v->l,
			"La base n'a pas répondu à temps : on ne sait pas si c'est fait. Rechargez la page avant de recommencer.");
	if (code == -EAGAIN)
		return words(v->l,
			"La base est occupée : rien n'a été changé. Réessayez dans un instant.");
	return e->text[0] ? e->text : strerror(-code);
}

void visit_tell_error(struct visit *v, int code, const struct error *e)
{
	visit_tell(v, true, visit_why(v, code, e));
}
