/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "followed.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/chart/chart.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/curve.h>
#include <tocsin/record/followed.h>
#include "alarm.h"
#include "../drafts/since.h"

enum {
	DAY = 24 * 60, /* minutes that the curve shows */
	HOURS = 7 * 24, /* … before it, that say what is usual */
	/* rows that are looked through while everybody waits, for all topics together; what one of them costs at least */
	LOOKED_MAX = 100000,
	ONE_LEAST = 1000,
	READ_MAX = 20000, /* comments of one topic */
	ALARMS_MAX = 500,
	NAME_MAX_ = 80 /* bytes */
};

bool followed_may(const struct visit *v)
{
	return v->session->roles & (ROLE_DIRCOM | ROLE_DGS);
}

static bool is_of(const struct rule_info *i, int64_t alarm)
{
	return i->topic && followed_alarm(i->path) == alarm;
}

bool followed_find(const struct visit *v, int64_t alarm, struct rule_info *ret)
{
	for (size_t i = 0; v->c->names && i < ruleset_count(v->c->names); i++) {
		*ret = ruleset_info(v->c->names, i);
		if (is_of(ret, alarm))
			return true;
	}
	return false;
}

/* --- beside its alarm */

/* A name that is made of citizens' words is not for those who see but counts. */
static struct slice title_for(const struct visit *v, struct slice title)
{
	return alarm_counts_only(v, v->session->roles) ? slice_of(words(v->l, "Sujet suivi"))
						       : title;
}

static void put_form(struct visit *v, const struct incident *i)
{
	page_form(v, "noting", "/situation/%lld/suivre", (long long)i->id);
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Sous le nom"));
	buf_printf(&v->out, " <input name=\"nom\" maxlength=\"%d\" autocomplete=\"off\" value=\"",
		(int)NAME_MAX_ / 2);
	if (!alarm_counts_only(v, v->session->roles))
		html_text(&v->out, followed_label(i));
	buf_add_string(&v->out, "\"></label> <button>");
	page_word(v, words(v->l, "Suivre ce sujet"));
	buf_add_string(&v->out, "</button></p>\n<p class=\"meta\">");
	page_word(v,
		words(v->l,
			"Ce qui arrive ensuite est compté et sonne sous ce nom, comme les sujets des règles. Un sujet qui nomme une personne ne se suit pas : il demande un mandat et un juriste."));
	buf_add_string(&v->out, "</p></form>\n");
}

void followed_put(struct visit *v, const struct incident *i)
{
	struct rule_info info;
	if (!followed_label(i).n)
		return;
	if (followed_find(v, i->id, &info)) {
		buf_printf(&v->out, "<p><a href=\"/situation#suivi%lld\">", (long long)i->id);
		buf_printf(&v->out, words(v->l, "Sujet suivi :"));
		buf_add_char(&v->out, ' ');
		html_shown(&v->out, title_for(v, info.title));
		buf_add_string(&v->out, "</a></p>\n");
	} else if (followed_may(v)) {
		put_form(v, i);
	}
}

/* --- what is said of it */

struct heard {
	bool event;
	int64_t day, week; /* the first minute of each */
	uint32_t minutes[DAY], hours[HOURS], messages, all;
	bool cut; /* not all was looked at … */
	bool day_cut; /* … even of the day */
	struct map *people;
};

static int count(void *user, const struct stored_comment *c)
{
	struct heard *h = user;
	const int64_t at =
		h->event && c->comment.created_at ? c->comment.created_at : c->accepted_at;
	if (comment_is_reported(&c->comment))
		return 0;
	const int64_t minute = (at - h->day) / CLOCK_MINUTE, hour = (at - h->week) / CLOCK_HOUR;
	h->all++;
	if (at >= h->day && minute < DAY) {
		h->minutes[minute]++;
		h->messages++;
		*map_at(h->people,
			(struct slice){(const char *)c->author_key, sizeof(c->author_key)}, NULL) =
			1;
	} else if (at >= h->week && hour < HOURS) {
		h->hours[hour]++;
	}
	return 0;
}

