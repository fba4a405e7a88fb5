/* SPDX-License-Identifier: GPL-3.0-or-later
 * Invented histories of incidents, watched as escalate watches them, at random moments. Held against them:
 * never silent while nobody is in charge; quiet while somebody is; nothing twice; the same answer to the same
 * question, whenever it is asked, and to all that are asked before policy_next(). And invented plans with calendars: somebody is told as soon as anybody is on duty,
 * nobody ever off duty, and policy_gaps() names exactly the hours in which nobody can be. */
#include "fixture.h"
#include <tocsin/base/buf.h>
#include <tocsin/base/map.h>
#include <tocsin/calendar/day.h>

#define T0 INT64_C(1700000000000)
#define HISTORIES 400
#define MOMENTS 300
#define REPEAT (30 * MIN)
#define SILENCE (4 * REPEAT) /* never longer */

struct history {
	struct incident i;
	struct incident_entry entries[400];
	size_t n;
	int64_t now, ringing_since, told_at; /* ringing_since: 0 while quiet */
	enum town_level told_level;
	uint64_t random;
};

static uint64_t draw(struct history *h, uint64_t below)
{
	h->random ^= h->random << 13; /* xorshift64 */
	h->random ^= h->random >> 7;
	h->random ^= h->random << 17;
	return h->random % below;
}

static void write_entry(struct history *h, enum entry_kind kind, enum town_level level)
{
	assert_true(h->n < sizeof(h->entries) / sizeof(*h->entries));
	h->entries[h->n] = (struct incident_entry){.id = (int64_t)h->n + 1,
		.incident = h->i.id,
		.at = h->now,
		.written_at = h->now,
		.kind = kind,
		.level = level};
	h->n++;
}

static void end_ack(struct history *h, enum entry_kind kind)
{
	h->i.state = INCIDENT_OPEN;
	h->i.acked_at = h->i.ack_expires_at = 0;
	h->ringing_since = h->now;
	write_entry(h, kind, h->i.level);
}

/* What store does at a moment: the same rules as its own, written anew here. */
static void happen(struct history *h)
{
	static enum town_level acked_level;
	enum town_level level;
	if (h->i.state == INCIDENT_ACKED && h->now >= h->i.ack_expires_at) {
		end_ack(h, ENTRY_ACK_EXPIRED);
		return;
	}
	switch (draw(h, 12)) {
	case 0:
	case 1:
		if (h->i.level == LEVEL_ROUGE)
			return;
		level = h->i.level + 1;
		h->i.level = level;
		h->i.raised_at = h->now;
		write_entry(h, ENTRY_RAISED, level);
		if (h->i.state == INCIDENT_ACKED && level > acked_level)
			end_ack(h, ENTRY_ACK_BROKEN);
		else if (h->i.state == INCIDENT_OPEN)
			h->ringing_since = h->now;
		return;
	case 2:
		if (h->i.level <= LEVEL_JAUNE)
			return;
		h->i.level--;
		write_entry(h, ENTRY_LOWERED, h->i.level);
		return;
	case 3:
	case 4:
		if (h->i.state == INCIDENT_CLOSED)
			return;
		acked_level = h->i.level;
		write_entry(
			h, h->i.state == INCIDENT_ACKED ? ENTRY_HANDED : ENTRY_ACKED, h->i.level);
		h->i.state = INCIDENT_ACKED;
		h->i.acked_at = h->now;
		h->i.ack_expires_at = h->now + (int64_t)(1 + draw(h, 180)) * MIN;
		h->ringing_since = 0;
		return;
	case 5:
		if (h->i.state == INCIDENT_ACKED)
			end_ack(h, ENTRY_ACK_BROKEN);
		return;
	default: write_entry(h, draw(h, 2) ? ENTRY_NOTE : ENTRY_NOTIFIED, h->i.level);
	}
}

