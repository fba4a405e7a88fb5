/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "date.h"

#include <strings.h>

#include <tocsin/base/clock.h>

#define LONGEST 80u

/* Words, numbers and the signs between them, one after the other. */
static struct slice next_word(struct slice *rest)
{
	struct slice word;

	while (rest->n && strchr(" \t\r\n,", rest->p[0]))
		*rest = (struct slice){rest->p + 1, rest->n - 1};
	word = (struct slice){rest->p, 0};
	while (word.n < rest->n && !strchr(" \t\r\n,", rest->p[word.n]))
		word.n++;
	*rest = (struct slice){rest->p + word.n, rest->n - word.n};
	return word;
}

static int month_of(struct slice word)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; word.n >= 3 && i < 12; i++)
		if (strncasecmp(word.p, months + (size_t)3 * (size_t)i, 3) == 0)
			return i + 1;
	return 0;
}

/* RFC 5322 section 4.3: a year of two digits is 2000 to 2049 or 1950 to 1999, one of three counts from 1900. */
static int64_t year_of(struct slice word)
{
	int64_t year;

	if (word.n > 4 || !slice_number(word, &year))
		return -1;
	if (word.n == 2)
		return year + (year < 50 ? 2000 : 1900);
	return word.n == 3 ? year + 1900 : year;
}

/* "13:05" or "13:05:09" as milliseconds of the day; -1: neither. */
static int64_t time_of(struct slice word)
{
	int64_t part[3] = {0};
	size_t parts = 0;

	while (word.n) {
		const char *colon = memchr(word.p, ':', word.n);
		struct slice number = {word.p, colon ? (size_t)(colon - word.p) : word.n};
		size_t used = number.n + (colon != NULL);

		if (parts == 3 || number.n > 2 || !slice_number(number, &part[parts++]))
			return -1;
		word = (struct slice){word.p + used, word.n - used};
	}
	if (parts < 2 || part[0] > 23 || part[1] > 59 || part[2] > 60)
		return -1;
	return part[0] * CLOCK_HOUR + part[1] * CLOCK_MINUTE +
		(part[2] > 59 ? 59 : part[2]) * CLOCK_SECOND;
}

/* How far a zone is ahead of UTC. */
static int64_t zone_of(struct slice word)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
		{"PST", -8}, {"PDT", -7}, {"CET", 1}, {"CEST", 2}, {"WEST", 1}, {"BST", 1}};
	int64_t digits;

	if (word.n == 5 && (word.p[0] == '+' || word.p[0] == '-') &&
		slice_number((struct slice){word.p + 1, 4}, &digits) && digits % 100 < 60)
		return (word.p[0] == '-' ? -1 : 1) *
			(digits / 100 * CLOCK_HOUR + digits % 100 * CLOCK_MINUTE);
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (word.n == strlen(zones[i].name) &&
			strncasecmp(word.p, zones[i].name, word.n) == 0)
			return zones[i].hours * CLOCK_HOUR;
	return 0;
}

static int64_t read_mail_date(struct slice rest)
{
	struct slice word = next_word(&rest);
	int64_t day, year, time, ms;
	int month;

	if (!slice_number(word, &day)) /* the weekday */
		word = next_word(&rest);
	if (word.n > 2 || !slice_number(word, &day))
		return 0;
	month = month_of(next_word(&rest));
	year = year_of(next_word(&rest));
	time = time_of(next_word(&rest));
	if (!month || year < 0 || time < 0 || !clock_date_exists((int)year, month, (int)day))
		return 0;
	ms = clock_days_of(year, month, (int)day) * CLOCK_DAY + time - zone_of(next_word(&rest));
	return ms > CLOCK_MIN && ms <= CLOCK_MAX ? ms : 0;
}

int64_t date_read(struct slice text)
{
	int64_t ms;

	while (text.n && strchr(" \t\r\n", text.p[0]))
		text = (struct slice){text.p + 1, text.n - 1};
	while (text.n && strchr(" \t\r\n", text.p[text.n - 1]))
		text.n--;
	if (!text.n || text.n > LONGEST || memchr(text.p, 0, text.n))
		return 0;
	if (clock_parse(text, &ms) == 0)
		return ms;
	return read_mail_date(text);
}
