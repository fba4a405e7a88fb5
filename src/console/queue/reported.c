/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reported.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/bus/put.h>
#include <tocsin/html/html.h>
#include <tocsin/json/json.h>
#include <tocsin/record/batch.h>
#include "../moment.h"
#include "../rules/rules.h"

enum { TEXT_MAX = 4000, PLACE_MAX = 300, CALLER_MAX = 200 /* bytes */ };
#define PAGE "/signalement"

static const struct {
	const char *id, *french;
} ways[] = {{"telephone", WORDS_MARK("au téléphone")},
	{"capture", WORDS_MARK("par une capture d'écran")},
	{"autre", WORDS_MARK("autrement (guichet, courrier…)")}};
#define WAYS (sizeof(ways) / sizeof(*ways))

/* --- the form */

/* What was typed before, on the page that a form answers. */
static void put_typed(struct visit *v, const char *name, size_t max)
{
	_buf_ struct buf typed = {0};
	if (slice_is(v->r->method, "POST") && visit_field(v, name, max, &typed))
		html_text(&v->out, buf_slice(&typed));
}

static void put_input(
	struct visit *v, const char *name, const char *label, size_t max, const char *more)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v, label);
	buf_printf(&v->out, "<input name=\"%s\" maxlength=\"%zu\" autocomplete=\"off\"%s value=\"",
		name, max / 2, more);
	put_typed(v, name, max);
	buf_add_string(&v->out, "\"></label></p>\n");
}

static void put_ways(struct visit *v)
{
	_buf_ struct buf typed = {0};
	const bool any = slice_is(v->r->method, "POST") && visit_field(v, "moyen", 20, &typed);
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Comment c'est arrivé"));
	buf_add_string(&v->out, "<select name=\"moyen\">");
	for (size_t i = 0; i < WAYS; i++) {
		buf_printf(&v->out, "<option value=\"%s\"%s>", ways[i].id,
			any && slice_is(buf_slice(&typed), ways[i].id) ? " selected" : "");
		page_word(v, words(v->l, ways[i].french));
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "</select></label></p>\n");
}

/* One form is one item, however often it is sent. */
static void put_number(struct visit *v)
{
	char fresh[SESSION_TOKEN];
	_buf_ struct buf typed = {0};
	if (!slice_is(v->r->method, "POST") || !visit_field(v, "numero", SESSION_TOKEN, &typed) ||
		!session_token_ok(buf_slice(&typed))) {
		session_token(fresh);
		buf_clear(&typed);
		buf_add_string(&typed, fresh);
	}
	buf_printf(&v->out, "<input type=\"hidden\" name=\"numero\" value=\"%s\">\n",
		buf_string(&typed));
}

