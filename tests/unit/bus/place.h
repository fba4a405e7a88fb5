/* SPDX-License-Identifier: GPL-3.0-or-later
 * A temporary run folder with one loop, for the tests of this room. */
#ifndef TEST_PLACE_H
#define TEST_PLACE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/bus/bus.h>

struct place {
	char dir[64];
	struct bus *bus;
	struct error e;
};

static inline struct place *place_new(void)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->dir, "/tmp/tocsin-bus-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	assert_int_equal(bus_new(p->dir, &p->bus, &p->e), 0);
	return p;
}

static inline void place_free(struct place *p)
{
	bus_free(p->bus);
	assert_int_equal(file_remove_tree(p->dir), 0);
	free(p);
}

/* Turns the loop until what is awaited is true; fails after five seconds. */
#define turn_until(p, condition) \
	do { \
		int64_t end_ = clock_monotonic() + 5000; \
		while (!(condition) && clock_monotonic() < end_) \
			assert_int_equal(bus_turn((p)->bus, 20), 0); \
		assert_true(condition); \
	} while (0)

static inline void turn_for(struct place *p, int64_t ms)
{
	int64_t end = clock_monotonic() + ms;

	while (clock_monotonic() < end)
		assert_int_equal(bus_turn(p->bus, end - clock_monotonic()), 0);
}
#endif