/* Until policy_next() the answer stays the same: at the last moment before it, and at one between. */
static void stays_until_next(struct fixture *f, const struct policy_case *c, int64_t now,
	const struct policy_notice *due, size_t n, uint64_t random)
{
	int64_t next = policy_next(&f->policy, c, now);
	assert_true(next > now);
	const int64_t moments[] = {next - 1, now + (int64_t)(random % (uint64_t)(next - now))};
	for (size_t m = 0; m < 2; m++) {
		struct policy_notice *then;
		assert_int_equal(policy_due(&f->policy, c, moments[m], &f->arena, &then), n);
		for (size_t i = 0; i < n; i++) {
			assert_string_equal(then[i].key, due[i].key);
			assert_ptr_equal(then[i].target, due[i].target);
		}
	}
}

/* Without calendars what policy_next() names is a message, unless it is as far ahead as it looks: else it would be asked
 * for too often. */
static void next_is_not_early(struct fixture *f, const struct policy_case *c, int64_t now,
	const struct policy_notice *due, size_t n)
{
	struct policy_notice *then;
	int64_t next = policy_next(&f->policy, c, now);
	size_t m = policy_due(&f->policy, c, next, &f->arena, &then);
	bool same = m == n;
	for (size_t i = 0; same && i < n; i++)
		same = strcmp(then[i].key, due[i].key) == 0;
	assert_true(!same || next - now >= CLOCK_DAY);
}

static void look(struct fixture *f, struct history *h, struct map *told)
{
	struct policy_notice *due, *again;
	struct policy_case c = {&h->i, h->entries, h->n, true};
	arena_clear(&f->arena);
	size_t n = policy_due(&f->policy, &c, h->now, &f->arena, &due);
	assert_int_equal(policy_due(&f->policy, &c, h->now, &f->arena, &again), n);
	if (h->random % 4 == 0) {
		stays_until_next(f, &c, h->now, due, n, h->random / 4);
		next_is_not_early(f, &c, h->now, due, n);
	}
	if (h->i.state == INCIDENT_ACKED)
		assert_int_equal(n, 0);
	if (h->ringing_since)
		assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct slice key = slice_of(due[i].key);
		bool fresh;
		assert_string_equal(due[i].key, again[i].key);
		assert_true(due[i].due_at <= h->now);
		/* only of levels it has had: a drill of an emergency of no other */
		assert_true(incident_urgent(&h->i) ? due[i].chain == CHAIN_P1
						   : due[i].chain <= CHAIN_ROUGE);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(due[i].key, due[k].key);
		uint64_t *at = map_at(told, key, &fresh);
		if (fresh)
			*at = (uint64_t)due[i].due_at;
		assert_int_equal(*at, due[i].due_at);
		if (fresh && due[i].due_at > h->told_at)
			h->told_at = due[i].due_at;
	}
	/* somebody was told since it rings, and not too long ago */
	if (h->ringing_since) {
		assert_true(h->told_at >= h->ringing_since);
		assert_true(h->now - h->told_at < SILENCE);
	}
}

/* Each key names one person once an alarm and repeat: counted against what the steps allow. */
static void count_keys(const struct history *h, const struct map *told)
{
	size_t alarms = 1;
	for (size_t i = 0; i < h->n; i++)
		alarms += h->entries[i].kind == ENTRY_RAISED ||
			h->entries[i].kind == ENTRY_ACK_BROKEN ||
			h->entries[i].kind == ENTRY_ACK_EXPIRED;
	size_t repeats = (size_t)((h->now - T0) / REPEAT) + 1;
	/* the largest chain has five receivers, and a run may pass three levels */
	assert_true(map_count(told) <= alarms * 15 + repeats * 5);
}

