/* SPDX-License-Identifier: GPL-3.0-or-later
 * The account of what people did: whatever is written down has a name, and stands in a tab that somebody may open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <tocsin/record/account.h>

#include "../../../src/console/conformity/acts.h"

static void each_has_a_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < AUDIT_VERBS; i++) {
		if (!audit_verbs[i] || !acts[i].french)
			fail_msg("verb %zu, %s, has no name", i,
				audit_verbs[i] ? audit_verbs[i] : "?");
		assert_ptr_equal(act_of(slice_of(audit_verbs[i])), &acts[i]);
	}
	assert_null(act_of(SLICE("danser")));
}

static void each_is_in_one_tab(void **state)
{
	(void)state;
	for (size_t i = 0; i < AUDIT_VERBS; i++) {
		char with_blanks[40];
		size_t in = 0;

		snprintf(with_blanks, sizeof(with_blanks), " %s ", audit_verbs[i]);
		for (int group = 0; group < ACT_GROUPS; group++) {
			_buf_ struct buf verbs = {0};

			act_verbs((enum act_group)group, &verbs);
			in += strstr(buf_string(&verbs), with_blanks) != NULL;
		}
		assert_int_equal(in, 1);
	}
}

static void each_tab_opens_to_the_dpo_alone_when_it_tells_of_citizens(void **state)
{
	(void)state;
	assert_int_equal(act_tabs[ACTS_PERSONS].roles, ROLE_DPO);
	assert_int_equal(act_tabs[ACTS_DECISIONS].roles, ROLE_DPO);
	assert_int_equal(act_tabs[ACTS_PURGES].roles, ROLE_DPO | ROLE_ADMIN);
	assert_int_equal(act_tabs[ACTS_ACCOUNTS].roles, ROLE_DPO | ROLE_ADMIN);
}

static void what_people_did_of_an_alarm_or_a_comment_is_with_the_decisions(void **state)
{
	static const enum audit_verb told[] = {AUDIT_DECIDE, AUDIT_SECOND, AUDIT_BULK,
		AUDIT_PROPOSE, AUDIT_MISSED, AUDIT_DOSSIER, AUDIT_ACK, AUDIT_CLOSE, AUDIT_REOPEN,
		AUDIT_SILENCE, AUDIT_DRILL, AUDIT_REVISE};

	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
		assert_int_equal(acts[told[i]].group, ACTS_DECISIONS);
	assert_int_equal(acts[AUDIT_SEARCH].group, ACTS_PERSONS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_a_name),
		cmocka_unit_test(each_is_in_one_tab),
		cmocka_unit_test(each_tab_opens_to_the_dpo_alone_when_it_tells_of_citizens),
		cmocka_unit_test(what_people_did_of_an_alarm_or_a_comment_is_with_the_decisions),
	};

	return cmocka_run_group_tests_name("acts", tests, NULL, NULL);
}
