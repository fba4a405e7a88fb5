/* SPDX-License-Identifier: GPL-3.0-or-later
 * Absences et suppléances: who is on duty in the weeks to come and in whose place, who is away, and when a level reaches
 * nobody, as `tocsin policy check` finds it. */
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include "../situation/alarm.h"
#include "../conformity/conformity.h"
#include "team.h"

#define AHEAD_MS (28 * CLOCK_DAY)
enum { TURNS_SHOWN = 60, GAPS_SHOWN = 40 };

static void put_moment(struct visit *v, int64_t ms)
{
	char text[DAY_TEXT];
	html_string(&v->out, day_format(ms, v->l == WORDS_EN, text));
}

static void put_name(struct visit *v, size_t who)
{
	html_string(&v->out,
		who == ROTA_NOBODY ? words(v->l, "personne") : v->c->policy.people[who].name);
}

/* --- who is on duty */

struct turn { /* a stretch of one astreinte with the same people */
	const struct rota *rota;
	int64_t from, to;
	size_t who, planned;
};

static void put_turn(struct visit *v, const struct turn *t)
{
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	html_string(&v->out, t->rota->title);
	buf_add_string(&v->out, "</th><td>");
	put_moment(v, t->from);
	buf_add_string(&v->out, "</td><td>");
	put_moment(v, t->to);
	buf_add_string(&v->out, "</td><td>");
	put_name(v, t->who);
	buf_add_string(&v->out, "</td><td>");
	if (t->planned != t->who && t->planned != ROTA_NOBODY)
		put_name(v, t->planned);
	buf_add_string(&v->out, "</td></tr>\n");
}

/* Of one astreinte, from now on; returns how many are shown by now. */
static size_t put_turns(struct visit *v, const struct rota *r, size_t shown)
{
	const int64_t end = v->town + AHEAD_MS;
	struct turn t = {.rota = r, .from = v->town};
	t.who = rota_on_duty(r, t.from, &t.planned);
	for (int64_t at = t.from; at < end && shown < TURNS_SHOWN;) {
		size_t planned, who;
		at = rota_change(r, at);
		if (at > end)
			at = end;
		who = rota_on_duty(r, at, &planned);
		if (at < end && who == t.who && planned == t.planned)
			continue;
		t.to = at;
		put_turn(v, &t);
		shown++;
		t.from = at;
		t.who = who;
		t.planned = planned;
	}
	return shown;
}

static void put_duty(struct visit *v)
{
	const struct policy *policy = &v->c->policy;
	const char *const heads[] = {words(v->l, "astreinte"), words(v->l, "du"), words(v->l, "au"),
		words(v->l, "de service"), words(v->l, "à la place de"), NULL};
	const char *title = words(v->l, "Astreintes des quatre semaines qui viennent");
	size_t shown = 0;
	page_element(v, "h2", title);
	if (!policy->n_rotas) {
		page_element(v, "p", words(v->l, "tocsin.yaml ne déclare aucune astreinte."));
		return;
	}
	conformity_table(v, title, heads);
	for (size_t i = 0; i < policy->n_rotas; i++)
		shown = put_turns(v, &policy->rotas[i], shown);
	conformity_table_end(v);
	if (shown >= TURNS_SHOWN)
		page_element(v, "p", words(v->l, "Il y en a d'autres."));
}

/* --- who is away */

static bool may_enter(const struct visit *v)
{
	return v->session->roles & (ROLE_DIRCOM | ROLE_DGS | ROLE_ADMIN);
}

