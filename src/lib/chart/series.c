/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/clock.h>
#include <tocsin/chart/chart.h>

#define LEAST_MINUTES 3u
#define ALARM_AFTER (2 * CLOCK_HOUR) /* an alarm waits for latecomers before it rings */

/* Steps that a clock face knows: fine enough to show when it rose, coarse enough that few messages make a line. */
static uint32_t step_for(size_t minutes)
{
	static const struct {
		size_t until; /* minutes in all */
		uint32_t step;
	} steps[] = {{20, 1}, {40, 2}, {240, 5}, {480, 10}, {720, 15}, {1440, 30}, {2880, 60},
		{5760, 120}, {11520, 240}};
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (minutes <= steps[i].until)
			return steps[i].step;
	return 1440 * (uint32_t)((minutes + 1440 * CHART_STEPS - 1) / (1440 * CHART_STEPS));
}

int chart_gather(int64_t since, const uint32_t *minutes, size_t n, struct chart_series *ret)
{
	if (n < LEAST_MINUTES)
		return CHART_NOTHING;
	uint32_t step = step_for(n), steps = (uint32_t)((n + step - 1) / step);
	size_t before = (size_t)step * steps - n; /* of the first step, from before the series */
	*ret = (struct chart_series){
		.since = since - since % CLOCK_MINUTE - (int64_t)before * CLOCK_MINUTE,
		.minutes = step,
		.n = steps,
		.usual_low = -1,
		.usual_high = -1};
	for (size_t i = 0; i < n; i++) {
		uint32_t *count = &ret->counts[(i + before) / step];
		uint64_t sum = (uint64_t)*count + minutes[i];
		*count = sum > CHART_COUNT_MAX ? CHART_COUNT_MAX : (uint32_t)sum;
	}
	return 0;
}

int64_t chart_end(const struct chart_series *s)
{
	return s->since + (int64_t)s->n * s->minutes * CLOCK_MINUTE;
}

void chart_mark(struct chart_series *s, int64_t alarm)
{
	s->alarm = alarm >= s->since && alarm <= chart_end(s) + ALARM_AFTER ? alarm : 0;
}

uint64_t chart_total(const struct chart_series *s)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < s->n; i++)
		sum += s->counts[i];
	return sum;
}

uint32_t chart_highest(const struct chart_series *s, uint32_t *ret_step)
{
	uint32_t best = 0;
	for (uint32_t i = 1; i < s->n; i++)
		if (s->counts[i] > s->counts[best])
			best = i;
	*ret_step = best;
	return s->counts[best];
}
