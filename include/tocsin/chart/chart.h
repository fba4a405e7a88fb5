/* SPDX-License-Identifier: GPL-3.0-or-later
 * The curve of an alarm: a series of counts held against what is usual, as text (for tocsin-chart), as a drawing, as
 * SVG, and in words. Pure; local time is the process's zone (clock_zone_set).
 *
 * A series comes in steps of equal length, the last of them whole: what has just happened is not half a step that
 * looks like a fall. */
#ifndef TOCSIN_CHART_CHART_H
#define TOCSIN_CHART_CHART_H
#include <stdint.h>
#include <tocsin/base/error.h>
#include <tocsin/base/slice.h>
#include <tocsin/words/words.h>

#define CHART_STEPS 60u
#define CHART_TEXT_MAX 1024u /* bytes of a series as text; also its refusal */
#define CHART_COUNT_MAX 999999999u

struct chart_series {
	int64_t since; /* ms: when the first step begins */
	uint32_t minutes; /* of a step */
	uint32_t n, counts[CHART_STEPS];
	double usual_low,
		usual_high; /* messages an hour, eight hours in ten; high < 0: not known */
	double threshold; /* messages in half an hour that make an alarm; 0: not known */
	int64_t alarm; /* ms: when it rang; 0: not shown */
};

enum chart_outcome { CHART_NOTHING = 1 /* fewer than three minutes are no curve */ };
/* From counts a minute, the first of them in the minute of `since`: steps of 1, 2, 5, 10, 15, 30 min, 1 h … so that there
 * are at most CHART_STEPS. Usual, threshold and alarm are not known yet. 0, or CHART_NOTHING. */
int chart_gather(int64_t since, const uint32_t *minutes, size_t n, struct chart_series *ret)
	_must_check_;
/* Shows when it rang, if that lies within the series or in the two hours after it. */
void chart_mark(struct chart_series *s, int64_t alarm);
int64_t chart_end(const struct chart_series *s); /* ms: when the last step ends */
uint64_t chart_total(const struct chart_series *s);
uint32_t chart_highest(
	const struct chart_series *s, uint32_t *ret_step); /* count of the first highest step */

/* Text, one line each, in this order; those in brackets may be absent:
 *   tocsin-chart 1
 *   since MS
 *   step MINUTES
 *   [usual LOW HIGH]     messages an hour, two decimals at most
 *   [threshold N]        messages in half an hour, two decimals at most
 *   [alarm MS]
 *   counts N N N …       1 to CHART_STEPS
 * Single blanks, LF, no sign, no leading zero, nothing after the last line. */
void chart_write(struct buf *out, const struct chart_series *s);
/* 0, or -EINVAL with what is wrong, of any bytes. */
int chart_read(struct slice text, struct chart_series *ret, struct error *e) _must_check_;

/* What the curve shows, as one or more sentences: for who does not see it. */
void chart_describe(struct buf *out, const struct chart_series *s, enum words_lang lang);

/* The drawing, on white, made for a telephone that shows it a third of a metre away at 60 % of its size. */
#define CHART_WIDTH 600
#define CHART_HEIGHT 220
#define CHART_FONT 19.0 /* height of its letters */

enum chart_ink {
	CHART_INK_TEXT,
	CHART_INK_AXIS,
	CHART_INK_USUAL,
	CHART_INK_AREA,
	CHART_INK_CURVE,
	CHART_INK_THRESHOLD,
	CHART_INK_ALARM,
	CHART_INKS
};
extern const uint32_t chart_inks[CHART_INKS]; /* 0xRRGGBB */
enum chart_anchor { CHART_START, CHART_MIDDLE, CHART_END };
struct chart_point {
	double x, y; /* from the upper left corner */
};
struct chart_painter { /* user is handed to each */
	void (*area)(void *user, enum chart_ink ink, const struct chart_point *p, size_t n);
	/* width in pixels; dash: drawn so many, left out so many; 0: whole */
	void (*line)(void *user, enum chart_ink ink, double width, double dash,
		const struct chart_point *p, size_t n);
	/* `at` is on the line the letters stand on */
	void (*text)(void *user, enum chart_ink ink, struct chart_point at,
		enum chart_anchor anchor, const char *text);
};
/* Calls the painter for each piece, from back to front. */
void chart_paint(const struct chart_series *s, enum words_lang lang,
	const struct chart_painter *painter, void *user);

/* The drawing as an <svg> that stands alone, with <title> and <desc>. id: of both, a plain word. */
void chart_svg(struct buf *out, const struct chart_series *s, enum words_lang lang, const char *id);
#endif
