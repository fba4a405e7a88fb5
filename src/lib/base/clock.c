/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/clock.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME) / 1000;
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_monotonic_us(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_from_civil(int64_t y, int m, int d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static int days_in_month(int y, int m)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 29 : days[m - 1];
}

/* Exactly n digits at *p. */
static bool digits(struct slice *s, size_t n, int *ret)
{
	if (s->n < n)
		return false;
	int v = 0;
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s->p[i]))
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = (struct slice){s->p + n, s->n - n};
	*ret = v;
	return true;
}

static bool one_of(struct slice *s, const char *set)
{
	if (!s->n || !strchr(set, s->p[0]) || !s->p[0])
		return false;
	*s = (struct slice){s->p + 1, s->n - 1};
	return true;
}

/* ".123456" → 123 */
static bool fraction(struct slice *s, int *ret_ms)
{
	*ret_ms = 0;
	if (!one_of(s, ".,"))
		return true;
	int scale = 100, n = 0;
	for (; s->n && isdigit((unsigned char)s->p[0]); n++, scale /= 10) {
		*ret_ms += (s->p[0] - '0') * scale;
		*s = (struct slice){s->p + 1, s->n - 1};
	}
	return n > 0;
}

static bool offset(struct slice *s, int *ret_minutes)
{
	*ret_minutes = 0;
	if (!s->n || one_of(s, "Zz"))
		return true;
	int sign = s->p[0] == '-' ? -1 : 1, h, m = 0;
	if (!one_of(s, "+-") || !digits(s, 2, &h))
		return false;
	if (s->n && (one_of(s, ":"), !digits(s, 2, &m)))
		return false;
	*ret_minutes = sign * (h * 60 + m);
	return h < 24 && m < 60;
}

int clock_parse(struct slice s, int64_t *ret_ms)
{
	int year, month, day, hour, minute, second, ms, zone;
	if (!digits(&s, 4, &year) || !one_of(&s, "-") || !digits(&s, 2, &month) ||
		!one_of(&s, "-") || !digits(&s, 2, &day) || !one_of(&s, "Tt ") ||
		!digits(&s, 2, &hour) || !one_of(&s, ":") || !digits(&s, 2, &minute) ||
		!one_of(&s, ":") || !digits(&s, 2, &second) || !fraction(&s, &ms) ||
		!offset(&s, &zone) || s.n)
		return -EINVAL;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
		minute > 59 || second > 60)
		return -EINVAL;
	if (second == 60)
		second = 59;
	int64_t t = ((days_from_civil(year, month, day) * 24 + hour) * 60 + minute - zone) *
			CLOCK_MINUTE +
		second * CLOCK_SECOND + ms;
	if (t < CLOCK_MIN || t > CLOCK_MAX)
		return -ERANGE;
	*ret_ms = t;
	return 0;
}

const char *clock_format(int64_t ms, char out[static CLOCK_TEXT])
{
	time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));
	int rest = (int)(ms - (int64_t)t * 1000);
	struct tm tm;
	if (!gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900) {
		out[0] = '\0';
		return out;
	}
	size_t n = strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	if (rest)
		snprintf(out + n, CLOCK_TEXT - n, ".%03uZ", (unsigned)rest % 1000);
	else
		snprintf(out + n, CLOCK_TEXT - n, "Z");
	return out;
}

int clock_zone_set(const char *zone)
{
	char path[256];
	if (!zone || !*zone || strstr(zone, "..") || zone[0] == '/')
		return -ENOENT;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
	if (access(path, R_OK) != 0)
		return -ENOENT;
	if (setenv("TZ", zone, 1) != 0)
		return -errno;
	tzset();
	return 0;
}

struct local_time clock_local(int64_t ms)
{
	time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));
	struct tm tm = {0};
	localtime_r(&t, &tm);
	return (struct local_time){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec, (tm.tm_wday + 6) % 7, tm.tm_yday + 1};
}

const char *clock_format_hm(int64_t ms, char out[static CLOCK_TEXT])
{
	struct local_time t = clock_local(ms);
	snprintf(out, CLOCK_TEXT, "%02u:%02u", (unsigned)t.hour % 100, (unsigned)t.minute % 100);
	return out;
}

const char *clock_format_dhm(int64_t ms, char out[static CLOCK_TEXT])
{
	struct local_time t = clock_local(ms);
	snprintf(out, CLOCK_TEXT, "%02u/%02u %02u:%02u", (unsigned)t.day % 100,
		(unsigned)t.month % 100, (unsigned)t.hour % 100, (unsigned)t.minute % 100);
	return out;
}
