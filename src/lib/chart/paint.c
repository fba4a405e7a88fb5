/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where each piece of the drawing goes. From the top: what is counted and what the band is; the curve over the band,
 * with the height of its peak and the threshold; the axis with when it began and when it rang. */
#include <math.h>
#include <stdio.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include <tocsin/chart/chart.h>

#define LEFT 10.0
#define RIGHT (CHART_WIDTH - 10.0)
#define TOP 58.0 /* the peak's number stands above it */
#define BOTTOM 180.0
#define HEAD_LINE 24.0
#define FOOT_LINE 208.0
#define BAND_LEAST 6.0 /* pixels: what is usual is often next to nothing, and must be seen */
#define LETTER (0.58 * CHART_FONT) /* of a wide typeface, on average */
#define SWATCH 20.0
#define SEEN_APART 10.0 /* pixels between the band and the threshold, at least */
#define HALF_HOUR 30.0

const uint32_t chart_inks[CHART_INKS] = {[CHART_INK_TEXT] = 0x1a1a1a,
	[CHART_INK_AXIS] = 0x1a1a1a,
	[CHART_INK_USUAL] = 0xb9bec6,
	[CHART_INK_AREA] = 0xd5e2f4,
	[CHART_INK_CURVE] = 0x123f7d,
	[CHART_INK_THRESHOLD] = 0x8a4b00,
	[CHART_INK_ALARM] = 0xb00020};

struct drawing {
	const struct chart_series *s;
	enum words_lang lang;
	const struct chart_painter *painter;
	void *user;
	int64_t end; /* of the axis */
	double highest; /* what reaches the top */
	double low, high; /* the band, in messages a step */
	double threshold; /* … and the pace that makes an alarm; 0: not drawn */
};

static double x_of(const struct drawing *d, int64_t at)
{
	return LEFT + (double)(at - d->s->since) / (double)(d->end - d->s->since) * (RIGHT - LEFT);
}

static double y_of(const struct drawing *d, double count)
{
	return BOTTOM - count / d->highest * (BOTTOM - TOP);
}

static double width_of(const char *text)
{
	return (double)utf8_length(slice_of(text)) * LETTER;
}

/* An hour's usual count is given as what eight hours in ten hold; a step's spreads as its own mean lets expect
 * (Poisson). */
static void set_band(struct drawing *d)
{
	double mean = (d->s->usual_low + d->s->usual_high) / 2 * d->s->minutes / 60;
	double spread = 1.2816 * sqrt(mean);
	d->low = fmax(0, mean - spread);
	d->high = mean + spread;
}

/* Far above, it would flatten the curve; within the band, it would say nothing. */
static void set_threshold(struct drawing *d)
{
	double pace = d->s->threshold * d->s->minutes / HALF_HOUR;
	double highest = fmax(d->highest, pace);
	double above = (pace - d->high) / highest * (BOTTOM - TOP);
	if (pace <= 1.5 * d->highest && above >= SEEN_APART) {
		d->threshold = pace;
		d->highest = highest;
	}
}

static void set_scale(struct drawing *d)
{
	uint32_t step;
	const struct chart_series *s = d->s;
	d->end = chart_end(s) > s->alarm ? chart_end(s) : s->alarm;
	d->highest = fmax(1, chart_highest(s, &step));
	if (s->usual_high >= 0) {
		set_band(d);
		d->highest = fmax(d->highest, d->high);
	}
	set_threshold(d);
}

static void box(const struct drawing *d, enum chart_ink ink, double left, double right, double top,
	double bottom)
{
	const struct chart_point p[] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
	d->painter->area(d->user, ink, p, 4);
}

static void paint_band(const struct drawing *d)
{
	if (d->s->usual_high < 0)
		return;
	double top = y_of(d, d->high), bottom = y_of(d, d->low);
	if (bottom - top < BAND_LEAST)
		top = bottom - BAND_LEAST;
	box(d, CHART_INK_USUAL, LEFT, RIGHT, top, bottom);
}

/* Each count stands in the middle of its step; before and after it is level. */
static void paint_curve(const struct drawing *d, bool filled)
{
	const struct chart_series *s = d->s;
	struct chart_point p[CHART_STEPS + 4];
	int64_t step = (int64_t)s->minutes * CLOCK_MINUTE;
	size_t n = 0;
	if (filled)
		p[n++] = (struct chart_point){LEFT, BOTTOM};
	p[n++] = (struct chart_point){LEFT, y_of(d, s->counts[0])};
	for (uint32_t i = 0; i < s->n; i++)
		p[n++] = (struct chart_point){
			x_of(d, s->since + i * step + step / 2), y_of(d, s->counts[i])};
	p[n++] = (struct chart_point){x_of(d, chart_end(s)), y_of(d, s->counts[s->n - 1])};
	if (filled) {
		p[n++] = (struct chart_point){x_of(d, chart_end(s)), BOTTOM};
		d->painter->area(d->user, CHART_INK_AREA, p, n);
	} else {
		d->painter->line(d->user, CHART_INK_CURVE, 4, 0, p, n);
	}
}

static void line(const struct drawing *d, enum chart_ink ink, double width, double dash,
	struct chart_point from, struct chart_point to)
{
	const struct chart_point p[] = {from, to};
	d->painter->line(d->user, ink, width, dash, p, 2);
}

static void text(const struct drawing *d, enum chart_ink ink, double x, double y,
	enum chart_anchor anchor, const char *what)
{
	d->painter->text(d->user, ink, (struct chart_point){x, y}, anchor, what);
}

