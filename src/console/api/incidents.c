/* SPDX-License-Identifier: GPL-3.0-or-later
 * The API's incidents: how many and where, never who, as on the situation page; taking charge. */
#include <errno.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>
#include "../situation/alarm.h"
#include "api.h"
#include "../situation/conduct.h"

enum { VERBATIM_BYTES = 400, TEXT_MAX = 1000, EXAMPLES_MAX = 5, PAGE = 100 };

static void put_masked(struct json_writer *w, struct slice text)
{
	_buf_ struct buf masked = {0};
	mask_text(&masked, text, VERBATIM_BYTES);
	json_w_string(w, buf_slice(&masked));
}

static void put_facts(struct json_writer *w, const struct incident_facts *f)
{
	json_w_number(w, "messages", f->messages);
	json_w_number(w, "authors", f->authors);
	json_w_number(w, "sources", f->sources);
	json_w_number(w, "questions", f->questions);
	json_w_number(w, "offences", f->offences);
	json_w_time(w, "since", f->since);
	json_w_strings(w, "deaf", f->deaf, f->n_deaf);
}

/* The topic of what nobody declared is made of citizens' words as well. */
static void put_name(struct call *c, struct json_writer *w, const struct incident *i)
{
	_buf_ struct buf title = {0}, bare = {0};
	const bool cut = alarm_counts_only(c->v, c->roles) && phrase_bare_title(c->v->l, i, &bare);
	alarm_title(c->v, c->roles, i, &title);
	json_w_text(w, "topic", cut ? slice_of(incident_kind_names[i->kind]) : i->topic);
	json_w_text(w, "title", buf_slice(&title));
}

static void put_incident(struct call *c, struct json_writer *w, const struct incident *i)
{
	json_w_number(w, "id", i->id);
	json_w_text(w, "kind", slice_of(incident_kind_names[i->kind]));
	json_w_text(w, "state", slice_of(incident_state_names[i->state]));
	json_w_text(w, "level", slice_of(town_level_names[i->level]));
	json_w_text(w, "peak", slice_of(town_level_names[i->peak]));
	put_name(c, w, i);
	json_w_time(w, "opened_at", i->opened_at);
	json_w_time(w, "raised_at", i->raised_at);
	json_w_time(w, "closed_at", i->closed_at);
	json_w_time(w, "acked_at", i->acked_at);
	json_w_text(w, "acked_by", i->acked_by);
	json_w_time(w, "ack_expires_at", i->ack_expires_at);
	json_w_time(w, "silenced_until", i->silenced_until);
	json_w_time(w, "next_point_at", i->next_at);
	put_facts(w, &i->facts);
}

struct page {
	struct call *call;
	struct json_writer w;
	int64_t last; /* id */
	unsigned n;
};

static int take_incident(void *user, const struct incident *i)
{
	struct page *p = user;
	json_w_begin(&p->w, '{');
	put_incident(p->call, &p->w, i);
	json_w_end(&p->w, '}');
	p->last = i->id;
	p->n++;
	return 0;
}

void api_incidents_get(struct call *c)
{
	struct page p = {.call = c, .w = {.out = &c->v->out}};
	struct error e = {""};
	_buf_ struct buf state = {0}, after = {0};
	int64_t from = 0;
	if (!call_query(c, "state", 10, &state) || !call_query(c, "after", 18, &after))
		return;
	bool all = slice_is(buf_slice(&state), "all");
	if (state.n && !all && !slice_is(buf_slice(&state), "open")) {
		call_problem(c, 400, words(c->v->l, "« state » est open ou all."));
		return;
	}
	if (after.n && !slice_number(buf_slice(&after), &from)) {
		call_problem(
			c, 400, words(c->v->l, "« after » est le « next » de la page d'avant."));
		return;
	}
	json_w_begin(&p.w, '{');
	json_w_key(&p.w, "incidents");
	json_w_begin(&p.w, '[');
	int r = reader_incidents_after(c->v->c->reader, all, from, PAGE, take_incident, &p, &e);
	json_w_end(&p.w, ']');
	json_w_key(&p.w, "next");
	if (p.n == PAGE)
		json_w_int(&p.w, p.last);
	else
		json_w_null(&p.w);
	json_w_end(&p.w, '}');
	call_read(c, r, &e);
}

/* --- one */

struct one {
	struct call *call;
	struct json_writer w;
	enum incident_kind kind;
	enum incident_state state;
	int64_t examples[EXAMPLES_MAX];
	size_t n_examples;
};

static int take_one(void *user, const struct incident *i)
{
	struct one *o = user;
	o->state = i->state;
	o->kind = i->kind;
	for (; o->n_examples < i->facts.n_examples && o->n_examples < EXAMPLES_MAX; o->n_examples++)
		o->examples[o->n_examples] = i->facts.examples[o->n_examples];
	put_incident(o->call, &o->w, i);
	return 0;
}

static int take_verbatim(void *user, const struct stored_comment *s)
{
	if (!s->gone && s->comment.text.n)
		put_masked(user, s->comment.text);
	return 0;
}

static int take_entry(void *user, const struct incident_entry *e)
{
	struct one *o = user;
	struct json_writer *w = &o->w;
	const bool told = e->kind != ENTRY_RUMOUR || !alarm_counts_only(o->call->v, o->call->roles);
	json_w_begin(w, '{');
	json_w_time(w, "at", e->at);
	json_w_time(w, "written_at", e->written_at);
	json_w_text(w, "kind", slice_of(entry_kind_names[e->kind]));
	json_w_text(w, "level", slice_of(town_level_names[e->level]));
	json_w_text(w, "who", e->who);
	json_w_text(w, "text", told ? e->text : (struct slice){0});
	json_w_end(w, '}');
	return 0;
}