static void put_form(struct visit *v)
{
	int64_t at = 0;
	page_form(v, "noting", PAGE);
	put_number(v);
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Ce qui est écrit, mot pour mot (ou ce que montre l'image)"));
	buf_printf(&v->out, "<textarea name=\"texte\" rows=\"5\" required maxlength=\"%d\">\n",
		TEXT_MAX / 2);
	put_typed(v, "texte", TEXT_MAX);
	buf_add_string(&v->out, "</textarea></label></p>\n");
	put_input(v, "ou", words(v->l, "Où c'est écrit (adresse, page, groupe…)"), PLACE_MAX,
		" required");
	put_ways(v);
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Quand vous l'avez reçu (vide : maintenant)"));
	buf_add_char(&v->out, ' ');
	if (slice_is(v->r->method, "POST") && !moment_read(v, "quand", &at))
		at = 0;
	moment_put(v, "quand", at);
	buf_add_string(&v->out, "</label></p>\n");
	put_input(v, "rappeler",
		words(v->l, "Qui rappeler, et à quel numéro : seulement si la personne le demande"),
		CALLER_MAX, "");
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, words(v->l, "Mettre dans la file"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void put_page(struct visit *v, unsigned status, const char *wrong)
{
	const char *title = words(v->l, "Signalement reçu");
	buf_clear(&v->out);
	page_open(v, title);
	page_element(v, "h1", title);
	if (wrong)
		rules_say(v, true, wrong);
	page_element(v, "p",
		words(v->l,
			"Quelqu'un signale à la mairie ce qui est écrit quelque part. Les règles le lisent, la modération en décide ; il est compté à part, dans aucune courbe. Le nom de qui appelle n'est pas demandé ; le vôtre est gardé."));
	put_form(v);
	page_close(v);
	visit_page(v, status);
}

void reported_get(struct visit *v)
{
	put_page(v, 200, NULL);
}

void reported_put_link(struct visit *v)
{
	buf_add_string(&v->out, "<a href=\"" PAGE "\">");
	page_word(v, words(v->l, "Inscrire un signalement reçu"));
	buf_add_string(&v->out, "</a>");
}

/* --- on its way */

struct told { /* a visit that waits for ingest */
	struct told *next;
	struct visit *v;
	uint64_t number;
};
struct reporting {
	struct put *put;
	struct told *first;
};

static const char *fault(const struct visit *v, enum put_status status)
{
	if (status == PUT_REFUSED)
		return words(v->l, "Ce signalement n'a pas pu être lu : rien n'est inscrit.");
	return words(v->l,
		"tocsin ne l'a pas encore pris : envoyez-le de nouveau dans un instant, il ne sera compté qu'une fois.");
}

static void end(struct told *t, enum put_status status)
{
	struct visit *v = t->v;
	v->now = clock_now();
	v->session = session_peek(&v->c->sessions, v->token, v->now);
	if (!v->session) {
		visit_go(v, "/connexion");
	} else if (status == PUT_OK) {
		visit_tell(v, false,
			words(v->l, "C'est pris : le signalement arrive dans la file à modérer."));
		visit_go(v,
			v->session->roles & (ROLE_MODERATION | ROLE_DIRCOM) ? "/moderation" : PAGE);
	} else {
		put_page(v, status == PUT_REFUSED ? 400 : 503, fault(v, status));
	}
	visit_end(v);
	free(t);
}

static void on_ack(void *user, const struct put_ack *ack)
{
	struct reporting *p = user;
	for (struct told **at = &p->first; *at; at = &(*at)->next) {
		struct told *t = *at;
		if (t->number != ack->number)
			continue;
		*at = t->next;
		end(t, ack->status);
		return;
	}
}

int reporting_open(struct console *c, struct reporting **ret, struct error *e)
{
	struct reporting *p = xcalloc(1, sizeof(*p));
	int r = put_open(c->bus, "console", on_ack, p, &p->put, e);
	if (r < 0)
		free(p);
	else
		*ret = p;
	return r;
}

struct reporting *reporting_close(struct reporting *p)
{
	if (!p)
		return NULL;
	while (p->first) {
		struct told *t = p->first;
		p->first = t->next;
		end(t, PUT_LOST);
	}
	put_close(p->put);
	free(p);
	return NULL;
}

static void send(struct visit *v, const struct comment *c)
{
	struct reporting *p = v->c->reporting;
	_buf_ struct buf items = {0};
	uint64_t number;
	batch_add(&items, c);
	int r = put_send(p->put, c->source, buf_slice(&items), 1, (struct slice){0}, &number);
	if (r) {
		put_page(v, 503, fault(v, PUT_BUSY));
		return;
	}
	struct told *t = xcalloc(1, sizeof(*t));
	*t = (struct told){p->first, visit_keep(v), number};
	p->first = t;
}

/* --- what was typed; of all that only text, url and extra are kept, which go together */

struct typed {
	struct buf text, place, way, caller, number, extra;
	int64_t at;
};

static void typed_release(struct typed *t)
{
	buf_release(&t->text);
	buf_release(&t->place);
	buf_release(&t->way);
	buf_release(&t->caller);
	buf_release(&t->number);
	buf_release(&t->extra);
}

static bool is_way(struct slice s)
{
	size_t i = 0;
	while (i < WAYS && !slice_is(s, ways[i].id))
		i++;
	return i < WAYS;
}

static bool read_form(struct visit *v, struct typed *t)
{
	return visit_field(v, "texte", TEXT_MAX, &t->text) && t->text.n &&
		visit_field(v, "ou", PLACE_MAX, &t->place) && t->place.n &&
		visit_field(v, "moyen", 20, &t->way) && is_way(buf_slice(&t->way)) &&
		visit_field(v, "rappeler", CALLER_MAX, &t->caller) &&
		visit_field(v, "numero", SESSION_TOKEN, &t->number) &&
		session_token_ok(buf_slice(&t->number)) && moment_read(v, "quand", &t->at);
}

static void write_extra(const struct visit *v, struct typed *t)
{
	struct json_writer w = {.out = &t->extra};
	json_w_begin(&w, '{');
	json_w_text(&w, "ou", buf_slice(&t->place));
	json_w_text(&w, "moyen", buf_slice(&t->way));
	json_w_text(&w, "pris_par", slice_of(v->session->name));
	if (t->caller.n)
		json_w_text(&w, "rappeler", buf_slice(&t->caller));
	json_w_end(&w, '}');
}

static bool is_address(struct slice s)
{
	return (slice_begins(s, "https://") || slice_begins(s, "http://")) &&
		!memchr(s.p, ' ', s.n);
}

void reported_post(struct visit *v)
{
	_cleanup_(typed_release) struct typed t = {0};
	if (!read_form(v, &t)) {
		put_page(v, 400, words(v->l, "Il manque ce qui est écrit, ou où."));
		return;
	}
	if (t.at > v->town) {
		put_page(v, 400, words(v->l, "Ce moment n'est pas encore venu."));
		return;
	}
	write_extra(v, &t);
	const struct slice place = buf_slice(&t.place);
	send(v,
		&(struct comment){.source = SLICE(COMMENT_REPORTED),
			.id = buf_slice(&t.number),
			.text = buf_slice(&t.text),
			.url = is_address(place) ? place : (struct slice){0},
			.created_at = t.at ? t.at : v->town,
			.extra = buf_slice(&t.extra)});
}

/* --- in its card */

static const char *way_name(const struct visit *v, struct slice way)
{
	for (size_t i = 0; i < WAYS; i++)
		if (slice_is(way, ways[i].id))
			return words(v->l, ways[i].french);
	return "";
}

void reported_put(struct visit *v, const struct comment *c)
{
	struct json_value extra;
	struct error e = {""};
	if (!c->extra.n || json_parse(v->c->json, c->extra, &extra, &e) < 0)
		return; /* erased */
	buf_add_string(&v->out, "<p class=\"meta reported\">");
	page_word(v, words(v->l, "Où :"));
	buf_add_char(&v->out, ' ');
	html_shown(&v->out, rules_text(extra, "ou"));
	buf_add_string(&v->out, " · ");
	page_word(v, way_name(v, rules_text(extra, "moyen")));
	buf_add_string(&v->out, " · ");
	page_word(v, words(v->l, "reçu par"));
	buf_add_char(&v->out, ' ');
	page_person(v, rules_text(extra, "pris_par"));
	if (rules_text(extra, "rappeler").n) {
		buf_add_string(&v->out, " · ");
		page_word(v, words(v->l, "à rappeler :"));
		buf_add_char(&v->out, ' ');
		html_shown(&v->out, rules_text(extra, "rappeler"));
	}
	buf_add_string(&v->out, "</p>\n");
}
