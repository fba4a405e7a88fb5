/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/calendar/day.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <tocsin/base/clock.h>

static const char *const short_french[7] = {"lun", "mar", "mer", "jeu", "ven", "sam", "dim"};
static const char *const short_english[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const long_french[7] = {
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"};
static const char *const long_english[7] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

int64_t day_of(int64_t ms, int *ret_minute)
{
	struct local_time t = clock_local(ms);
	if (ret_minute)
		*ret_minute = t.hour * 60 + t.minute;
	return clock_days_of(t.year, t.month, t.day);
}

int day_weekday(int64_t day)
{
	return (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

/* What the clocks show at ms, as milliseconds since their own 1970-01-01 00:00. */
static int64_t shown(int64_t ms)
{
	struct local_time t = clock_local(ms);
	return clock_days_of(t.year, t.month, t.day) * CLOCK_DAY +
		((t.hour * 60 + t.minute) * 60 + t.second) * CLOCK_SECOND;
}

/* Both offsets that can hold around that time are tried, the larger (the earlier instant) first; when neither shows it,
 * the change lies between, and is found by bisection. */
int64_t day_instant(int64_t day, int minute)
{
	const int64_t wanted = day * CLOCK_DAY + minute * CLOCK_MINUTE;
	const int64_t before = wanted - CLOCK_DAY, after = wanted + CLOCK_DAY;
	int64_t first = shown(before) - before, second = shown(after) - after;
	int64_t most = first > second ? first : second, least = first > second ? second : first;
	if (shown(wanted - most) == wanted)
		return wanted - most;
	if (shown(wanted - least) == wanted)
		return wanted - least;
	int64_t low = wanted - most, high = wanted - least; /* shown(low) < wanted < shown(high) */
	while (high - low > CLOCK_SECOND) {
		int64_t middle = low + (high - low) / 2 / CLOCK_SECOND * CLOCK_SECOND;
		if (shown(middle) < wanted)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* The number at *s, of 1 to most digits; -1 without one. Steps over it. */
static int number(struct slice *s, size_t most)
{
	int v = 0;
	size_t n = 0;
	while (n < most && n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		v = v * 10 + (s->p[n++] - '0');
	*s = (struct slice){s->p + n, s->n - n};
	return n ? v : -1;
}

static bool skip(struct slice *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	*s = (struct slice){s->p + 1, s->n - 1};
	return true;
}

/* A day at the beginning of *s; steps over it. */
static bool take_day(struct slice *s, int64_t *ret)
{
	bool iso = s->n > 4 && s->p[4] == '-';
	char cut = iso ? '-' : '/';
	int a = number(s, iso ? 4 : 2);
	bool ok = skip(s, cut);
	int month = number(s, 2);
	ok = skip(s, cut) && ok;
	int b = number(s, iso ? 2 : 4);
	int year = iso ? a : b, day = iso ? b : a;
	if (!ok || year < 1970 || year > 2099 || !clock_date_exists(year, month, day))
		return false;
	*ret = clock_days_of(year, month, day);
	return true;
}

int day_parse(struct slice s, int64_t *ret)
{
	int64_t day;
	if (!take_day(&s, &day) || s.n)
		return -EINVAL;
	*ret = day;
	return 0;
}

int day_minute_parse(struct slice s, int *ret)
{
	int hour = number(&s, 2), minute = 0;
	if (hour < 0)
		return -EINVAL;
	if (skip(&s, ':') || ((skip(&s, 'h') || skip(&s, 'H')) && s.n))
		minute = s.n == 2 ? number(&s, 2) : -1;
	else if (s.p[-1] != 'h' && s.p[-1] != 'H')
		return -EINVAL;
	if (s.n || minute < 0 || minute > 59 || hour * 60 + minute > DAY_MINUTES)
		return -EINVAL;
	*ret = hour * 60 + minute;
	return 0;
}

int day_time_parse(struct slice s, int64_t *ret_day, int *ret_minute)
{
	int64_t day;
	int minute = -1;
	if (!take_day(&s, &day))
		return -EINVAL;
	if (s.n) {
		if (!skip(&s, ' ') && !skip(&s, 'T'))
			return -EINVAL;
		/* seconds of a spreadsheet, when they say nothing */
		if (s.n > 3 && memcmp(s.p + s.n - 3, ":00", 3) == 0 && memchr(s.p, ':', s.n - 3))
			s.n -= 3;
		if (day_minute_parse(s, &minute) < 0)
			return -EINVAL;
	}
	*ret_day = day;
	*ret_minute = minute;
	return 0;
}

int day_weekday_parse(struct slice s, int *ret)
{
	const char *const *const tables[] = {
		short_french, long_french, short_english, long_english};
	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (int i = 0; i < 7; i++)
			if (strlen(tables[t][i]) == s.n &&
				strncasecmp(tables[t][i], s.p, s.n) == 0) {
				*ret = i;
				return 0;
			}
	return -EINVAL;
}

const char *day_format(int64_t ms, bool english, char out[static DAY_TEXT])
{
	struct local_time t = clock_local(ms);
	snprintf(out, DAY_TEXT, "%s%s %02d/%02d %02d:%02d",
		english ? short_english[t.weekday] : short_french[t.weekday], english ? "" : ".",
		t.day, t.month, t.hour, t.minute);
	return out;
}
