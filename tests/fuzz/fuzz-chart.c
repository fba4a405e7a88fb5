/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as tocsin-chart's input: refused with a reason, or a series that is written as it was read, drawn within the
 * picture, and told in words. */
#include <math.h>
#include <stdlib.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/utf8.h>
#include <tocsin/chart/chart.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void check_points(const struct chart_point *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		require(p[i].x >= 0 && p[i].x <= CHART_WIDTH && p[i].y >= 0 &&
			p[i].y <= CHART_HEIGHT);
}

static void area(void *user, enum chart_ink ink, const struct chart_point *p, size_t n)
{
	(void)user;
	require(ink < CHART_INKS && n > 2);
	check_points(p, n);
}

static void line(void *user, enum chart_ink ink, double width, double dash,
	const struct chart_point *p, size_t n)
{
	(void)user;
	require(ink < CHART_INKS && n > 1 && width > 0 && dash >= 0);
	check_points(p, n);
}

static void text(void *user, enum chart_ink ink, struct chart_point at, enum chart_anchor anchor,
	const char *what)
{
	(void)user;
	require(ink < CHART_INKS && anchor <= CHART_END && *what && utf8_valid(slice_of(what)));
	check_points(&at, 1);
}

/* What differs in form alone, such as "1.50" for "1.5", is written shorter and reads the same. */
static void check_writing(const struct chart_series *s, size_t n)
{
	struct chart_series again;
	struct error e;
	_buf_ struct buf first = {0}, second = {0};
	chart_write(&first, s);
	require(first.n <= n && chart_read(buf_slice(&first), &again, &e) == 0);
	chart_write(&second, &again);
	require(slice_equal(buf_slice(&first), buf_slice(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct chart_painter painter = {area, line, text};
	struct chart_series s;
	struct error e = {.text = ""};
	_buf_ struct buf svg = {0};
	if (chart_read((struct slice){(const char *)data, n}, &s, &e) < 0) {
		require(e.text[0]);
		return 0;
	}
	require(s.n > 0 && s.n <= CHART_STEPS && s.minutes > 0);
	check_writing(&s, n);
	for (int lang = WORDS_FR; lang <= WORDS_EN; lang++) {
		chart_paint(&s, (enum words_lang)lang, &painter, NULL);
		buf_clear(&svg);
		chart_svg(&svg, &s, (enum words_lang)lang, "c");
		require(utf8_valid(buf_slice(&svg)) && !memmem(svg.p, svg.n, "nan", 3) &&
			!memmem(svg.p, svg.n, "inf", 3));
	}
	return 0;
}
