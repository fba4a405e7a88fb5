/* SPDX-License-Identifier: GPL-3.0-or-later
 * What goes now, what waits, what goes together: a few scenes by hand, then invented plans and evenings, watched as
 * escalate watches them, with a process that dies between any two steps. Held against them: rouge, P1 and drills never
 * wait; what is held comes within the limit's time; nobody is rung more often than he asked; no row is lost, none is in
 * two messages; no message mixes receivers, or a drill with an alarm. */
#include "fixture.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>
#include <tocsin/policy/dispatch.h>

#define T0 INT64_C(1700000000000)
#define LIMIT \
	"people: [{id: lea, mail: l@x.example, at_most: 2 par heure}, {id: marc, mail: m@x.example}]\n"
#define LEVELS \
	"levels: {jaune: [{tell: lea}], orange: [{tell: lea}, {tell: marc, after: 5 min}], " \
	"rouge: [{tell: lea}], gris: [{tell: lea}], P1: [{tell: lea}]}\n"

struct post { /* an outbox */
	struct fixture f;
	struct policy_pending rows[400];
	size_t n;
	struct policy_sent sent[4000];
	size_t n_sent;
	int64_t now;
	char keys[4000][80];
	size_t n_keys;
};

static struct post *post_new(const char *plan)
{
	struct post *p = xcalloc(1, sizeof(*p));
	p->now = T0;
	if (fixture_load(&p->f, plan) < 0)
		fail_msg("%s\n%s", p->f.problems.list[0].text, plan);
	return p;
}

static void post_free(struct post *p)
{
	fixture_release(&p->f);
	free(p);
}

static void put(struct post *p, const char *person, const char *chain, unsigned step, bool drill)
{
	char *key = p->keys[p->n_keys];
	int64_t id = (int64_t)++p->n_keys;
	assert_true(p->n_keys < 4000 && p->n < 400);
	if (strcmp(chain, "late") == 0)
		snprintf(key, 80, "%lld/orange/%u/%s/mail/%lld.0/late", (long long)id, step, person,
			(long long)p->now);
	else if (strcmp(chain, "secours") == 0)
		snprintf(key, 80, "secours/%lld/0/%s/mail", (long long)id, person);
	else
		snprintf(key, 80, "%lld/%s/%u/%s/mail/%lld.0", (long long)id, chain, step, person,
			(long long)p->now);
	p->rows[p->n++] = (struct policy_pending){.id = id,
		.due_at = p->now,
		.key = slice_of(key),
		.channel = SLICE("mail"),
		.target = SLICE("x"),
		.person = slice_of(person),
		.drill = drill,
		.urgent = strcmp(chain, "P1") == 0};
}

static size_t decide(struct post *p, struct policy_dispatch **ret)
{
	const struct policy_desk desk = {p->rows, p->n, p->sent, p->n_sent, p->now};
	arena_clear(&p->f.arena);
	return policy_dispatch(&p->f.policy, &desk, &p->f.arena, ret);
}

/* What escalate and store do with one that goes: each row is done, at one moment. */
static void record(struct post *p, const struct policy_dispatch *d)
{
	for (size_t i = 0; i < d->n; i++) {
		struct policy_sent s = {.channel = d->rows[i]->channel,
			.target = d->rows[i]->target,
			.person = d->rows[i]->person,
			.at = p->now,
			.message = d->rows[0]->id};
		assert_true(p->n_sent < 4000);
		if (policy_sent_of(d->rows[i]->key, d->rows[i]->drill, &s))
			p->sent[p->n_sent++] = s;
	}
}

static void drop(struct post *p, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < p->n; k++)
			if (p->rows[k].id == ids[i]) {
				p->rows[k] = p->rows[--p->n];
				break;
			}
}

/* Sends what goes now; as text: "1+2 3 | 4+5@60 (limit)" is two messages, and two rows that wait until minute 60;
 * "1 held" has waited for the limit, and goes now. */
