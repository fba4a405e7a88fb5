/* SPDX-License-Identifier: GPL-3.0-or-later
 * The drawing: what must be in it, where, and what it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>
#include <tocsin/chart/chart.h>

#define NOON INT64_C(1795518000000) /* 24 November 2026, 12:00 in Paris */

struct seen {
	double left[CHART_INKS], right[CHART_INKS], top[CHART_INKS], bottom[CHART_INKS];
	unsigned pieces[CHART_INKS];
	struct buf texts; /* "|…|…" */
};

static void note(struct seen *s, enum chart_ink ink, const struct chart_point *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool first = s->pieces[ink] == 0 && i == 0;
		s->left[ink] = first ? p[i].x : fmin(s->left[ink], p[i].x);
		s->right[ink] = first ? p[i].x : fmax(s->right[ink], p[i].x);
		s->top[ink] = first ? p[i].y : fmin(s->top[ink], p[i].y);
		s->bottom[ink] = first ? p[i].y : fmax(s->bottom[ink], p[i].y);
	}
	s->pieces[ink]++;
}

static void area(void *user, enum chart_ink ink, const struct chart_point *p, size_t n)
{
	note(user, ink, p, n);
}

static void line(void *user, enum chart_ink ink, double width, double dash,
	const struct chart_point *p, size_t n)
{
	(void)dash;
	assert_true(width >= 2); /* seen on a telephone */
	note(user, ink, p, n);
}

static void text(void *user, enum chart_ink ink, struct chart_point at, enum chart_anchor anchor,
	const char *what)
{
	struct seen *s = user;
	(void)ink;
	(void)anchor;
	assert_true(
		at.y >= CHART_FONT - 2 && at.y <= CHART_HEIGHT - 5); /* nothing of it is cut off */
	buf_printf(&s->texts, "|%s", what);
}

static void look(const struct chart_series *s, enum words_lang lang, struct seen *ret)
{
	static const struct chart_painter painter = {area, line, text};
	*ret = (struct seen){0};
	chart_paint(s, lang, &painter, ret);
}

static struct chart_series rise(void)
{
	return (struct chart_series){.since = NOON,
		.minutes = 5,
		.n = 12,
		.counts = {0, 1, 0, 2, 1, 0, 3, 8, 15, 40, 31, 12},
		.usual_low = 2,
		.usual_high = 6,
		.alarm = NOON + 45 * CLOCK_MINUTE};
}

static void pieces(void **state)
{
	struct chart_series s = rise();
	struct seen seen;
	(void)state;
	look(&s, WORDS_FR, &seen);
	assert_string_equal(buf_string(&seen.texts),
		"|alerte 12:45|12:00|13:00|40|Messages par 5 min|habituel : 2 à 6 par heure");
	/* the alarm stands at three quarters, and the whole height long */
	assert_true(fabs(seen.left[CHART_INK_ALARM] - (10 + 580 * 0.75)) < 0.01);
	assert_true(seen.bottom[CHART_INK_ALARM] - seen.top[CHART_INK_ALARM] > 120);
	/* the curve takes the width and most of the height, and stands on the axis */
	assert_true(seen.right[CHART_INK_CURVE] - seen.left[CHART_INK_CURVE] > 570);
	assert_true(seen.bottom[CHART_INK_CURVE] - seen.top[CHART_INK_CURVE] > 115);
	assert_true(seen.bottom[CHART_INK_AREA] == seen.bottom[CHART_INK_AXIS]);
	assert_int_equal(seen.pieces[CHART_INK_USUAL], 2); /* the band, and its sample */
	buf_release(&seen.texts);
	look(&s, WORDS_EN, &seen);
	assert_string_equal(buf_string(&seen.texts),
		"|alarm 12:45|12:00|13:00|40|Messages every 5 min|usual: 2 to 6 an hour");
	buf_release(&seen.texts);
}

/* A wider usual is a wider band; what is next to nothing is still seen. */
static void band(void **state)
{
	struct chart_series s = rise();
	struct seen few, many;
	(void)state;
	s.usual_low = 0;
	s.usual_high = 0;
	s.counts[9] = 4000;
	look(&s, WORDS_FR, &few);
	assert_int_equal(few.pieces[CHART_INK_USUAL], 2);
	s.usual_low = 6000;
	s.usual_high = 6600;
	look(&s, WORDS_FR, &many);
	assert_true(
		many.bottom[CHART_INK_USUAL] < few.bottom[CHART_INK_AXIS] - 5); /* off the ground */
	buf_release(&few.texts);
	buf_release(&many.texts);
	s.usual_high = -1;
	look(&s, WORDS_FR, &few);
	assert_int_equal(few.pieces[CHART_INK_USUAL], 0);
	assert_null(strstr(buf_string(&few.texts), "habituel"));
	buf_release(&few.texts);
}

