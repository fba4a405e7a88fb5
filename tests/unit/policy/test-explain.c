/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an open topic explains: each condition by itself, then invented towns, in which the whole is only ever quiet
 * while somebody hears of at least as much. */
#include "fixture.h"

#define OPEN 6
#define NOW INT64_C(1700000000000)

static const struct policy_target dircom = {.channel = "mail", .person = "dircom"};

static struct incident make(int64_t id, enum incident_kind kind, const char *topic,
	enum town_level level, uint32_t messages)
{
	return (struct incident){.id = id,
		.kind = kind,
		.level = level,
		.topic = slice_of(topic),
		.facts = {.messages = messages, .recent = messages / 2}};
}

static bool explained(const struct fixture *f, const struct incident *i, const struct incident *by,
	enum policy_quiet quiet)
{
	const struct policy_open open[] = {{i, QUIET_NOT}, {by, quiet}};
	const struct incident *found = policy_explains(&f->policy, i, open, 2, &dircom, NOW);
	assert_true(!found || found == by);
	return found != NULL;
}

static void conditions(void **state)
{
	struct fixture *f = *state;
	struct incident whole = make(1, INCIDENT_WHOLE, "whole", LEVEL_ORANGE, 60);
	struct incident topic = make(2, INCIDENT_TOPIC, "peupliers", LEVEL_ORANGE, 40), other;
	assert_true(explained(f, &whole, &topic, QUIET_NOT));
	assert_true(explained(f, &whole, &topic, QUIET_ACKED));
	assert_false(explained(f, &whole, &topic, QUIET_SILENCED)); /* nobody hears of it */
	assert_false(explained(f, &whole, &topic, QUIET_CLOSED));
	assert_false(explained(f, &topic, &whole, QUIET_NOT)); /* a topic rings always */
	other = make(1, INCIDENT_TOPIC, "categorie:injure_publique", LEVEL_ORANGE, 60);
	assert_true(explained(f, &other, &topic, QUIET_NOT));
	assert_false(explained(f, &whole, &other, QUIET_NOT)); /* one sum by another */
	whole.level = LEVEL_ROUGE;
	assert_false(explained(f, &whole, &topic, QUIET_NOT));
	topic.level = LEVEL_ROUGE;
	assert_true(explained(f, &whole, &topic, QUIET_NOT));
	topic.facts.messages = 29;
	assert_false(explained(f, &whole, &topic, QUIET_NOT));
	topic.facts.messages = 30;
	assert_true(explained(f, &whole, &topic, QUIET_NOT));
	topic.facts.recent = 14; /* what is new is something else */
	assert_false(explained(f, &whole, &topic, QUIET_NOT));
	topic.facts.recent = 15;
	static const enum incident_kind no[] = {INCIDENT_RAID, INCIDENT_CAMPAIGN, INCIDENT_P1,
		INCIDENT_GREY, INCIDENT_DRILL, INCIDENT_OVERDUE};
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		topic.kind = no[i];
		assert_false(explained(f, &whole, &topic, QUIET_NOT));
	}
	topic.kind = INCIDENT_EMERGENT;
	assert_true(explained(f, &whole, &topic, QUIET_NOT));
	whole.level = topic.level = LEVEL_JAUNE; /* of which the dir'com does not hear */
	assert_false(explained(f, &whole, &topic, QUIET_NOT));
	whole.level = topic.level = LEVEL_ORANGE;
	f->policy.inhibit = false;
	assert_false(explained(f, &whole, &topic, QUIET_NOT));
}

static void switched_off(void **state)
{
	struct fixture f;
	_buf_ struct buf text = {0};
	(void)state;
	buf_add_string(&text, fixture_text);
	char *policy = strstr(text.p, "policy: {repeat: 30 min");
	memcpy(policy, "policy: {inhibition: no", 23);
	assert_int_equal(fixture_load(&f, buf_string(&text)), 0);
	assert_false(f.policy.inhibit);
	fixture_release(&f);
}

static unsigned draw(uint64_t *random, unsigned below)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (unsigned)(*random % below);
}

static bool stands_in(const struct policy *policy, enum town_level level, const char *person)
{
	static const enum policy_chain chains[] = {
		CHAIN_NONE, CHAIN_JAUNE, CHAIN_ORANGE, CHAIN_ROUGE, CHAIN_GRIS};
	const struct policy_steps *steps = &policy->chains[chains[level]];
	for (size_t i = 0; i < steps->n; i++)
		for (size_t k = 0; k < steps->list[i].n_targets; k++)
			if (strcmp(steps->list[i].targets[k].person, person) == 0)
				return true;
	return false;
}

static void towns(void **state)
{
	static const struct policy_target people[] = {
		{.channel = "mail", .person = "morel"}, /* jaune */
		{.channel = "sms", .person = "dircom"}, {.channel = "mail", .person = "dgs"},
		{.channel = "webhook", .person = "salon"}, {.channel = "mail", .person = "nobody"}};
	size_t told[5] = {0};
	static const char *const topics[] = {"whole", "peupliers", "categorie:spam", "neige"};
	struct fixture *f = *state;
	uint64_t r = UINT64_C(0x9e3779b97f4a7c15);
	size_t quiet = 0;
	for (int round = 0; round < 20000; round++) {
		struct incident list[OPEN];
		struct policy_open open[OPEN];
		for (int i = 0; i < OPEN; i++) {
			list[i] = make(i + 1, (enum incident_kind)draw(&r, 8), topics[draw(&r, 4)],
				(enum town_level)(1 + draw(&r, 3)), draw(&r, 50));
			open[i] = (struct policy_open){&list[i], (enum policy_quiet)draw(&r, 5)};
		}
		for (int i = 0; i < OPEN; i++) {
			const unsigned who = draw(&r, 5);
			const struct incident *by = policy_explains(
				&f->policy, &list[i], open, OPEN, &people[who], NOW);
			if (!by)
				continue;
			quiet++;
			told[who]++;
			/* whoever is not called hears of it from the other one */
			assert_true(stands_in(&f->policy, by->level, people[who].person));
			const struct policy_open *o = &open[by - list];
			assert_true(o->quiet == QUIET_NOT || o->quiet == QUIET_ACKED);
			assert_true(by->level >= list[i].level && by != &list[i]);
			/* nobody explains in a circle */
			assert_null(policy_explains(&f->policy, by, open, OPEN, &people[who], NOW));
		}
	}
	assert_true(quiet > 1000 && told[0] && told[1] && told[2] && told[3] && !told[4]);
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(conditions), cmocka_unit_test(switched_off), WITH(towns)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
