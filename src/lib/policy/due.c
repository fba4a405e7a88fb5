/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is due: each stretch of the main courante during which the case rings (fold.h) counts the steps of its level's chain
 * from its base. */
#include "private.h"
#include <inttypes.h>
#include <stdio.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "fold.h"

static enum policy_quiet quiet_now(const struct fold *f, int64_t now)
{
	const struct incident *i = f->c->incident;
	if (f->closed)
		return QUIET_CLOSED;
	if (f->acked)
		return QUIET_ACKED;
	if (i->silenced_until > now && fold_covered(f))
		return QUIET_SILENCED;
	return f->n && f->list[f->n - 1].chain == CHAIN_NONE ? QUIET_VERT : QUIET_NOT;
}

/* Repeats come after one, then two, then always four times `repeat`: who has not answered twice will not answer
 * sooner for being told more often, but must not be forgotten. */
static int64_t repeat_offset(const struct policy *policy, int64_t n)
{
	return policy->repeat_ms * (n < 2 ? n : 3 + (n - 2) * 4);
}

/* The last repeat in `waited` ms since a step came; 0 is the step itself. */
static int64_t repeats_in(const struct policy *policy, int64_t waited)
{
	int64_t n = waited / policy->repeat_ms;
	return n < 3 ? n > 0 : 2 + (n - 3) / 4;
}

/* The latest of a receiver's messages up to `last`: which repeat; 0 is the first, which came at `first`. While he is off
 * duty nothing is repeated to him. */
static int64_t latest(const struct policy *policy, enum policy_chain chain,
	const struct policy_target *t, int64_t first, int64_t last)
{
	int64_t n = repeats_in(policy, last - first);
	while (n > 0 && !duty_holds(policy, chain, t, first + repeat_offset(policy, n)))
		n--;
	return n;
}

#define AHEAD_MS (8 * CLOCK_DAY) /* what comes later is not announced */
#define NEXT_MS CLOCK_DAY /* … nor looked for by policy_next() */

struct outlook {
	const struct policy *policy;
	enum policy_chain chain;
	int64_t now, until;
};

/* The next message of a receiver, or of the fallback (NULL), after now; INT64_MAX: none soon. */
static int64_t following(const struct outlook *o, const struct policy_target *t, int64_t first)
{
	if (first > o->now)
		return first;
	for (int64_t n = repeats_in(o->policy, o->now - first) + 1;; n++) {
		int64_t at = first + repeat_offset(o->policy, n);
		if (at > o->until)
			return INT64_MAX;
		if (t ? duty_holds(o->policy, o->chain, t, at)
		      : relief_holds(o->policy, o->chain, at))
			return at;
	}
}

/* The next repeat, or first message, to a receiver of the steps that have come. */
static int64_t next_message(const struct outlook *o, const struct timetable *table)
{
	const struct policy_steps *steps = &o->policy->chains[o->chain];
	int64_t next = INT64_MAX;
	for (size_t i = 0; i < steps->n; i++)
		for (size_t t = 0; table->at[i] <= o->now && t < steps->list[i].n_targets; t++) {
			const struct policy_target *to = &steps->list[i].targets[t];
			int64_t first = duty_told(o->policy, o->chain, table, i, to, o->until);
			int64_t at = following(o, to, first);
			next = at < next ? at : next;
		}
	return next;
}

/* The next message to the fallback, in a gap. */
static int64_t next_relief(const struct outlook *o, int64_t base)
{
	return following(o, NULL, relief_first(o->policy, o->chain, base, o->until));
}

/* A step of which nobody is told, for the trial is for others. */
static bool passed_over(const struct policy *policy, const struct policy_step *step, int64_t at)
{
	return policy_trial_at(policy, at) && !duty_reached(policy, step, at);
}

/* The first step still to come, or else the next repeat. */
static void look_ahead(const struct policy *policy, struct policy_state *s, int64_t now)
{
	const struct policy_steps *steps = &policy->chains[s->chain];
	const struct outlook o = {policy, s->chain, now, now + AHEAD_MS};
	struct timetable table;
	duty_timetable(policy, s->chain, s->base, &table);
	for (size_t i = 0; i < steps->n && !s->next_at; i++)
		if (table.at[i] > now && !passed_over(policy, &steps->list[i], table.at[i])) {
			s->next_at = table.at[i];
			s->next_step = (uint32_t)i + 1;
		}
	int64_t again = s->next_at ? INT64_MAX : next_message(&o, &table);
	if (again < INT64_MAX)
		s->next_at = again;
	int64_t relief = next_relief(&o, s->base);
	if (relief < INT64_MAX && (!s->next_at || relief < s->next_at)) {
		s->next_at = relief;
		s->next_step = 0;
	}
}

