/* SPDX-License-Identifier: GPL-3.0-or-later
 * What one changed setting makes of the alarms: one more, one that would not ring, one at another time, one that reaches
 * others. Alarms of both sides are the same when they are of one matter and level and ring within half a day. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include "../table.h"
#include "replay.h"

#define SAME_MS (12 * CLOCK_HOUR)
#define NONE SIZE_MAX

enum difference { DIFFER_SAME, DIFFER_TOLD, DIFFER_MOVED, DIFFER_GONE, DIFFER_MORE };
static const char *const names[] = {"same", "told", "moved", "gone", "more"};

struct pair { /* numbers of alarms */
	size_t now, then;
	enum difference what;
	int64_t at;
};
struct pairs {
	struct pair *list;
	size_t n;
};

static bool is_same(const struct alarm *a, const struct alarm *b)
{
	return a->kind == b->kind && a->level == b->level && slice_equal(a->topic, b->topic) &&
		llabs((long long)(a->at - b->at)) <= SAME_MS;
}

static size_t next_told(const struct told_list *l, size_t i, size_t alarm)
{
	while (i < l->n && l->list[i].alarm != alarm)
		i++;
	return i;
}

static bool tells_the_same(const struct replay *p, const struct pair *q)
{
	const struct told_list *a = &p->now.told, *b = &p->then.told;
	size_t i = next_told(a, 0, q->now), k = next_told(b, 0, q->then);
	for (; i < a->n && k < b->n;
		i = next_told(a, i + 1, q->now), k = next_told(b, k + 1, q->then)) {
		const struct told *x = &a->list[i], *y = &b->list[k];
		if (x->at != y->at || strcmp(x->target->person, y->target->person) != 0 ||
			strcmp(x->target->channel, y->target->channel) != 0)
			return false;
	}
	return i == a->n && k == b->n;
}

static enum difference judge(
	const struct replay *p, const struct alarm *a, const struct alarm *b, const struct pair *q)
{
	if (a->at / CLOCK_MINUTE != b->at / CLOCK_MINUTE)
		return DIFFER_MOVED;
	return tells_the_same(p, q) ? DIFFER_SAME : DIFFER_TOLD;
}

static int by_time(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	return (x->at > y->at) - (x->at < y->at);
}

static void add(struct pairs *l, struct pair one)
{
	l->list[l->n++] = one;
}

/* Each alarm of now with the first one of then that is the same; what is left over on either side. */
static struct pairs compare(const struct replay *p)
{
	const struct alarm *now, *then;
	const size_t n = town_alarms(p->now.town, &now), m = town_alarms(p->then.town, &then);
	struct pairs ret = {.list = xcalloc(n + m + 1, sizeof(*ret.list))};
	bool *used = xcalloc(m + 1, sizeof(*used));
	for (size_t i = 0; i < n; i++) {
		struct pair one = {i, NONE, DIFFER_GONE, now[i].at};
		for (size_t k = 0; k < m && one.then == NONE; k++)
			if (!used[k] && is_same(&now[i], &then[k]))
				one.then = k;
		if (one.then != NONE) {
			used[one.then] = true;
			one.what = judge(p, &now[i], &then[one.then], &one);
			one.at = then[one.then].at;
		}
		if (replay_shows(p, &now[i]) ||
			(one.then != NONE && replay_shows(p, &then[one.then])))
			add(&ret, one);
	}
	for (size_t k = 0; k < m; k++)
		if (!used[k] && replay_shows(p, &then[k]))
			add(&ret, (struct pair){NONE, k, DIFFER_MORE, then[k].at});
	free(used);
	qsort(ret.list, ret.n, sizeof(*ret.list), by_time);
	return ret;
}

/* --- for machines */

static void put_line(const struct replay *p, const struct pair *q, struct buf *out)
{
	struct json_writer w = {.out = out};
	json_w_begin(&w, '{');
	json_w_text(&w, "change", slice_of(names[q->what]));
	if (q->then != NONE)
		replay_json(p, &p->then, q->then, &w);
	else
		replay_json(p, &p->now, q->now, &w);
	if (q->what == DIFFER_MOVED || q->what == DIFFER_TOLD) {
		json_w_key(&w, "before");
		json_w_begin(&w, '{');
		replay_json(p, &p->now, q->now, &w);
		json_w_end(&w, '}');
	}
	json_w_end(&w, '}');
	buf_add_char(out, '\n');
}

/* --- for people */

static const char *word(const struct replay *p, enum difference what)
{
	switch (what) {
	case DIFFER_MORE: return _w(p->x, "de plus");
	case DIFFER_GONE: return _w(p->x, "de moins");
	case DIFFER_MOVED: return _w(p->x, "à une autre heure");
	case DIFFER_TOLD: return _w(p->x, "d'autres appels");
	case DIFFER_SAME:
	default: return _w(p->x, "inchangée");
	}
}

static void put_row(const struct replay *p, const struct pair *q, struct table *table)
{
	const struct side *s = q->then != NONE ? &p->then : &p->now;
	const size_t number = q->then != NONE ? q->then : q->now;
	const struct alarm *alarms;
	char at[CLOCK_TEXT];
	(void)town_alarms(s->town, &alarms);
	const struct alarm *a = &alarms[number];
	table_add(table, slice_of(word(p, q->what)));
	table_add(table, slice_of(clock_format_dhm(a->at, at)));
	table_add(table, slice_of(phrase_level(a->level)));
	table_add(table, a->title.n ? a->title : a->topic);
	table_printf(table, "%u", a->messages);
	table_printf(table, "%u", a->authors);
	if (p->has_policy)
		replay_cell(s, number, _w(p->x, "personne"), table);
}

static void print_table(const struct replay *p, const struct pairs *l, struct buf *out)
{
	const char *const heads[] = {_w(p->x, "avec ce réglage"), _w(p->x, "quand"),
		_w(p->x, "niveau"), _w(p->x, "sujet"), _w(p->x, ">messages"), _w(p->x, ">auteurs"),
		p->has_policy ? _w(p->x, "prévenus") : NULL, NULL};
	uint64_t now = 0, then = 0;
	_table_ struct table table;
	table_init(&table, heads);
	for (size_t i = 0; i < l->n; i++) {
		put_row(p, &l->list[i], &table);
		now += l->list[i].now != NONE;
		then += l->list[i].then != NONE;
	}
	table_print(&table, p->x->terminal, out);
	buf_printf(out,
		_w(p->x, "\nalarmes : %llu avec les réglages actuels, %llu avec celui-ci\n"),
		(unsigned long long)now, (unsigned long long)then);
}

void replay_print_differences(const struct replay *p)
{
	struct pairs l = compare(p);
	_buf_ struct buf out = {0};
	if (p->x->json)
		for (size_t i = 0; i < l.n; i++)
			put_line(p, &l.list[i], &out);
	else
		print_table(p, &l, &out);
	put_text(buf_slice(&out), stdout);
	free(l.list);
}
