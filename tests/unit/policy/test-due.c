/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is due, as a table: a main courante in minutes, a moment, and the keys that are due at it. */
#include "fixture.h"

#define T0 INT64_C(1700000000000)

struct event {
	int minute;
	enum entry_kind kind;
	enum town_level level;
};
struct scene {
	const char *name;
	enum incident_kind kind;
	struct event events[12]; /* up to the first with minute < 0 */
	int now;
	const char *due[8]; /* "chain/step/person/channel/base minute.repeat" */
};
#define END \
	{ \
		-1, ENTRY_NOTE, LEVEL_VERT \
	}

static const struct scene scenes[] = {
	{"orange rings the dir'com at once", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_ORANGE}, END},
		0, {"orange/1/dircom/mail/0.0"}},
	{"and the DGS after 15 minutes", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_ORANGE}, END}, 15,
		{"orange/1/dircom/mail/0.0", "orange/2/dgs/mail/0.0"}},
	{"one minute before, not yet", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_ORANGE}, END}, 14,
		{"orange/1/dircom/mail/0.0"}},
	{"unless acknowledged", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {10, ENTRY_ACKED, LEVEL_ORANGE}, END}, 40,
		{NULL}},
	{"repeated: only the latest of each", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, END}, 100,
		{"orange/2/dgs/mail/0.1", "orange/1/dircom/mail/0.2"}},
	{"later every two hours", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_JAUNE}, END}, 450,
		{"jaune/1/morel/mail/0.5"}},
	{"not one minute before", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_JAUNE}, END}, 449,
		{"jaune/1/morel/mail/0.4"}},
	{"vert tells nobody", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_VERT}, END}, 100, {NULL}},
	{"jaune tells the community manager", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_JAUNE}, END},
		3, {"jaune/1/morel/mail/0.0"}},
	{"gris too", INCIDENT_GREY, {{0, ENTRY_OPENED, LEVEL_GRIS}, END}, 3,
		{"gris/1/morel/mail/0.0"}},
	{"rouge: four receivers, later the room", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ROUGE}, END}, 5,
		{"rouge/1/dgs/mail/0.0", "rouge/1/dircab/mail/0.0", "rouge/1/dircom/mail/0.0",
			"rouge/1/dircom/webhook/0.0", "rouge/2/salon/webhook/0.0"}},
	{"a P1 has a chain of its own, whatever its level", INCIDENT_P1,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, END}, 2,
		{"P1/1/dgs/mail/0.0", "P1/1/dircom/mail/0.0"}},
	{"a drill walks the chain of its level", INCIDENT_DRILL,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, END}, 15,
		{"orange/1/dircom/mail/0.0", "orange/2/dgs/mail/0.0"}},
	{"and is quiet once it has been answered", INCIDENT_DRILL,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {3, ENTRY_ACKED, LEVEL_ORANGE},
			{3, ENTRY_CLOSED, LEVEL_ORANGE}, END},
		15, {NULL}},
	{"a rise begins anew; who was told of jaune is not forgotten", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_JAUNE}, {20, ENTRY_RAISED, LEVEL_ORANGE}, END}, 21,
		{"jaune/1/morel/mail/0.0", "orange/1/dircom/mail/20.0"}},
	{"a step of the lower level whose time had not come is dropped", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {10, ENTRY_RAISED, LEVEL_ROUGE}, END}, 11,
		{"orange/1/dircom/mail/0.0", "rouge/1/dgs/mail/10.0", "rouge/1/dircab/mail/10.0",
			"rouge/1/dircom/mail/10.0", "rouge/1/dircom/webhook/10.0"}},
	{"lowered: the lower chain goes on from the same base", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {20, ENTRY_LOWERED, LEVEL_JAUNE}, END}, 35,
		{"orange/1/dircom/mail/0.0", "orange/2/dgs/mail/0.0", "jaune/1/morel/mail/0.1"}},
	{"lowered to vert: quiet, but the first messages stand", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_JAUNE}, {20, ENTRY_LOWERED, LEVEL_VERT}, END}, 95,
		{"jaune/1/morel/mail/0.0"}},
	{"a higher level breaks the acknowledgement", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_JAUNE}, {5, ENTRY_ACKED, LEVEL_JAUNE},
			{9, ENTRY_RAISED, LEVEL_ORANGE}, {9, ENTRY_ACK_BROKEN, LEVEL_ORANGE}, END},
		10, {"orange/1/dircom/mail/9.0"}},
	{"the same level again does not", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_ACKED, LEVEL_ORANGE},
			{9, ENTRY_LOWERED, LEVEL_JAUNE}, {12, ENTRY_RAISED, LEVEL_ORANGE}, END},
		50, {NULL}},
	{"an expired acknowledgement rings again", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_ACKED, LEVEL_ORANGE},
			{65, ENTRY_ACK_EXPIRED, LEVEL_ORANGE}, END},
		70, {"orange/1/dircom/mail/65.0"}},
	{"a doubled volume too", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_ACKED, LEVEL_ORANGE},
			{30, ENTRY_ACK_BROKEN, LEVEL_ORANGE}, END},
		30, {"orange/1/dircom/mail/30.0"}},
	{"lowered while taken charge of: rings at the level it has", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_ACKED, LEVEL_ORANGE},
			{20, ENTRY_LOWERED, LEVEL_JAUNE}, {65, ENTRY_ACK_EXPIRED, LEVEL_JAUNE},
			END},
		70, {"jaune/1/morel/mail/65.0"}},
	{"and risen again below what was taken charge of", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ROUGE}, {5, ENTRY_ACKED, LEVEL_ROUGE},
			{10, ENTRY_LOWERED, LEVEL_JAUNE}, {20, ENTRY_RAISED, LEVEL_ORANGE},
			{65, ENTRY_ACK_EXPIRED, LEVEL_ORANGE}, END},
		70, {"orange/1/dircom/mail/65.0"}},
	{"lowered: nobody is told of a fall", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {20, ENTRY_LOWERED, LEVEL_JAUNE}, END}, 25,
		{"orange/1/dircom/mail/0.0", "orange/2/dgs/mail/0.0"}},
	{"closed: nobody", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_CLOSED, LEVEL_ORANGE}, END}, 50,
		{NULL}},
	{"reopened: from there", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_CLOSED, LEVEL_ORANGE},
			{40, ENTRY_REOPENED, LEVEL_ORANGE}, END},
		41, {"orange/1/dircom/mail/40.0"}},
	{"handed over: still quiet", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_ACKED, LEVEL_ORANGE},
			{20, ENTRY_HANDED, LEVEL_ORANGE}, END},
		50, {NULL}},
	{"opened and risen at the same moment: both levels", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_JAUNE}, {0, ENTRY_RAISED, LEVEL_ORANGE}, END}, 0,
		{"jaune/1/morel/mail/0.0", "orange/1/dircom/mail/0.0"}},
};