struct policy_state policy_state(const struct policy *by, const struct policy_case *c, int64_t now)
{
	const struct policy *policy = policy_for(by, c->incident);
	_free_ struct stretch *storage = fold_storage(c);
	struct fold f;
	fold_case(&f, c, storage, NULL);
	struct policy_state s = {
		.quiet = quiet_now(&f, now), .chain = CHAIN_NONE, .ack_lost = f.ack_lost};
	if (s.quiet == QUIET_SILENCED)
		s.until = c->incident->silenced_until;
	if (s.quiet == QUIET_ACKED)
		s.until = c->incident->ack_expires_at;
	if (s.quiet == QUIET_CLOSED || s.quiet == QUIET_VERT)
		return s;
	s.chain = f.n ? f.list[f.n - 1].chain : policy_chain_of(c->incident, f.level);
	s.base = f.n ? f.list[f.n - 1].base : f.acked_at;
	if (s.quiet == QUIET_NOT && !policy->empty)
		look_ahead(policy, &s, now);
	return s;
}

struct list {
	struct arena *arena;
	struct policy_notice *p;
	size_t n, cap;
};

static void add(
	struct list *l, const struct policy_case *c, const struct policy_notice *n, int64_t base)
{
	l->p = arena_grow(l->arena, l->p, l->n, &l->cap, sizeof(*l->p));
	struct policy_notice *added = &l->p[l->n++];
	*added = *n;
	added->base = base;
	snprintf(added->key, sizeof(added->key), "%" PRId64 "/%s/%u/%s/%s/%" PRId64 ".%u%s",
		c->incident->id, policy_chain_names[n->chain], n->step, n->target->person,
		n->target->channel, base, n->repeat, n->end ? POLICY_KEY_LATE : "");
}

/* The fallback, while nobody of the chain is on duty: as a receiver who is on duty just then. */
static void due_of_gap(struct list *l, const struct policy *policy, const struct policy_case *c,
	const struct stretch *s, int64_t last, bool risen)
{
	int64_t first = relief_first(policy, s->chain, s->base, last), n = 0;
	if (first > last)
		return;
	for (n = risen ? 0 : repeats_in(policy, last - first); n > 0; n--)
		if (relief_holds(policy, s->chain, first + repeat_offset(policy, n)))
			break;
	struct policy_notice notice = {.due_at = first + repeat_offset(policy, n),
		.chain = s->chain,
		.repeat = (uint32_t)n};
	if (notice.due_at < s->from)
		return;
	const size_t at = policy_fallback(policy, 0, notice.due_at);
	for (size_t i = 0; i < policy_fallback_run(policy, at); i++) {
		notice.target = &policy->fallback[at + i];
		add(l, c, &notice, s->base);
	}
}

/* A stretch asks for the latest of each step. One that ended with a rise asks only for what should have been told
 * first: the new level rings by itself. */
static void due_of_stretch(struct list *l, const struct policy *policy, const struct policy_case *c,
	const struct stretch *s, const struct stretch *next, int64_t now)
{
	if (s->chain == CHAIN_NONE)
		return;
	const struct policy_steps *steps = &policy->chains[s->chain];
	struct timetable table;
	bool risen = next && next->base != s->base;
	/* however short it was, it began: the first step is due */
	int64_t last = !next ? now : s->to > s->base ? s->to - 1 : s->base;
	duty_timetable(policy, s->chain, s->base, &table);
	due_of_gap(l, policy, c, s, last < now ? last : now, risen);
	for (size_t i = 0; i < steps->n; i++) {
		const struct policy_step *step = &steps->list[i];
		if (table.at[i] > last || table.at[i] > now)
			continue;
		for (size_t t = 0; t < step->n_targets; t++) {
			const struct policy_target *to = &step->targets[t];
			int64_t until = last < now ? last : now;
			int64_t first = duty_told(policy, s->chain, &table, i, to, until);
			if (first > until)
				continue;
			int64_t repeat = risen ? 0 : latest(policy, s->chain, to, first, last);
			struct policy_notice n = {.due_at = first + repeat_offset(policy, repeat),
				.chain = s->chain,
				.step = (uint32_t)i + 1,
				.repeat = (uint32_t)repeat,
				.target = to};
			if (n.due_at >= s->from)
				add(l, c, &n, s->base);
		}
	}
}

static int by_time(const void *a, const void *b)
{
	const struct policy_notice *x = a, *y = b;
	if (x->due_at != y->due_at)
		return x->due_at < y->due_at ? -1 : 1;
	if (x->chain != y->chain)
		return x->chain < y->chain ? -1 : 1;
	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	return strcmp(x->key, y->key);
}

size_t policy_due(const struct policy *by, const struct policy_case *c, int64_t now,
	struct arena *arena, struct policy_notice **ret)
{
	const struct policy *policy = policy_for(by, c->incident);
	*ret = NULL;
	if (policy->empty)
		return 0;
	_free_ struct stretch *storage = fold_storage(c);
	struct fold f;
	fold_case(&f, c, storage, NULL);
	enum policy_quiet quiet = quiet_now(&f, now);
	if (quiet == QUIET_CLOSED || quiet == QUIET_ACKED || quiet == QUIET_SILENCED)
		return 0;
	struct list l = {.arena = arena};
	for (size_t i = 0; i < f.n; i++)
		due_of_stretch(&l, policy, c, &f.list[i], i + 1 < f.n ? &f.list[i + 1] : NULL, now);
	if (l.n)
		qsort(l.p, l.n, sizeof(*l.p), by_time);
	*ret = l.p;
	return l.n;
}