static void one_history(struct fixture *f, uint64_t seed)
{
	struct history h = {.i = {.id = 3, .opened_at = T0, .raised_at = T0},
		.now = T0,
		.ringing_since = T0,
		.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
	struct map *told = map_new();
	h.i.level = (enum town_level)(1 + draw(&h, 3));
	if (seed % 3 == 0) { /* a drill rings as the real one would */
		h.i.kind = INCIDENT_DRILL;
		h.i.topic = seed % 2 ? SLICE("exercice:P1") : SLICE("exercice:orange");
	}
	write_entry(&h, ENTRY_OPENED, h.i.level);
	for (int m = 0; m < MOMENTS; m++) {
		look(f, &h, told);
		h.now += (int64_t)draw(&h, 9 * MIN) + 1;
		if (draw(&h, 4) == 0)
			happen(&h);
		else if (h.i.state == INCIDENT_ACKED && h.now >= h.i.ack_expires_at)
			end_ack(&h, ENTRY_ACK_EXPIRED);
	}
	count_keys(&h, told);
	map_free(told);
}

static void histories(void **state)
{
	for (uint64_t seed = 1; seed <= HISTORIES; seed++)
		one_history(*state, seed);
}

/* ---- plans with calendars: people with hours of their own, an astreinte with holes, absences, quiet levels ---- */

#define PLANS 20
#define PEOPLE 5

static unsigned pick(uint64_t *random, unsigned below)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (unsigned)(*random % below);
}

static void write_chain(struct buf *b, const char *level, uint64_t *r)
{
	unsigned steps = 1 + pick(r, 3), after = 0;
	buf_printf(b, "  %s: [", level);
	for (unsigned i = 0; i < steps; i++) {
		unsigned who = pick(r, PEOPLE + 2);
		buf_printf(b, "%s{tell: ", i ? ", " : "");
		if (who < PEOPLE)
			buf_printf(b, "p%u", who);
		else
			buf_add_string(b, who == PEOPLE ? "garde" : "tous");
		buf_printf(b, ", after: %u min}", after);
		after += pick(r, 40);
	}
	buf_add_string(b, "]\n");
}

static void write_plan(struct buf *b, uint64_t *r)
{
	static const char *const hours[] = {"jour", "soir", "always"};
	static const char *const levels[] = {"jaune", "orange", "rouge", "gris", "P1"};
	buf_printf(b, "people:\n");
	for (unsigned i = 0; i < PEOPLE; i++)
		buf_printf(b, "  - {id: p%u, mail: p%u@x.example, hours: %s}\n", i, i,
			hours[pick(r, 8) / 3]);
	buf_printf(b,
		"calendars:\n  hours:\n    - {id: jour, days: lun-ven, from: '08:%02u', to: '1%u:00'}\n"
		"    - {id: soir, from: '18:00', to: '0%u:30'}\n",
		pick(r, 60), 2 + pick(r, 8), pick(r, 9));
	buf_printf(b,
		"  on_call: [{id: garde, turn: [p0, p%u], start: 2027-03-01, handover: '%02u:00', period: %u j%s}]\n",
		1 + pick(r, PEOPLE - 1), pick(r, 24), 1 + pick(r, 7),
		pick(r, 2) ? ", hours: soir" : "");
	buf_printf(b, "  absences: [{who: p%u, from: 2027-03-2%u, to: 2027-03-30%s}]\n",
		pick(r, PEOPLE), pick(r, 9), pick(r, 2) ? ", substitute: p4" : "");
	buf_printf(b, "teams: [{id: tous, members: [p0, p1, p2]}]\nlevels:\n");
	for (unsigned i = 0; i < 5; i++)
		write_chain(b, levels[i], r);
	buf_printf(b,
		"policy: {quiet: {levels: [jaune, orange], from: '2%u:15', to: '0%u:00'}%s}\n",
		pick(r, 4), pick(r, 9), pick(r, 2) ? ", fallback: [p3, garde]" : "");
}

static bool in_gap(const struct policy_gap *gaps, size_t n, enum policy_chain chain, int64_t ms)
{
	for (size_t i = 0; i < n; i++)
		if (gaps[i].chain == chain && ms >= gaps[i].from && ms < gaps[i].to)
			return true;
	return false;
}

