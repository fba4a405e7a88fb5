/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "told.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>

struct told_case {
	struct arena arena;
	struct incident incident;
	struct incident_entry *entries;
	size_t n, cap;
};

static int on_incident(void *user, const struct incident *i)
{
	struct told_case *c = user;
	return incident_copy(i, &c->arena, &c->incident);
}

static int on_entry(void *user, const struct incident_entry *e)
{
	struct told_case *c = user;
	c->entries = xgrow(c->entries, c->n, &c->cap, sizeof(*c->entries));
	c->entries[c->n] = *e;
	c->entries[c->n].who = arena_copy(&c->arena, e->who);
	c->entries[c->n++].text = (struct slice){0};
	return 0;
}

static void add(struct told_list *l, struct told one)
{
	l->list = xgrow(l->list, l->n, &l->cap, sizeof(*l->list));
	l->list[l->n++] = one;
}

/* Steps count from an opening or a rise: the last alarm of the incident up to then. */
static size_t alarm_of(
	const struct alarm *alarms, size_t n, int64_t incident, const struct policy_notice *notice)
{
	size_t found = n;
	for (size_t i = 0; i < n; i++)
		if (alarms[i].incident == incident && (found == n || alarms[i].at <= notice->base))
			found = i;
	return found;
}

static int read_case(struct town *t, int64_t id, struct told_case *c, struct error *e)
{
	int r = reader_incident(town_reader(t), id, on_incident, c, e);
	return r == 0 ? reader_entries(town_reader(t), id, on_entry, c, e) : r;
}

/* An alarm that is still open ends with the replay: the policy then tells each call that came before, without repeats. */
static void end_case(struct told_case *c, int64_t id, int64_t now)
{
	if (c->incident.state == INCIDENT_CLOSED)
		return;
	c->incident.state = INCIDENT_CLOSED;
	c->incident.closed_at = now;
	on_entry(c,
		&(const struct incident_entry){.id = INT64_MAX,
			.incident = id,
			.at = now,
			.written_at = now,
			.kind = ENTRY_CLOSED,
			.level = c->incident.level});
}

static int read_incident(struct town *t, const struct policy *policy, int64_t id,
	struct told_list *ret, struct error *e)
{
	struct told_case c = {0};
	struct policy_notice *due;
	const struct alarm *alarms;
	size_t n_alarms = town_alarms(t, &alarms);
	arena_init(&c.arena, 0);
	int r = read_case(t, id, &c, e);
	if (r == 0) {
		end_case(&c, id, town_clock_now(t));
		const struct policy_case view = {&c.incident, c.entries, c.n, true};
		size_t n = policy_late(policy, &view, &c.arena, &due);
		for (size_t i = 0; i < n; i++)
			add(ret,
				(struct told){alarm_of(alarms, n_alarms, id, &due[i]),
					due[i].due_at, due[i].target});
	}
	free(c.entries);
	arena_release(&c.arena);
	return r;
}

static int by_alarm(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	if (x->alarm != y->alarm)
		return x->alarm < y->alarm ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return strcmp(x->target->person, y->target->person);
}

static bool seen_before(const struct alarm *alarms, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (alarms[k].incident == alarms[i].incident)
			return true;
	return false;
}

int told_read(struct town *t, const struct policy *policy, struct told_list *ret, struct error *e)
{
	const struct alarm *alarms;
	size_t n = town_alarms(t, &alarms);
	int r = 0;
	for (size_t i = 0; r == 0 && i < n; i++)
		if (!seen_before(alarms, i))
			r = read_incident(t, policy, alarms[i].incident, ret, e);
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), by_alarm);
	return r;
}

void told_release(struct told_list *l)
{
	free(l->list);
	*l = (struct told_list){0};
}
