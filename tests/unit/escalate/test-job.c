/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parent makes of a child that spoke, fell silent, or was killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "job.h"

static void table(void **state)
{
	static const struct {
		const char *output;
		bool killed;
		enum net_outcome outcome;
		const char *detail;
	} cases[] = {
		{"outcome sent 250 oui\n", false, NET_SENT, "250 oui"},
		{"stage data\nstage all\noutcome refused 550 non\n", false, NET_REFUSED, "550 non"},
		{"stage data\nstage all\noutcome unknown 354\n", true, NET_UNKNOWN, "354"},
		{"outcome failed x\n", false, NET_FAILED, "x"},
		{"outcome failed \n", false, NET_FAILED, ""},
		/* died without a word */
		{"", false, NET_FAILED, "interrompu"},
		{"", true, NET_FAILED, "délai dépassé"},
		{"stage data\n", true, NET_UNKNOWN, "délai dépassé"},
		{"stage data\nstage all\n", true, NET_UNKNOWN, "délai dépassé"},
		{"stage dat", true, NET_FAILED, "délai dépassé"},
		/* a line that was cut says nothing */
		{"stage data\noutcome sent 250", false, NET_UNKNOWN, "interrompu"},
		{"outcome maybe x\n", false, NET_FAILED, "interrompu"},
		{"stage data\noutcome maybe x\n", false, NET_UNKNOWN, "interrompu"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice detail;
		enum net_outcome r =
			job_outcome(slice_of(cases[i].output), cases[i].killed, &detail);
		if (r != cases[i].outcome || !slice_is(detail, cases[i].detail))
			print_error("case %zu: %s, %.*s\n", i, net_outcome_names[r], (int)detail.n,
				detail.p);
		assert_int_equal(r, cases[i].outcome);
		assert_true(slice_is(detail, cases[i].detail));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(table)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
