/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin policy test: an alarm that nobody answers, played through on paper. The same functions answer as in
 * tocsin-escalate; nothing is sent. */
#include "policy.h"
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/calendar/day.h>
#include <tocsin/json/json.h>
#include "table.h"

#define SHOWN_MS (2 * CLOCK_HOUR) /* from the first message on */
#define WAITED_MS (62 * CLOCK_DAY) /* for the first message */
#define BACK_MS (8 * CLOCK_DAY) /* who is off duty for longer is not listed */
enum { ROUNDS = 500 };

struct play {
	struct context *x;
	const struct policy *policy;
	enum policy_chain chain;
	int64_t at, span, limit;
	struct incident incident;
	struct arena arena;
	struct map *said; /* keys */
	struct table table;
	struct buf out;
	size_t n;
};

static void begin(struct play *p, enum policy_chain chain)
{
	static const enum town_level levels[CHAINS] = {
		LEVEL_JAUNE, LEVEL_ORANGE, LEVEL_ROUGE, LEVEL_GRIS, LEVEL_ORANGE};
	p->chain = chain;
	p->incident = (struct incident){.id = 1,
		.kind = chain == CHAIN_P1     ? INCIDENT_P1
			: chain == CHAIN_GRIS ? INCIDENT_GREY
					      : INCIDENT_TOPIC,
		.level = levels[chain],
		.opened_at = p->at,
		.raised_at = p->at};
	p->limit = p->at + WAITED_MS;
	p->said = map_new();
	arena_init(&p->arena, 0);
}

static void put_json(struct play *p, const struct policy_notice *n)
{
	char at[CLOCK_TEXT];
	struct json_writer w = {.out = &p->out};
	json_w_begin(&w, '{');
	json_w_key(&w, "at");
	json_w_string(&w, slice_of(clock_format(n->due_at, at)));
	json_w_key(&w, "level");
	json_w_string(&w, slice_of(policy_chain_names[n->chain]));
	json_w_key(&w, "person");
	json_w_string(&w, slice_of(n->target->person));
	json_w_key(&w, "name");
	json_w_string(&w, slice_of(n->target->name));
	json_w_key(&w, "channel");
	json_w_string(&w, slice_of(n->target->channel));
	json_w_key(&w, "address");
	json_w_string(&w, slice_of(n->target->address));
	json_w_key(&w, "on_call");
	if (n->target->rota)
		json_w_string(&w, slice_of(n->target->rota->id));
	else
		json_w_null(&w);
	json_w_key(&w, "step");
	json_w_int(&w, n->step);
	json_w_key(&w, "repeat");
	json_w_int(&w, n->repeat);
	json_w_end(&w, '}');
	buf_add_char(&p->out, '\n');
}

static const char *channel_name(const struct context *x, const char *channel)
{
	if (strcmp(channel, "mail") == 0)
		return _w(x, "courriel");
	return strcmp(channel, "sms") == 0 ? "SMS" : channel;
}

static void put_row(struct play *p, const struct policy_notice *n)
{
	struct context *x = p->x;
	_buf_ struct buf cell = {0};
	plan_put_time(x, n->due_at, &cell);
	table_add(&p->table, buf_slice(&cell));
	table_add(&p->table, slice_of(n->target->name));
	table_add(&p->table, slice_of(channel_name(x, n->target->channel)));
	table_add(&p->table, slice_of(n->target->address));
	if (n->repeat)
		table_printf(&p->table, _w(x, "étape %u, rappel %u"), n->step, n->repeat);
	else
		table_printf(&p->table, _w(x, "étape %u"), n->step);
	table_add(&p->table, slice_of(n->target->rota ? n->target->rota->title : ""));
}

/* Every message up to the limit, in the order of time. */
static void play(struct play *p)
{
	const struct policy_case c = {&p->incident, NULL, 0, true};
	int64_t now = p->at;
	for (int i = 0; i < ROUNDS && now <= p->limit; i++) {
		struct policy_notice *due;
		size_t n = policy_due(p->policy, &c, now, &p->arena, &due);
		for (size_t k = 0; k < n; k++) {
			bool fresh;
			map_at(p->said, slice_of(due[k].key), &fresh);
			if (!fresh)
				continue;
			if (p->x->json)
				put_json(p, &due[k]);
			else
				put_row(p, &due[k]);
			if (!p->n++)
				p->limit = now + p->span;
		}
		struct policy_state s = policy_state(p->policy, &c, now);
		if (!s.next_at)
			break;
		now = s.next_at;
	}
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
	if (policy_quiet_at(p->policy, p->chain, p->at))
		buf_add_string(&p->out,
			_w(x, "  heures calmes : l'alerte est suivie, les messages attendent\n"));
}

/* Who is named and off duty, and when he would hear of it. */
static void put_off_duty(struct play *p)
{
	struct context *x = p->x;
	const struct policy_steps *steps = &p->policy->chains[p->chain];
	for (size_t i = 0; i < steps->n; i++)
		for (size_t k = 0; k < steps->list[i].n_targets; k++) {
			const struct policy_target *t = &steps->list[i].targets[k];
			int64_t first = policy_first(
				p->policy, p->chain, p->at, (uint32_t)i + 1, t, p->at + BACK_MS);
			if (t->rota || first <= p->limit || policy_on_duty(p->policy, t, p->at))
				continue;
			buf_printf(&p->out, "  %s : ", t->name);
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
static void read_silence(struct play *p, const char *topic)
{
	struct reader *reader = NULL;
	struct error e;
	p->incident.topic = slice_of(topic);
	if (reader_open(p->x->config.state_dir, &reader, &e) < 0)
		return;
	if (reader_silences(reader, p->at, on_silence, p, &e) < 0)
		(void)complain(p->x, 0, "%s", e.text);
	reader_close(reader);
}

static void play_all(struct play *p, const char *topic)
{
	struct context *x = p->x;
	const char *const names[] = {_w(x, "quand"), _w(x, "qui"), _w(x, "par"), _w(x, "adresse"),
		_w(x, "pourquoi"), _w(x, "astreinte"), NULL};
	table_init(&p->table, names);
	if (!x->json)
		put_head(p);
	if (topic)
		read_silence(p, topic);
	if (x->json && p->incident.silenced_until)
		buf_clear(&p->out);
	play(p);
	if (!x->json) {
		if (!p->n)
			buf_add_string(&p->out, _w(x, "personne n'est prévenu\n"));
		table_print(&p->table, x->terminal, &p->out);
		put_off_duty(p);
	}
	put_text(buf_slice(&p->out), stdout);
	table_release(&p->table);
}

int policy_test(struct context *x, int argc, char **argv)
{
	const char *at = NULL, *level = NULL, *topic = NULL, *span = NULL;
	struct policy policy;
	enum policy_chain chain = CHAIN_NONE;
	struct play p = {.x = x, .policy = &policy, .at = clock_now(), .span = SHOWN_MS};
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
		begin(&p, chain);
		play_all(&p, topic);
		map_free(p.said);
		arena_release(&p.arena);
		buf_release(&p.out);
		r = p.n ? EXIT_DONE : EXIT_PROBLEMS;
	}
	policy_release(&policy);
	return r;
}