/* The pace of an alarm is shown where it tells something: above the band, not far above the curve. */
static void threshold(void **state)
{
	static const struct {
		double threshold;
		bool shown;
	} cases[] = {{0, false}, {3, false}, {60, true}, {240, true}, {359, true}, {361, false}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct chart_series s = rise();
		struct seen seen;
		s.threshold = cases[i].threshold;
		look(&s, WORDS_FR, &seen);
		assert_int_equal(seen.pieces[CHART_INK_THRESHOLD], cases[i].shown);
		assert_int_equal(
			strstr(buf_string(&seen.texts), "seuil d'alerte") != NULL, cases[i].shown);
		if (cases[i].threshold == 240) /* 40 in five minutes: as high as the peak */
			assert_true(fabs(seen.top[CHART_INK_THRESHOLD] -
					    seen.top[CHART_INK_CURVE]) < 0.01);
		buf_release(&seen.texts);
	}
}

/* Labels of the axis give way to the alarm's; over midnight they have a day. */
static void labels(void **state)
{
	struct chart_series s = rise();
	struct seen seen;
	(void)state;
	s.alarm = chart_end(&s) + 2 * CLOCK_MINUTE;
	look(&s, WORDS_FR, &seen);
	assert_true(strncmp(buf_string(&seen.texts), "|alerte 13:02|12:00|40|", 23) == 0);
	buf_release(&seen.texts);
	s.alarm = s.since;
	look(&s, WORDS_FR, &seen);
	assert_true(strncmp(buf_string(&seen.texts), "|alerte 12:00|13:00|40|", 23) == 0);
	buf_release(&seen.texts);
	s.alarm = 0;
	s.minutes = 60;
	s.since = NOON + 6 * CLOCK_HOUR;
	look(&s, WORDS_FR, &seen);
	assert_true(strncmp(buf_string(&seen.texts),
			    "|24/11 18:00|25/11 06:00|40|Messages par heure|", 46) == 0);
	assert_int_equal(seen.pieces[CHART_INK_ALARM], 0);
	buf_release(&seen.texts);
}

static void svg(void **state)
{
	struct chart_series s = rise();
	_buf_ struct buf out = {0};
	(void)state;
	chart_svg(&out, &s, WORDS_FR, "courbe");
	const char *text_ = buf_string(&out);
	assert_true(
		strncmp(text_, "<svg xmlns=", 11) == 0 && strcmp(text_ + out.n - 6, "</svg>") == 0);
	assert_non_null(strstr(text_, "aria-labelledby=\"courbe courbe-texte\""));
	assert_non_null(strstr(text_, "<title id=\"courbe\">Rythme des messages</title>"));
	assert_non_null(strstr(text_,
		"<desc id=\"courbe-texte\">Du 24/11 12:00 au 24/11 13:00 : 113 messages ; au plus 40 en 5 min, "
		"à partir de 12:45. D'habitude : 2 à 6 par heure. Alerte : 24/11 12:45.</desc>"));
	assert_non_null(strstr(text_, "stroke=\"#b00020\""));
	assert_null(strstr(text_, "nan"));
	assert_null(strstr(text_, "href")); /* it fetches nothing */
}

static void described(void **state)
{
	struct chart_series s = {
		.since = NOON, .minutes = 1, .n = 3, .counts = {0, 1, 0}, .usual_high = -1};
	_buf_ struct buf out = {0};
	(void)state;
	chart_describe(&out, &s, WORDS_FR);
	assert_string_equal(buf_string(&out),
		"Du 24/11 12:00 au 24/11 12:03 : 1 message ; au plus 1 en 1 min, à partir de 12:01.");
	buf_clear(&out);
	chart_describe(&out, &s, WORDS_EN);
	assert_string_equal(buf_string(&out),
		"From 24/11 12:00 to 24/11 12:03: 1 message; at most 1 in 1 min, from 12:01 on.");
}

static int zone(void **state)
{
	(void)state;
	return clock_zone_set("Europe/Paris");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(pieces), cmocka_unit_test(band),
		cmocka_unit_test(threshold), cmocka_unit_test(labels), cmocka_unit_test(svg),
		cmocka_unit_test(described)};
	return cmocka_run_group_tests(tests, zone, NULL);
}