static void put_row(struct visit *v, const struct rota_absence *a, const struct absence *entered)
{
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	put_name(v, a->who);
	buf_add_string(&v->out, "</th><td>");
	put_moment(v, a->from);
	buf_add_string(&v->out, "</td><td>");
	put_moment(v, a->to);
	buf_add_string(&v->out, "</td><td>");
	put_name(v, a->substitute);
	buf_add_string(&v->out, "</td><td>");
	if (entered)
		page_person(v, entered->who);
	else
		buf_add_string(&v->out, "tocsin.yaml");
	buf_add_string(&v->out, "</td><td>");
	if (entered && may_enter(v)) {
		page_form(v, "row", "/equipe/absences/%lld/retirer", (long long)entered->id);
		buf_add_string(&v->out, "<button>");
		page_word(v, words(v->l, "Retirer"));
		buf_add_string(&v->out, "</button></form>");
	}
	buf_add_string(&v->out, "</td></tr>\n");
}

static size_t number_of(const struct policy *policy, struct slice id)
{
	const struct policy_person *p = id.n ? policy_person(policy, id) : NULL;
	return p ? (size_t)(p - policy->people) : ROTA_NOBODY;
}

static int put_absences(struct visit *v, struct error *e)
{
	const struct policy *policy = &v->c->policy;
	const char *const heads[] = {words(v->l, "absent"), words(v->l, "du"), words(v->l, "au"),
		words(v->l, "remplacé par"), words(v->l, "saisi par"), words(v->l, "action"), NULL};
	const char *title = words(v->l, "Absences en cours et à venir");
	struct absence *list = NULL;
	struct arena arena;
	size_t n = 0, shown = 0;
	arena_init(&arena, 0);
	int r = reader_absences(v->c->reader, &arena, &list, &n, e);
	page_element(v, "h2", title);
	conformity_table(v, title, heads);
	for (size_t i = 0; r == 0 && i < policy->n_absences_given; i++)
		if (policy->absences[i].to > v->town) {
			put_row(v, &policy->absences[i], NULL);
			shown++;
		}
	for (size_t i = 0; r == 0 && i < n; i++) {
		const struct rota_absence a = {list[i].from, list[i].to,
			number_of(policy, list[i].person), number_of(policy, list[i].substitute)};
		if (a.to > v->town && a.who != ROTA_NOBODY) {
			put_row(v, &a, &list[i]);
			shown++;
		}
	}
	conformity_table_end(v);
	arena_release(&arena);
	if (!shown)
		page_element(v, "p", words(v->l, "Aucune."));
	return r;
}

/* --- when nobody is reached */

static void put_why(struct visit *v, const struct policy_gap *g)
{
	_buf_ struct buf why = {0};
	switch (g->why) {
	case GAP_ABSENT:
		buf_printf(&why, words(v->l, "%s (%s) est absent et n'a pas de remplaçant"),
			g->absent->name, g->rota->title);
		break;
	case GAP_HOLE:
		buf_printf(&why, words(v->l, "l'astreinte « %s » n'a personne"), g->rota->title);
		break;
	case GAP_TRIAL:
		buf_printf(&why, words(v->l, "le rodage ne prévient que %s, hors service"),
			v->c->policy.trial.names);
		break;
	case GAP_OFF_DUTY:
	default:
		buf_add_string(&why,
			words(v->l,
				"tous ceux qu'il nomme sont hors service, et aucune astreinte"));
	}
	html_text(&v->out, buf_slice(&why));
}

