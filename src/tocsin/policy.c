/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin policy: the verbs, and what they share. */
#include "policy.h"
#include <tocsin/base/clock.h>
#include <tocsin/base/problem.h>
#include <tocsin/calendar/day.h>
#include "rules/author.h"

/* With the absences that people entered, when there is a database. */
static void take_absences(struct context *x, struct policy *policy)
{
	struct reader *reader = NULL;
	struct absence *list;
	struct arena arena;
	struct error e;
	size_t n;
	arena_init(&arena, 0);
	if (reader_open(x->config.state_dir, &reader, &e) == 0 &&
		reader_absences(reader, &arena, &list, &n, &e) == 0)
		policy_away(policy, list, n);
	reader_close(reader);
	arena_release(&arena);
}

int plan_load(struct context *x, struct policy *ret)
{
	struct problems p = {0};
	if (need_config(x))
		return EXIT_PROBLEMS;
	int r = policy_load(&x->config.file, x->config.folder, ret, &p);
	if (r == 0 && ret->empty)
		problem_add(&p, PROBLEM_ERROR, x->config_path, 0, 0,
			_w(x, "donnez « people » (personnes) et « levels » (niveaux) : man tocsin.yaml en a un exemple"),
			_w(x, "le plan ne nomme personne : aucune alerte n'atteindrait quelqu'un"));
	if (p.n)
		report(x, &p, x->json ? REPORT_JSON : REPORT_TEXT);
	problems_release(&p);
	if (r < 0)
		return EXIT_PROBLEMS;
	if (!ret->empty) {
		take_absences(x, ret);
		return 0;
	}
	policy_release(ret);
	return EXIT_PROBLEMS;
}

void tell_no_relay(struct context *x)
{
	_buf_ struct buf text = {0};
	config_no_relay(&x->config, x->lang, &text);
	if (text.n)
		complain(x, 0, "%s", buf_string(&text));
}

int plan_level(struct context *x, const char *word, enum policy_chain *ret)
{
	if (word && strcmp(word, "urgence") == 0)
		word = policy_chain_names[CHAIN_P1];
	for (int i = 0; word && i < CHAINS; i++)
		if (strcmp(word, policy_chain_names[i]) == 0) {
			*ret = (enum policy_chain)i;
			return 0;
		}
	return complain(x, EXIT_MISUSE, _w(x, "--level : jaune, orange, rouge, gris ou P1"));
}

const char *plan_level_name(struct context *x, enum policy_chain chain)
{
	static const char *const names[CHAINS] = {WORDS_MARK("JAUNE"), WORDS_MARK("ORANGE"),
		WORDS_MARK("ROUGE"), WORDS_MARK("GRIS"), WORDS_MARK("URGENCE")};
	return words(x->lang, names[chain]);
}

int plan_time(struct context *x, const char *name, const char *text, int64_t *ret)
{
	int64_t day;
	int minute;
	const struct slice s = slice_of(text);
	bool zone = s.n > 19 && (text[s.n - 1] == 'Z' || strchr("+-", text[s.n - 6]));
	if (zone && clock_parse(s, ret) == 0)
		return 0;
	if (day_time_parse(s, &day, &minute) < 0)
		return complain(
			x, EXIT_MISUSE, _w(x, "%s : une date comme 2027-08-15 22:40"), name);
	*ret = day_instant(day, minute < 0 ? 0 : minute);
	return 0;
}

void plan_put_time(struct context *x, int64_t ms, struct buf *out)
{
	char text[DAY_TEXT];
	buf_add_string(out, day_format(ms, x->lang == WORDS_EN, text));
}

static void put_limit(struct context *x, const struct policy_person *who, struct buf *out)
{
	char span[40];
	buf_printf(out,
		words_n(x->lang, "  %s : au plus %u message en %s",
			"  %s : au plus %u messages en %s", who->limit.n),
		who->name, who->limit.n, words_duration(x->lang, who->limit.ms, span));
	buf_add_string(out, _w(x, " ; au-delà ensemble, rouge et urgence toujours\n"));
}

static void put_trial(struct context *x, const struct policy *policy, struct buf *out)
{
	if (!policy->trial.to)
		return;
	buf_add_string(out, _w(x, "  rodage du "));
	plan_put_time(x, policy->trial.from, out);
	buf_add_string(out, _w(x, " au "));
	plan_put_time(x, policy->trial.to, out);
	buf_printf(out,
		_w(x, " : les alertes ne vont qu'à %s ; les urgences et les exercices vont à tous\n"),
		policy->trial.names);
}

static void put_elections(struct context *x, const struct policy *policy, struct buf *out)
{
	for (size_t i = 0; i < policy->n_elections; i++) {
		const struct policy_election *e = &policy->elections[i];
		buf_add_string(out, _w(x, "  période électorale du "));
		plan_put_time(x, e->from, out);
		buf_add_string(out, _w(x, " au "));
		plan_put_time(x, e->to, out);
		buf_printf(out, "%s%s", e->title ? " : " : "", e->title ? e->title : "");
		if (e->n_candidates)
			buf_printf(out, _w(x, " ; candidats sur qui aucun sujet ne porte : %zu"),
				e->n_candidates);
		buf_add_char(out, '\n');
	}
}

void plan_put_rules(struct context *x, const struct policy *policy, struct buf *out)
{
	char span[40];
	put_trial(x, policy, out);
	put_elections(x, policy, out);
	for (int c = 0; c < CHAINS; c++)
		if (policy->chains[c].by_default)
			buf_printf(out,
				_w(x, "  %s n'a pas d'étapes : le secours est appelé, l'un après l'autre\n"),
				plan_level_name(x, (enum policy_chain)c));
	if (policy->group_ms)
		buf_printf(out,
			_w(x, "  les alertes d'une même personne, à la même étape et à moins de %s, partent ensemble\n"),
			words_duration(x->lang, policy->group_ms, span));
	if (policy->inhibit)
		buf_add_string(out,
			_w(x, "  une hausse de l'ensemble ou d'une catégorie qu'un sujet ouvert explique ne sonne pas à part\n"));
	for (size_t i = 0; i < policy->n_people; i++)
		if (policy->people[i].limit.n)
			put_limit(x, &policy->people[i], out);
}

int command_policy(struct context *x, int argc, char **argv)
{
	static const struct {
		const char *name, *french;
		int (*run)(struct context *x, int argc, char **argv);
	} verbs[] = {{"check", "vérifier", policy_check}, {"test", "essayer", policy_test}};
	int i = 1;
	while (i < argc && strncmp(argv[i], "--", 2) == 0)
		i += strchr(argv[i], '=') || strcmp(argv[i], "--json") == 0 ? 1 : 2;
	if (i >= argc)
		return options_words(x, "policy", 0, 1, 1);
	char *verb = argv[i];
	memmove(argv + 2, argv + 1, (size_t)(i - 1) * sizeof(*argv));
	argv[1] = verb;
	for (size_t v = 0; v < sizeof(verbs) / sizeof(*verbs); v++)
		if (strcmp(verb, verbs[v].name) == 0 || strcmp(verb, verbs[v].french) == 0)
			return verbs[v].run(x, argc - 1, argv + 1);
	return complain(x, EXIT_MISUSE, _w(x, "« policy %s » n'existe pas : check ou test"), verb);
}
