/* SPDX-License-Identifier: GPL-3.0-or-later
 * An alarm that nobody answers, on paper: whom the plan calls, when and by what. The same functions answer as in
 * tocsin-escalate. */
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/json/json.h>
#include "policy.h"
#include "table.h"

#define WAITED_MS (62 * CLOCK_DAY) /* for the first message */
enum { ROUNDS = 500 };

struct incident plan_incident(enum policy_chain chain, int64_t at)
{
	static const enum town_level levels[CHAINS] = {
		LEVEL_JAUNE, LEVEL_ORANGE, LEVEL_ROUGE, LEVEL_GRIS, LEVEL_ORANGE};
	return (struct incident){.id = 1,
		.kind = chain == CHAIN_P1     ? INCIDENT_P1
			: chain == CHAIN_GRIS ? INCIDENT_GREY
					      : INCIDENT_TOPIC,
		.level = levels[chain],
		.opened_at = at,
		.raised_at = at};
}

int64_t plan_play(const struct policy *policy, const struct incident *incident, int64_t span,
	plan_notice_fn *fn, void *user)
{
	const struct policy_case c = {incident, NULL, 0, true};
	int64_t now = incident->opened_at, limit = now + WAITED_MS;
	_cleanup_(arena_release) struct arena arena = {0};
	struct map *said = map_new(); /* keys */
	bool first = true;
	arena_init(&arena, 0);
	for (int i = 0; i < ROUNDS && now <= limit; i++) {
		struct policy_notice *due;
		size_t n = policy_due(policy, &c, now, &arena, &due);
		for (size_t k = 0; k < n; k++) {
			bool fresh;
			map_at(said, slice_of(due[k].key), &fresh);
			if (!fresh)
				continue;
			fn(user, &due[k]);
			if (first)
				limit = now + span;
			first = false;
		}
		struct policy_state s = policy_state(policy, &c, now);
		if (!s.next_at)
			break;
		now = s.next_at;
	}
	map_free(said);
	return limit;
}

void plan_put_json(const struct policy_notice *n, struct buf *out)
{
	struct json_writer w = {.out = out};
	json_w_begin(&w, '{');
	json_w_time(&w, "at", n->due_at);
	json_w_text(&w, "level", slice_of(policy_chain_names[n->chain]));
	json_w_text(&w, "person", slice_of(n->target->person));
	json_w_text(&w, "name", slice_of(n->target->name));
	json_w_text(&w, "channel", slice_of(n->target->channel));
	json_w_text(&w, "address", slice_of(n->target->address));
	json_w_key(&w, "on_call");
	if (n->target->rota)
		json_w_string(&w, slice_of(n->target->rota->id));
	else
		json_w_null(&w);
	json_w_number(&w, "step", n->step);
	json_w_number(&w, "repeat", n->repeat);
	json_w_end(&w, '}');
}

void plan_table(struct context *x, struct table *t)
{
	const char *const names[] = {_w(x, "quand"), _w(x, "qui"), _w(x, "par"), _w(x, "adresse"),
		_w(x, "pourquoi"), _w(x, "astreinte"), NULL};
	table_init(t, names);
}

static const char *channel_name(const struct context *x, const char *channel)
{
	if (strcmp(channel, "mail") == 0)
		return _w(x, "courriel");
	return strcmp(channel, "sms") == 0 ? "SMS" : channel;
}

void plan_put_row(struct context *x, const struct policy_notice *n, struct table *t)
{
	_buf_ struct buf cell = {0};
	plan_put_time(x, n->due_at, &cell);
	table_add(t, buf_slice(&cell));
	table_add(t, slice_of(n->target->name));
	table_add(t, slice_of(channel_name(x, n->target->channel)));
	table_add(t, slice_of(n->target->address));
	if (!n->step)
		table_add(t, slice_of(_w(x, "secours : personne de service")));
	else if (n->repeat)
		table_printf(t, _w(x, "étape %u, rappel %u"), n->step, n->repeat);
	else
		table_printf(t, _w(x, "étape %u"), n->step);
	table_add(t, slice_of(n->target->rota ? n->target->rota->title : ""));
}
