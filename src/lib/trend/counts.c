/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "counts.h"
#include <string.h>

static void roll(struct counts *c, int64_t m)
{
	int64_t hour = m / 60, from = c->head / 60;
	if (c->head == 0 || m - c->head >= COUNTS_RING) {
		memset(c->minutes, 0, sizeof(c->minutes));
		if (c->head == 0 || hour - from >= COUNTS_HOURS)
			from = hour < COUNTS_HOURS ? -1 : hour - COUNTS_HOURS;
		c->head = m;
	}
	while (c->head < m)
		c->minutes[++c->head % COUNTS_RING] = 0;
	while (from < hour)
		c->hours[++from % COUNTS_HOURS] = 0;
}

/* No sum overflows. */
static void add_capped(uint32_t *count, uint32_t n, uint32_t cap)
{
	*count = n > cap - *count ? cap : *count + n;
}

bool counts_add(struct counts *c, int64_t m, uint32_t n)
{
	roll(c, m);
	if (m <= c->head - (int64_t)COUNTS_RING)
		return false;
	if (m > c->last)
		c->last = m;
	add_capped(&c->minutes[m % COUNTS_RING], n, UINT32_MAX / COUNTS_RING);
	add_capped(&c->hours[m / 60 % COUNTS_HOURS], n, UINT32_MAX / COUNTS_HOURS);
	return true;
}

/* Nothing is older than what is kept, nor than 1970. */
static int64_t oldest(int64_t first, int64_t kept)
{
	first = first < kept ? kept : first;
	return first < 0 ? 0 : first;
}

uint32_t counts_sum(const struct counts *c, int64_t m, int64_t n)
{
	uint32_t sum = 0;
	int64_t first = m - n + 1, kept = c->head - (int64_t)COUNTS_RING + 1;
	if (m > c->last)
		m = c->last;
	for (int64_t i = oldest(first, kept); i <= m; i++)
		sum += c->minutes[i % COUNTS_RING];
	return sum;
}

uint32_t counts_day(const struct counts *c, int64_t m)
{
	uint32_t sum = 0;
	int64_t hour = m / 60, first = hour - 23, kept = c->head / 60 - (int64_t)COUNTS_HOURS + 1;
	if (hour > c->head / 60)
		hour = c->head / 60;
	for (int64_t i = oldest(first, kept); i <= hour; i++)
		sum += c->hours[i % COUNTS_HOURS];
	return sum;
}