/* What may be looked through yet for the topics that come. */
struct budget {
	uint32_t left, topics;
};

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The next topic's share. */
static uint32_t take(struct budget *b)
{
	const uint32_t share = b->topics ? b->left / b->topics : b->left;
	const uint32_t mine = smaller(b->left, share > ONE_LEAST ? share : ONE_LEAST);
	b->topics -= b->topics > 0;
	b->left -= mine;
	return mine;
}

/* What it has not used is for those that come. */
static void give_back(struct budget *b, uint32_t unused, uint32_t mine)
{
	b->left += smaller(unused, mine - smaller(mine, ONE_LEAST));
}

static int hear(
	struct visit *v, struct slice topic, struct budget *b, struct heard *ret, struct error *e)
{
	const uint32_t mine = take(b);
	uint32_t rest = mine;
	const int64_t now = v->town / CLOCK_MINUTE * CLOCK_MINUTE + CLOCK_MINUTE;
	*ret = (struct heard){.event = v->c->s->config.clock_event,
		.day = now - DAY * CLOCK_MINUTE,
		.people = map_new()};
	ret->week = ret->day - HOURS * CLOCK_HOUR;
	const struct recent_query q = {.topic = topic,
		.from = ret->week,
		.event = ret->event,
		.limit = READ_MAX,
		.bare = true,
		.left = &rest};
	const int r = reader_recent_find(v->c->reader, &q, count, ret, e);
	ret->cut = r == READER_END || ret->all >= READ_MAX;
	ret->day_cut = ret->cut && ret->all == ret->messages;
	give_back(b, rest, mine);
	return r;
}