static int put_verbatims(struct call *c, struct one *o, struct error *e)
{
	const size_t n = alarm_counts_only(c->v, c->roles) ? 0 : o->n_examples;
	int r = 0;
	json_w_key(&o->w, "verbatims");
	json_w_begin(&o->w, '[');
	for (size_t i = 0; r >= 0 && i < n; i++) {
		r = reader_comment(c->v->c->reader, o->examples[i], take_verbatim, &o->w, e);
		r = r == -ENOENT ? 0 : r; /* purged since */
	}
	json_w_end(&o->w, ']');
	return r;
}

static int put_one(struct call *c, struct one *o, int64_t id, struct error *e)
{
	struct reader *reader = c->v->c->reader;
	json_w_begin(&o->w, '{');
	int r = id ? reader_incident(reader, id, take_one, o, e) : -ENOENT;
	if (r >= 0)
		r = put_verbatims(c, o, e);
	json_w_key(&o->w, "log");
	json_w_begin(&o->w, '[');
	if (r >= 0)
		r = reader_log(reader, id, take_entry, o, e);
	json_w_end(&o->w, ']');
	json_w_end(&o->w, '}');
	return r;
}

void api_incident_get(struct call *c)
{
	struct one o = {.call = c, .w = {.out = &c->v->out}};
	struct error e = {""};
	int r = put_one(c, &o, visit_number(c->v), &e);
	if (r < 0)
		call_refused(c, r, &e);
	else
		call_answer(c);
}

/* --- taking charge */

/* False: the call is over. */
static bool find(struct call *c, int64_t id, struct one *ret)
{
	_buf_ struct buf waste = {0};
	struct error e = {""};
	*ret = (struct one){.call = c, .w = {.out = &waste}};
	int r = id ? reader_incident(c->v->c->reader, id, take_one, ret, &e) : -ENOENT;
	ret->w.out = NULL;
	if (r < 0)
		call_refused(c, r, &e);
	return r >= 0;
}

static void charged(struct call *c)
{
	struct json_writer w = {.out = &c->v->out};
	json_w_begin(&w, '{');
	json_w_number(&w, "id", visit_number(c->v));
	json_w_text(&w, "acked_by", slice_of(c->account));
	json_w_end(&w, '}');
	call_answer(c);
}

void api_ack_post(struct call *c)
{
	static const char *const names[] = {"text", NULL};
	_buf_ struct buf body = {0};
	struct ack_request q = {.incident = visit_number(c->v), .who = slice_of(c->account)};
	struct one o;
	if (!call_members(c, names) || !call_string(c, "text", TEXT_MAX, &q.text) ||
		!find(c, q.incident, &o))
		return;
	if (o.state == INCIDENT_CLOSED) {
		call_problem(c, 409,
			words(c->v->l,
				"Cette alerte est close : il n'y a plus rien à prendre en charge."));
		return;
	}
	if (!q.text.n)
		q.text = slice_of(words(c->v->c->s->config.lang, "par l'API"));
	c->done = charged;
	ack_encode(&body, &q);
	call_ask(c, REQUEST_ACK, &body);
}

/* --- its end, and that it was none */

static void ended(struct call *c, enum incident_state state)
{
	struct json_writer w = {.out = &c->v->out};
	json_w_begin(&w, '{');
	json_w_number(&w, "id", visit_number(c->v));
	json_w_text(&w, "state", slice_of(incident_state_names[state]));
	json_w_end(&w, '}');
	call_answer(c);
}

static void closed(struct call *c)
{
	ended(c, INCIDENT_CLOSED);
}

static void reopened(struct call *c)
{
	ended(c, INCIDENT_OPEN);
}

/* Whoever conducts alarms in the console, with a reason. False: the call is over. */
static bool read_end(struct call *c, struct close_request *ret, struct one *o)
{
	static const char *const names[] = {"text", NULL};
	*ret = (struct close_request){visit_number(c->v), slice_of(c->account), {0}};
	if (!call_members(c, names) || !call_string(c, "text", TEXT_MAX, &ret->text) ||
		!find(c, ret->incident, o))
		return false;
	if (!(c->roles & ROUTE_CONDUCTS))
		call_problem(c, 403,
			words(c->v->l,
				"Clore ou rouvrir une alerte revient à la direction de la communication, au cabinet et à la direction générale des services."));
	else if (!ret->text.n)
		call_problem(c, 422, words(c->v->l, "Un motif est nécessaire."));
	else
		return true;
	return false;
}

static void end(struct call *c, enum request_verb verb, const struct close_request *q,
	void (*done)(struct call *c))
{
	_buf_ struct buf body = {0};
	c->done = done;
	close_encode(&body, q);
	call_ask(c, verb, &body);
}

void api_close_post(struct call *c)
{
	struct close_request q;
	struct one o;
	if (!read_end(c, &q, &o))
		return;
	if (o.state == INCIDENT_CLOSED)
		call_problem(c, 409, words(c->v->l, "Cette alerte est close."));
	else
		end(c, REQUEST_CLOSE, &q, closed);
}

void api_reopen_post(struct call *c)
{
	struct close_request q;
	struct one o;
	if (!read_end(c, &q, &o))
		return;
	if (o.state != INCIDENT_CLOSED)
		call_problem(c, 409, words(c->v->l, "Cette alerte est déjà ouverte."));
	else if (!conduct_may_reopen(o.kind))
		call_problem(c, 409,
			words(c->v->l,
				"Un exercice, une source muette ou un retard ne se rouvre pas : il s'en ouvre un autre."));
	else
		end(c, REQUEST_REOPEN, &q, reopened);
}
