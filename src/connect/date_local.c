/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dates as French people and their programs write them. */
#include <strings.h>

#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>

#include "date.h"

#define LONGEST 60u
#define SECONDS_MIN INT64_C(100000000) /* 1973: as a number, no year and no day */
#define WORDS 8u

/* Numbers and words one by one; signs between them are told by how they follow. */
struct part {
	int64_t number;
	size_t digits;
	struct slice word;
	bool is_number;
	char before; /* the sign before it, 0: a blank or none */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The parts of a date; 0 when there are too many, or something else stands between them. */
static size_t split(struct slice s, struct part parts[static WORDS])
{
	size_t n = 0;
	char before = 0;

	for (size_t i = 0; i < s.n; before = 0) {
		size_t from;

		while (i < s.n && !is_letter(s.p[i]) && !is_digit(s.p[i])) {
			if (!strchr(" \t,/.:-", s.p[i]))
				return 0;
			if (s.p[i] != ' ' && s.p[i] != '\t')
				before = s.p[i];
			i++;
		}
		if (i == s.n)
			break;
		if (n == WORDS)
			return 0;
		from = i;
		while (i < s.n && is_digit(s.p[i]) == is_digit(s.p[from]) &&
			is_letter(s.p[i]) == is_letter(s.p[from]))
			i++;
		parts[n] = (struct part){.is_number = is_digit(s.p[from]),
			.digits = i - from,
			.word = {s.p + from, i - from},
			.before = before};
		if (parts[n].is_number && !slice_number(parts[n].word, &parts[n].number))
			return 0;
		n++;
	}
	return n;
}

static bool is_word(const struct part *p, const char *text)
{
	return !p->is_number && p->word.n == strlen(text) &&
		strncasecmp(p->word.p, text, p->word.n) == 0;
}

static int month_of(const struct part *p)
{
	static const char *const names[][4] = {{"janvier", "janv", "jan"},
		{"février", "fevrier", "févr", "fev"}, {"mars", "mar"}, {"avril", "avr"}, {"mai"},
		{"juin"}, {"juillet", "juil"}, {"août", "aout", "Août"},
		{"septembre", "sept", "sep"}, {"octobre", "oct"}, {"novembre", "nov"},
		{"décembre", "decembre", "déc", "dec"}};

	for (int m = 0; m < 12; m++)
		for (size_t i = 0; i < 4 && names[m][i]; i++)
			if (is_word(p, names[m][i]))
				return m + 1;
	return 0;
}

/* 24/11/2026, 24.11.26, 24 novembre 2026, 1er mars 2026, 2026-11-24, 2026/11/24. Steps over it. */
static bool take_day(const struct part **p, size_t *n, int64_t *ret)
{
	const struct part *q = *p;
	size_t first = *n >= 2 && is_word(&q[1], "er") ? 2 : 1;
	int64_t year, day;
	int month;

	if (*n < first + 2 || !q[0].is_number || !q[first + 1].is_number)
		return false;
	day = q[0].number;
	year = q[first + 1].number;
	month = q[first].is_number ? (int)(q[first].digits <= 2 ? q[first].number : 0)
				   : month_of(&q[first]);
	if (q[0].digits == 4) {
		day = year;
		year = q[0].number;
	} else if (q[first + 1].digits == 2) {
		year += 2000;
	} else if (q[first + 1].digits != 4) {
		return false;
	}
	if (year < 1970 || year > 2099 || day > 31 ||
		!clock_date_exists((int)year, month, (int)day))
		return false;
	*ret = clock_days_of(year, month, (int)day);
	*p += first + 2;
	*n -= first + 2;
	return true;
}

/* 14:05, 14:05:09, 14h05, 14 h, à 14 h 05 — all of what is left. Seconds of the day, -1: it is none. */
static int64_t time_of(const struct part *p, size_t n)
{
	int64_t unit[3] = {0};
	size_t units = 0;
	bool hours = false;

	if (n && (is_word(p, "à") || is_word(p, "a") || is_word(p, "T"))) {
		p++;
		n--;
	}
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (!p[i].is_number) {
			hours |= i == 1 && (is_word(&p[i], "h") || is_word(&p[i], "heures"));
			if (!hours && !(is_word(&p[i], "min") || is_word(&p[i], "s")))
				return -1;
			continue;
		}
		if (units == 3 || p[i].digits > 2)
			return -1;
		unit[units++] = p[i].number;
	}
	if ((units < 2 && !hours) || unit[0] > 23 || unit[1] > 59 || unit[2] > 59)
		return -1;
	return (unit[0] * 60 + unit[1]) * 60 + unit[2];
}

static int64_t read_local(struct slice text)
{
	struct part parts[WORDS];
	const struct part *p = parts;
	size_t n = split(text, parts);
	int64_t day, second, ms;

	if (n && !p->is_number && n > 3) { /* the weekday */
		p++;
		n--;
	}
	if (!take_day(&p, &n, &day) || (second = time_of(p, n)) < 0)
		return 0;
	ms = day_instant(day, (int)(second / 60)) + second % 60 * CLOCK_SECOND;
	return ms > CLOCK_MIN && ms <= CLOCK_MAX ? ms : 0;
}

int64_t date_read_local(struct slice text)
{
	int64_t ms;

	while (text.n && strchr(" \t", text.p[text.n - 1]))
		text.n--;
	if (!text.n || text.n > LONGEST || memchr(text.p, 0, text.n))
		return 0;
	if (slice_number(text, &ms))
		ms = text.n > 11 ? ms : ms * CLOCK_SECOND;
	else if ((ms = read_local(text)) == 0)
		return date_read(text);
	return ms >= SECONDS_MIN * CLOCK_SECOND && ms <= CLOCK_MAX ? ms : 0;
}