/* What should have been told before it was over; asked for at any later time. */
static const struct scene lates[] = {
	{"still ringing: nothing is late", INCIDENT_TOPIC, {{0, ENTRY_OPENED, LEVEL_ORANGE}, END},
		0, {NULL}},
	{"closed at once", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {0, ENTRY_CLOSED, LEVEL_VERT}, END}, 0,
		{"orange/1/dircom/mail/0.0"}},
	{"closed after the second step", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {90, ENTRY_CLOSED, LEVEL_VERT}, END}, 0,
		{"orange/1/dircom/mail/0.0", "orange/2/dgs/mail/0.0"}},
	{"taken charge of: who would have been called later is not told", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {90, ENTRY_ACKED, LEVEL_ORANGE}, END}, 0,
		{"orange/1/dircom/mail/0.0"}},
	{"every rise", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_JAUNE}, {5, ENTRY_RAISED, LEVEL_ORANGE},
			{9, ENTRY_LOWERED, LEVEL_JAUNE}, {9, ENTRY_CLOSED, LEVEL_VERT}, END},
		0, {"jaune/1/morel/mail/0.0", "orange/1/dircom/mail/5.0"}},
	{"a P1 closed by hand", INCIDENT_P1,
		{{0, ENTRY_OPENED, LEVEL_ORANGE}, {5, ENTRY_CLOSED, LEVEL_ORANGE}, END}, 0,
		{"P1/1/dgs/mail/0.0", "P1/1/dircom/mail/0.0"}},
	{"each time by itself", INCIDENT_TOPIC,
		{{0, ENTRY_OPENED, LEVEL_JAUNE}, {5, ENTRY_ACKED, LEVEL_JAUNE},
			{65, ENTRY_ACK_EXPIRED, LEVEL_JAUNE}, {70, ENTRY_CLOSED, LEVEL_VERT}, END},
		0, {"jaune/1/morel/mail/0.0", "jaune/1/morel/mail/65.0"}},
};

