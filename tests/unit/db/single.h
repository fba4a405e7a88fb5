/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fixture of a program that has one at a time, made anew for each test. */
#ifndef TEST_DB_SINGLE_H
#define TEST_DB_SINGLE_H
#include "fixture.h"

static struct fixture f;

static inline int fixture_setup(void **state)
{
	(void)state;
	fixture_start(&f);
	return 0;
}

static inline int fixture_teardown(void **state)
{
	(void)state;
	fixture_end(&f);
	return 0;
}
#endif
