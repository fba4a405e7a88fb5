/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin policy check: that every level reaches someone at every hour of the coming year, or when it does not, and the
 * cure; and that webhooks and the SMS gateway have addresses to which something is sent. */
#include "policy.h"
#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>
#include <tocsin/net/net.h>
#include "rules/author.h"

enum { SHOWN = 5 /* gaps of one kind; --all shows the rest */ };
#define YEAR_MS (366 * CLOCK_DAY)

static void put_rota(const struct rota *rota, struct buf *out)
{
	buf_printf(out, "%s", rota->title);
}

/* Why, after "ROUGE n'atteint personne : ". */
static void put_why(
	struct context *x, const struct policy *policy, const struct policy_gap *g, struct buf *out)
{
	_buf_ struct buf rota = {0};
	if (g->rota)
		put_rota(g->rota, &rota);
	switch (g->why) {
	case GAP_ABSENT:
		buf_printf(out, _w(x, "%s (%s) est absent et n'a pas de remplaçant"),
			g->absent->name, buf_string(&rota));
		break;
	case GAP_HOLE:
		buf_printf(out, _w(x, "l'astreinte « %s » n'a personne"), buf_string(&rota));
		break;
	case GAP_TRIAL:
		buf_printf(out, _w(x, "le rodage ne prévient que %s, hors service"),
			policy->trial.names);
		break;
	case GAP_OFF_DUTY:
	default:
		buf_add_string(
			out, _w(x, "tous ceux qu'il nomme sont hors service, et aucune astreinte"));
	}
}

static bool may_wait(enum policy_chain chain)
{
	return chain == CHAIN_JAUNE || chain == CHAIN_GRIS;
}

static void put_cure(
	struct context *x, const struct policy *policy, const struct policy_gap *g, struct buf *out)
{
	const char *level = policy_chain_names[g->chain];
	const char *rota = policy->n_rotas ? policy->rotas[0].id : NULL;
	switch (g->why) {
	case GAP_ABSENT:
		buf_printf(out,
			_w(x, "donnez à l'absence de %s un « remplaçant » (calendriers, absences)"),
			g->absent->id);
		return;
	case GAP_HOLE:
		buf_printf(out, _w(x, "complétez le tour, le fichier ou les heures de « %s »"),
			g->rota->id);
		return;
	case GAP_TRIAL:
		buf_add_string(out,
			_w(x, "nommez-y une personne de plus (politique, rodage, prévenir), ou « hours: always »"));
		return;
	case GAP_OFF_DUTY:
	default: break;
	}
	if (rota)
		buf_printf(out, _w(x, "ajoutez {prévenir: %s} à « %s »"), rota, level);
	else
		buf_printf(out,
			_w(x, "déclarez une astreinte (calendriers, astreintes) et prévenez-la à « %s »"),
			level);
	if (may_wait(g->chain))
		buf_add_string(out, _w(x, ", ou dites que ce niveau attend (politique, calme)"));
}

static void print_json(const struct policy_gap *g)
{
	static const char *const whys[] = {"off_duty", "hole", "absent", "trial"};
	_buf_ struct buf out = {0};
	struct json_writer w = {.out = &out};
	json_w_begin(&w, '{');
	json_w_text(&w, "level", slice_of(policy_chain_names[g->chain]));
	json_w_time(&w, "from", g->from);
	json_w_time(&w, "to", g->to);
	json_w_text(&w, "why", slice_of(whys[g->why]));
	if (g->rota) {
		json_w_text(&w, "on_call", slice_of(g->rota->id));
	}
	if (g->absent) {
		json_w_text(&w, "absent", slice_of(g->absent->id));
	}
	json_w_end(&w, '}');
	buf_add_char(&out, '\n');
	put_text(buf_slice(&out), stdout);
}

static void put_gap(
	struct context *x, const struct policy *policy, const struct policy_gap *g, struct buf *out)
{
	_buf_ struct buf from = {0}, to = {0};
	plan_put_time(x, g->from, &from);
	plan_put_time(x, g->to, &to);
	buf_printf(out, _w(x, "du %s au %s, %s n'atteint personne : "), buf_string(&from),
		buf_string(&to), plan_level_name(x, g->chain));
	put_why(x, policy, g, out);
	const struct policy_target *relief = policy_relief(policy, g->chain, g->from, g->from);
	if (relief)
		buf_printf(out, _w(x, " ; le secours, %s, est appelé aussitôt"), relief->name);
	buf_add_char(out, '\n');
}

static bool alike(const struct policy_gap *a, const struct policy_gap *b)
{
	return a->chain == b->chain && a->why == b->why && a->rota == b->rota &&
		a->absent == b->absent;
}