/* Everybody who is told is named by the level, and on duty at the minute of his message; or is the fallback, in a gap. */
static void told_rightly(
	const struct policy *p, const struct policy_notice *due, size_t n, enum policy_chain chain)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(due[i].chain, chain);
		if (!due[i].step) {
			const struct policy_notice *d = &due[i];
			assert_true(p->fallback_given && chain == CHAIN_ROUGE);
			assert_true(d->target >= p->fallback &&
				d->target < p->fallback + p->n_fallback);
			continue;
		}
		assert_true(policy_on_duty(p, due[i].target, due[i].due_at));
		assert_false(policy_quiet_at(p, chain, due[i].due_at));
	}
}

/* One alarm that nobody answers, watched for two days: in the first minute in which its level is neither quiet nor in a
 * gap somebody is told, and not before; never again silent for longer than the repeats allow while anybody is on duty. */
static void one_alarm(struct fixture *f, const struct policy_gap *gaps, size_t n_gaps, uint64_t *r)
{
	static const enum policy_chain chains[] = {
		CHAIN_NONE, CHAIN_JAUNE, CHAIN_ORANGE, CHAIN_ROUGE, CHAIN_GRIS};
	int64_t opened =
		day_instant(clock_days_of(2027, 3, 22), 0) + (int64_t)pick(r, 10 * 24 * 60) * MIN;
	struct incident i = {.id = 9, .opened_at = opened, .raised_at = opened};
	i.level = (enum town_level)(1 + pick(r, 4));
	enum policy_chain chain = chains[i.level];
	struct policy_case c = {&i, NULL, 0, true};
	int64_t first = 0;
	bool relieved = f->policy.fallback_given && chain == CHAIN_ROUGE;
	for (int64_t now = opened; now < opened + 2 * CLOCK_DAY; now += 20 * MIN) {
		struct policy_notice *due;
		arena_clear(&f->arena);
		size_t n = policy_due(&f->policy, &c, now, &f->arena, &due);
		if ((now - opened) % (5 * 20 * MIN) == 0)
			stays_until_next(f, &c, now, due, n, *r);
		bool open = !policy_quiet_at(&f->policy, chain, now) &&
			(!in_gap(gaps, n_gaps, chain, now) || relieved);
		for (size_t k = 0; k < n; k++)
			assert_true(due[k].step || in_gap(gaps, n_gaps, chain, due[k].due_at));
		told_rightly(&f->policy, due, n, chain);
		if (open || first)
			assert_true(n > 0);
		if (n && !first)
			first = due[0].due_at;
		if (first && !n)
			fail();
		struct policy_state s = policy_state(&f->policy, &c, now);
		assert_true(!s.next_at || s.next_at > now);
		if (!n)
			assert_true(s.next_at > now);
	}
	/* nobody was told in a gap or a quiet hour, and nobody before his time */
	assert_true(
		!first || (first >= opened && (relieved || !in_gap(gaps, n_gaps, chain, first))));
	assert_true(!relieved || first - opened <= 20 * MIN); /* rouge waits for nobody */
}

static void plans(void **state)
{
	(void)state;
	assert_int_equal(clock_zone_set("Europe/Paris"), 0);
	for (uint64_t seed = 1; seed <= PLANS; seed++) {
		uint64_t r = seed * UINT64_C(0x9e3779b97f4a7c15) + 7;
		struct fixture f;
		_buf_ struct buf text = {0};
		struct arena arena;
		struct policy_gap *gaps;
		write_plan(&text, &r);
		if (fixture_load(&f, buf_string(&text)) < 0)
			fail_msg("%s\n%s", f.problems.list[0].text, buf_string(&text));
		arena_init(&arena, 0);
		size_t n = policy_gaps(&f.policy, day_instant(clock_days_of(2027, 3, 20), 0),
			day_instant(clock_days_of(2027, 4, 10), 0), &arena, &gaps);
		for (int k = 0; k < 8; k++)
			one_alarm(&f, gaps, n, &r);
		arena_release(&arena);
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(histories, fixture_setup, fixture_teardown),
		cmocka_unit_test(plans)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
