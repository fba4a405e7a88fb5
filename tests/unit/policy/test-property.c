/* SPDX-License-Identifier: GPL-3.0-or-later
 * Invented histories of incidents, watched as escalate watches them, at random moments. Held against them:
 * never silent while nobody is in charge; quiet while somebody is; nothing twice; the same answer to the same
 * question, whenever it is asked. */
#include "fixture.h"
#include <tocsin/base/map.h>

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

static void look(struct fixture *f, struct history *h, struct map *told)
{
	struct policy_notice *due, *again;
	struct policy_case c = {&h->i, h->entries, h->n, true};
	arena_clear(&f->arena);
	size_t n = policy_due(&f->policy, &c, h->now, &f->arena, &due);
	assert_int_equal(policy_due(&f->policy, &c, h->now, &f->arena, &again), n);
	if (h->i.state == INCIDENT_ACKED)
		assert_int_equal(n, 0);
	if (h->ringing_since)
		assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct slice key = slice_of(due[i].key);
		bool fresh;
		assert_string_equal(due[i].key, again[i].key);
		assert_true(due[i].due_at <= h->now);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(histories, fixture_setup, fixture_teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