/* Gaps of one kind together: the first of them, how many more, and the cure once. */
static void put_gaps(struct context *x, const struct policy *policy, const struct policy_gap *gaps,
	size_t n, bool all, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		size_t same = 0, before = 0;
		int64_t ms = 0;
		for (size_t k = 0; k < n; k++) {
			before += k < i && alike(&gaps[k], &gaps[i]);
			same += alike(&gaps[k], &gaps[i]);
			ms += alike(&gaps[k], &gaps[i]) ? gaps[k].to - gaps[k].from : 0;
		}
		if (all || before < SHOWN)
			put_gap(x, policy, &gaps[i], out);
		if (before + 1 < same)
			continue;
		if (!all && same > SHOWN)
			buf_printf(out,
				_w(x, "  … et %zu autres : %lld h en tout (--all les montre)\n"),
				same - SHOWN, (long long)(ms / CLOCK_HOUR));
		buf_printf(out, "  %s: ", _w(x, "conseil"));
		put_cure(x, policy, &gaps[i], out);
		buf_add_char(out, '\n');
	}
}

static void put_good(struct context *x, const struct policy *policy, int64_t from, struct buf *out)
{
	_buf_ struct buf first = {0};
	plan_put_time(x, from, &first);
	buf_printf(out,
		x->config.mail.url
			? _w(x, "chaque niveau atteint quelqu'un à toute heure, pendant un an à partir du %s\n")
			: _w(x, "chaque niveau nomme quelqu'un à toute heure, pendant un an à partir du %s\n"),
		buf_string(&first));
	for (int c = 0; c < CHAINS; c++)
		for (size_t i = 0; i < policy->n_quiet; i++)
			if (policy->quiet[i].chains & (1u << c)) {
				buf_printf(out,
					_w(x, "  %s attend pendant ses heures calmes, puis est dit\n"),
					plan_level_name(x, (enum policy_chain)c));
				break;
			}
	plan_put_rules(x, policy, out);
}

static void check_address(struct context *x, struct problems *p, const struct yaml_node *node,
	const char *whose, const char *url, const char *const *internal)
{
	struct error e = {""};
	if (url && net_check_url(url, internal, &e) != 0)
		yaml_problem(&x->config.file, node, p,
			"corrigez l'adresse ; une machine de la mairie se nomme dans « allow_internal » (autoriser_interne)",
			"%s : %s", whose, e.text);
}

/* What escalate says when it starts: addresses to which nothing would be sent. */
static bool check_addresses(struct context *x, const struct policy *policy)
{
	const struct config *c = &x->config;
	struct problems p = {0};
	for (size_t i = 0; i < policy->n_hooks; i++)
		check_address(x, &p, policy->hooks[i].node, policy->hooks[i].id,
			policy->hooks[i].url, policy->hooks[i].internal);
	check_address(x, &p, c->sms.node, "sms", c->sms.url, (const char *const *)c->sms.internal);
	if (p.n)
		report(x, &p, x->json ? REPORT_JSON : REPORT_TEXT);
	bool good = p.n == 0;
	problems_release(&p);
	return good;
}

int policy_check(struct context *x, int argc, char **argv)
{
	const char *start = NULL;
	bool all = false;
	struct policy policy;
	struct policy_gap *gaps;
	const struct option_spec specs[] = {
		{"all", "tout", &all, NULL}, {"from", "du", NULL, &start}};
	int r = options_parse(x, specs, 2, &argc, argv);
	if (r == 0)
		r = options_words(x, "policy", argc, 0, 0);
	if (r == 0)
		r = plan_load(x, &policy);
	if (r)
		return r;
	bool reachable = check_addresses(x, &policy);
	tell_no_relay(x);
	reachable = reachable && (x->config.mail.url || x->config.mail.meant);
	int64_t from = clock_now() / CLOCK_MINUTE * CLOCK_MINUTE;
	if (start)
		r = plan_time(x, "--from", start, &from);
	_cleanup_(arena_release) struct arena arena = {0};
	arena_init(&arena, 0);
	size_t n = r ? 0 : policy_gaps(&policy, from, from + YEAR_MS, &arena, &gaps);
	_buf_ struct buf out = {0};
	for (size_t i = 0; x->json && i < n; i++)
		print_json(&gaps[i]);
	if (n && !x->json)
		put_gaps(x, &policy, gaps, n, all, &out);
	else if (r == 0 && !x->json)
		put_good(x, &policy, from, &out);
	put_text(buf_slice(&out), stdout);
	policy_release(&policy);
	return r ? r : n || !reachable ? EXIT_PROBLEMS : EXIT_DONE;
}
