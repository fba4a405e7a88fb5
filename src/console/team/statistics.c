/* SPDX-License-Identifier: GPL-3.0-or-later
 * Statistiques: of the team, over twelve weeks, as a page and as a file. */
#include <stdlib.h>
#include <tocsin/archive/archive.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "../conformity/conformity.h"
#include "figures.h"
#include "team.h"

enum { WIDTH = 600, HEIGHT = 180, LEFT = 40, TOP = 12, BOTTOM = 156, STEP = 50 };

/* --- the curve */

static uint64_t highest(const struct tally *t)
{
	uint64_t most = 1;
	for (int i = 0; i < TALLY_WEEKS; i++)
		most = t->weeks[i].flagged > most ? t->weeks[i].flagged : most;
	return most;
}

/* Of all that waited for an eye, or of what was seen too late. */
static void put_line(struct visit *v, const struct tally *t, bool late, uint64_t most)
{
	buf_add_string(&v->out, "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"");
	buf_add_string(&v->out, late ? "#b3261e\" stroke-dasharray=\"6 3" : "#1f3a5f");
	buf_add_string(&v->out, "\" points=\"");
	for (int i = 0; i < TALLY_WEEKS; i++) {
		const uint64_t n = late ? t->weeks[i].late : t->weeks[i].flagged;
		buf_printf(&v->out, "%d,%d ", LEFT + i * STEP,
			BOTTOM - (int)(n * (BOTTOM - TOP) / most));
	}
	buf_add_string(&v->out, "\"/>");
}

static void put_label(struct visit *v, int x, int y, const char *anchor, const char *text)
{
	buf_printf(&v->out,
		"<text x=\"%d\" y=\"%d\" font-size=\"13\" fill=\"#333\" text-anchor=\"%s\">", x, y,
		anchor);
	page_word(v, text);
	buf_add_string(&v->out, "</text>");
}

static const char *week_text(const struct tally *t, int week, char text[static CLOCK_TEXT])
{
	const struct local_time day = clock_local(day_instant(t->weeks[week].week, 0));
	snprintf(text, CLOCK_TEXT, "%02d/%02d", day.day, day.month);
	return text;
}

/* How many at most, and the days on which the first and the last week began. */
static void put_labels(struct visit *v, const struct tally *t, const char *most)
{
	char first[CLOCK_TEXT], last[CLOCK_TEXT];
	put_label(v, LEFT - 6, TOP + 5, "end", most);
	put_label(v, LEFT - 6, BOTTOM + 5, "end", "0");
	put_label(v, LEFT, HEIGHT - 4, "start", week_text(t, 0, first));
	put_label(v, LEFT + (TALLY_WEEKS - 1) * STEP, HEIGHT - 4, "end",
		week_text(t, TALLY_WEEKS - 1, last));
	buf_printf(&v->out, "<path d=\"M%d %d H%d\" stroke=\"#888\"/>", LEFT, BOTTOM, WIDTH);
}

static void put_curve(struct visit *v, const struct tally *t)
{
	const uint64_t most = highest(t);
	char number[40];
	buf_printf(&v->out,
		"<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"st sd\"><title id=\"st\">",
		WIDTH, HEIGHT);
	page_word(v, words(v->l, "À traiter, par semaine"));
	buf_add_string(&v->out, "</title><desc id=\"sd\">");
	buf_printf(&v->out,
		words(v->l,
			"Douze semaines, la dernière en cours ; au plus %s. En tirets : vus trop tard. Le tableau dit les nombres."),
		words_number(v->l, (int64_t)most, number));
	buf_add_string(&v->out, "</desc>");
	put_labels(v, t, number);
	put_line(v, t, false, most);
	put_line(v, t, true, most);
	buf_add_string(&v->out, "</svg></figure>\n<p class=\"count\">");
	page_word(v, words(v->l, "À traiter, par semaine ; en tirets : vus trop tard"));
	buf_add_string(&v->out, "</p>\n");
}

/* --- the tables */

static void put_wait(struct visit *v, const struct tally_times *t)
{
	char text[40];
	const int64_t ms = t->median;
	buf_add_string(&v->out, "<td>");
	page_word(v, ms < 0 ? "–" : words_duration(v->l, ms, text));
	buf_add_string(&v->out, "</td>");
}

static void put_cells(struct visit *v, const struct tally_cell *c)
{
	conformity_number(v, c->flagged);
	for (int i = 0; i < WAITS; i++)
		put_wait(v, &c->waits[i]);
	conformity_number(v, c->late);
	buf_add_string(&v->out, "</tr>\n");
}

static void put_category(const struct visit *v, const char *category, struct buf *out)
{
	if (strcmp(category, "-") == 0)
		buf_add_string(out, words(v->l, "sans catégorie"));
	else if (strcmp(category, TALLY_REPORTED) == 0)
		buf_add_string(out, words(v->l, "signalements reçus, comptés à part"));
	else
		phrase_category(v->l, slice_of(category), out);
}

static void put_weeks(struct visit *v, const struct tally *t)
{
	const char *const heads[] = {words(v->l, "semaine du"), words(v->l, "à traiter"),
		words(v->l, "premier regard"), words(v->l, "décision"), words(v->l, "réponse"),
		words(v->l, "vus trop tard"), NULL};
	const char *title = words(v->l, "Par semaine");
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	for (int i = TALLY_WEEKS - 1; i >= 0; i--) {
		buf_add_string(&v->out, "<tr><th scope=\"row\">");
		conformity_day(v, day_instant(t->weeks[i].week, 0));
		buf_add_string(&v->out, "</th>");
		put_cells(v, &t->weeks[i]);
	}
	conformity_table_end(v);
}

static void put_categories(struct visit *v, const struct tally *t)
{
	const char *const heads[] = {words(v->l, "semaine du"), words(v->l, "supposition"),
		words(v->l, "à traiter"), words(v->l, "premier regard"), words(v->l, "décision"),
		words(v->l, "réponse"), words(v->l, "vus trop tard"), NULL};
	const char *title = words(v->l, "Par semaine et par catégorie");
	if (!t->n)
		return;
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	for (size_t i = t->n; i-- > 0;) {
		_buf_ struct buf name = {0};
		put_category(v, t->cells[i].category, &name);
		buf_add_string(&v->out, "<tr><th scope=\"row\">");
		conformity_day(v, day_instant(t->cells[i].week, 0));
		buf_add_string(&v->out, "</th><td>");
		html_text(&v->out, buf_slice(&name));
		buf_add_string(&v->out, "</td>");
		put_cells(v, &t->cells[i]);
	}
	conformity_table_end(v);
}

/* Until there are some. */
static int step(struct visit *v, void *state, struct error *e)
{
	(void)state;
	(void)e;
	return figures_now(v) ? STINT_DONE : 0;
}

static void show(struct visit *v, void *state, int r, const struct error *e)
{
	const struct tally *t = figures_now(v);
	(void)state;
	(void)e;
	if (r < 0 || !t) {
		visit_problem(v, 503);
		return;
	}
	team_open(v, words(v->l, "Statistiques de l'équipe"), "/equipe/statistiques");
	page_element(v, "p",
		words(v->l,
			"Durées : la moitié a attendu moins. Premier regard : quelqu'un a ouvert la fiche, s'en est chargé ou a décidé. Jamais par agent ni par habitant."));
	page_counted(v, t->town);
	put_curve(v, t);
	put_weeks(v, t);
	put_categories(v, t);
	buf_add_string(&v->out, "<p><a href=\"/equipe/statistiques.csv\">");
	page_word(v, words(v->l, "Télécharger en CSV"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, 200);
}

static void end(void *state)
{
	(void)state;
}

void statistics_get(struct visit *v)
{
	if (figures_now(v)) {
		struct error e = {""};
		show(v, NULL, 0, &e);
		return;
	}
	stint_begin(v, &(struct stint){NULL, step, show, end});
}

/* --- the file */

static void csv_number(struct buf *out, int64_t n)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)n);
	csv_cell(out, n < 0 ? SLICE("") : slice_of(text), false);
}