static int64_t next_of_stretch(const struct policy *policy, const struct stretch *s, int64_t now)
{
	const struct outlook o = {policy, s->chain, now, now + NEXT_MS};
	struct timetable table;
	if (s->chain == CHAIN_NONE)
		return INT64_MAX;
	duty_timetable(policy, s->chain, s->base, &table);
	int64_t next = next_message(&o, &table);
	int64_t relief = next_relief(&o, s->base);
	next = relief < next ? relief : next;
	for (size_t i = 0; i < policy->chains[s->chain].n; i++)
		if (table.at[i] > now && table.at[i] < next)
			next = table.at[i];
	return next;
}

int64_t policy_next(const struct policy *by, const struct policy_case *c, int64_t now)
{
	const struct policy *policy = policy_for(by, c->incident);
	int64_t next = now + NEXT_MS;
	if (policy->empty)
		return next;
	_free_ struct stretch *storage = fold_storage(c);
	struct fold f;
	fold_case(&f, c, storage, NULL);
	enum policy_quiet quiet = quiet_now(&f, now);
	if (quiet == QUIET_SILENCED && c->incident->silenced_until < next)
		return c->incident->silenced_until;
	if (quiet == QUIET_CLOSED || quiet == QUIET_ACKED || quiet == QUIET_SILENCED || !f.n)
		return next;
	for (size_t i = 0; i + 1 < f.n; i++)
		if (f.list[i].to > now) /* an entry of a clock ahead of ours */
			return now + 1;
	int64_t last = next_of_stretch(policy, &f.list[f.n - 1], now);
	return last < next ? last : next;
}

#define LATE_MS (6 * CLOCK_DAY) /* who comes on duty later than this is not told of what is past */

/* When a receiver is told afterwards of a step that came at `at`; INT64_MAX: never. Of an astreinte only whoever was on
 * duty, or the first to be after quiet hours: his successors have alarms of their own. */
static int64_t told_late(const struct policy *policy, const struct stretch *s, int64_t at,
	const struct policy_target *t)
{
	struct timetable from;
	if (policy_trial_at(policy, at) ? !t->in_trial : t->only_in_trial)
		return INT64_MAX;
	duty_timetable(policy, s->chain, at, &from);
	int64_t until = t->rota ? from.at[0] : s->ended_at + LATE_MS;
	return from.nobody ? at : duty_first(policy, s->chain, t, at, until);
}

static void late_of_stretch(struct list *l, const struct policy *policy,
	const struct policy_case *c, const struct stretch *s)
{
	if (s->chain == CHAIN_NONE)
		return;
	const struct policy_steps *steps = &policy->chains[s->chain];
	bool acked = s->end->kind != ENTRY_CLOSED;
	struct timetable table;
	duty_timetable(policy, s->chain, s->base, &table);
	for (size_t k = 0; k < steps->n; k++) {
		const struct policy_step *step = &steps->list[k];
		/* what duty or quiet hours put off behind the end would have come then */
		int64_t at = table.at[k] <= s->to ? table.at[k] : s->base + step->after_ms;
		if (at < s->from || at > s->to || (acked && step->after_ms))
			continue;
		for (size_t t = 0; t < step->n_targets; t++) {
			struct policy_notice n = {
				.due_at = told_late(policy, s, at, &step->targets[t]),
				.chain = s->chain,
				.step = (uint32_t)k + 1,
				.target = &step->targets[t],
				.end = s->end,
				.ended_at = s->ended_at};
			if (n.due_at < INT64_MAX)
				add(l, c, &n, s->base);
		}
	}
}

size_t policy_late(const struct policy *by, const struct policy_case *c, struct arena *arena,
	struct policy_notice **ret)
{
	const struct policy *policy = policy_for(by, c->incident);
	*ret = NULL;
	if (policy->empty)
		return 0;
	_free_ struct stretch *storage = fold_storage(c);
	_free_ struct stretch *ended = fold_storage(c);
	struct fold f;
	fold_case(&f, c, storage, ended);
	struct list l = {.arena = arena};
	for (size_t i = 0; i < f.n_ended; i++)
		late_of_stretch(&l, policy, c, &f.ended[i]);
	if (l.n)
		qsort(l.p, l.n, sizeof(*l.p), by_time);
	*ret = l.p;
	return l.n;
}

struct policy_retry policy_retry(const struct policy *policy, uint32_t attempt)
{
	const int64_t first = 5 * CLOCK_SECOND, most = 5 * CLOCK_MINUTE;
	int64_t waited = 0, delay = first;
	for (uint32_t i = 1; i < attempt && waited <= policy->give_up_ms; i++) {
		waited += delay;
		delay = 2 * delay < most ? 2 * delay : most;
	}
	return (struct policy_retry){
		delay, waited >= policy->fallback_after_ms, waited >= policy->give_up_ms};
}