/* The row that store would have after these events. */
static void play(
	const struct scene *s, struct incident *i, struct incident_entry *entries, size_t *n)
{
	*i = (struct incident){.id = 7, .kind = s->kind};
	for (*n = 0; s->events[*n].minute >= 0; (*n)++) {
		const struct event *e = &s->events[*n];
		int64_t at = T0 + e->minute * MIN;
		/* event time is another day: only the clock in use may count */
		entries[*n] = (struct incident_entry){.incident = 7,
			.at = at,
			.written_at = at + 3 * CLOCK_DAY,
			.kind = e->kind,
			.level = e->level};
		if (e->kind == ENTRY_OPENED)
			i->opened_at = i->raised_at = at;
		if (e->kind == ENTRY_RAISED)
			i->raised_at = at;
		if (e->kind == ENTRY_OPENED || e->kind == ENTRY_RAISED || e->kind == ENTRY_LOWERED)
			i->level = e->level;
		if (e->kind == ENTRY_ACKED || e->kind == ENTRY_HANDED) {
			i->state = INCIDENT_ACKED;
			i->acked_at = at;
			i->ack_expires_at = at + 60 * MIN;
		}
		if (e->kind == ENTRY_ACK_BROKEN || e->kind == ENTRY_ACK_EXPIRED ||
			e->kind == ENTRY_REOPENED)
			i->state = INCIDENT_OPEN;
		if (e->kind == ENTRY_CLOSED)
			i->state = INCIDENT_CLOSED;
	}
}

static void read_back(const struct policy_notice *n)
{
	struct policy_notice back;
	assert_true(policy_key_read(slice_of(n->key), &back));
	assert_true(back.chain == n->chain && back.step == n->step && back.base == n->base &&
		back.repeat == n->repeat);
	for (size_t i = 0; i < 20; i++)
		assert_false(policy_key_read((struct slice){n->key, i}, &back));
}

static void check(struct fixture *f, const struct scene *s, bool event_clock, bool late)
{
	struct incident incident;
	struct incident_entry entries[12];
	struct policy_notice *due;
	int64_t shift = event_clock ? 0 : 3 * CLOCK_DAY;
	struct policy_case c = {&incident, entries, 0, event_clock};
	play(s, &incident, entries, &c.n_entries);
	size_t expected = 0;
	size_t n = late ? policy_late(&f->policy, &c, &f->arena, &due)
			: policy_due(&f->policy, &c, T0 + shift + s->now * MIN, &f->arena, &due);
	while (expected < 8 && s->due[expected])
		expected++;
	for (size_t i = 0; i < n || i < expected; i++) {
		char want[POLICY_KEY_MAX] = "";
		if (i < expected) {
			const char *slash = strrchr(s->due[i], '/');
			int minute = 0, repeat = 0;
			assert_int_equal(sscanf(slash, "/%d.%d", &minute, &repeat), 2);
			snprintf(want, sizeof(want), "7/%.*s/%lld.%d%s", (int)(slash - s->due[i]),
				s->due[i], (long long)(T0 + shift + minute * MIN), repeat,
				late ? POLICY_KEY_LATE : "");
		}
		if (i >= n || strcmp(due[i].key, want) != 0)
			print_error("%s: %s instead of %s\n", s->name,
				i < n ? due[i].key : "nothing", want);
		assert_true(i < n);
		assert_string_equal(due[i].key, want);
		assert_true(late || due[i].due_at <= T0 + shift + s->now * MIN);
		read_back(&due[i]);
	}
}

