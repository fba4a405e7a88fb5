/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin exercice: rehearses the chain of a level for real. Store opens a drill, tocsin-escalate walks the plan's steps
 * as for any other incident; every message says EXERCICE. Whoever acknowledges it ends it. */
#include "exercice.h"
#include <pwd.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/json/json.h>
#include "policy.h"
#include "table.h"

enum { WHO_MAX = 100, TITLE_MAX = 250 };

struct planned {
	struct context *x;
	struct table table;
	struct buf out;
};

/* Who types this; root behind sudo is told by his own name. */
static const char *own_name(void)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *me = getpwuid(getuid());
	return sudo && *sudo ? sudo : me ? me->pw_name : "?";
}

struct sought {
	struct slice topic;
	char *title; /* of its last incident */
};

static int on_incident(void *user, const struct incident *i)
{
	struct sought *s = user;
	if (i->kind != INCIDENT_DRILL && i->title.n && slice_equal(i->topic, s->topic)) {
		free(s->title);
		s->title = xstrndup(i->title.p, i->title.n);
	}
	return 0;
}

/* A topic as people know it, when it has rung before; else as it is written. */
static char *title_of(struct context *x, const char *topic)
{
	struct sought s = {.topic = slice_of(topic)};
	struct error e;
	if (topic && reader_incidents(x->reader, true, on_incident, &s, &e) < 0)
		(void)complain(x, 0, "%s", e.text);
	return s.title ? s.title : xstrdup(topic ? topic : "");
}

static void on_planned(void *user, const struct policy_notice *n)
{
	struct planned *p = user;
	if (p->x->json) {
		plan_put_json(n, &p->out);
		buf_add_char(&p->out, '\n');
	} else {
		plan_put_row(p->x, n, &p->table);
	}
}

static void put_head(struct planned *p, const struct drill *d, enum policy_chain chain)
{
	struct context *x = p->x;
	if (x->json) {
		struct json_writer w = {.out = &p->out};
		json_w_begin(&w, '{');
		json_w_number(&w, "drill", d->id);
		json_w_text(&w, "level", slice_of(policy_chain_names[chain]));
		json_w_time(&w, "opened_at", d->opened_at);
		json_w_end(&w, '}');
		buf_add_char(&p->out, '\n');
		return;
	}
	buf_printf(&p->out, _w(x, "EXERCICE n° %lld, %s. Si personne ne répond sont appelés :\n"),
		(long long)d->id, plan_level_name(x, chain));
}

/* Who is called, when and by what, as long as nobody answers. */
static void print_plan(struct context *x, const struct policy *policy, enum policy_chain chain,
	const struct drill *d)
{
	struct planned p = {.x = x};
	struct incident i = plan_incident(chain, d->opened_at);
	const struct incident drill = {.kind = INCIDENT_DRILL};
	plan_table(x, &p.table);
	put_head(&p, d, chain);
	plan_play(policy_for(policy, &drill), &i, PLAN_SHOWN_MS, on_planned, &p);
	if (!x->json) {
		table_print(&p.table, x->terminal, &p.out);
		buf_printf(&p.out,
			_w(x, "Pour répondre : tocsin ack %lld --who NOM ; pour l'arrêter : tocsin close %lld --who NOM\n"),
			(long long)d->id, (long long)d->id);
	}
	put_text(buf_slice(&p.out), stdout);
	fflush(stdout);
	table_release(&p.table);
	buf_release(&p.out);
}

static int open_drill(struct context *x, const struct drill_request *q, struct drill *ret)
{
	_buf_ struct buf body = {0}, reply = {0};
	drill_encode(&body, q);
	int r = ask_store(x, REQUEST_DRILL, buf_slice(&body), &reply);
	if (r)
		return r;
	struct wire w = wire_reader(buf_slice(&reply));
	ret->id = wire_i64(&w);
	ret->opened_at = wire_i64(&w);
	bool fresh = wire_u8(&w);
	if (!wire_done(&w))
		return complain(x, EXIT_PROBLEMS, "%s", _w(x, "réponse illisible"));
	return fresh
		? 0
		: complain(x, EXIT_PROBLEMS,
			  _w(x, "un exercice de ce niveau est déjà en cours : « tocsin close %lld --who NOM » l'arrête"),
			  (long long)ret->id);
}

static int rehearse(
	struct context *x, enum policy_chain chain, struct drill_request *q, struct drill *d)
{
	struct policy policy;
	int r = plan_load(x, &policy);
	if (r)
		return r;
	q->level = slice_of(policy_chain_names[chain]);
	r = open_drill(x, q, d);
	if (r == 0) {
		print_plan(x, &policy, chain, d);
		tell_no_relay(x);
	}
	policy_release(&policy);
	return r;
}

static int check_text(struct context *x, const char *name, const char *text, size_t max)
{
	if (strlen(text) > max)
		return complain(x, EXIT_MISUSE, _w(x, "--%s : %zu octets au plus"), name, max);
	return 0;
}

int command_exercice(struct context *x, int argc, char **argv)
{
	const char *level = "orange", *topic = NULL, *as = NULL, *who = own_name(), *span = NULL;
	bool alone = false;
	enum policy_chain chain = CHAIN_NONE;
	struct drill d = {0};
	const struct option_spec specs[] = {{"level", "niveau", NULL, &level},
		{"topic", "sujet", NULL, &topic}, {"as", "comme", NULL, &as},
		{"who", "qui", NULL, &who}, {"for", "pendant", NULL, &span},
		{"no-wait", "sans-attendre", &alone, NULL}};
	int r = options_parse(x, specs, 6, &argc, argv);
	if (r == 0)
		r = options_words(x, "exercice", argc, 0, 0);
	if (r == 0)
		r = plan_level(x, level, &chain);
	if (r == 0)
		r = check_text(x, "as", as ? as : topic ? topic : "", TITLE_MAX);
	if (r == 0)
		r = check_text(x, "who", who, WHO_MAX);
	if (r == 0 && span)
		r = option_duration(x, "--for", span, &d.patience);
	if (r == 0)
		r = need_reader(x);
	if (r)
		return r;
	_free_ char *title = as ? xstrdup(as) : title_of(x, topic);
	struct drill_request q = {.title = slice_of(title), .who = slice_of(who)};
	r = rehearse(x, chain, &q, &d);
	return r || alone ? r : drill_follow(x, &d);
}
