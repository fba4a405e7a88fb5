/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin policy test: an alarm that nobody answers, played through on paper. The same functions answer as in
 * tocsin-escalate; nothing is sent. */
#include "policy.h"
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "table.h"

#define BACK_MS (8 * CLOCK_DAY) /* who is off duty for longer is not listed */

struct play {
	struct context *x;
	const struct policy *policy;
	enum policy_chain chain;
	int64_t at, span, limit;
	struct incident incident;
	struct table table;
	struct buf out;
	size_t n;
};

static void put_json(struct play *p, const struct policy_notice *n)
{
	plan_put_json(n, &p->out);
	buf_add_char(&p->out, '\n');
}

static void on_notice(void *user, const struct policy_notice *n)
{
	struct play *p = user;
	p->n++;
	if (p->x->json)
		put_json(p, n);
	else
		plan_put_row(p->x, n, &p->table);
}

static const struct policy *rings_by(const struct play *p)
{
	return policy_for(p->policy, &p->incident);
}

/* The day, and who is on duty. */
static void put_head(struct play *p)
{
	struct context *x = p->x;
	const char *holiday = holiday_name(p->policy->holidays.zone, day_of(p->at, NULL));
	plan_put_time(x, p->at, &p->out);
	if (holiday)
		buf_printf(&p->out, _w(x, ", jour férié (%s)"), holiday);
	buf_printf(&p->out, _w(x, " : alerte %s, que personne ne prend en charge\n"),
		plan_level_name(x, p->chain));
	for (size_t i = 0; i < p->policy->n_rotas; i++) {
		const struct rota *r = &p->policy->rotas[i];
		size_t planned, who = rota_on_duty(r, p->at, &planned);
		buf_printf(&p->out, "  %s : %s", r->title,
			who != ROTA_NOBODY ? p->policy->people[who].name : _w(x, "personne"));
		if (planned != ROTA_NOBODY && planned != who)
			buf_printf(&p->out, _w(x, " (%s est absent)"),
				p->policy->people[planned].name);
		buf_add_char(&p->out, '\n');
	}
	if (policy_trial_at(p->policy, p->at)) {
		buf_printf(&p->out, _w(x, "  rodage : seulement %s, jusqu'au "),
			p->policy->trial.names);
		plan_put_time(x, p->policy->trial.to, &p->out);
		if (rings_by(p) != p->policy)
			buf_add_string(&p->out, _w(x, " ; cette urgence va à tous"));
		buf_add_char(&p->out, '\n');
	}
	if (policy_quiet_at(p->policy, p->chain, p->at))
		buf_add_string(&p->out,
			_w(x, "  heures calmes : l'alerte est suivie, les messages attendent\n"));
}

/* Who is named and off duty, and when he would hear of it. */
static void put_off_duty(struct play *p)
{
	struct context *x = p->x;
	const struct policy *policy = rings_by(p);
	const struct policy_steps *steps = &policy->chains[p->chain];
	for (size_t i = 0; i < steps->n; i++)
		for (size_t k = 0; k < steps->list[i].n_targets; k++) {
			const struct policy_target *t = &steps->list[i].targets[k];
			int64_t first = policy_first(
				policy, p->chain, p->at, (uint32_t)i + 1, t, p->at + BACK_MS);
			if (t->rota || t->only_in_trial || first <= p->limit ||
				policy_on_duty(policy, t, p->at))
				continue;
			buf_printf(&p->out, "  %s : ", t->name);
			if (policy_trial_at(policy, p->at) && !t->in_trial) {
				buf_add_string(&p->out, _w(x, "pas pendant le rodage\n"));
				continue;
			}
			if (first == INT64_MAX) {
				buf_add_string(
					&p->out, _w(x, "hors service pour plus d'une semaine\n"));
				continue;
			}
			buf_add_string(&p->out, _w(x, "hors service, prévenu le "));
			plan_put_time(x, first, &p->out);
			buf_add_string(&p->out, _w(x, " si personne n'a pris en charge\n"));
		}
}

static int on_silence(
	void *user, struct slice topic, int64_t until, struct slice who, struct slice reason)
{
	struct play *p = user;
	(void)reason;
	if (!slice_equal(topic, p->incident.topic))
		return 0;
	buf_printf(
		&p->out, _w(p->x, "  sourdine de %.*s sur ce sujet jusqu'au "), (int)who.n, who.p);
	plan_put_time(p->x, until, &p->out);
	buf_add_string(&p->out, _w(p->x, " : rien n'est dit d'ici là, sauf un rouge\n"));
	if (p->chain != CHAIN_ROUGE && p->chain != CHAIN_P1)
		p->incident.silenced_until = until;
	return 0;
}

/* A silence that holds for the topic then; without a database there is none. */
static void read_silence(struct play *p)
{
	struct reader *reader = NULL;
	struct error e;
	if (reader_open(p->x->config.state_dir, &reader, &e) < 0)
		return;
	if (reader_silences(reader, p->at, on_silence, p, &e) < 0)
		(void)complain(p->x, 0, "%s", e.text);
	reader_close(reader);
}

static void play_all(struct play *p, const char *topic)
{
	struct context *x = p->x;
	plan_table(x, &p->table);
	/* a P1 without a subject is one of those that a chain is made for */
	p->incident.topic = slice_of(topic ? topic : p->chain == CHAIN_P1 ? "P1:menace" : "");
	if (!x->json)
		put_head(p);
	if (topic)
		read_silence(p);
	if (x->json && p->incident.silenced_until)
		buf_clear(&p->out);
	p->limit = plan_play(p->policy, &p->incident, p->span, on_notice, p);
	if (!x->json) {
		if (!p->n)
			buf_add_string(&p->out, _w(x, "personne n'est prévenu\n"));
		table_print(&p->table, x->terminal, &p->out);
		put_off_duty(p);
		plan_put_rules(x, p->policy, &p->out);
	}
	put_text(buf_slice(&p->out), stdout);
	table_release(&p->table);
}

int policy_test(struct context *x, int argc, char **argv)
{
	const char *at = NULL, *level = NULL, *topic = NULL, *span = NULL;
	struct policy policy;
	enum policy_chain chain = CHAIN_NONE;
	struct play p = {.x = x, .policy = &policy, .at = clock_now(), .span = PLAN_SHOWN_MS};
	const struct option_spec specs[] = {{"at", "à", NULL, &at},
		{"level", "niveau", NULL, &level}, {"topic", "sujet", NULL, &topic},
		{"for", "pendant", NULL, &span}};
	int r = options_parse(x, specs, 4, &argc, argv);
	if (r == 0)
		r = options_words(x, "policy", argc, 0, 0);
	if (r == 0)
		r = plan_level(x, level, &chain);
	if (r == 0 && span)
		r = option_duration(x, "--for", span, &p.span);
	if (r == 0)
		r = plan_load(x, &policy);
	if (r)
		return r;
	if (at)
		r = plan_time(x, "--at", at, &p.at);
	if (r == 0) {
		p.chain = chain;
		p.incident = plan_incident(chain, p.at);
		play_all(&p, topic);
		buf_release(&p.out);
		r = p.n ? EXIT_DONE : EXIT_PROBLEMS;
	}
	policy_release(&policy);
	return r;
}