static void table(void **state)
{
	for (size_t i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		check(*state, &scenes[i], true, false);
		check(*state, &scenes[i], false, false);
	}
	for (size_t i = 0; i < sizeof(lates) / sizeof(*lates); i++) {
		check(*state, &lates[i], true, true);
		check(*state, &lates[i], false, true);
	}
}

/* What a silence kept quiet until the end was not due; of a P1 nothing is kept quiet. */
static void late_and_silent(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct incident i = {.id = 1, .state = INCIDENT_CLOSED, .opened_at = T0, .raised_at = T0};
	struct incident_entry e[2] = {{.at = T0, .kind = ENTRY_OPENED, .level = LEVEL_ORANGE},
		{.at = T0 + 9 * MIN, .kind = ENTRY_CLOSED}};
	struct policy_case c = {&i, e, 2, true};
	i.silenced_until = T0 + 10 * MIN;
	assert_int_equal(policy_late(&f->policy, &c, &f->arena, &due), 0);
	i.silenced_until = T0 + 9 * MIN;
	assert_int_equal(policy_late(&f->policy, &c, &f->arena, &due), 1);
	assert_true(due[0].end == &e[1] && due[0].ended_at == T0 + 9 * MIN);
	i.silenced_until = T0 + 10 * MIN;
	i.kind = INCIDENT_P1;
	assert_int_equal(policy_late(&f->policy, &c, &f->arena, &due), 2);
}

static void silences(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct incident i = {.id = 1, .level = LEVEL_JAUNE, .opened_at = T0, .raised_at = T0};
	struct incident_entry e[3] = {{.at = T0, .kind = ENTRY_OPENED, .level = LEVEL_JAUNE},
		{.at = T0 + MIN, .kind = ENTRY_SILENCED},
		{.at = T0 + 9 * MIN, .kind = ENTRY_RAISED, .level = LEVEL_ORANGE}};
	struct policy_case c = {&i, e, 2, true};
	i.silenced_until = T0 + 60 * MIN;
	assert_int_equal(policy_due(&f->policy, &c, T0 + 2 * MIN, &f->arena, &due), 0);
	assert_int_equal(policy_state(&f->policy, &c, T0 + 2 * MIN).quiet, QUIET_SILENCED);
	/* a level that its author had not seen */
	c.n_entries = 3;
	i.level = LEVEL_ORANGE;
	assert_int_equal(policy_due(&f->policy, &c, T0 + 10 * MIN, &f->arena, &due), 2);
	/* over */
	c.n_entries = 2;
	i.level = LEVEL_JAUNE;
	assert_int_equal(policy_due(&f->policy, &c, T0 + 60 * MIN, &f->arena, &due), 1);
	/* given before anything rose: all but rouge */
	e[0].level = i.level = LEVEL_ORANGE;
	c.n_entries = 1;
	assert_int_equal(policy_due(&f->policy, &c, T0 + 2 * MIN, &f->arena, &due), 0);
	e[0].level = i.level = LEVEL_ROUGE;
	assert_int_equal(policy_due(&f->policy, &c, T0 + 2 * MIN, &f->arena, &due), 4);
	/* never a P1 */
	i.kind = INCIDENT_P1;
	e[0].level = i.level = LEVEL_ORANGE;
	assert_int_equal(policy_due(&f->policy, &c, T0 + 2 * MIN, &f->arena, &due), 2);
}

