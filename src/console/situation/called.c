/* SPDX-License-Identifier: GPL-3.0-or-later
 * Qui serait appelé ? Of each level who is told and when, should it ring at a moment and nobody take charge; who is on duty
 * then; when a level reaches nobody in the two weeks from then on. The same functions answer as in tocsin-escalate. */
#include "called.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/html/html.h>
#include <tocsin/phrase/phrase.h>
#include "alarm.h"
#include "../moment.h"
#include "../team/team.h"

#define SHOWN_MS (24 * CLOCK_HOUR) /* of a chain */
#define AHEAD_MS (14 * CLOCK_DAY) /* gaps */
enum { GAPS_SHOWN = 12, MOMENT_MAX = 32 };

static void put_moment(struct visit *v, int64_t ms)
{
	char text[DAY_TEXT];
	html_string(&v->out, day_format(ms, v->l == WORDS_EN, text));
}

/* --- who is on duty */

static void put_rota(struct visit *v, const struct rota *r, int64_t at)
{
	size_t planned, who = rota_on_duty(r, at, &planned);
	const struct policy *policy = &v->c->policy;
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	html_string(&v->out, r->title);
	buf_add_string(&v->out, "</th><td>");
	html_string(
		&v->out, who != ROTA_NOBODY ? policy->people[who].name : words(v->l, "personne"));
	if (planned != ROTA_NOBODY && planned != who) {
		buf_add_string(&v->out, " · ");
		html_string(&v->out, policy->people[planned].name);
		buf_add_char(&v->out, ' ');
		page_word(v, words(v->l, "est absent"));
	}
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_duty(struct visit *v, int64_t at)
{
	const struct policy *policy = &v->c->policy;
	if (!policy->n_rotas)
		return;
	page_element(v, "h2", words(v->l, "Astreintes"));
	buf_add_string(&v->out, "<table class=\"facts\"><tbody>\n");
	for (size_t i = 0; i < policy->n_rotas; i++)
		put_rota(v, &policy->rotas[i], at);
	buf_add_string(&v->out, "</tbody></table>\n");
}

/* --- who is told */

struct told {
	int64_t first; /* INT64_MAX: not in time */
	const struct policy_target *target;
	bool apart; /* the trial is for others */
};

/* The chain's receivers in the order in which they hear of it. */
static size_t play(const struct policy *policy, enum policy_chain chain, int64_t at,
	struct told *list, size_t max)
{
	const struct policy_steps *steps = &policy->chains[chain];
	const bool trial = policy_trial_at(policy, at);
	size_t n = 0;
	for (uint32_t step = 0; step < steps->n; step++)
		for (size_t k = 0; k < steps->list[step].n_targets && n < max; k++) {
			const struct policy_target *t = &steps->list[step].targets[k];
			const int64_t first =
				policy_first(policy, chain, at, step + 1, t, at + SHOWN_MS);
			size_t i = n;
			if ((t->rota || t->only_in_trial) &&
				first == INT64_MAX) /* somebody else's turn */
				continue;
			for (n++; i > 0 && list[i - 1].first > first; i--)
				list[i] = list[i - 1];
			list[i] = (struct told){first, t, trial && !t->in_trial};
		}
	return n;
}

static const char *channel_name(struct visit *v, const char *channel)
{
	if (strcmp(channel, "mail") == 0)
		return v->c->s->config.mail.url ? words(v->l, "par mail")
						: words(v->l, "mail déposé, sans relais");
	return strcmp(channel, "sms") == 0 ? words(v->l, "par SMS") : words(v->l, "par messagerie");
}

static void put_told(struct visit *v, const struct told *t, int64_t at)
{
	char span[40];
	buf_add_string(&v->out, "<tr><td>");
	if (t->first == INT64_MAX && t->apart)
		page_word(v, words(v->l, "pas pendant le rodage"));
	else if (t->first == INT64_MAX)
		page_word(v, words(v->l, "pas dans les 24 heures : hors service"));
	else if (t->first <= at)
		page_word(v, words(v->l, "aussitôt"));
	else
		buf_printf(&v->out, words(v->l, "après %s"),
			words_duration(v->l, t->first - at, span));
	buf_add_string(&v->out, "</td><td>");
	html_string(&v->out, t->target->name);
	if (t->target->rota) {
		buf_add_string(&v->out, " · ");
		html_string(&v->out, t->target->rota->title);
	}
	buf_add_string(&v->out, "</td><td>");
	page_word(v, channel_name(v, t->target->channel));
	buf_add_string(&v->out, "</td></tr>\n");
}

void called_put_level(struct visit *v, enum policy_chain chain)
{
	static const enum town_level levels[CHAINS] = {
		LEVEL_JAUNE, LEVEL_ORANGE, LEVEL_ROUGE, LEVEL_GRIS, LEVEL_ROUGE};
	if (chain == CHAIN_P1)
		page_word(v, words(v->l, "Urgence (menace, détresse, adresse livrée)"));
	else
		alarm_level(v, levels[chain]);
}

enum { TOLD_MAX = 64 };

void called_put_chain(
	struct visit *v, const struct policy *policy, enum policy_chain chain, int64_t at)
{
	const char *const columns[] = {
		words(v->l, "quand"), words(v->l, "qui"), words(v->l, "comment"), NULL};
	const struct policy_target *relief = policy_relief(policy, chain, at, at);
	struct told list[TOLD_MAX];
	size_t n = play(policy, chain, at, list, TOLD_MAX);
	buf_add_string(&v->out, "<h2>");
	called_put_level(v, chain);
	buf_add_string(&v->out, "</h2>\n");
	if (policy_quiet_at(policy, chain, at))
		page_element(v, "p",
			words(v->l,
				"Heures calmes : l'alerte est suivie, les messages attendent leur fin."));
	if (relief) {
		buf_add_string(&v->out, "<p class=\"deaf\">");
		page_word(v,
			words(v->l,
				"Personne de ce niveau n'est de service ; le secours est appelé aussitôt :"));
		buf_add_char(&v->out, ' ');
		html_string(&v->out, relief->name);
		buf_add_string(&v->out, "</p>\n");
	}
	buf_add_string(&v->out, "<div class=\"wide\"><table class=\"log\"><thead><tr>");
	for (size_t i = 0; columns[i]; i++) {
		buf_add_string(&v->out, "<th scope=\"col\">");
		page_word(v, columns[i]);
		buf_add_string(&v->out, "</th>");
	}
	buf_add_string(&v->out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < n; i++)
		put_told(v, &list[i], at);
	buf_add_string(&v->out, "</tbody></table></div>\n");
}

static void put_chains(struct visit *v, int64_t at)
{
	const struct incident urgent = {.kind = INCIDENT_P1};
	const struct policy *policy = &v->c->policy;
	for (int chain = 0; chain < CHAINS; chain++)
		called_put_chain(v, chain == CHAIN_P1 ? policy_for(policy, &urgent) : policy,
			(enum policy_chain)chain, at);
}

/* --- when nobody is */

static void put_gap(struct visit *v, const struct policy_gap *g)
{
	buf_add_string(&v->out, "<li>");
	called_put_level(v, g->chain);
	buf_add_string(&v->out, " · ");
	put_moment(v, g->from);
	buf_add_string(&v->out, " → ");
	put_moment(v, g->to);
	buf_add_string(&v->out, "</li>\n");
}

static void put_gaps(struct visit *v, int64_t at)
{
	struct arena arena;
	struct policy_gap *gaps;
	arena_init(&arena, 0);
	size_t n = policy_gaps(&v->c->policy, at, at + AHEAD_MS, &arena, &gaps);
	page_element(v, "h2", words(v->l, "Trous des deux semaines qui suivent"));
	if (!n)
		page_element(v, "p",
			v->c->s->config.mail.url
				? words(v->l,
					  "Aucun : chaque niveau atteint quelqu'un à toute heure.")
				: words(v->l,
					  "Aucun : chaque niveau nomme quelqu'un à toute heure."));
	else
		page_element(v, "p",
			words(v->l,
				"Alors ce niveau n'atteint personne que l'on attende. « tocsin policy check » dit pourquoi, et le remède."));
	buf_add_string(&v->out, "<ul>\n");
	for (size_t i = 0; i < n && i < GAPS_SHOWN; i++)
		put_gap(v, &gaps[i]);
	buf_add_string(&v->out, "</ul>\n");
	if (n > GAPS_SHOWN)
		page_element(v, "p", words(v->l, "Il y en a d'autres."));
	arena_release(&arena);
}

/* --- the page */

/* The moment that is asked for, as the town's clocks show it; false: it is none. */
static bool read_moment(struct visit *v, int64_t *ret)
{
	_buf_ struct buf text = {0};
	int64_t day;
	int minute, r = visit_query(v, "le", MOMENT_MAX, &text);
	*ret = v->town;
	if (r == -ENOENT || (r == 0 && !text.n))
		return true;
	if (r < 0)
		return false;
	for (size_t i = 0; i < text.n; i++)
		text.p[i] = text.p[i] == 'T' ? ' ' : text.p[i];
	if (day_time_parse(buf_slice(&text), &day, &minute) < 0)
		return false;
	*ret = day_instant(day, minute < 0 ? 0 : minute);
	return true;
}

static void put_form(struct visit *v, int64_t at)
{
	buf_add_string(
		&v->out, "<form class=\"searching\" action=\"/situation/appels\"><p><label>");
	page_word(v, words(v->l, "Si elle sonnait le"));
	moment_put(v, "le", at);
	buf_add_string(&v->out, "</label></p>\n");
	buf_add_string(&v->out, "<p><button>");
	page_word(v, words(v->l, "Montrer"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

/* Who wrote that folder down knows it: then it is calm. */
void called_put_no_relay(struct visit *v)
{
	const struct config *c = &v->c->s->config;
	_buf_ struct buf text = {0};
	config_no_relay(c, v->l, &text);
	if (!text.n)
		return;
	buf_printf(&v->out, "<p class=\"%s\">", c->mail.meant ? "meta" : "deaf");
	html_text(&v->out, buf_slice(&text));
	buf_add_string(&v->out, "</p>\n");
}

/* Whoever may have it rung for a rehearsal. */
static void put_rehearse(struct visit *v)
{
	if (!(v->session->roles & (ROLE_DIRCOM | ROLE_DGS | ROLE_ADMIN)))
		return;
	buf_add_string(&v->out, "<p class=\"way\"><a href=\"/situation/exercice\">");
	page_word(v, words(v->l, "Le répéter pour de vrai : un exercice"));
	buf_add_string(&v->out, "</a></p>\n");
}

void called_get(struct visit *v)
{
	const char *title = words(v->l, "Qui serait appelé ?");
	int64_t at;
	if (!read_moment(v, &at)) {
		visit_problem(v, 400);
		return;
	}
	if (team_absences(v) < 0) {
		visit_problem(v, 503);
		return;
	}
	page_open(v, title);
	page_element(v, "h1", title);
	if (v->c->policy.empty) {
		page_element(v, "p",
			words(v->l,
				"tocsin.yaml ne nomme personne (people, levels) : aucune alerte n'atteindrait quelqu'un."));
	} else {
		called_put_no_relay(v);
		put_form(v, at);
		buf_add_string(&v->out, "<p><strong>");
		put_moment(v, at);
		buf_add_string(&v->out, "</strong> · ");
		page_word(v, words(v->l, "tant que personne ne prend en charge"));
		buf_add_string(&v->out, "</p>\n");
		put_duty(v, at);
		put_chains(v, at);
		put_gaps(v, at);
		put_rehearse(v);
	}
	page_close(v);
	visit_page(v, 200);
}
