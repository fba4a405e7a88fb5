/* SPDX-License-Identifier: GPL-3.0-or-later
 * One replay for each person: asked for, under way with how far it is, then there to be read until the next one or until
 * an hour has passed. */
#include "replay.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include "../rules/rules.h"
#include "../topic.h"

#define PATH "/situation/rejouer"
#define MOST_MS (10 * CLOCK_MINUTE)
#define KEPT_MS CLOCK_HOUR
#define FILE_MOST (UINT64_C(512) << 20)
enum { KEPT = 16, EXIT_BUSY = -2 };

struct replays {
	struct works *works;
	struct rehearsal list[KEPT];
};

static void forget(struct rehearsal *r)
{
	asked_release(&r->asked);
	buf_release(&r->out);
	buf_release(&r->said);
	*r = (struct rehearsal){0};
}

struct replays *replays_new(struct bus *b)
{
	struct replays *r = xcalloc(1, sizeof(*r));
	r->works = works_new(b);
	return r;
}

struct replays *replays_free(struct replays *r)
{
	if (!r)
		return NULL;
	works_free(r->works);
	for (size_t i = 0; i < KEPT; i++)
		forget(&r->list[i]);
	free(r);
	return NULL;
}

void replays_stop(struct replays *r)
{
	works_stop(r->works);
}

static struct rehearsal *rehearsal_of(struct visit *v)
{
	for (size_t i = 0; i < KEPT; i++) {
		struct rehearsal *r = &v->c->replays->list[i];
		if (r->used && !r->running && clock_monotonic() - r->at > KEPT_MS)
			forget(r);
		if (r->used && strcmp(r->who, v->session->name) == 0)
			return r;
	}
	return NULL;
}

/* His own, a free one, or the one that is read longest. */
static struct rehearsal *take_place(struct visit *v)
{
	struct rehearsal *found = rehearsal_of(v);
	for (size_t i = 0; !found && i < KEPT; i++)
		if (!v->c->replays->list[i].used)
			found = &v->c->replays->list[i];
	for (size_t i = 0; !found && i < KEPT; i++)
		if (!v->c->replays->list[i].running)
			found = &v->c->replays->list[i];
	if (found && !found->running)
		forget(found);
	return found && !found->used ? found : NULL;
}

/* --- running */

static void done(void *user, const struct work_result *w)
{
	struct rehearsal *r = user;
	r->running = false;
	r->late = w->late;
	r->code = w->busy ? EXIT_BUSY : w->code;
	r->at = clock_monotonic();
	buf_add_slice(&r->out, w->out);
	buf_add_slice(&r->said, w->said);
}

static void start(struct visit *v, struct rehearsal *r, const char *bundle)
{
	const struct config *config = &v->c->s->config;
	const struct local_time day = clock_local(r->since);
	_buf_ struct buf what = {0};
	asked_write(&r->asked, &what);
	_free_ char *change = xasprintf("--if=%s", buf_string(&what));
	_free_ char *rules = xasprintf("--rules=%s/bundles/%s", config->state_dir, bundle);
	_free_ char *from = xasprintf("--from=%04d-%02d-%02d", day.year, day.month, day.day);
	_free_ char *file = xasprintf("--config=%s", config->file.path);
	const char *const argv[] = {"tocsin", "replay", "--json", "--progress", change, rules, from,
		file, v->l == WORDS_EN ? "--lang=en" : "--lang=fr", NULL};
	r->used = r->running = true;
	r->at = clock_monotonic();
	work_start(v->c->replays->works,
		&(struct work){.who = r->who,
			.argv = (char *const *)(uintptr_t)argv, /* only read */
			.deadline_ms = MOST_MS,
			.file_most = FILE_MOST,
			.done = done,
			.user = r});
}

/* --- the page */

/* "12/345", the last whole line of what the command says. */
static bool read_progress(struct visit *v, int64_t ret[2])
{
	char said[256];
	if (!works_said(v->c->replays->works, v->session->name, said, sizeof(said)))
		return false;
	char *end = strrchr(said, '\n');
	if (!end)
		return false;
	*end = '\0';
	char *line = strrchr(said, '\n');
	line = line ? line + 1 : said;
	const char *slash = strchr(line, '/');
	return slash && slice_number((struct slice){line, (size_t)(slash - line)}, &ret[0]) &&
		slice_number(slice_of(slash + 1), &ret[1]) && ret[1] > 0;
}

static void put_asked(struct visit *v, const struct rehearsal *r)
{
	_buf_ struct buf text = {0};
	asked_say(v, &r->asked, &text);
	buf_add_string(&v->out, "<h2>");
	html_shown(&v->out, buf_slice(&text));
	buf_add_string(&v->out, "</h2>\n");
}

