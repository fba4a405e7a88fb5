/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/clock.h>
#include <tocsin/record/wire.h>
#include "report.h"

enum { POINTS = 60, MINUTES_MAX = 1 << 20, WIDTH = 640, HEIGHT = 120, BASE = 100 };

struct curve {
	size_t n, minutes; /* points, and how many minutes each holds, rounded up */
	int64_t since, step_ms;
	uint64_t sum[POINTS], most;
};

static bool read_curve(const struct incident_facts *f, struct curve *c)
{
	struct wire count = wire_reader(f->series), w = wire_reader(f->series);
	size_t n = 0;
	while (!wire_done(&count) && !count.bad && n < MINUTES_MAX) {
		(void)wire_varint(&count);
		n++;
	}
	if (n < 3 || count.bad)
		return false;
	*c = (struct curve){.minutes = (n + POINTS - 1) / POINTS, .since = f->since, .most = 1};
	c->n = (n + c->minutes - 1) / c->minutes;
	c->step_ms = (int64_t)c->minutes * CLOCK_MINUTE;
	for (size_t i = 0; i < n; i++)
		c->sum[i / c->minutes] += wire_varint(&w);
	for (size_t i = 0; i < c->n; i++)
		c->most = c->sum[i] > c->most ? c->sum[i] : c->most;
	return true;
}

static double x_of(const struct curve *c, size_t i)
{
	return c->n < 2 ? 0 : (double)i * WIDTH / (double)(c->n - 1);
}

static double y_of(const struct curve *c, size_t i)
{
	return BASE - (double)c->sum[i] / (double)c->most * (BASE - 12);
}

static void put_path(struct buf *b, const struct curve *c)
{
	buf_printf(b, "<path class=\"area\" d=\"M0 %d", BASE);
	for (size_t i = 0; i < c->n; i++)
		buf_printf(b, "L%.1f %.1f", x_of(c, i), y_of(c, i));
	buf_printf(b, "L%d %dZ\"/><path class=\"line\" d=\"M", WIDTH, BASE);
	for (size_t i = 0; i < c->n; i++)
		buf_printf(b, "%s%.1f %.1f", i ? "L" : "", x_of(c, i), y_of(c, i));
	buf_add_string(b, "\"/>");
}

static void put_table(struct report *r, const struct curve *c)
{
	char at[CLOCK_TEXT];
	struct buf *b = &r->out;
	buf_add_string(b, "<details><summary>");
	html_string(b, _w(r->x, "Les chiffres de la courbe"));
	buf_add_string(b, "</summary><table><tr><th>");
	html_string(b, _w(r->x, "à partir de"));
	buf_add_string(b, "</th><th>");
	html_string(b, _w(r->x, "messages"));
	buf_add_string(b, "</th></tr>");
	for (size_t i = 0; i < c->n; i++)
		buf_printf(b, "<tr><td>%s</td><td>%llu</td></tr>",
			clock_format_dhm(c->since + (int64_t)i * c->step_ms, at),
			(unsigned long long)c->sum[i]);
	buf_add_string(b, "</table></details>\n");
}

void curve_put(struct report *r)
{
	struct curve c;
	struct buf *b = &r->out;
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	if (!read_curve(&r->incident.facts, &c))
		return;
	clock_format_dhm(c.since, from);
	clock_format_dhm(c.since + (int64_t)c.n * c.step_ms, to);
	buf_printf(b,
		"<figure><svg viewBox=\"0 -4 %d %d\" role=\"img\" aria-labelledby=\"courbe courbe-texte\">"
		"<title id=\"courbe\">",
		WIDTH, HEIGHT);
	html_string(b, _w(r->x, "Rythme des messages"));
	buf_add_string(b, "</title><desc id=\"courbe-texte\">");
	buf_printf(b,
		words_n(r->x->lang, "Du %s au %s ; au plus %llu en %zu minute.",
			"Du %s au %s ; au plus %llu en %zu minutes.", c.minutes),
		from, to, (unsigned long long)c.most, c.minutes);
	buf_add_string(b, "</desc>");
	put_path(b, &c);
	buf_printf(b,
		"<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" class=\"end\">%s</text>",
		HEIGHT - 6, from, WIDTH, HEIGHT - 6, to);
	buf_printf(b, "<text x=\"0\" y=\"8\">%llu</text></svg></figure>\n",
		(unsigned long long)c.most);
	put_table(r, &c);
}
