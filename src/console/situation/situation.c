/* SPDX-License-Identifier: GPL-3.0-or-later
 * Point de situation: the level of the whole, and every open alarm, the gravest first; the page of one;
 * taking charge. */
#include "conduct.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "followed.h"
#include "../queue/reported.h"
#include "../topic.h"

enum { OPEN_MAX = 30, CLOSED_MAX = 30 };

struct open { /* alarms, with all that they point to */
	struct arena arena;
	struct incident list[OPEN_MAX];
	size_t n, more; /* more: beyond the list */
	int failed;
};

static int take(void *user, const struct incident *i)
{
	struct open *o = user;
	if (o->n == OPEN_MAX) {
		o->more++;
		return 0;
	}
	o->failed = incident_copy(i, &o->arena, &o->list[o->n]);
	o->n += o->failed == 0;
	return o->failed;
}

/* Grey says that something is not heard: below what is heard and rises. */
static int weight(const struct incident *i)
{
	static const int weights[] = {[LEVEL_VERT] = 0,
		[LEVEL_GRIS] = 1,
		[LEVEL_JAUNE] = 2,
		[LEVEL_ORANGE] = 3,
		[LEVEL_ROUGE] = 4};
	return i->kind == INCIDENT_DRILL ? -1 : weights[i->level];
}

static int by_weight(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;
	int d = weight(y) - weight(x);
	return d ? d : (x->raised_at < y->raised_at) - (x->raised_at > y->raised_at);
}

static enum town_level whole(const struct open *o)
{
	enum town_level level = LEVEL_VERT;
	for (size_t i = 0; i < o->n; i++)
		if (weight(&o->list[i]) > 1 && o->list[i].level > level)
			level = o->list[i].level;
	return level;
}

static void put_deaf(struct visit *v, const struct open *o)
{
	bool any = false;
	for (size_t i = 0; i < o->n; i++) {
		if (o->list[i].kind != INCIDENT_GREY)
			continue;
		buf_add_string(&v->out, any ? ", " : "<p class=\"deaf\"><strong>");
		if (!any) {
			page_word(v, words(v->l, "Non entendus :"));
			buf_add_string(&v->out, "</strong> ");
		}
		html_shown(&v->out, o->list[i].title.n ? o->list[i].title : o->list[i].topic);
		any = true;
	}
	buf_add_string(&v->out, any ? "</p>\n" : "");
}

/* It makes the level of the whole, and no graver one rang for the same reason. */
static bool has_own_reason(const struct open *o, size_t n)
{
	const struct slice trigger = o->list[n].facts.trigger;
	size_t before = 0;
	while (before < n && !slice_equal(o->list[before].facts.trigger, trigger))
		before++;
	return before == n && trigger.n && weight(&o->list[n]) > 1;
}

/* What made the alarms ring, the gravest first. */
static void put_why(struct visit *v, const struct open *o)
{
	_buf_ struct buf text = {0};
	for (size_t i = 0; i < o->n; i++) {
		if (!has_own_reason(o, i))
			continue;
		buf_add_string(&text, text.n ? " ; " : "");
		phrase_trigger(v->l, o->list[i].facts.trigger, &text);
	}
	alarm_why(v, buf_slice(&text));
}

static int take_last(void *user, const struct stored_comment *s)
{
	struct visit *v = user;
	buf_add_string(&v->out, "<p class=\"meta\">");
	page_word(v, words(v->l, "Dernier commentaire reçu :"));
	buf_add_char(&v->out, ' ');
	page_ago(v, v->c->s->config.clock_event ? s->comment.created_at : s->accepted_at);
	buf_add_string(&v->out, " (");
	html_shown(&v->out, config_source_title(&v->c->s->config, s->comment.source));
	buf_add_string(&v->out, "). ");
	page_word(v, words(v->l, "Groupes privés et messageries ne sont jamais entendus."));
	buf_add_string(&v->out, "</p>\n");
	return 1;
}

/* That the town is heard at all: calm must not be mistaken for deaf, nor deaf for calm. */
static void put_hearing(struct visit *v)
{
	struct error e = {""};
	if (reader_recent(v->c->reader, 0, 1, take_last, v, &e) == 0)
		page_element(v, "p",
			words(v->l, "Rien n'a encore été reçu : la ville n'est pas entendue."));
}

static void put_whole(struct visit *v, const struct open *o)
{
	char exact[CLOCK_TEXT], at[CLOCK_TEXT];
	buf_add_string(&v->out, "<p class=\"whole\">tocsin ");
	alarm_level(v, whole(o));
	buf_add_string(&v->out, " <span class=\"meta\">");
	/* whole: it is printed */
	buf_printf(&v->out, "<time datetime=\"%s\">", clock_format(v->town, exact));
	buf_printf(&v->out, words(v->l, "le %s"), clock_format_dhm(v->town, at));
	buf_add_string(&v->out, "</time>");
	buf_add_string(&v->out, "<span class=\"way\"> · <a href=\"/situation\">");
	page_word(v, words(v->l, "recharger"));
	buf_add_string(&v->out, "</a></span></span></p>\n");
	put_why(v, o);
	put_deaf(v, o);
	if (!o->n)
		page_element(v, "p", words(v->l, "Aucune alerte n'est ouverte."));
	put_hearing(v);
}

/* --- what is over */

struct closed {
	struct visit *v;
	bool any;
};

static int put_closed(void *user, const struct incident *i)
{
	struct closed *c = user;
	if (i->kind == INCIDENT_DRILL)
		return 0;
	if (!c->any) {
		page_element(c->v, "h2", words(c->v->l, "Alertes closes depuis 24 heures"));
		buf_add_string(&c->v->out, "<ul class=\"alarms\">\n");
	}
	c->any = true;
	alarm_line(c->v, i);
	return 0;
}

