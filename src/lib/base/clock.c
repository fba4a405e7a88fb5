/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/clock.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

static int64_t read_clock(clockid_t id, int64_t per_second)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * per_second + ts.tv_nsec / (1000000000 / per_second);
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME, 1000);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t clock_monotonic_us(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000000);
}

/* H. Hinnant, "chrono-compatible low-level date algorithms". */
int64_t clock_days_of(int64_t y, int m, int d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
		day_of_year - 719468;
}

void clock_date_of(int64_t days, int *y, int *m, int *d)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day = days - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	*d = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	*m = (int)(month < 10 ? month + 3 : month - 9);
	*y = (int)(year + era * 400 + (*m <= 2));
}

/* The number in the n digits at *p, or -1; steps over them. */
static int number(const char **p, const char *end, int n)
{
	int v = 0;
	if (end - *p < n)
		return -1;
	for (int i = 0; i < n; i++) {
		unsigned digit = (unsigned)(*(*p)++ - '0');
		if (digit > 9)
			return -1;
		v = v * 10 + (int)digit;
	}
	return v;
}

static bool literal(const char **p, const char *end, char a, char b)
{
	if (*p == end || (**p != a && **p != b))
		return false;
	(*p)++;
	return true;
}

bool clock_date_exists(int y, int m, int d)
{
	static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (y < 0 || m < 1 || m > 12 || d < 1)
		return false;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	return d <= days[m - 1] + (m == 2 && leap);
}

/* ".123456" → 123, absent → 0, no digit → -1. */
static int fraction(const char **p, const char *end)
{
	if (!literal(p, end, '.', '.'))
		return 0;
	int ms = 0, scale = 100;
	const char *start = *p;
	for (; *p < end && **p >= '0' && **p <= '9'; (*p)++, scale /= 10)
		ms += (**p - '0') * scale;
	return *p == start ? -1 : ms;
}

/* "Z", "+01:00", "+0100" or nothing → minutes east of Greenwich. */
static bool zone(const char **p, const char *end, int *ret_minutes)
{
	*ret_minutes = 0;
	if (*p == end)
		return true;
	if (literal(p, end, 'Z', 'z'))
		return *p == end;
	if (**p != '+' && **p != '-')
		return false;
	int sign = *(*p)++ == '-' ? -1 : 1;
	int hours = number(p, end, 2);
	literal(p, end, ':', ':');
	int minutes = number(p, end, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*ret_minutes = sign * (hours * 60 + minutes);
	return *p == end;
}

int clock_parse(struct slice s, int64_t *ret_ms)
{
	const char *p = s.p, *end = s.p + s.n;
	if (s.n < 19)
		return -EINVAL;
	int y = number(&p, end, 4);
	bool ok = literal(&p, end, '-', '-');
	int mo = number(&p, end, 2);
	ok = literal(&p, end, '-', '-') && ok;
	int d = number(&p, end, 2);
	ok = ok && p < end && (*p == 'T' || *p == 't' || *p == ' ');
	if (!ok || !clock_date_exists(y, mo, d))
		return -EINVAL;
	p++;
	int h = number(&p, end, 2);
	ok = literal(&p, end, ':', ':');
	int mi = number(&p, end, 2);
	ok = literal(&p, end, ':', ':') && ok;
	int sec = number(&p, end, 2);
	if (!ok || h < 0 || h > 23 || mi < 0 || mi > 59 || sec < 0 || sec > 60)
		return -EINVAL;
	if (sec == 60)
		sec = 59;
	int east, ms = fraction(&p, end);
	if (ms < 0 || !zone(&p, end, &east))
		return -EINVAL;
	int64_t v = clock_days_of(y, mo, d) * CLOCK_DAY +
		((h * 60 + mi - east) * 60 + sec) * CLOCK_SECOND + ms;
	if (v < CLOCK_MIN || v > CLOCK_MAX)
		return -ERANGE;
	*ret_ms = v;
	return 0;
}

static char *digits(char *p, int v, int n)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + n;
}

const char *clock_format(int64_t ms, char out[static CLOCK_TEXT])
{
	int64_t days = ms / CLOCK_DAY, rest = ms % CLOCK_DAY;
	if (rest < 0) {
		rest += CLOCK_DAY;
		days--;
	}
	int y, m, d, t = (int)rest;
	/* The years that four digits can say; nothing in tocsin is outside [CLOCK_MIN, CLOCK_MAX]. */
	if (days < clock_days_of(0, 1, 1))
		days = clock_days_of(0, 1, 1);
	if (days > clock_days_of(9999, 12, 31))
		days = clock_days_of(9999, 12, 31);
	clock_date_of(days, &y, &m, &d);
	char *p = digits(out, y, 4);
	*p++ = '-';
	p = digits(p, m, 2);
	*p++ = '-';
	p = digits(p, d, 2);
	*p++ = 'T';
	p = digits(p, t / 3600000, 2);
	*p++ = ':';
	p = digits(p, t / 60000 % 60, 2);
	*p++ = ':';
	p = digits(p, t / 1000 % 60, 2);
	if (t % 1000) {
		*p++ = '.';
		p = digits(p, t % 1000, 3);
	}
	*p++ = 'Z';
	*p = '\0';
	return out;
}

int clock_zone_set(const char *name)
{
	char path[256];
	struct stat st;
	if (!name || !*name || name[0] == '/' || name[0] == ':' || strstr(name, ".."))
		return -ENOENT;
	const char *folder = getenv("TZDIR");
	int n = snprintf(
		path, sizeof(path), "%s/%s", folder ? folder : "/usr/share/zoneinfo", name);
	if (n < 0 || (size_t)n >= sizeof(path) || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return -ENOENT;
	if (setenv("TZ", name, 1) < 0)
		return -errno;
	tzset();
	return 0;
}

struct local_time clock_local(int64_t ms)
{
	struct tm tm = {0};
	time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));
	localtime_r(&t, &tm);
	return (struct local_time){
		.year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec,
		.weekday = (tm.tm_wday + 6) % 7,
		.yearday = tm.tm_yday + 1,
	};
}

const char *clock_format_hm(int64_t ms, char out[static CLOCK_TEXT])
{
	struct local_time t = clock_local(ms);
	char *p = digits(out, t.hour, 2);
	*p++ = ':';
	*digits(p, t.minute, 2) = '\0';
	return out;
}

const char *clock_format_dhm(int64_t ms, char out[static CLOCK_TEXT])
{
	struct local_time t = clock_local(ms);
	char *p = digits(out, t.day, 2);
	*p++ = '/';
	p = digits(p, t.month, 2);
	*p++ = ' ';
	p = digits(p, t.hour, 2);
	*p++ = ':';
	*digits(p, t.minute, 2) = '\0';
	return out;
}