static const char *turn(struct post *p)
{
	static char text[400];
	struct policy_dispatch *list;
	int64_t gone[400];
	size_t n = decide(p, &list), n_gone = 0;
	text[0] = 0;
	for (size_t i = 0; i < n; i++) {
		size_t end = strlen(text);
		bool first_waits = list[i].wait != WAIT_NOT && (!i || list[i - 1].wait == WAIT_NOT);
		end += (size_t)snprintf(text + end, sizeof(text) - end, "%s%s", i ? " " : "",
			first_waits ? "| " : "");
		for (size_t k = 0; k < list[i].n; k++)
			end += (size_t)snprintf(text + end, sizeof(text) - end, "%s%lld",
				!k                    ? ""
					: list[i].led ? "<"
						      : "+",
				(long long)list[i].rows[k]->id);
		if (list[i].wait != WAIT_NOT)
			snprintf(text + end, sizeof(text) - end, "@%lld%s",
				(long long)((list[i].at - T0) / MIN),
				list[i].wait == WAIT_LIMIT ? " limit" : "");
		else if (list[i].held)
			snprintf(text + end, sizeof(text) - end, " held");
		if (list[i].wait == WAIT_NOT)
			record(p, &list[i]);
		for (size_t k = 0; list[i].wait == WAIT_NOT && k < list[i].n; k++)
			gone[n_gone++] = list[i].rows[k]->id;
	}
	drop(p, gone, n_gone);
	return text;
}

static void limits(void **state)
{
	(void)state;
	struct post *p = post_new(LIMIT LEVELS "policy: {group: no}\n");
	put(p, "lea", "jaune", 1, false);
	assert_string_equal(turn(p), "1");
	p->now += 10 * MIN;
	put(p, "lea", "jaune", 1, false);
	assert_string_equal(turn(p), "2");
	p->now += 10 * MIN;
	put(p, "lea", "orange", 1, false);
	put(p, "lea", "jaune", 1, false);
	put(p, "marc", "orange", 2, false);
	assert_string_equal(
		turn(p), "3+4 5"); /* an orange is not held behind jaunes: they go along */
	p->now += MIN;
	put(p, "lea", "orange", 1, false);
	assert_string_equal(turn(p), "6"); /* one of two so far */
	p->now += MIN;
	put(p, "lea", "orange", 1, false);
	put(p, "lea", "jaune", 1, false);
	put(p, "marc", "orange", 2, false);
	assert_string_equal(turn(p), "9 | 7+8@80 limit"); /* two oranges; marc has no limit */
	p->now += 8 * MIN;
	put(p, "lea", "late", 1, false);
	put(p, "lea", "secours", 1, false);
	put(p, "lea", "orange", 1, true);
	assert_string_equal(
		turn(p), "10 11 12 | 7+8@80 limit"); /* each passes and counts for nothing */
	p->now += 10 * MIN;
	put(p, "lea", "rouge", 1, false);
	put(p, "lea", "P1", 1, false);
	assert_string_equal(turn(p), "14 13<7<8"); /* the next message takes along what was held */
	p->now += 5 * MIN;
	put(p, "lea", "gris", 1, false);
	assert_string_equal(turn(p), "| 15@100 limit");
	p->now = T0 + 100 * MIN - 1;
	assert_string_equal(turn(p), "| 15@100 limit");
	p->now = T0 + 100 * MIN;
	assert_string_equal(turn(p), "15 held");
	post_free(p);
}

/* A message names each of its alarms: when they are very many it takes two, one right behind the other. */
static void very_many(void **state)
{
	(void)state;
	struct post *p = post_new(LIMIT LEVELS);
	struct policy_dispatch *list;
	for (int i = 0; i < 60; i++)
		put(p, "marc", "jaune", 1, false);
	assert_int_equal(decide(p, &list), 3);
	assert_true(list[0].n == 25 && list[1].n == 25 && list[2].n == 10);
	assert_true(list[0].wait == WAIT_NOT && list[2].wait == WAIT_NOT);
	put(p, "marc", "jaune", 2, false); /* … and a rouge takes along what it can name */
	p->sent[p->n_sent++] = (struct policy_sent){.channel = SLICE("mail"),
		.target = SLICE("x"),
		.person = SLICE("marc"),
		.at = p->now - MIN,
		.message = 1,
		.chain = CHAIN_JAUNE,
		.step = 1};
	put(p, "marc", "rouge", 1, false);
	assert_int_equal(decide(p, &list), 4);
	assert_int_equal(list[0].n + list[1].n + list[2].n + list[3].n, 62);
	size_t led = 0;
	for (size_t i = 0; i < 4; i++)
		led += list[i].led && list[i].n == 25;
	assert_int_equal(led, 1);
	post_free(p);
}