static int put_all_closed(struct visit *v, struct error *e)
{
	struct closed c = {.v = v};
	int r = reader_incidents_closed(
		v->c->reader, v->town - CLOCK_DAY, CLOSED_MAX, put_closed, &c, e);
	buf_add_string(&v->out, c.any ? "</ul>\n" : "");
	return r < 0 ? r : 0;
}

static int put_all(struct visit *v, struct open *o, struct error *e)
{
	const char *title = words(v->l, "Point de situation");
	int r = 0;
	page_open(v, title);
	page_element(v, "h1", title);
	qsort(o->list, o->n, sizeof(*o->list), by_weight);
	put_whole(v, o);
	for (size_t i = 0; i < o->n && r == 0; i++) {
		const struct alarm a = {.incident = &o->list[i]};
		r = alarm_put(v, &a, e);
	}
	if (r == 0)
		r = followed_put_all(v, e);
	if (r == 0)
		r = put_all_closed(v, e);
	buf_add_string(&v->out, "<p class=\"way\"><a href=\"/situation/appels\">");
	page_word(v, words(v->l, "Qui serait appelé ?"));
	buf_add_string(&v->out, "</a> · ");
	reported_put_link(v);
	buf_add_string(&v->out, "</p>\n");
	if (v->session->roles & (ROLE_DIRCOM | ROLE_DGS)) {
		buf_add_string(&v->out, "<p class=\"way\"><a href=\"/situation/rejouer\">");
		page_word(v, words(v->l, "Et avec un autre réglage ?"));
		buf_add_string(&v->out, "</a></p>\n");
	}
	if (o->more)
		page_element(v, "p",
			words(v->l,
				"D'autres alertes sont ouvertes : « tocsin incidents » les montre."));
	page_close(v);
	return r;
}

void situation_get(struct visit *v)
{
	struct open o = {0};
	struct error e = {""};
	arena_init(&o.arena, 0);
	int r = visit_reader(v);
	if (r == 0) {
		topics_refresh(v);
		r = reader_incidents(v->c->reader, false, take, &o, &e);
	}
	if (r == 0)
		r = put_all(v, &o, &e);
	if (r == 0)
		visit_page(v, 200);
	else
		visit_problem(v, 503);
	arena_release(&o.arena);
}

/* --- one */

struct one {
	struct arena *arena;
	struct incident *ret;
};

static int take_one(void *user, const struct incident *i)
{
	const struct one *o = user;
	return incident_copy(i, o->arena, o->ret);
}

bool situation_find(struct visit *v, struct arena *arena, struct incident *ret)
{
	struct error e = {""};
	struct one one = {arena, ret};
	int64_t id = visit_number(v);
	int r = id ? visit_reader(v) : -ENOENT;
	*ret = (struct incident){0};
	if (r == 0)
		r = reader_incident(v->c->reader, id, take_one, &one, &e);
	if (r == 0 && ret->id)
		return true;
	visit_problem(v, r == -ENOENT ? 404 : 503);
	return false;
}

static void put_reports(struct visit *v, int64_t id)
{
	buf_add_string(&v->out, "<p class=\"choices\">");
	if (!alarm_counts_only(v, v->session->roles)) {
		buf_printf(&v->out, "<a href=\"/situation/%lld/rapport\">", (long long)id);
		page_word(v, words(v->l, "Rapport de l'alerte (fichier à imprimer)"));
		buf_add_string(&v->out, "</a> ");
	}
	buf_printf(&v->out, "<a href=\"/situation/%lld/rapport?communicable=1\">", (long long)id);
	page_word(v, words(v->l, "Version communicable"));
	buf_add_string(&v->out, "</a></p>\n");
}

static void put_one(struct visit *v, const struct incident *i, unsigned status, struct typed typed)
{
	const struct alarm a = {.incident = i, .alone = true, .typed = typed};
	struct error e = {""};
	page_open(v, words(v->l, "Alerte"));
	if (alarm_put(v, &a, &e) < 0) {
		visit_problem(v, 503);
		return;
	}
	put_reports(v, i->id);
	buf_add_string(&v->out, "<p><a href=\"/situation\">");
	page_word(v, words(v->l, "Revenir au point de situation"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, status);
}

void situation_again(struct visit *v, unsigned status, struct typed typed)
{
	struct arena arena;
	struct incident i;
	arena_init(&arena, 0);
	if (situation_find(v, &arena, &i)) {
		topics_refresh(v);
		put_one(v, &i, status, typed);
	}
	arena_release(&arena);
}

void alarm_get(struct visit *v)
{
	situation_again(v, 200, (struct typed){0});
}

static void charged(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == 0)
		visit_tell(v, false, words(v->l, "Vous prenez en charge cette alerte."));
	else
		visit_tell_error(v, r, e);
	visit_back(v, "/situation");
}

static void take_charge(struct visit *v, const struct incident *i)
{
	_buf_ struct buf body = {0};
	if (i->state == INCIDENT_CLOSED) {
		visit_tell(v, true, words(v->l, "Cette alerte est close."));
		visit_back(v, "/situation");
		return;
	}
	ack_encode(&body,
		&(struct ack_request){.incident = i->id,
			.who = slice_of(v->session->name),
			.text = slice_of(words(v->c->s->config.lang, "par la console"))});
	visit_ask_then(v, REQUEST_ACK, &body, charged);
}

void charge_post(struct visit *v)
{
	struct arena arena;
	struct incident i;
	arena_init(&arena, 0);
	if (situation_find(v, &arena, &i))
		take_charge(v, &i);
	arena_release(&arena);
}
