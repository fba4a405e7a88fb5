/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-chart: a series in, a PNG out. A process of its own, so that nothing that holds a password or a comment maps
 * a drawing library.
 *
 * Usage    tocsin-chart [--lang fr|en] [--zone ZONE] <series >picture.png
 * Reads    standard input to its end: one series as text, the form that include/tocsin/chart/chart.h gives, at most 1 KiB
 *          and 60 steps. Anything else is refused whole, with the place in bytes on standard error. Fonts and the time
 *          zone from the system; no configuration, no socket, no state.
 * Writes   standard output: a PNG of 1200 × 440 pixels to be shown at half that size (600 × 220), on white. All of it or
 *          nothing.
 * Limits   two seconds of processor, 256 MiB of addresses, files of 1 MiB, no core: set by itself before it reads.
 * Exit     0 drawn; 1 the series is refused, or it could not be drawn or written; 2 misuse.
 * Missing  who calls it does without a picture, and gives it two seconds. */
#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/chart/chart.h>
#include <unistd.h>

#define SCALE 2
#define PICTURE_MAX (1u << 20)
#define SECONDS 2
#define MEMORY (256u << 20)

static void set_limits(void)
{
	const struct {
		int what;
		rlim_t most;
	} limits[] = {
#if !defined(__SANITIZE_ADDRESS__) /* whose shadow is larger than any machine */
		{RLIMIT_AS, MEMORY},
#endif
		{RLIMIT_CPU, SECONDS},
		{RLIMIT_FSIZE, PICTURE_MAX},
		{RLIMIT_CORE, 0}
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		(void)setrlimit(limits[i].what, &(struct rlimit){limits[i].most, limits[i].most});
}

static void set_ink(cairo_t *c, enum chart_ink ink)
{
	uint32_t rgb = chart_inks[ink];
	cairo_set_source_rgb(c, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void trace(cairo_t *c, const struct chart_point *p, size_t n)
{
	cairo_new_path(c);
	for (size_t i = 0; i < n; i++)
		cairo_line_to(c, p[i].x, p[i].y);
}

static void area(void *user, enum chart_ink ink, const struct chart_point *p, size_t n)
{
	set_ink(user, ink);
	trace(user, p, n);
	cairo_fill(user);
}

static void line(void *user, enum chart_ink ink, double width, double dash,
	const struct chart_point *p, size_t n)
{
	set_ink(user, ink);
	cairo_set_line_width(user, width);
	cairo_set_dash(user, &dash, dash > 0, 0);
	trace(user, p, n);
	cairo_stroke(user);
}

static void text(void *user, enum chart_ink ink, struct chart_point at, enum chart_anchor anchor,
	const char *what)
{
	cairo_text_extents_t size;
	cairo_text_extents(user, what, &size);
	double left = anchor == CHART_END ? size.x_advance
		: anchor == CHART_MIDDLE  ? size.x_advance / 2
					  : 0;
	/* a white rim keeps it legible over the curve */
	cairo_move_to(user, at.x - left, at.y);
	cairo_text_path(user, what);
	cairo_set_source_rgb(user, 1, 1, 1);
	cairo_set_line_width(user, 5);
	cairo_set_dash(user, NULL, 0, 0);
	cairo_stroke_preserve(user);
	set_ink(user, ink);
	cairo_fill(user);
}

static cairo_status_t keep(void *user, const unsigned char *p, unsigned n)
{
	struct buf *out = user;
	if (out->n + n > PICTURE_MAX)
		return CAIRO_STATUS_WRITE_ERROR;
	buf_add(out, p, n);
	return CAIRO_STATUS_SUCCESS;
}

/* The picture, or why not. */
static cairo_status_t draw(const struct chart_series *s, enum words_lang lang, struct buf *out)
{
	static const struct chart_painter painter = {area, line, text};
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, CHART_WIDTH * SCALE, CHART_HEIGHT * SCALE);
	cairo_t *c = cairo_create(surface);
	cairo_scale(c, SCALE, SCALE);
	cairo_set_source_rgb(c, 1, 1, 1);
	cairo_paint(c);
	cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
	cairo_select_font_face(c, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(c, CHART_FONT);
	chart_paint(s, lang, &painter, c);
	cairo_status_t r = cairo_status(c);
	if (r == CAIRO_STATUS_SUCCESS)
		r = cairo_surface_write_to_png_stream(surface, keep, out);
	cairo_destroy(c);
	cairo_surface_destroy(surface);
	return r;
}

static int fail(const char *text)
{
	fprintf(stderr, "tocsin-chart: error: %s\n", text);
	return 1;
}

/* False: misuse. */
static bool read_options(int argc, char **argv, enum words_lang *ret_lang)
{
	const char *zone = "Europe/Paris";
	*ret_lang = WORDS_FR;
	for (int i = 1; i < argc; i += 2) {
		const char *value = argv[i + 1];
		if (!value)
			return false;
		if (strcmp(argv[i], "--zone") == 0)
			zone = value;
		else if (strcmp(argv[i], "--lang") == 0 &&
			(strcmp(value, "fr") == 0 || strcmp(value, "en") == 0))
			*ret_lang = words_lang_of(value);
		else
			return false;
	}
	return zone[0] != '/' && !strstr(zone, "..") && clock_zone_set(zone) == 0;
}

int main(int argc, char **argv)
{
	_buf_ struct buf input = {0}, picture = {0};
	struct chart_series series;
	enum words_lang lang;
	struct error e = {.text = ""};
	set_limits();
	if (!read_options(argc, argv, &lang)) {
		fputs("usage: tocsin-chart [--lang fr|en] [--zone ZONE] <series >picture.png\n",
			stderr);
		return 2;
	}
	if (file_read("-", CHART_TEXT_MAX, &input, &e) < 0 ||
		chart_read(buf_slice(&input), &series, &e) < 0)
		return fail(e.text);
	cairo_status_t r = draw(&series, lang, &picture);
	if (r != CAIRO_STATUS_SUCCESS)
		return fail(cairo_status_to_string(r));
	if (fwrite(picture.p, 1, picture.n, stdout) != picture.n || fflush(stdout) != 0)
		return fail("standard output");
	_exit(0); /* what the font library never gives back goes with the process */
}