/* A drill of a P1 walks the emergency's chain, and no silence keeps it quiet. */
static void drill_of_an_emergency(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct incident i = {.id = 1,
		.kind = INCIDENT_DRILL,
		.topic = SLICE("exercice:P1"),
		.level = LEVEL_ORANGE,
		.opened_at = T0,
		.raised_at = T0,
		.silenced_until = T0 + 60 * MIN};
	struct incident_entry e = {.at = T0, .kind = ENTRY_OPENED, .level = LEVEL_ORANGE};
	struct policy_case c = {&i, &e, 1, true};
	assert_int_equal(policy_due(&f->policy, &c, T0, &f->arena, &due), 2);
	assert_int_equal(due[0].chain, CHAIN_P1);
	i.topic = SLICE("exercice:orange");
	assert_int_equal(policy_due(&f->policy, &c, T0, &f->arena, &due), 0);
}

static void what_comes_next(void **state)
{
	struct fixture *f = *state;
	struct incident i = {.id = 1, .level = LEVEL_ORANGE, .opened_at = T0, .raised_at = T0};
	struct incident_entry e[2] = {{.at = T0, .kind = ENTRY_OPENED, .level = LEVEL_ORANGE},
		{.at = T0 + 5 * MIN, .kind = ENTRY_ACKED, .level = LEVEL_ORANGE}};
	struct policy_case c = {&i, e, 1, true};
	struct policy_state s = policy_state(&f->policy, &c, T0);
	assert_int_equal(s.quiet, QUIET_NOT);
	assert_int_equal(s.chain, CHAIN_ORANGE);
	assert_int_equal(s.base, T0);
	assert_int_equal(s.next_at, T0 + 15 * MIN);
	assert_int_equal(s.next_step, 2);
	s = policy_state(&f->policy, &c, T0 + 15 * MIN);
	assert_int_equal(s.next_at, T0 + 30 * MIN);
	assert_int_equal(s.next_step, 0);
	c.n_entries = 2;
	i.state = INCIDENT_ACKED;
	i.acked_at = T0 + 5 * MIN;
	i.ack_expires_at = T0 + 65 * MIN;
	s = policy_state(&f->policy, &c, T0 + 15 * MIN);
	assert_int_equal(s.quiet, QUIET_ACKED);
	assert_int_equal(s.until, T0 + 65 * MIN);
	assert_int_equal(s.next_at, 0);
}

/* A row whose entries are not there, or not yet. */
static void without_entries(void **state)
{
	struct fixture *f = *state;
	struct policy_notice *due;
	struct incident i = {.id = 1, .level = LEVEL_ORANGE, .opened_at = T0, .raised_at = T0};
	struct policy_case c = {&i, NULL, 0, true};
	assert_int_equal(policy_due(&f->policy, &c, T0, &f->arena, &due), 1);
	assert_string_equal(due[0].key, "1/orange/1/dircom/mail/1700000000000.0");
	i.state = INCIDENT_ACKED;
	assert_int_equal(policy_due(&f->policy, &c, T0, &f->arena, &due), 0);
}

static void nobody_without_policy(void **state)
{
	struct fixture f;
	struct policy_notice *due;
	struct incident i = {.id = 1, .level = LEVEL_ROUGE, .opened_at = T0, .raised_at = T0};
	struct policy_case c = {&i, NULL, 0, true};
	(void)state;
	assert_int_equal(fixture_load(&f, "tocsin: 1\n"), 0);
	assert_int_equal(policy_due(&f.policy, &c, T0, &f.arena, &due), 0);
	assert_int_equal(policy_state(&f.policy, &c, T0).next_at, 0);
	fixture_release(&f);
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {WITH(table), WITH(late_and_silent), WITH(silences),
		WITH(drill_of_an_emergency), WITH(what_comes_next), WITH(without_entries),
		cmocka_unit_test(nobody_without_policy)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
