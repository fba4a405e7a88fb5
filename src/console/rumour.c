/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rumour.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/record/mask.h>
#include <tocsin/record/rumour.h>
#include "conduct.h"

enum { SHOWN = 10, ENOUGH = 1, TEXT_BYTES = 400, NOTE_MAX = 1000 };

struct one {
	int64_t row;
	struct slice text; /* masked */
	enum rumour_outcome outcome;
	struct slice who;
	int64_t at;
};
struct rumours {
	struct arena arena;
	struct one *list;
	size_t n, cap;
	size_t open, shown; /* without an outcome; with their text */
};

static void rumours_release(struct rumours *u)
{
	free(u->list);
	arena_release(&u->arena);
}

static const char *outcome_name(enum words_lang l, enum rumour_outcome outcome)
{
	switch (outcome) {
	case RUMOUR_TRUE: return words(l, "vérifiée : vraie");
	case RUMOUR_FALSE: return words(l, "vérifiée : fausse");
	case RUMOUR_DROPPED: return words(l, "sans suite");
	case RUMOUR_OPEN:
	default: return words(l, "à vérifier");
	}
}

/* --- which */

static struct one *find(const struct rumours *u, int64_t row)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->list[i].row == row)
			return &u->list[i];
	return NULL;
}

static struct one *add(struct rumours *u, int64_t row)
{
	u->list = xgrow(u->list, u->n, &u->cap, sizeof(*u->list));
	u->list[u->n] = (struct one){.row = row};
	return &u->list[u->n++];
}

/* With their outcome, before anything is known of what they say. */
static int take_found(void *user, const struct rumour *found)
{
	struct rumours *u = user;
	struct one *o = add(u, found->row);
	o->outcome = found->outcome;
	o->at = found->at;
	o->who = arena_copy(&u->arena, found->who);
	return 0;
}

static void keep_text(struct rumours *u, struct one *o, struct slice said)
{
	_buf_ struct buf text = {0};
	mask_text(&text, said, TEXT_BYTES);
	o->text = arena_copy(&u->arena, buf_slice(&text));
	u->shown++;
}

/* Of those without an outcome, the newest. */
static int take(void *user, const struct stored_comment *c)
{
	struct rumours *u = user;
	if (c->gone || !c->comment.text.n || find(u, c->row))
		return 0;
	keep_text(u, add(u, c->row), c->comment.text);
	return ++u->open == SHOWN ? ENOUGH : 0;
}

/* False: none can be, or they are not for his eyes. */
static bool ask_for(struct visit *v, const struct incident *i, struct recent_query *ret)
{
	const bool all = i->kind == INCIDENT_WHOLE;
	*ret = (struct recent_query){.category = SLICE(RUMOUR_CATEGORY),
		.topic = all ? (struct slice){0} : i->topic,
		.from = i->facts.since,
		.to = i->state == INCIDENT_CLOSED ? i->closed_at : 0,
		.event = v->c->s->config.clock_event};
	return (all || i->kind == INCIDENT_TOPIC) && i->facts.since &&
		!alarm_counts_only(v, v->session->roles);
}

struct seeking {
	const struct recent_query *q;
	struct buf text; /* empty: it is none of these, or gone */
};

static int seek(void *user, const struct stored_comment *c)
{
	struct seeking *s = user;
	if (!c->gone && recent_has(s->q, c))
		buf_add_slice(&s->text, c->comment.text);
	return 0;
}

/* However many came since. 0 or -errno. */
static int read_one(struct visit *v, const struct recent_query *q, int64_t row, struct buf *ret,
	struct error *e)
{
	struct seeking s = {.q = q, .text = *ret};
	int64_t seq;
	int r = reader_current(v->c->reader, row, &seq, e);
	if (r == 0)
		r = reader_comment(v->c->reader, seq, seek, &s, e);
	*ret = s.text;
	return r < 0 && r != -ENOENT ? r : 0;
}

static int read_found(
	struct visit *v, const struct recent_query *q, struct rumours *u, struct error *e)
{
	int r = 0;
	for (size_t i = 0; i < u->n && r == 0; i++) {
		_buf_ struct buf text = {0};
		r = read_one(v, q, u->list[i].row, &text, e);
		if (text.n)
			keep_text(u, &u->list[i], buf_slice(&text));
	}
	return r;
}

/* To be released either way. Those with an outcome all, of the others the newest. */
static int read_rumours(
	struct visit *v, const struct incident *i, struct rumours *ret, struct error *e)
{
	struct recent_query q;
	*ret = (struct rumours){0};
	arena_init(&ret->arena, 0);
	if (!ask_for(v, i, &q))
		return 0;
	int r = reader_rumours(v->c->reader, i->id, take_found, ret, e);
	q.limit = (uint32_t)ret->n + SHOWN;
	if (r >= 0)
		r = read_found(v, &q, ret, e);
	if (r >= 0)
		r = reader_recent_find(v->c->reader, &q, take, ret, e);
	return r < 0 ? r : 0;
}