static void csv_row(const struct visit *v, const struct tally_cell *c, struct buf *out)
{
	const struct local_time t = clock_local(day_instant(c->week, 0));
	_buf_ struct buf name = {0};
	char day[16];
	snprintf(day, sizeof(day), "%04d-%02d-%02d", t.year, t.month, t.day);
	put_category(v, c->category, &name);
	csv_cell(out, slice_of(day), true);
	csv_cell(out, buf_slice(&name), false);
	csv_number(out, (int64_t)c->flagged);
	for (int i = 0; i < WAITS; i++) {
		const int64_t ms = c->waits[i].median;
		csv_number(out, ms < 0 ? ms : ms / CLOCK_SECOND);
	}
	csv_number(out, (int64_t)c->late);
	csv_end(out);
}

static void csv_heads(const struct visit *v, struct buf *out)
{
	const char *const heads[] = {words(v->l, "semaine du"), words(v->l, "supposition"),
		words(v->l, "à traiter"), words(v->l, "premier regard (s)"),
		words(v->l, "décision (s)"), words(v->l, "réponse (s)"),
		words(v->l, "vus trop tard")};
	buf_add_string(out, "\xef\xbb\xbf");
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		csv_cell(out, slice_of(heads[i]), i == 0);
	csv_end(out);
}

/* All at once, as soon as there are some. */
static int file_step(struct visit *v, void *state, struct buf *piece, struct error *e)
{
	const struct tally *t = visit_reader(v) < 0 ? NULL : figures_now(v);
	(void)state;
	(void)e;
	if (!t)
		return 0;
	csv_heads(v, piece);
	for (size_t i = 0; i < t->n; i++)
		csv_row(v, &t->cells[i], piece);
	return STINT_DONE;
}

void statistics_file_get(struct visit *v)
{
	stint_stream(v,
		&(struct outflow){"text/csv; charset=utf-8", "tocsin-statistiques.csv", NULL,
			file_step, end});
}