static int by_count(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Eight hours in ten of the week before; false: it was not all heard. */
static bool find_usual(
	const struct visit *v, struct heard *h, const struct since *since, struct chart_series *s)
{
	if (v->now - since->at < DAY * CLOCK_MINUTE + HOURS * CLOCK_HOUR || h->cut)
		return false;
	qsort(h->hours, HOURS, sizeof(*h->hours), by_count);
	s->usual_low = h->hours[HOURS / 10];
	s->usual_high = h->hours[HOURS - 1 - HOURS / 10];
	return true;
}

static void put_curve(struct visit *v, struct heard *h, const struct since *since, int64_t alarm)
{
	struct chart_series s;
	char id[40];
	const int64_t late =
		h->event || since->at < h->day ? 0 : (since->at - h->day) / CLOCK_MINUTE;
	const size_t from = late < DAY ? (size_t)late : DAY;
	snprintf(id, sizeof(id), "suivi-courbe%lld", (long long)alarm);
	if (chart_gather(h->day + (int64_t)from * CLOCK_MINUTE, h->minutes + from, DAY - from,
		    &s) == 0) {
		const bool known = find_usual(v, h, since, &s);
		curve_put(&v->out, &s, v->l, id);
		if (known || h->cut)
			return;
	}
	buf_add_string(&v->out, "<p class=\"meta\">");
	page_word(v,
		words(v->l,
			"Pas encore d'habitude à quoi comparer : elle se lit après huit jours de suivi."));
	buf_add_string(&v->out, "</p>\n");
}

static void put_sum(struct visit *v, const struct heard *h, const struct since *since)
{
	char number[40];
	const size_t people = map_count(h->people);
	buf_add_string(&v->out, "<p class=\"meta\">");
	page_word(v, h->day_cut ? words(v->l, "au moins ") : "");
	buf_printf(&v->out,
		words_n(v->l, "%s message en 24 heures", "%s messages en 24 heures", h->messages),
		words_number(v->l, h->messages, number));
	buf_add_string(&v->out, " · ");
	buf_printf(&v->out, words_n(v->l, "%s personne", "%s personnes", people),
		words_number(v->l, (int64_t)people, number));
	buf_add_string(&v->out, " · ");
	page_said_at(v, words(v->l, "suivi depuis %s"), since->at, TIME_AFTER);
	if (since->earlier)
		buf_printf(&v->out, " %s", words(v->l, "ou avant"));
	buf_add_string(&v->out, "</p>\n");
}

/* --- its alarms */

struct grouping {
	struct visit *v;
	const struct rule_info *info;
	int64_t alarm;
	bool any;
};

static int put_alarm(void *user, const struct incident *i)
{
	struct grouping *g = user;
	const bool its = i->kind == INCIDENT_TOPIC && slice_equal(i->topic, g->info->id);
	if (i->id != g->alarm && !its)
		return 0;
	buf_add_string(&g->v->out, g->any ? "" : "<ul class=\"alarms\">\n");
	g->any = true;
	alarm_line(g->v, i);
	return 0;
}

/* That from which it comes, and those that it has made since. */
static int put_alarms(struct visit *v, const struct rule_info *info, int64_t alarm, struct error *e)
{
	struct grouping g = {v, info, alarm, false};
	page_element(v, "h4", words(v->l, "Ses alertes"));
	int r = reader_incidents_after(v->c->reader, true, alarm - 1, ALARMS_MAX, put_alarm, &g, e);
	buf_add_string(&v->out, g.any ? "</ul>\n" : "");
	return r < 0 ? r : 0;
}

/* --- all of it */

static void put_stop(struct visit *v, int64_t alarm, struct slice title)
{
	if (!followed_may(v))
		return;
	page_form(v, "inline", "/situation/%lld/ne-plus-suivre", (long long)alarm);
	buf_add_string(&v->out, "<button aria-label=\"");
	page_word(v, words(v->l, "Ne plus suivre :"));
	buf_add_char(&v->out, ' ');
	html_text(&v->out, title);
	buf_add_string(&v->out, "\">");
	page_word(v, words(v->l, "Ne plus suivre"));
	buf_add_string(&v->out, "</button></form>\n");
}

/* How much, how many, when and with which alarms. */
static int put_heard(struct visit *v, const struct rule_info *info, const struct since *since,
	struct budget *b, struct error *e)
{
	const int64_t alarm = followed_alarm(info->path);
	struct heard h;
	int r = hear(v, info->id, b, &h, e);
	put_sum(v, &h, since);
	if (!h.day_cut)
		put_curve(v, &h, since, alarm);
	map_free(h.people);
	return r < 0 ? r : put_alarms(v, info, alarm, e);
}

static int put_one(struct visit *v, const struct rule_info *info, const struct since *since,
	struct budget *b, struct error *e)
{
	const int64_t alarm = followed_alarm(info->path);
	int r = 0;
	buf_printf(&v->out, "<article class=\"card followed\" id=\"suivi%lld\"><h3>",
		(long long)alarm);
	html_shown(&v->out, title_for(v, info->title));
	buf_add_string(&v->out, "</h3>\n");
	if (b->left)
		r = put_heard(v, info, since, b, e);
	else
		page_element(v, "p",
			words(v->l,
				"Trop à lire pour cette page : ce sujet est compté et sonne, ses chiffres ne sont pas montrés ici."));
	put_stop(v, alarm, title_for(v, info->title));
	buf_add_string(&v->out, "</article>\n");
	return r < 0 ? r : 0;
}

static bool is_followed(const struct rule_info *i, int64_t now)
{
	return since_counts(i, now) && followed_alarm(i->path) > 0;
}

static uint32_t how_many(const struct ruleset *rules, int64_t now)
{
	uint32_t n = 0;
	for (size_t i = 0; rules && i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		n += is_followed(&info, now);
	}
	return n;
}

int followed_put_all(struct visit *v, struct error *e)
{
	const struct ruleset *rules = v->c->names;
	const struct since *since = NULL;
	struct budget b = {LOOKED_MAX, how_many(rules, v->town)};
	int r = 0;
	for (size_t i = 0; rules && r == 0 && i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		if (!is_followed(&info, v->town))
			continue;
		if (!since) {
			since = since_all(v, e);
			page_element(v, "h2", words(v->l, "Sujets suivis"));
		}
		r = since ? put_one(v, &info, &since[i], &b, e) : -EIO;
	}
	return r;
}
