/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/buf.h>
#include <tocsin/chart/chart.h>

static void put_text(struct buf *out, const char *text)
{
	for (const char *p = text; *p; p++)
		if (*p == '&')
			buf_add_string(out, "&amp;");
		else if (*p == '<')
			buf_add_string(out, "&lt;");
		else if (*p == '>')
			buf_add_string(out, "&gt;");
		else
			buf_add_char(out, *p);
}

static void put_points(struct buf *out, const struct chart_point *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%.1f %.1f", i ? "L" : "M", p[i].x, p[i].y);
}

static void area(void *user, enum chart_ink ink, const struct chart_point *p, size_t n)
{
	buf_add_string(user, "<path d=\"");
	put_points(user, p, n);
	buf_printf(user, "Z\" fill=\"#%06x\"/>", chart_inks[ink]);
}

static void line(void *user, enum chart_ink ink, double width, double dash,
	const struct chart_point *p, size_t n)
{
	buf_add_string(user, "<path d=\"");
	put_points(user, p, n);
	buf_printf(user,
		"\" fill=\"none\" stroke=\"#%06x\" stroke-width=\"%g\" stroke-linejoin=\"round\"",
		chart_inks[ink], width);
	if (dash > 0)
		buf_printf(user, " stroke-dasharray=\"%g\"", dash);
	buf_add_string(user, "/>");
}

static void text(void *user, enum chart_ink ink, struct chart_point at, enum chart_anchor anchor,
	const char *what)
{
	static const char *const anchors[] = {
		[CHART_START] = "start", [CHART_MIDDLE] = "middle", [CHART_END] = "end"};
	buf_printf(user, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#%06x\">", at.x,
		at.y, anchors[anchor], chart_inks[ink]);
	put_text(user, what);
	buf_add_string(user, "</text>");
}

void chart_svg(struct buf *out, const struct chart_series *s, enum words_lang lang, const char *id)
{
	static const struct chart_painter painter = {area, line, text};
	_buf_ struct buf words_of = {0};
	chart_describe(&words_of, s, lang);
	buf_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
		"aria-labelledby=\"%s %s-texte\" font-family=\"sans-serif\" font-size=\"%g\">"
		"<title id=\"%s\">",
		CHART_WIDTH, CHART_HEIGHT, id, id, CHART_FONT, id);
	put_text(out, words(lang, "Rythme des messages"));
	buf_printf(out, "</title><desc id=\"%s-texte\">", id);
	put_text(out, buf_string(&words_of));
	buf_add_string(out, "</desc>");
	chart_paint(s, lang, &painter, out);
	buf_add_string(out, "</svg>");
}