/* --- how they are shown */

static void put_form(struct visit *v, int64_t incident, const struct one *o)
{
	page_form(v, "noting", "/situation/%lld/rumeur", (long long)incident);
	buf_printf(&v->out, "<input type=\"hidden\" name=\"rumeur\" value=\"%lld\">\n<p><label>",
		(long long)o->row);
	page_word(v, words(v->l, "Ce qui en est"));
	buf_add_string(&v->out, " <select name=\"constat\">");
	for (int k = RUMOUR_TRUE; k <= RUMOUR_DROPPED; k++) {
		buf_printf(&v->out, "<option value=\"%d\">", k);
		page_word(v, outcome_name(v->l, (enum rumour_outcome)k));
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "</select></label> <label>");
	page_word(v, words(v->l, "Par qui et comment vérifiée"));
	buf_printf(&v->out,
		" <input name=\"texte\" maxlength=\"%u\" autocomplete=\"off\"></label> <button>",
		(unsigned)NOTE_MAX / 4);
	page_word(v, words(v->l, "Inscrire"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void put_one(struct visit *v, const struct alarm *a, const struct one *o)
{
	buf_printf(&v->out, "<li id=\"r%lld\"><blockquote>", (long long)o->row);
	html_shown(&v->out, o->text);
	buf_add_string(&v->out, "</blockquote>\n<p class=\"meta\">");
	buf_printf(&v->out, words(v->l, "n° %lld · "), (long long)o->row);
	page_word(v, outcome_name(v->l, o->outcome));
	if (o->outcome != RUMOUR_OPEN) {
		buf_add_string(&v->out, " · ");
		page_person(v, o->who);
		buf_add_string(&v->out, ", ");
		page_time(v, o->at);
	}
	buf_add_string(&v->out, "</p>\n");
	if (a->alone && a->incident->state != INCIDENT_CLOSED && alarm_may_charge(v))
		put_form(v, a->incident->id, o);
	buf_add_string(&v->out, "</li>\n");
}

int rumours_put(struct visit *v, const struct alarm *a, struct error *e)
{
	struct rumours u;
	int r = read_rumours(v, a->incident, &u, e);
	if (r == 0 && u.shown) {
		page_element(v, a->alone ? "h2" : "h3", words(v->l, "Rumeurs à vérifier"));
		buf_add_string(&v->out, "<ul class=\"verbatims rumours\">\n");
		for (size_t i = 0; i < u.n; i++)
			if (u.list[i].text.n) /* still one of these */
				put_one(v, a, &u.list[i]);
		buf_add_string(&v->out, "</ul>\n");
	}
	rumours_release(&u);
	return r;
}

/* --- what was found */

static void found(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	conduct_done(v, r, e, FORM_NONE, words(v->l, "C'est inscrit dans la main courante."));
}

static bool is_of(struct visit *v, const struct incident *i, int64_t row)
{
	struct recent_query q;
	struct error e = {""};
	_buf_ struct buf text = {0};
	return ask_for(v, i, &q) && read_one(v, &q, row, &text, &e) == 0 && text.n;
}

static bool read_form(struct visit *v, struct rumour_request *ret, struct buf *note)
{
	_buf_ struct buf row = {0}, outcome = {0};
	int64_t n;
	if (!visit_field(v, "rumeur", 20, &row) || !slice_number(buf_slice(&row), &ret->row) ||
		!visit_field(v, "constat", 2, &outcome) || !slice_number(buf_slice(&outcome), &n) ||
		n < RUMOUR_TRUE || n > RUMOUR_DROPPED || !visit_field(v, "texte", NOTE_MAX, note))
		return false;
	ret->outcome = (uint8_t)n;
	return true;
}

static void write_found(struct visit *v, const struct incident *i)
{
	const enum words_lang town = v->c->s->config.lang;
	_buf_ struct buf note = {0}, text = {0}, body = {0};
	struct rumour_request q = {.incident = i->id, .who = slice_of(v->session->name)};
	if (!read_form(v, &q, &note)) {
		conduct_refuse(v, 400, FORM_NONE, words(v->l, "Cette demande est incomplète."));
		return;
	}
	if (!is_of(v, i, q.row)) {
		conduct_refuse(v, 409, FORM_NONE,
			words(v->l,
				"Cette rumeur n'est plus dans cette alerte : relisez la page."));
		return;
	}
	buf_printf(&text, words(town, "n° %lld · "), (long long)q.row);
	buf_add_string(&text, outcome_name(town, (enum rumour_outcome)q.outcome));
	if (note.n)
		buf_printf(&text, " · %.*s", (int)note.n, note.p);
	q.text = buf_slice(&text);
	rumour_encode(&body, &q);
	visit_ask_then(v, REQUEST_RUMOUR, &body, found);
}

void rumour_post(struct visit *v)
{
	conduct_open(v, FORM_NONE, write_found);
}
