/* SPDX-License-Identifier: GPL-3.0-or-later
 * A series as text: what this writes, it reads, and nothing else. */
#include <errno.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>
#include <tocsin/chart/chart.h>

#define HEAD "tocsin-chart 1\n"
#define STEP_MAX (UINT64_C(366) * 1440) /* minutes */
#define RATE_MAX 99999999u

/* What is left of the text, and the first thing that was wrong with it. */
struct text {
	struct slice rest;
	const char *wrong;
};

static bool take(struct text *t, const char *what)
{
	size_t n = strlen(what);
	if (t->rest.n < n || memcmp(t->rest.p, what, n) != 0)
		return false;
	t->rest = (struct slice){t->rest.p + n, t->rest.n - n};
	return true;
}

static void want(struct text *t, const char *what, const char *wrong)
{
	if (!take(t, what) && !t->wrong)
		t->wrong = wrong;
}

static size_t digits(struct slice s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n;
}

/* A whole number from 0 to max (below 10^18). */
static uint64_t number(struct text *t, uint64_t max, const char *wrong)
{
	size_t n = digits(t->rest);
	uint64_t v = 0;
	bool bad = n == 0 || n > 18 || (n > 1 && t->rest.p[0] == '0');
	for (size_t i = 0; !bad && i < n; i++)
		v = 10 * v + (uint64_t)(t->rest.p[i] - '0');
	if ((bad || v > max) && !t->wrong)
		t->wrong = wrong;
	t->rest = (struct slice){t->rest.p + n, t->rest.n - n};
	return t->wrong ? 0 : v;
}

/* … with up to two decimals. */
static double rate(struct text *t, const char *wrong)
{
	double v = (double)number(t, RATE_MAX, wrong);
	if (!take(t, "."))
		return v;
	size_t n = digits(t->rest);
	if (n != 1 && n != 2) {
		t->wrong = t->wrong ? t->wrong : wrong;
		return 0;
	}
	v += (t->rest.p[0] - '0') / 10.0 + (n == 2 ? (t->rest.p[1] - '0') / 100.0 : 0);
	t->rest = (struct slice){t->rest.p + n, t->rest.n - n};
	return v;
}

static int64_t moment(struct text *t, const char *wrong)
{
	return (int64_t)number(t, (uint64_t)CLOCK_MAX, wrong);
}

static void read_counts(struct text *t, struct chart_series *s)
{
	want(t, "counts", "« counts »");
	do {
		want(t, " ", "counts");
		uint64_t v = number(t, CHART_COUNT_MAX, "counts");
		if (s->n == CHART_STEPS && !t->wrong)
			t->wrong = "counts : trop de valeurs";
		if (!t->wrong)
			s->counts[s->n++] = (uint32_t)v;
	} while (!t->wrong && t->rest.n && t->rest.p[0] == ' ');
	want(t, "\n", "counts");
	if (t->rest.n && !t->wrong)
		t->wrong = "texte après la fin";
}

static void read_series(struct text *t, struct chart_series *s)
{
	want(t, HEAD, "première ligne");
	want(t, "since ", "« since »");
	s->since = moment(t, "since");
	want(t, "\nstep ", "« step »");
	s->minutes = (uint32_t)number(t, STEP_MAX, "step");
	if (s->minutes == 0 && !t->wrong)
		t->wrong = "step";
	want(t, "\n", "step");
	if (take(t, "usual ")) {
		s->usual_low = rate(t, "usual");
		want(t, " ", "usual");
		s->usual_high = rate(t, "usual");
		want(t, "\n", "usual");
		if (s->usual_low > s->usual_high && !t->wrong)
			t->wrong = "usual";
	}
	if (take(t, "threshold ")) {
		s->threshold = rate(t, "threshold");
		want(t, "\n", "threshold");
	}
	int64_t alarm = 0;
	bool marked = take(t, "alarm ");
	if (marked) {
		alarm = moment(t, "alarm");
		want(t, "\n", "alarm");
	}
	read_counts(t, s);
	if (!t->wrong)
		chart_mark(s, alarm);
	if (marked && !s->alarm && !t->wrong)
		t->wrong = "alarm : hors de la série";
}

int chart_read(struct slice text, struct chart_series *ret, struct error *e)
{
	struct text t = {.rest = text};
	struct chart_series s = {.usual_low = -1, .usual_high = -1};
	if (text.n > CHART_TEXT_MAX)
		return error_set(e, -EINVAL, "plus de %u octets", CHART_TEXT_MAX);
	read_series(&t, &s);
	if (t.wrong)
		return error_set(e, -EINVAL, "octet %zu : %s", text.n - t.rest.n, t.wrong);
	*ret = s;
	return 0;
}

static double within(double v)
{
	return !(v > 0) ? 0 : v > RATE_MAX ? RATE_MAX : v;
}

/* As short as can be; "-0.00" cannot be, nor a point that is a comma: no locale is set. */
static void put_rate(struct buf *out, double v)
{
	uint64_t hundredths = (uint64_t)(within(v) * 100 + 0.5);
	buf_printf(out, "%llu", (unsigned long long)(hundredths / 100));
	if (hundredths % 10)
		buf_printf(out, ".%02u", (unsigned)(hundredths % 100));
	else if (hundredths % 100)
		buf_printf(out, ".%u", (unsigned)(hundredths % 100 / 10));
}

void chart_write(struct buf *out, const struct chart_series *s)
{
	buf_printf(out, HEAD "since %lld\nstep %u\n", (long long)s->since, s->minutes);
	if (s->usual_high >= 0) {
		buf_add_string(out, "usual ");
		put_rate(out, s->usual_low);
		buf_add_char(out, ' ');
		put_rate(out, s->usual_high);
		buf_add_char(out, '\n');
	}
	if (s->threshold > 0) {
		buf_add_string(out, "threshold ");
		put_rate(out, s->threshold);
		buf_add_char(out, '\n');
	}
	if (s->alarm)
		buf_printf(out, "alarm %lld\n", (long long)s->alarm);
	buf_add_string(out, "counts");
	for (uint32_t i = 0; i < s->n; i++)
		buf_printf(out, " %u", s->counts[i]);
	buf_add_char(out, '\n');
}