/* Three steps at once and room for two: together, rather than one of them later. */
static void the_last_room_holds_all(void **state)
{
	(void)state;
	struct post *p = post_new(LIMIT LEVELS);
	put(p, "lea", "jaune", 1, false);
	put(p, "lea", "jaune", 2, false);
	assert_string_equal(turn(p), "1 2");
	p->now += 61 * MIN;
	put(p, "lea", "jaune", 1, false);
	put(p, "lea", "jaune", 2, false);
	put(p, "lea", "jaune", 3, false);
	assert_string_equal(turn(p), "3+4+5");
	post_free(p);
}

static void company(void **state)
{
	(void)state;
	struct post *p = post_new(LIMIT LEVELS);
	put(p, "marc", "jaune", 1, false);
	put(p, "marc", "jaune", 1, false);
	put(p, "marc", "jaune", 2, false);
	assert_string_equal(turn(p), "1+2 3"); /* the same step; the first wait for nobody */
	p->now += MIN;
	put(p, "marc", "jaune", 1, false);
	put(p, "lea", "jaune", 1, false);
	assert_string_equal(turn(p), "5 | 4@2");
	p->now += MIN / 2;
	put(p, "marc", "gris", 1, false);
	assert_string_equal(turn(p), "| 4+6@2");
	put(p, "marc", "orange", 1, false); /* higher: now, and the others with it */
	assert_string_equal(turn(p), "4+6+7");
	p->now += MIN;
	put(p, "marc", "orange", 1, false);
	p->rows[0].tried = true;
	assert_string_equal(turn(p), "8"); /* it has waited before its server */
	put(p, "marc", "orange", 1, false);
	put(p, "marc", "rouge", 1, false);
	assert_string_equal(turn(p), "10<9");
	post_free(p);
	p = post_new(LIMIT LEVELS "policy: {group: non}\n");
	put(p, "marc", "jaune", 1, false);
	assert_string_equal(turn(p), "1");
	put(p, "marc", "jaune", 1, false);
	put(p, "marc", "jaune", 1, false);
	assert_string_equal(turn(p), "2 3");
	post_free(p);
}

/* What may have arrived goes again as it went, and takes no newcomer along; what surely has not may. */
static void what_may_have_arrived(void **state)
{
	(void)state;
	struct post *p = post_new(LIMIT LEVELS);
	struct policy_dispatch *list;
	for (int i = 0; i < 2; i++) {
		put(p, "lea", "jaune", 1, false);
		p->rows[i].tried = p->rows[i].maybe = true;
		p->rows[i].attempt_at = 7;
	}
	put(p, "lea", "jaune", 1, false);
	put(p, "lea", "orange", 1, false);
	p->rows[3].tried = p->rows[3].maybe = true;
	p->rows[3].attempt_at = 8;
	assert_string_equal(turn(p), "1+2 4 | 3@60 limit"); /* those count, and pass */
	p->now += 61 * MIN;
	put(p, "lea", "orange", 1, false);
	p->rows[1].tried = true;
	assert_string_equal(turn(p), "3+5 held");
	/* led by a rouge, with a summary: the rouge first, the summary last, whatever the order of their making */
	put(p, "lea", "late", 1, false);
	put(p, "lea", "jaune", 1, false);
	put(p, "lea", "rouge", 1, false);
	for (int i = 0; i < 3; i++) {
		p->rows[i].tried = p->rows[i].maybe = true;
		p->rows[i].attempt_at = 9;
	}
	put(p, "lea", "jaune", 1, false);
	put(p, "lea", "rouge", 1, false);
	size_t n = decide(p, &list);
	assert_int_equal(n, 2);
	assert_true(list[0].led && list[1].led);
	assert_string_equal(turn(p), "8<7<6 10<9");
	post_free(p);
}

