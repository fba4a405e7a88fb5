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

enum { WIDTH = 600, HEIGHT = 180, LEFT = 40, TOP = 12, BOTTOM = 156, STEP = 50, SOURCE_WEEKS = 4 };

/* --- the curve */

/* Of the weeks, the oldest first. */
struct curve {
	const char *name; /* ends its ids */
	const char *title, *below;
	char most[40], about[400];
	uint64_t line[TALLY_WEEKS], dashes[TALLY_WEEKS];
	bool has_dashes;
};

static uint64_t highest(const uint64_t n[static TALLY_WEEKS])
{
	uint64_t most = 1;
	for (int i = 0; i < TALLY_WEEKS; i++)
		most = n[i] > most ? n[i] : most;
	return most;
}

static void put_line(
	struct visit *v, const uint64_t n[static TALLY_WEEKS], const char *stroke, uint64_t most)
{
	buf_printf(&v->out, "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"",
		stroke);
	for (int i = 0; i < TALLY_WEEKS; i++)
		buf_printf(&v->out, "%d,%d ", LEFT + i * STEP,
			BOTTOM - (int)(n[i] * (BOTTOM - TOP) / most));
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

static void put_curve(struct visit *v, const struct tally *t, const struct curve *c)
{
	const uint64_t most = highest(c->line);
	buf_printf(&v->out,
		"<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"st%s sd%s\"><title id=\"st%s\">",
		WIDTH, HEIGHT, c->name, c->name, c->name);
	page_word(v, c->title);
	buf_printf(&v->out, "</title><desc id=\"sd%s\">", c->name);
	page_word(v, c->about);
	buf_add_string(&v->out, "</desc>");
	put_labels(v, t, c->most);
	put_line(v, c->line, "#1f3a5f", most);
	if (c->has_dashes)
		put_line(v, c->dashes, "#b3261e\" stroke-dasharray=\"6 3", most);
	buf_add_string(&v->out, "</svg></figure>\n<p class=\"count\">");
	page_word(v, c->below);
	buf_add_string(&v->out, "</p>\n");
}

/* All that waited for an eye, and of it what was seen too late. */
static void put_flagged(struct visit *v, const struct tally *t)
{
	struct curve c = {.name = "t",
		.title = words(v->l, "À traiter, par semaine"),
		.below = words(v->l, "À traiter, par semaine ; en tirets : vus trop tard"),
		.has_dashes = true};
	for (int i = 0; i < TALLY_WEEKS; i++) {
		c.line[i] = t->weeks[i].flagged;
		c.dashes[i] = t->weeks[i].late;
	}
	words_number(v->l, (int64_t)highest(c.line), c.most);
	snprintf(c.about, sizeof(c.about),
		words(v->l,
			"Douze semaines, la dernière en cours ; au plus %s. En tirets : vus trop tard. Le tableau dit les nombres."),
		c.most);
	put_curve(v, t, &c);
}

/* All that came: on a scale of its own, for of a thousand a few are to be handled. */
static void put_received(struct visit *v, const struct tally *t)
{
	struct curve c = {.name = "r",
		.title = words(v->l, "Commentaires reçus, par semaine"),
		.below = words(v->l, "Commentaires reçus, par semaine")};
	memcpy(c.line, t->received, sizeof(c.line));
	words_number(v->l, (int64_t)highest(c.line), c.most);
	snprintf(c.about, sizeof(c.about),
		words(v->l,
			"Douze semaines, la dernière en cours ; au plus %s. Le tableau dit les nombres."),
		c.most);
	put_curve(v, t, &c);
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
	conformity_number(v, c->promises);
	conformity_number(v, c->services);
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
	const char *const all[] = {words(v->l, "semaine du"), words(v->l, "reçus"),
		words(v->l, "à traiter"), words(v->l, "premier regard"), words(v->l, "décision"),
		words(v->l, "réponse"), words(v->l, "vus trop tard"),
		words(v->l, "promesses en retard"), words(v->l, "services en retard"), NULL};
	const char *heads[sizeof(all) / sizeof(*all)];
	const char *title = words(v->l, "Par semaine");
	size_t n = 0;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (i != 1 || t->has_received)
			heads[n++] = all[i];
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	for (int i = TALLY_WEEKS - 1; i >= 0; i--) {
		buf_add_string(&v->out, "<tr><th scope=\"row\">");
		conformity_day(v, day_instant(t->weeks[i].week, 0));
		buf_add_string(&v->out, "</th>");
		if (t->has_received)
			conformity_number(v, t->received[i]);
		put_cells(v, &t->weeks[i]);
	}
	conformity_table_end(v);
}

static void put_categories(struct visit *v, const struct tally *t)
{
	const char *const heads[] = {words(v->l, "semaine du"), words(v->l, "supposition"),
		words(v->l, "à traiter"), words(v->l, "premier regard"), words(v->l, "décision"),
		words(v->l, "réponse"), words(v->l, "vus trop tard"),
		words(v->l, "promesses en retard"), words(v->l, "services en retard"), NULL};
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

struct source_line { /* of one source: what it sent in the last weeks, the last first */
	const char *source;
	uint64_t n[SOURCE_WEEKS], sum;
};

static int by_sum(const void *a, const void *b)
{
	const struct source_line *x = a, *y = b;
	return x->sum != y->sum ? (x->sum < y->sum ? 1 : -1) : strcmp(x->source, y->source);
}

/* The caller frees it. */
static struct source_line *source_lines(const struct tally *t, size_t *ret_n)
{
	struct source_line *list = NULL;
	size_t cap = 0;
	*ret_n = 0;
	for (size_t i = 0; i < t->n_sources; i++) {
		const struct tally_source *s = &t->sources[i];
		const int64_t ago = (t->weeks[TALLY_WEEKS - 1].week - s->week) / 7;
		size_t k = 0;
		if (ago >= SOURCE_WEEKS)
			continue;
		while (k < *ret_n && strcmp(list[k].source, s->source) != 0)
			k++;
		if (k == *ret_n) {
			list = xgrow(list, *ret_n, &cap, sizeof(*list));
			list[(*ret_n)++] = (struct source_line){.source = s->source};
		}
		list[k].n[ago] += s->received;
		list[k].sum += s->received;
	}
	if (*ret_n)
		qsort(list, *ret_n, sizeof(*list), by_sum);
	return list;
}

static void put_sources(struct visit *v, const struct tally *t)
{
	char weeks[SOURCE_WEEKS][CLOCK_TEXT + 40];
	const char *heads[SOURCE_WEEKS + 2] = {words(v->l, "source")};
	const char *title = words(v->l, "Reçus par source, les quatre dernières semaines");
	size_t n;
	_free_ struct source_line *list = source_lines(t, &n);
	for (int i = 0; i < SOURCE_WEEKS; i++) {
		char day[CLOCK_TEXT];
		snprintf(weeks[i], sizeof(weeks[i]), "%s %s", words(v->l, "semaine du"),
			week_text(t, TALLY_WEEKS - 1 - i, day));
		heads[i + 1] = weeks[i];
	}
	if (!n)
		return;
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	for (size_t i = 0; i < n; i++) {
		buf_add_string(&v->out, "<tr><th scope=\"row\">");
		html_shown(
			&v->out, config_source_title(&v->c->s->config, slice_of(list[i].source)));
		buf_add_string(&v->out, "</th>");
		for (int k = 0; k < SOURCE_WEEKS; k++)
			conformity_number(v, list[i].n[k]);
		buf_add_string(&v->out, "</tr>\n");
	}
	conformity_table_end(v);
}

/* --- the page */

static void put_meaning(struct visit *v, const struct tally *t)
{
	page_element(v, "p",
		words(v->l,
			"Durées : la moitié a attendu moins. Premier regard : quelqu'un a ouvert la fiche, s'en est chargé ou a décidé. Jamais par agent ni par habitant."));
	page_element(v, "p",
		words(v->l,
			"Promesses en retard : des réponses d'attente dont la suite n'est pas venue avant la date de relance. Services en retard : des questions transférées auxquelles le service n'a pas répondu à la date attendue. Ce qui attend encore compte aussi."));
	if (t->has_received)
		page_element(v, "p",
			words(v->l,
				"Reçus : tout ce qui est arrivé ici cette semaine-là, à traiter ou non ; chaque commentaire une fois, même modifié ou effacé depuis."));
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
	put_meaning(v, t);
	page_counted(v, t->town);
	put_flagged(v, t);
	if (t->has_received)
		put_received(v, t);
	put_weeks(v, t);
	put_sources(v, t);
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

static void csv_week(struct buf *out, int64_t week)
{
	const struct local_time t = clock_local(day_instant(week, 0));
	char day[40];
	snprintf(day, sizeof(day), "%04d-%02d-%02d", t.year, t.month, t.day);
	csv_cell(out, slice_of(day), true);
}

static void csv_row(const struct visit *v, const struct tally_cell *c, struct buf *out)
{
	_buf_ struct buf name = {0};
	put_category(v, c->category, &name);
	csv_week(out, c->week);
	csv_cell(out, buf_slice(&name), false);
	csv_number(out, (int64_t)c->flagged);
	for (int i = 0; i < WAITS; i++) {
		const int64_t ms = c->waits[i].median;
		csv_number(out, ms < 0 ? ms : ms / CLOCK_SECOND);
	}
	csv_number(out, (int64_t)c->late);
	csv_number(out, (int64_t)c->promises);
	csv_number(out, (int64_t)c->services);
	csv_number(out, -1);
	csv_number(out, -1);
	csv_end(out);
}

/* What came, in the last two columns of lines of its own: so every column may be added up. */
static void csv_source(const struct visit *v, const struct tally_source *s, struct buf *out)
{
	csv_week(out, s->week);
	for (int i = 0; i < 8; i++)
		csv_number(out, -1);
	csv_cell(out, config_source_title(&v->c->s->config, slice_of(s->source)), false);
	csv_number(out, (int64_t)s->received);
	csv_end(out);
}

static void csv_heads(const struct visit *v, struct buf *out)
{
	const char *const heads[] = {words(v->l, "semaine du"), words(v->l, "supposition"),
		words(v->l, "à traiter"), words(v->l, "premier regard (s)"),
		words(v->l, "décision (s)"), words(v->l, "réponse (s)"),
		words(v->l, "vus trop tard"), words(v->l, "promesses en retard"),
		words(v->l, "services en retard"), words(v->l, "source"), words(v->l, "reçus")};
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
	for (size_t i = 0; i < t->n_sources; i++)
		csv_source(v, &t->sources[i], piece);
	return STINT_DONE;
}

void statistics_file_get(struct visit *v)
{
	stint_stream(v,
		&(struct outflow){"text/csv; charset=utf-8", "tocsin-statistiques.csv", NULL,
			file_step, end});
}
