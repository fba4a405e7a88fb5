/* SPDX-License-Identifier: GPL-3.0-or-later
 * Marks over the weeks: the higher, the graver; hollow is a source that was not heard. The tables say the same in words. */
#include "replay.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>

enum { WIDTH = 640, SIDE = 8, ROW = 52, LETTERS = 14, FOOT = 22, MARK = 5 };

void marks_add(struct marks *m, int64_t at, enum town_level level)
{
	m->list = xgrow(m->list, m->n, &m->cap, sizeof(*m->list));
	m->list[m->n++] = (struct mark){at, level};
}

struct span {
	int64_t since, until;
};

static int place(const struct span *s, int64_t at)
{
	const int64_t length = s->until > s->since ? s->until - s->since : 1;
	at = at < s->since ? s->since : at > s->until ? s->until : at;
	return SIDE + (int)((at - s->since) * (WIDTH - 2 * SIDE - MARK) / length);
}

static void put_mark(struct visit *v, int x, int ground, enum town_level level)
{
	static const struct {
		int height;
		const char *fill, *edge;
	} looks[] = {[LEVEL_VERT] = {8, "#1e6b2b", "#1e6b2b"},
		[LEVEL_JAUNE] = {12, "#ffd84d", "#8a6d00"},
		[LEVEL_ORANGE] = {20, "#ffa245", "#8f4700"},
		[LEVEL_ROUGE] = {28, "#a3130b", "#a3130b"},
		[LEVEL_GRIS] = {10, "#fff", "#47524f"}};
	buf_printf(&v->out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"%s\"/>", x,
		ground - looks[level].height, (int)MARK, looks[level].height, looks[level].fill,
		looks[level].edge);
}

static void put_row(struct visit *v, const struct marks *m, const struct span *s, int top)
{
	static const enum town_level order[] = {
		LEVEL_ROUGE, LEVEL_ORANGE, LEVEL_JAUNE, LEVEL_GRIS, LEVEL_VERT};
	const int ground = top + ROW - 4;
	char number[40];
	buf_printf(&v->out, "<text x=\"%d\" y=\"%d\" font-size=\"14\" fill=\"#222\">", (int)SIDE,
		top + LETTERS);
	page_word(v, m->title);
	buf_printf(&v->out, " : %s</text><path d=\"M%d %d H%d\" stroke=\"#888\"/>",
		words_number(v->l, (int64_t)m->n, number), (int)SIDE, ground, WIDTH - SIDE);
	/* the highest behind the others */
	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++)
		for (size_t i = 0; i < m->n; i++)
			if (m->list[i].level == order[k])
				put_mark(v, place(s, m->list[i].at), ground, m->list[i].level);
}

/* The Mondays, by their dates. */
static void put_days(struct visit *v, const struct span *s, int ground)
{
	const int64_t first = day_of(s->since, NULL), last = day_of(s->until, NULL);
	const int64_t every = last - first > 30 ? 14 : 7;
	int64_t day = first + (7 - day_weekday(first)) % 7;
	for (; day < last - 1; day += every) {
		const struct local_time t = clock_local(day_instant(day, 0));
		buf_printf(&v->out,
			"<text x=\"%d\" y=\"%d\" font-size=\"13\" fill=\"#333\">%02d/%02d</text>",
			place(s, day_instant(day, 0)), ground, t.day, t.month);
	}
}

void strip_put(struct visit *v, const struct marks *rows, size_t n, int64_t since, int64_t until)
{
	const struct span span = {since, until};
	const int height = (int)n * ROW + FOOT;
	buf_printf(&v->out,
		"<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"bt bd\"><title id=\"bt\">",
		(int)WIDTH, height);
	page_word(v, words(v->l, "Les alarmes, semaine après semaine"));
	buf_add_string(&v->out, "</title><desc id=\"bd\">");
	for (size_t i = 0; i < n; i++) {
		char number[40];
		page_word(v, rows[i].title);
		buf_printf(&v->out, " : %s. ", words_number(v->l, (int64_t)rows[i].n, number));
	}
	page_word(v, words(v->l, "Plus la marque est haute, plus le niveau est grave."));
	buf_add_string(&v->out, "</desc>");
	for (size_t i = 0; i < n; i++)
		put_row(v, &rows[i], &span, (int)i * ROW);
	put_days(v, &span, height - 6);
	buf_add_string(&v->out, "</svg></figure>\n<p class=\"meta\">");
	page_word(v,
		words(v->l,
			"Plus la marque est haute, plus le niveau est grave ; vide : une source muette."));
	buf_add_string(&v->out, "</p>\n");
}