/* What quiet hours kept back: everything for one person in one message, with the summary of what is over by then. */
static void mornings(void **state)
{
	static const char plan[] = LIMIT LEVELS
		"policy: {group: no, quiet: {levels: [jaune, gris], from: '22:00', to: '07:30'}}\n";
	(void)state;
	assert_int_equal(clock_zone_set("UTC"), 0);
	struct post *p = post_new(plan);
	p->now = T0 / CLOCK_DAY * CLOCK_DAY + 7 * CLOCK_HOUR + 30 * MIN;
	put(p, "lea", "jaune", 1, false);
	put(p, "lea", "gris", 2, false);
	put(p, "marc", "jaune", 1, false);
	put(p, "marc", "orange", 1, false);
	put(p, "anne", "late", 1, false);
	struct policy_dispatch *list;
	size_t n = decide(p, &list);
	assert_int_equal(n, 3);
	assert_true(list[0].rows[0]->id == 5 && list[0].wait == WAIT_NOT); /* alone: at once */
	for (size_t i = 1; i < 3; i++)
		assert_true(list[i].n == 2 && list[i].wait == WAIT_COMPANY &&
			list[i].at == p->now + POLICY_MORNING_MS);
	p->now += 6 * CLOCK_SECOND;
	put(p, "lea", "late", 1, false);
	p->now += 4 * CLOCK_SECOND;
	n = decide(p, &list);
	assert_int_equal(n, 3);
	assert_true(list[0].n == 3 && list[0].morning && !list[0].led);
	assert_true(
		list[0].rows[0]->id == 1 && list[0].rows[1]->id == 2 && list[0].rows[2]->id == 6);
	assert_true(list[1].n == 2 && list[1].morning);
	assert_true(list[2].n == 1 && !list[2].morning);
	/* a rouge takes all of it along; a summary without company is not held */
	p->now -= 4 * CLOCK_SECOND;
	put(p, "lea", "rouge", 1, false);
	n = decide(p, &list);
	assert_int_equal(n, 3);
	assert_true(list[1].led && list[1].n == 4 && list[1].rows[0]->id == 7);
	post_free(p);
	/* one minute later nothing was kept back */
	p = post_new(plan);
	p->now = T0 / CLOCK_DAY * CLOCK_DAY + 7 * CLOCK_HOUR + 31 * MIN;
	put(p, "lea", "jaune", 1, false);
	put(p, "lea", "late", 1, false);
	assert_int_equal(decide(p, &list), 2);
	post_free(p);
}

static void real_alarms_first(void **state)
{
	(void)state;
	struct post *p = post_new(LIMIT LEVELS);
	put(p, "lea", "rouge", 1, true);
	put(p, "marc", "jaune", 1, false);
	put(p, "lea", "rouge", 1, false);
	put(p, "lea", "P1", 1, true);
	put(p, "lea", "P1", 1, false);
	assert_string_equal(turn(p), "5 2 3 4 1");
	put(p, "marc", "jaune", 1, false);
	put(p, "lea", "secours", 1, false);
	put(p, "lea", "secours", 1, false);
	p->rows[2].urgent = true; /* a P1 that reached nobody */
	assert_string_equal(turn(p), "8 7 | 6@2");
	put(p, "lea", "secours", 1, false); /* of one message that failed: one */
	put(p, "lea", "secours", 1, false);
	put(p, "marc", "secours", 1, false);
	put(p, "lea", "secours", 1, true);
	assert_string_equal(turn(p), "9+10 11 12 | 6@2");
	post_free(p);
}

/* ---- invented evenings ---- */

#define EVENINGS 300
#define TICKS 400
#define TICK_MS (41 * CLOCK_SECOND)

struct evening {
	struct post *p;
	uint64_t random;
	size_t delivered[4000]; /* by id */
	bool died;
	int64_t lost[POLICY_TOGETHER_MAX]; /* what was on its way then */
	size_t n_lost;
	int64_t attempts;
};

static unsigned draw(struct evening *e, unsigned below)
{
	e->random ^= e->random << 13;
	e->random ^= e->random >> 7;
	e->random ^= e->random << 17;
	return (unsigned)(e->random % below);
}

static struct post *invent(struct evening *e)
{
	static const char *const people[] = {"lea", "marc", "anne"};
	_buf_ struct buf plan = {0};
	buf_add_string(&plan, "people:\n");
	for (int i = 0; i < 3; i++) {
		buf_printf(&plan, "  - {id: %s, mail: %s@x.example", people[i], people[i]);
		if (draw(e, 3))
			buf_printf(&plan, ", at_most: %u par %u min", 1 + draw(e, 4),
				10 + draw(e, 90));
		buf_add_string(&plan, "}\n");
	}
	buf_add_string(&plan, LEVELS);
	buf_printf(&plan, "policy: {group: %u min}\n", draw(e, 6));
	return post_new(buf_string(&plan));
}

static void happen(struct evening *e)
{
	static const char *const people[] = {"lea", "marc", "anne"};
	static const char *const chains[] = {
		"jaune", "orange", "gris", "jaune", "orange", "rouge", "P1", "late", "secours"};
	unsigned n = draw(e, 4) ? 0 : draw(e, 6);
	for (unsigned i = 0; i < n && e->p->n_keys < 3900; i++)
		put(e->p, people[draw(e, 3)], chains[draw(e, 9)], 1 + draw(e, 2), !draw(e, 8));
	for (size_t i = 0; i < e->p->n; i++)
		e->p->rows[i].tried |= !draw(e, 40);
}