static void put_gap(struct visit *v, const struct policy_gap *g)
{
	static const enum town_level levels[CHAINS] = {
		LEVEL_JAUNE, LEVEL_ORANGE, LEVEL_ROUGE, LEVEL_GRIS, LEVEL_ROUGE};
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	if (g->chain == CHAIN_P1)
		page_word(v, words(v->l, "Urgence (menace, détresse, adresse livrée)"));
	else
		alarm_level(v, levels[g->chain]);
	buf_add_string(&v->out, "</th><td>");
	put_moment(v, g->from);
	buf_add_string(&v->out, "</td><td>");
	put_moment(v, g->to);
	buf_add_string(&v->out, "</td><td>");
	put_why(v, g);
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_gaps(struct visit *v)
{
	const char *const heads[] = {words(v->l, "niveau"), words(v->l, "du"), words(v->l, "au"),
		words(v->l, "pourquoi"), NULL};
	const char *title = words(v->l, "Quand personne ne serait appelé");
	struct policy_gap *gaps;
	struct arena arena;
	arena_init(&arena, 0);
	size_t n = policy_gaps(&v->c->policy, v->town, v->town + AHEAD_MS, &arena, &gaps);
	page_element(v, "h2", title);
	if (!n)
		page_element(v, "p",
			words(v->l, "Aucun : chaque niveau atteint quelqu'un à toute heure."));
	else
		conformity_table(v, title, heads);
	for (size_t i = 0; i < n && i < GAPS_SHOWN; i++)
		put_gap(v, &gaps[i]);
	if (n)
		conformity_table_end(v);
	if (n > GAPS_SHOWN)
		page_element(v, "p", words(v->l, "Il y en a d'autres."));
	arena_release(&arena);
}

/* --- entering one */

static void put_people(
	struct visit *v, const char *name, const char *label, struct slice typed, const char *none)
{
	const struct policy *policy = &v->c->policy;
	buf_add_string(&v->out, "<p><label>");
	page_word(v, label);
	buf_printf(&v->out, "<select name=\"%s\"><option value=\"\">", name);
	page_word(v, none);
	buf_add_string(&v->out, "</option>\n");
	for (size_t i = 0; i < policy->n_people; i++) {
		const struct policy_person *p = &policy->people[i];
		buf_add_string(&v->out, "<option value=\"");
		html_string(&v->out, p->id);
		buf_add_string(&v->out, slice_is(typed, p->id) ? "\" selected>" : "\">");
		html_string(&v->out, p->name);
		buf_add_string(&v->out, "</option>\n");
	}
	buf_add_string(&v->out, "</select></label></p>\n");
}

static void put_date(struct visit *v, const char *name, const char *label, struct slice typed)
{
	buf_add_string(&v->out, "<p><label>");
	page_word(v, label);
	buf_printf(&v->out, "<input type=\"date\" name=\"%s\" required value=\"", name);
	html_text(&v->out, typed);
	buf_add_string(&v->out, "\"></label></p>\n");
}

static void put_form(struct visit *v, const struct absence_typed *typed)
{
	page_element(v, "h2", words(v->l, "Saisir une absence"));
	page_element(v, "p",
		words(v->l,
			"Elle vaut aussitôt, dans toutes les astreintes. Votre nom est inscrit au journal."));
	page_form(v, "searching", "/equipe/absences");
	put_people(v, "qui", words(v->l, "Qui"), typed->person, words(v->l, "choisir"));
	put_date(v, "du", words(v->l, "Du"), typed->from);
	put_date(v, "au", words(v->l, "Au (compris)"), typed->to);
	put_people(v, "remplacant", words(v->l, "Remplacé par"), typed->substitute,
		words(v->l, "personne"));
	buf_add_string(&v->out, "<p><button class=\"main\">");
	page_word(v, words(v->l, "Enregistrer"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

/* --- the page */

void absences_page(
	struct visit *v, unsigned status, const char *wrong, const struct absence_typed *typed)
{
	struct error e = {""};
	int r = team_absences(v);
	buf_clear(&v->out);
	team_open(v, words(v->l, "Absences et suppléances"), "/equipe");
	if (wrong)
		conformity_wrong(v, wrong);
	if (v->c->policy.empty) {
		page_element(v, "p",
			words(v->l,
				"tocsin.yaml ne nomme personne (people, levels) : aucune alerte n'atteindrait quelqu'un."));
	} else if (r == 0) {
		put_gaps(v);
		team_put_candidates(v);
		put_duty(v);
		r = put_absences(v, &e);
		if (may_enter(v))
			put_form(v, typed);
	}
	page_close(v);
	if (r < 0)
		visit_problem(v, 503);
	else
		visit_page(v, status);
}

void absences_get(struct visit *v)
{
	absences_page(v, 200, NULL, &(struct absence_typed){{0}});
}
