/* SPDX-License-Identifier: GPL-3.0-or-later
 * A replay on paper: tables for people, a line an alarm for machines. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include "../table.h"
#include "replay.h"

#define WEEK (7 * CLOCK_DAY)

bool replay_shows(const struct replay *p, const struct alarm *a)
{
	return a->at >= p->from && a->at < p->to;
}

static struct slice title_of_alarm(const struct alarm *a)
{
	return a->title.n ? a->title : a->topic;
}

/* --- for machines */

static void put_told(const struct side *s, struct json_writer *w, size_t alarm)
{
	json_w_key(w, "told");
	json_w_begin(w, '[');
	for (size_t i = 0; i < s->told.n; i++) {
		const struct told *t = &s->told.list[i];
		if (t->alarm != alarm)
			continue;
		json_w_begin(w, '{');
		json_w_time(w, "at", t->at);
		json_w_text(w, "who", slice_of(t->target->person));
		json_w_text(w, "by", slice_of(t->target->channel));
		json_w_end(w, '}');
	}
	json_w_end(w, ']');
}

void replay_json(const struct replay *p, const struct side *s, size_t number, struct json_writer *w)
{
	const struct alarm *alarms;
	(void)town_alarms(s->town, &alarms);
	const struct alarm *a = &alarms[number];
	json_w_time(w, "at", a->at);
	json_w_text(w, "level", slice_of(town_level_names[a->level]));
	json_w_text(w, "kind", slice_of(incident_kind_names[a->kind]));
	json_w_text(w, "topic", title_of_alarm(a));
	json_w_number(w, "authors", a->authors);
	json_w_number(w, "messages", a->messages);
	json_w_key(w, "ids");
	json_w_begin(w, '[');
	for (uint32_t i = 0; i < a->n_ids; i++)
		json_w_string(w, a->ids[i]);
	json_w_end(w, ']');
	if (p->has_policy)
		put_told(s, w, number);
}

static void put_alarm(const struct replay *p, struct buf *out, size_t number)
{
	struct json_writer w = {.out = out};
	json_w_begin(&w, '{');
	replay_json(p, &p->now, number, &w);
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}

/* --- for people */

/* "12:07 C. Morel (dir'com), P. Vasseur (DGS) · 12:22 N. Belkacem (cadre d'astreinte)" */
void replay_cell(const struct side *s, size_t alarm, const char *nobody, struct table *table)
{
	_buf_ struct buf b = {0};
	char at[CLOCK_TEXT];
	int64_t last = INT64_MIN;
	for (size_t i = 0; i < s->told.n; i++) {
		const struct told *t = &s->told.list[i];
		if (t->alarm != alarm)
			continue;
		if (t->at != last)
			buf_printf(&b, "%s%s ", b.n ? " · " : "", clock_format_hm(t->at, at));
		else
			buf_add_string(&b, ", ");
		buf_add_string(&b, t->target->name);
		last = t->at;
	}
	table_add(table, b.n ? buf_slice(&b) : slice_of(nobody));
}

static uint64_t print_alarms(
	const struct replay *p, const struct alarm *alarms, size_t n, struct buf *out)
{
	const char *const names[] = {_w(p->x, "quand"), _w(p->x, "niveau"), _w(p->x, "sujet"),
		_w(p->x, ">messages"), _w(p->x, ">auteurs"),
		p->has_policy ? _w(p->x, "prévenus") : NULL, NULL};
	_table_ struct table table;
	char at[CLOCK_TEXT];
	uint64_t shown = 0;
	table_init(&table, names);
	for (size_t i = 0; i < n; i++) {
		const struct alarm *a = &alarms[i];
		if (!replay_shows(p, a))
			continue;
		shown++;
		table_add(&table, slice_of(clock_format_dhm(a->at, at)));
		table_add(&table, slice_of(phrase_level(a->level)));
		table_add(&table, title_of_alarm(a));
		table_printf(&table, "%u", a->messages);
		table_printf(&table, "%u", a->authors);
		if (p->has_policy)
			replay_cell(&p->now, i, _w(p->x, "personne"), &table);
	}
	table_print(&table, p->x->terminal, out);
	return shown;
}