static int64_t longest_wait(const struct post *p, struct slice person)
{
	struct policy_limit limit = policy_limit_of(&p->f.policy, person);
	int64_t ms = limit.n ? limit.ms : 0;
	return ms + p->f.policy.group_ms;
}

/* Those with something of at least this weight. */
static unsigned messages_since(const struct post *p, struct slice person, int64_t after, int weight)
{
	unsigned n = 0;
	int64_t last = 0;
	for (size_t i = 0; i < p->n_sent; i++)
		if (p->sent[i].at > after && policy_weight(p->sent[i].chain) >= weight &&
			slice_equal(p->sent[i].person, person)) {
			n += p->sent[i].message != last;
			last = p->sent[i].message;
		}
	return n;
}

static bool may_wait(const struct policy_pending *r)
{
	struct policy_notice n;
	return !r->drill && policy_key_read(r->key, &n) && n.chain != CHAIN_ROUGE &&
		n.chain != CHAIN_P1 && !memmem(r->key.p, r->key.n, "/late", 5);
}

static bool of_fallback(const struct policy_pending *r)
{
	return slice_begins(r->key, POLICY_KEY_FALLBACK);
}

static int weight_of(const struct policy_dispatch *d)
{
	int weight = 0;
	for (size_t i = 0; i < d->n; i++) {
		struct policy_notice n;
		if (may_wait(d->rows[i]) && policy_key_read(d->rows[i]->key, &n) &&
			policy_weight(n.chain) > weight)
			weight = policy_weight(n.chain);
	}
	return weight;
}

/* again: messages that go again to him in this round. */
static void check_one(struct evening *e, const struct policy_dispatch *d, size_t again)
{
	const struct post *p = e->p;
	assert_true(d->n > 0);
	assert_true(d->wait == WAIT_NOT ? d->at == p->now : d->at > p->now);
	for (size_t i = 0; i < d->n; i++) {
		const struct policy_pending *r = d->rows[i];
		assert_true(slice_equal(r->person, d->rows[0]->person));
		assert_true(r->drill == d->rows[0]->drill && (!r->drill || d->n == 1));
		assert_true(may_wait(r) || (d->wait == WAIT_NOT && (i == 0 || of_fallback(r))));
		assert_true(of_fallback(r) == of_fallback(d->rows[0]));
		/* to the moment at which it is looked at */
		assert_true(p->now - r->due_at <=
			(may_wait(r) ? longest_wait(p, r->person) + TICK_MS : CLOCK_SECOND));
		assert_true(d->wait == WAIT_NOT || d->at - r->due_at <= longest_wait(p, r->person));
	}
	const struct policy_limit limit = policy_limit_of(&p->f.policy, d->rows[0]->person);
	if (d->wait == WAIT_LIMIT)
		assert_true(again +
				messages_since(
					p, d->rows[0]->person, p->now - limit.ms, weight_of(d)) >=
			limit.n);
	assert_int_equal(d->led, !may_wait(d->rows[0]) && !of_fallback(d->rows[0]) && d->n > 1);
}

/* Nobody is rung more often than he asked, but for what never waits; and what is heavier is not held by what is lighter:
 * among messages of its weight it is one of so many. */
static void check_limit(const struct post *p, const struct policy_dispatch *d)
{
	const struct slice person = d->rows[0]->person;
	struct policy_limit limit = policy_limit_of(&p->f.policy, person);
	if (limit.n && may_wait(d->rows[0]) && !d->rows[0]->maybe)
		assert_true(messages_since(p, person, p->now - limit.ms, weight_of(d)) < limit.n);
}

/* Dies while these are on their way. */
static void die(struct evening *e, const struct policy_dispatch *d)
{
	struct post *p = e->p;
	e->died = true;
	e->attempts++;
	e->n_lost = d->n;
	for (size_t i = 0; i < d->n; i++) {
		e->lost[i] = d->rows[i]->id;
		for (size_t k = 0; k < p->n; k++)
			if (p->rows[k].id == e->lost[i]) {
				p->rows[k].tried = p->rows[k].maybe = true;
				p->rows[k].attempt_at = e->attempts;
			}
	}
}