/* The rise comes late as a rule: on the left there is room. */
static void paint_threshold(const struct drawing *d)
{
	if (!(d->threshold > 0))
		return;
	double y = y_of(d, d->threshold);
	line(d, CHART_INK_THRESHOLD, 2, 7, (struct chart_point){LEFT, y},
		(struct chart_point){RIGHT, y});
	text(d, CHART_INK_THRESHOLD, LEFT, y - 6, CHART_START, words(d->lang, "seuil d'alerte"));
}

static double clamp(double v, double least, double most)
{
	return v < least ? least : v > most ? most : v;
}

static void paint_peak(const struct drawing *d)
{
	char number[40];
	uint32_t step, highest = chart_highest(d->s, &step);
	int64_t at = d->s->since + ((int64_t)step * 2 + 1) * d->s->minutes * CLOCK_MINUTE / 2;
	words_number(d->lang, highest, number);
	double half = width_of(number) / 2;
	text(d, CHART_INK_CURVE, clamp(x_of(d, at), LEFT + half, RIGHT - half),
		y_of(d, highest) - 9, CHART_MIDDLE, number);
}

static void paint_alarm(const struct drawing *d)
{
	if (!d->s->alarm)
		return;
	double x = clamp(x_of(d, d->s->alarm), LEFT, RIGHT);
	line(d, CHART_INK_ALARM, 3, 0, (struct chart_point){x, HEAD_LINE + 12},
		(struct chart_point){x, BOTTOM});
}

/* Times on the axis: without the day while it is one day. */
static void say_time(const struct drawing *d, int64_t at, char out[static CLOCK_TEXT])
{
	struct local_time a = clock_local(d->s->since), b = clock_local(d->end);
	if (a.year == b.year && a.yearday == b.yearday)
		clock_format_hm(at, out);
	else
		clock_format_dhm(at, out);
}

/* When it rang, below its line, within the axis; what of the axis the label takes. */
static void label_alarm(const struct drawing *d, double *ret_from, double *ret_to)
{
	char time[CLOCK_TEXT], label[96];
	*ret_from = RIGHT;
	*ret_to = LEFT;
	if (!d->s->alarm)
		return;
	say_time(d, d->s->alarm, time);
	snprintf(label, sizeof(label), words(d->lang, "alerte %s"), time);
	double half = width_of(label) / 2;
	double x = clamp(x_of(d, d->s->alarm), LEFT + half, RIGHT - half);
	*ret_from = x - half;
	*ret_to = x + half;
	/* at the edges it ends with the axis, whatever its real width */
	if (*ret_to >= RIGHT)
		text(d, CHART_INK_ALARM, RIGHT, FOOT_LINE, CHART_END, label);
	else if (*ret_from <= LEFT)
		text(d, CHART_INK_ALARM, LEFT, FOOT_LINE, CHART_START, label);
	else
		text(d, CHART_INK_ALARM, x, FOOT_LINE, CHART_MIDDLE, label);
}

static void paint_axis(const struct drawing *d)
{
	char start[CLOCK_TEXT], end[CLOCK_TEXT];
	double from, to;
	line(d, CHART_INK_AXIS, 2, 0, (struct chart_point){LEFT, BOTTOM},
		(struct chart_point){RIGHT, BOTTOM});
	label_alarm(d, &from, &to);
	say_time(d, d->s->since, start);
	say_time(d, d->end, end);
	if (LEFT + width_of(start) + LETTER <= from)
		text(d, CHART_INK_TEXT, LEFT, FOOT_LINE, CHART_START, start);
	if (RIGHT - width_of(end) - LETTER >= to)
		text(d, CHART_INK_TEXT, RIGHT, FOOT_LINE, CHART_END, end);
}

static const char *say_step(const struct drawing *d, char out[static 96])
{
	char step[40];
	if (d->s->minutes == 1)
		return words(d->lang, "Messages par minute");
	if (d->s->minutes == 60)
		return words(d->lang, "Messages par heure");
	snprintf(out, 96, words(d->lang, "Messages par %s"),
		words_duration(d->lang, (int64_t)d->s->minutes * CLOCK_MINUTE, step));
	return out;
}

static void paint_head(const struct drawing *d)
{
	char step[96], usual[96];
	const char *what = say_step(d, step);
	text(d, CHART_INK_CURVE, LEFT, HEAD_LINE, CHART_START, what);
	if (d->s->usual_high < 0)
		return;
	snprintf(usual, sizeof(usual), words(d->lang, "habituel : %.0f à %.0f par heure"),
		d->s->usual_low, d->s->usual_high);
	double left = RIGHT - width_of(usual) - SWATCH;
	if (left < LEFT + width_of(what) + LETTER)
		return; /* no room: the page says it */
	box(d, CHART_INK_USUAL, left, left + SWATCH, HEAD_LINE - 14, HEAD_LINE);
	text(d, CHART_INK_TEXT, left + SWATCH + 7, HEAD_LINE, CHART_START, usual);
}

void chart_paint(const struct chart_series *s, enum words_lang lang,
	const struct chart_painter *painter, void *user)
{
	struct drawing d = {.s = s, .lang = lang, .painter = painter, .user = user};
	set_scale(&d);
	paint_curve(&d, true);
	paint_band(&d);
	paint_alarm(&d);
	paint_curve(&d, false);
	paint_threshold(&d);
	paint_axis(&d);
	paint_peak(&d);
	paint_head(&d);
}
