/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/followed.h>
#include "testing.h"

static void is_a_pack(void **state)
{
	char pack[FOLLOWED_PACK_MAX];
	(void)state;
	followed_pack(999999999999999999, pack);
	assert_string_equal(pack, "suivi-999999999999999999");
	assert_int_equal(followed_alarm("suivi-999999999999999999.yaml"), 999999999999999999);
	assert_int_equal(followed_alarm("/a/suivi-1.yaml/suivi-12.yaml"), 12);
}

static void others_are_not(void **state)
{
	assert_int_equal(followed_topic(SLICE("suivi-12")), 12);
	assert_int_equal(followed_topic(SLICE("suivi-12x")), 0);
	assert_int_equal(followed_topic(SLICE("eau")), 0);
	static const char *const others[] = {"", "suivi-.yaml", "suivi-0.yaml", "suivi--1.yaml",
		"suivi-1", "suivi-1.yaml/x.yaml", "suivi-1x.yaml", "monsuivi-1.yaml", "suivi-.yam",
		"suivi-99999999999999999999.yaml"};
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_int_equal(followed_alarm(others[i]), 0);
}

static void has_a_label(void **state)
{
	struct incident i = {.kind = INCIDENT_EMERGENT, .topic = SLICE("emergent:passerelle")};
	(void)state;
	assert_true(slice_is(followed_label(&i), "passerelle"));
	i.kind = INCIDENT_TOPIC;
	assert_int_equal(followed_label(&i).n, 0);
	i = (struct incident){.kind = INCIDENT_EMERGENT, .topic = SLICE("piscine")};
	assert_int_equal(followed_label(&i).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_a_pack),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(has_a_label),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