/* What was on its way goes again, as it was. */
static void check_again(const struct evening *e, const struct policy_dispatch *list, size_t n)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		bool same = list[i].n == e->n_lost;
		for (size_t k = 0; same && k < list[i].n; k++)
			same = list[i].rows[k]->id == e->lost[k];
		found += same && list[i].wait == WAIT_NOT;
	}
	assert_int_equal(found, e->n_lost ? 1 : 0);
}

/* Each row is in one message; what goes is done, unless the process dies before it is said. */
static void look(struct evening *e)
{
	struct policy_dispatch *list;
	struct post *p = e->p;
	size_t n = decide(p, &list), rows = 0, n_gone = 0;
	int64_t gone[400];
	for (size_t i = 0; i < n; i++) {
		size_t again = 0;
		for (size_t k = 0; k < n; k++)
			again += list[k].rows[0]->maybe &&
				slice_equal(list[k].rows[0]->person, list[i].rows[0]->person);
		check_one(e, &list[i], again);
		rows += list[i].n;
	}
	assert_int_equal(rows, p->n);
	check_again(e, list, n);
	e->died = false;
	e->n_lost = 0;
	for (size_t i = 0; i < n && list[i].wait == WAIT_NOT; i++) {
		check_limit(p, &list[i]);
		if (!draw(e, 30)) { /* dies here: sent, and nobody has noted it */
			die(e, &list[i]);
			break;
		}
		record(p, &list[i]);
		for (size_t k = 0; k < list[i].n; k++) {
			gone[n_gone++] = list[i].rows[k]->id;
			e->delivered[list[i].rows[k]->id]++;
		}
	}
	drop(p, gone, n_gone);
}

static void evenings(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= EVENINGS; seed++) {
		struct evening *e = xcalloc(1, sizeof(*e));
		e->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 3;
		struct post *p = e->p = invent(e);
		for (int t = 0; t < TICKS || p->n; t++) {
			assert_true(t < TICKS + 400);
			if (t < TICKS)
				happen(e);
			look(e);
			for (int again = 0; e->died; again++) /* started again, at once */
				look(e);
			p->now += (int64_t)(1 + draw(e, 40)) * CLOCK_SECOND;
		}
		for (size_t id = 1; id <= p->n_keys; id++)
			assert_int_equal(e->delivered[id], 1);
		post_free(p);
		free(e);
	}
}

static void spellings(void **state)
{
	static const char *const good[] = {
		"6 par heure", "6 per hour", "20 par jour", "3 par 30 min"};
	static const char *const bad[] = {"6", "0 par heure", "six par heure", "6 par semaine",
		"6 par 2 j", "9999 par heure", "6 par "};
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good) + sizeof(bad) / sizeof(*bad); i++) {
		bool ok = i < sizeof(good) / sizeof(*good);
		_buf_ struct buf plan = {0};
		struct fixture f;
		buf_printf(&plan,
			"personnes: [{id: lea, courriel: l@x.example, au_plus: '%s'}]\n%s",
			ok ? good[i] : bad[i - sizeof(good) / sizeof(*good)], LEVELS);
		char *marc = strstr(plan.p, "tell: marc");
		memcpy(marc, "tell: lea ", 10);
		assert_int_equal(fixture_load(&f, buf_string(&plan)) == 0, ok);
		if (ok)
			assert_true(f.policy.people[0].limit.n == (unsigned)atoi(good[i]));
		fixture_release(&f);
	}
}

/* The settings' limit is everybody's who has none of his own. */
static void a_limit_for_all(void **state)
{
	struct fixture f;
	(void)state;
	assert_int_equal(
		fixture_load(&f,
			"people: [{id: lea, mail: l@x.example}, {id: marc, mail: m@x.example, at_most: no}]\n" LEVELS
			"policy: {at_most: 6 per hour}\n"),
		0);
	assert_true(f.policy.people[0].limit.n == 6 && f.policy.people[0].limit.ms == CLOCK_HOUR);
	assert_int_equal(f.policy.people[1].limit.n, 0);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(limits), cmocka_unit_test(very_many),
		cmocka_unit_test(the_last_room_holds_all), cmocka_unit_test(company),
		cmocka_unit_test(what_may_have_arrived), cmocka_unit_test(mornings),
		cmocka_unit_test(real_alarms_first), cmocka_unit_test(evenings),
		cmocka_unit_test(spellings), cmocka_unit_test(a_limit_for_all)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
