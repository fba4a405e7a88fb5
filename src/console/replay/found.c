/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `tocsin replay --if --json` said, a line an alarm, beside what really rang. */
#include <stdlib.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>
#include "replay.h"
#include "../situation/alarm.h"
#include "../conformity/conformity.h"
#include "../rules/rules.h"

enum { LINE_BYTES = 256 << 10, TITLE_BYTES = 200, SHOWN = 200, ROWS = 3 };

/* --- its lines */

struct lines {
	struct json_reader *json;
	struct slice left;
};

static bool next_line(struct lines *l, struct json_value *ret)
{
	struct error e = {""};
	for (const char *end; l->left.n && (end = memchr(l->left.p, '\n', l->left.n));) {
		const struct slice line = {l->left.p, (size_t)(end - l->left.p)};
		l->left.p += line.n + 1;
		l->left.n -= line.n + 1;
		if (json_parse(l->json, line, ret, &e) == 0 && ret->type == JSON_OBJECT)
			return true;
	}
	return false;
}

static int64_t at_of(struct json_value alarm)
{
	int64_t at = 0;
	return clock_parse(rules_text(alarm, "at"), &at) == 0 ? at : 0;
}

static enum town_level level_of(struct json_value alarm)
{
	const struct slice name = rules_text(alarm, "level");
	int level = LEVEL_VERT;
	while (level < LEVEL_GRIS && !slice_is(name, town_level_names[level]))
		level++;
	return (enum town_level)level;
}

/* How it was under the present settings: the alarm itself when nothing else is said. */
static struct json_value before(struct json_value alarm)
{
	struct json_value was;
	return json_get(alarm, SLICE("before"), &was) && was.type == JSON_OBJECT ? was : alarm;
}

/* --- one alarm */

static void put_told(struct visit *v, struct json_value alarm)
{
	struct json_value one;
	uint32_t it = 0;
	bool any = false;
	char at[CLOCK_TEXT];
	while (rules_each(alarm, "told", &it, &one)) {
		const int64_t ms = at_of(one);
		buf_add_string(&v->out, any ? "<br>" : "");
		buf_printf(&v->out, "%s ", clock_format_hm(ms, at));
		page_person(v, rules_text(one, "who"));
		any = true;
	}
	if (!any)
		page_word(v, words(v->l, "personne"));
}

static void put_cells(struct visit *v, struct json_value alarm)
{
	_buf_ struct buf title = {0};
	mask_text(&title, rules_text(alarm, "topic"), TITLE_BYTES);
	buf_add_string(&v->out, "<tr><td>");
	page_time_as(v, at_of(alarm), TIME_DATED);
	buf_add_string(&v->out, "</td><td>");
	alarm_level(v, level_of(alarm));
	buf_add_string(&v->out, "</td><td>");
	html_shown(&v->out, buf_slice(&title));
	buf_add_string(&v->out, "</td>");
	conformity_number(v, (uint64_t)rules_number(alarm, "messages"));
	conformity_number(v, (uint64_t)rules_number(alarm, "authors"));
	buf_add_string(&v->out, "<td>");
	put_told(v, alarm);
	buf_add_string(&v->out, "</td>");
}

static void put_before(struct visit *v, struct json_value alarm)
{
	const struct json_value was = before(alarm);
	buf_add_string(&v->out, "<td>");
	page_time_as(v, at_of(was), TIME_DATED);
	buf_add_string(&v->out, "<br>");
	put_told(v, was);
	buf_add_string(&v->out, "</td>");
}

/* --- all of one kind */

struct part {
	const char *name, *title;
	bool compared; /* how it was stands beside it */
	uint64_t n;
};

static void put_rows(struct visit *v, const struct rehearsal *r, const struct part *p)
{
	struct lines l = {json_reader_new(LINE_BYTES), buf_slice(&r->out)};
	struct json_value one;
	for (size_t n = 0; n < SHOWN && next_line(&l, &one);) {
		if (!slice_is(rules_text(one, "change"), p->name))
			continue;
		n++;
		put_cells(v, one);
		if (p->compared)
			put_before(v, one);
		buf_add_string(&v->out, "</tr>\n");
	}
	json_reader_free(l.json);
}

static void put_table(struct visit *v, const struct rehearsal *r, const struct part *p)
{
	const char *const heads[] = {words(v->l, "quand"), words(v->l, "niveau"),
		words(v->l, "sujet"), words(v->l, "messages"), words(v->l, "personnes"),
		words(v->l, "qui serait appelé"),
		p->compared ? words(v->l, "avec les réglages actuels") : NULL, NULL};
	conformity_table(v, p->title, heads);
	put_rows(v, r, p);
	conformity_table_end(v);
	if (p->n > SHOWN)
		page_element(v, "p", words(v->l, "Il y en a d'autres."));
}