struct person_weeks {
	const struct policy_target *target;
	uint32_t all, *weeks;
};

static struct person_weeks *weeks_of(
	struct person_weeks *list, size_t *n, const struct policy_target *target, size_t weeks)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(list[i].target->person, target->person) == 0)
			return &list[i];
	list[*n] = (struct person_weeks){target, 0, xcalloc(weeks, sizeof(uint32_t))};
	return &list[(*n)++];
}

static int busiest_first(const void *a, const void *b)
{
	const struct person_weeks *x = a, *y = b;
	if (x->all != y->all)
		return x->all > y->all ? -1 : 1;
	return strcmp(x->target->person, y->target->person);
}

static size_t weeks_heard(const struct replay *p)
{
	return p->last_at > p->first_at ? (size_t)((p->last_at - p->first_at) / WEEK) + 1 : 1;
}

/* Each person's calls: in all, a week, and in the fullest week. */
static void print_people(const struct replay *p, const struct alarm *alarms, struct buf *out)
{
	const char *const names[] = {_w(p->x, "personne"), _w(p->x, ">appels"),
		_w(p->x, ">par semaine"), _w(p->x, ">semaine la plus chargée"), NULL};
	struct person_weeks *list = xcalloc(p->now.told.n + 1, sizeof(*list));
	size_t n = 0, weeks = weeks_heard(p);
	_table_ struct table table;
	for (size_t i = 0; i < p->now.told.n; i++) {
		const struct told *t = &p->now.told.list[i];
		if (!replay_shows(p, &alarms[t->alarm]))
			continue;
		struct person_weeks *w = weeks_of(list, &n, t->target, weeks);
		int64_t week = (t->at - p->first_at) / WEEK;
		w->all++;
		w->weeks[week < 0 ? 0 : (size_t)week < weeks ? (size_t)week : weeks - 1]++;
	}
	qsort(list, n, sizeof(*list), busiest_first);
	table_init(&table, names);
	for (size_t i = 0; i < n; i++) {
		uint32_t most = 0;
		for (size_t k = 0; k < weeks; k++)
			most = list[i].weeks[k] > most ? list[i].weeks[k] : most;
		table_add(&table, slice_of(list[i].target->name));
		table_printf(&table, "%u", list[i].all);
		table_printf(&table, "%.1f", (double)list[i].all / (double)weeks);
		table_printf(&table, "%u", most);
		free(list[i].weeks);
	}
	free(list);
	if (n)
		buf_add_char(out, '\n');
	table_print(&table, p->x->terminal, out);
}

static void print_sum(const struct replay *p, uint64_t shown, struct buf *out)
{
	size_t weeks = weeks_heard(p);
	buf_printf(out, "\n%llu %s, ", (unsigned long long)town_heard(p->now.town),
		words_n(p->x->lang, "commentaire rejoué", "commentaires rejoués",
			town_heard(p->now.town)));
	buf_printf(out, words_n(p->x->lang, "%llu alarme en ", "%llu alarmes en ", shown),
		(unsigned long long)shown);
	buf_printf(out, words_n(p->x->lang, "%zu semaine", "%zu semaines", weeks), weeks);
	buf_printf(out, _w(p->x, " : %.1f par semaine\n"), (double)shown / (double)weeks);
}

void replay_print(const struct replay *p)
{
	const struct alarm *alarms;
	size_t n = town_alarms(p->now.town, &alarms);
	_buf_ struct buf out = {0};
	if (p->x->json) {
		for (size_t i = 0; i < n; i++)
			if (replay_shows(p, &alarms[i]))
				put_alarm(p, &out, i);
	} else {
		uint64_t shown = print_alarms(p, alarms, n, &out);
		if (p->has_policy)
			print_people(p, alarms, &out);
		print_sum(p, shown, &out);
	}
	put_text(buf_slice(&out), stdout);
}