static void put_running(struct visit *v)
{
	int64_t n[2];
	buf_add_string(&v->out, "<p><label>");
	page_word(v, words(v->l, "Les commentaires sont réécoutés :"));
	buf_add_string(&v->out, " <progress data-suivi max=\"100\"");
	if (read_progress(v, n))
		buf_printf(&v->out, " value=\"%d\"", n[0] < n[1] ? (int)(100 * n[0] / n[1]) : 100);
	buf_add_string(&v->out, "></progress></label></p>\n");
	page_element(v, "p",
		words(v->l,
			"Cela peut durer quelques minutes, dix au plus ; vous pouvez quitter cette page et y revenir."));
	buf_add_string(&v->out, "<p><a href=\"" PATH "\">");
	page_word(v, words(v->l, "recharger"));
	buf_add_string(&v->out, "</a></p>\n");
	page_form(v, "claiming", PATH "/arreter");
	buf_add_string(&v->out, "<button>");
	page_word(v, words(v->l, "Arrêter"));
	buf_add_string(&v->out, "</button></form>\n");
}

static const char *why(struct visit *v, const struct rehearsal *r)
{
	if (r->code == EXIT_BUSY)
		return words(v->l, "D'autres rejeux sont en cours : réessayez dans un moment.");
	if (r->late)
		return words(v->l,
			"Arrêté : cela prenait plus de dix minutes. Essayez sur moins de semaines, ou « tocsin replay » sur la machine.");
	return words(v->l, "Arrêté : la commande n'a pas pu aller à son terme.");
}

/* Of what the command said, all but how far it was. */
static void put_said(struct visit *v, struct slice said)
{
	_buf_ struct buf kept = {0};
	while (said.n) {
		const char *end = memchr(said.p, '\n', said.n);
		const size_t n = end ? (size_t)(end - said.p) + 1 : said.n;
		if (said.p[0] < '0' || said.p[0] > '9')
			buf_add(&kept, said.p, n);
		said = (struct slice){said.p + n, said.n - n};
	}
	if (!kept.n)
		return;
	buf_add_string(&v->out, "<pre class=\"yaml\" tabindex=\"0\">");
	html_text(&v->out, buf_slice(&kept));
	buf_add_string(&v->out, "</pre>\n");
}

static void put_state(struct visit *v, const struct rehearsal *r)
{
	put_asked(v, r);
	if (r->running) {
		put_running(v);
	} else if (r->code == 0) {
		replay_put_found(v, r);
		asked_put_lasting(v, &r->asked);
	} else {
		rules_say(v, true, why(v, r));
		put_said(v, buf_slice(&r->said));
	}
}

void replay_get(struct visit *v)
{
	const char *title = words(v->l, "Et avec un autre réglage ?");
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	topics_refresh(v);
	const struct rehearsal *r = rehearsal_of(v);
	page_open(v, title);
	page_element(v, "h1", title);
	page_element(v, "p",
		words(v->l,
			"Rejoue les dernières semaines comme si un réglage avait été autre, à côté de ce qui a sonné. Rien n'est changé, personne n'est prévenu."));
	if (r)
		put_state(v, r);
	if (!r || !r->running)
		replay_put_form(v);
	buf_add_string(&v->out, "<p><a href=\"/situation\">");
	page_word(v, words(v->l, "Revenir au point de situation"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, 200);
}

/* --- the forms */

static void begin(struct visit *v, struct asked *asked)
{
	char bundle[65];
	struct error e = {""};
	struct rehearsal *r = take_place(v);
	if (!r) {
		asked_release(asked);
		visit_tell(v, true,
			words(v->l,
				"Un rejeu est déjà en cours : attendez sa fin, ou arrêtez-le."));
		visit_go(v, PATH);
		return;
	}
	if (reader_bundle(v->c->reader, bundle, &e) < 0) {
		asked_release(asked);
		visit_tell(v, true, words(v->l, "Aucune règle n'est encore publiée."));
		visit_go(v, PATH);
		return;
	}
	snprintf(r->who, sizeof(r->who), "%s", v->session->name);
	r->asked = *asked;
	r->until = v->town;
	r->since = day_instant(day_of(v->town, NULL) - INT64_C(7) * asked->weeks, 0);
	start(v, r, bundle);
	visit_go(v, PATH);
}

void replay_post(struct visit *v)
{
	struct asked asked = {0};
	if (visit_reader(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	topics_refresh(v);
	if (asked_read(v, &asked)) {
		begin(v, &asked);
		return;
	}
	asked_release(&asked);
	visit_problem(v, 400);
}

void replay_stop_post(struct visit *v)
{
	works_end(v->c->replays->works, v->session->name);
	visit_tell(v, false, words(v->l, "Le rejeu est arrêté."));
	visit_go(v, PATH);
}