static void put_part(struct visit *v, const struct rehearsal *r, const struct part *p)
{
	const bool folded = strcmp(p->name, "same") == 0;
	char number[40];
	if (!p->n)
		return;
	buf_add_string(&v->out, folded ? "<details><summary>" : "<h3>");
	page_word(v, p->title);
	buf_printf(&v->out, " : %s", words_number(v->l, (int64_t)p->n, number));
	buf_add_string(&v->out, folded ? "</summary>\n" : "</h3>\n");
	put_table(v, r, p);
	if (folded)
		buf_add_string(&v->out, "</details>\n");
}

/* --- what really rang */

static int take_kind(void *user, const struct incident *i)
{
	*(enum incident_kind *)user = i->kind;
	return 0;
}

struct rang { /* entries are kept apart: the reader has one question at a time */
	struct mark_of {
		int64_t incident, at;
		enum town_level level;
	} * list;
	size_t n, cap;
	struct arena arena;
	int64_t since;
};

static int take_entry(void *user, const struct incident_entry *e)
{
	struct rang *g = user;
	if (e->at < g->since)
		return 0;
	g->list = arena_grow(&g->arena, g->list, g->n, &g->cap, sizeof(*g->list));
	g->list[g->n++] = (struct mark_of){e->incident, e->at, e->level};
	return 0;
}

static int read_rang(struct visit *v, int64_t since, struct marks *ret)
{
	struct rang g = {.since = since};
	struct error e = {""};
	arena_init(&g.arena, 0);
	int r = reader_entries_since(v->c->reader, 0,
		1u << ENTRY_OPENED | 1u << ENTRY_RAISED | 1u << ENTRY_REOPENED, take_entry, &g, &e);
	for (size_t i = 0; r == 0 && i < g.n; i++) {
		enum incident_kind kind = INCIDENT_DRILL;
		r = reader_incident(v->c->reader, g.list[i].incident, take_kind, &kind, &e);
		if (r == 0 && kind != INCIDENT_DRILL)
			marks_add(ret, g.list[i].at, g.list[i].level);
	}
	arena_release(&g.arena);
	return r;
}

/* --- both sides */

static void read_sides(
	const struct rehearsal *r, struct part *parts, struct marks *now, struct marks *then)
{
	struct lines l = {json_reader_new(LINE_BYTES), buf_slice(&r->out)};
	for (struct json_value one; next_line(&l, &one);) {
		const struct slice what = rules_text(one, "change");
		const struct json_value was = before(one);
		for (struct part *p = parts; p->name; p++)
			p->n += slice_is(what, p->name);
		if (!slice_is(what, "more"))
			marks_add(now, at_of(was), level_of(was));
		if (!slice_is(what, "gone"))
			marks_add(then, at_of(one), level_of(one));
	}
	json_reader_free(l.json);
}

static void put_sum(struct visit *v, const struct part *parts)
{
	char more[40], gone[40];
	buf_add_string(&v->out, "<p class=\"why\"><strong>");
	if (!parts[0].n && !parts[1].n && !parts[2].n && !parts[3].n) {
		page_word(v, words(v->l, "Ce réglage n'aurait rien changé."));
	} else {
		buf_printf(&v->out,
			words(v->l,
				"Alarmes de plus : %s ; de moins : %s. Les autres sont les mêmes, à l'heure ou aux appels près."),
			words_number(v->l, (int64_t)parts[0].n, more),
			words_number(v->l, (int64_t)parts[1].n, gone));
	}
	buf_add_string(&v->out, "</strong></p>\n");
}

void replay_put_found(struct visit *v, const struct rehearsal *r)
{
	struct part parts[] = {{"more", words(v->l, "De plus"), false, 0},
		{"gone", words(v->l, "De moins"), false, 0},
		{"moved", words(v->l, "À une autre heure"), true, 0},
		{"told", words(v->l, "D'autres appels"), true, 0},
		{"same", words(v->l, "Inchangées"), false, 0}, {NULL, NULL, false, 0}};
	struct marks rows[ROWS] = {{.title = words(v->l, "Ce qui a sonné")},
		{.title = words(v->l, "Rejoué, réglages actuels")},
		{.title = words(v->l, "Rejoué, avec ce réglage")}};
	read_sides(r, parts, &rows[1], &rows[2]);
	if (read_rang(v, r->since, &rows[0]) < 0)
		rows[0].n = 0;
	put_sum(v, parts);
	strip_put(v, rows, ROWS, r->since, r->until);
	page_element(v, "p",
		words(v->l,
			"Le rejeu des réglages actuels peut différer de ce qui a sonné : les règles ont pu changer depuis, les textes effacés ne sont plus comptés, et les retards de modération ne sont pas rejoués."));
	buf_add_string(&v->out, "<div class=\"replayed\">\n");
	for (const struct part *p = parts; p->name; p++)
		put_part(v, r, p);
	buf_add_string(&v->out, "</div>\n");
	for (size_t i = 0; i < ROWS; i++)
		free(rows[i].list);
}
