/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/event_clock.h>

#include <tocsin/base/clock.h>

#define FAR_AHEAD (36 * CLOCK_HOUR)
#define AGREE 3

int64_t event_clock_hear(struct event_clock *c, int64_t at, int64_t wall)
{
	int64_t known = c->now ? c->now : wall;
	if (at <= known + FAR_AHEAD) {
		c->ahead = 0;
		if (at > c->now)
			c->now = at;
		return c->now;
	}
	if (c->ahead && (at > c->ahead_low + FAR_AHEAD || at < c->ahead_high - FAR_AHEAD))
		c->ahead = 0;
	if (!c->ahead || at < c->ahead_low)
		c->ahead_low = at;
	if (!c->ahead || at > c->ahead_high)
		c->ahead_high = at;
	if (++c->ahead >= AGREE) {
		c->now = c->ahead_low;
		c->ahead = 0;
	}
	return c->now;
}
