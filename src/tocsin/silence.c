/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin silence: a topic is mute for a while. A slip of the pen must not pass for a silence: the topic is one of the
 * published rules, of the counts or of an incident, unless who asks insists. */
#include "change.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/problem.h>
#include <tocsin/record/category.h>
#include <tocsin/rules/rules.h>

enum { NAMES_MAX = 10000 };

struct names {
	char **list;
	size_t n;
};

static void add(struct names *s, const char *prefix, struct slice name)
{
	if (s->n == NAMES_MAX || !name.n)
		return;
	s->list = xreallocarray(s->list, s->n + 1, sizeof(*s->list));
	s->list[s->n++] = xasprintf("%s%.*s", prefix, (int)name.n, name.p);
}

static void names_release(struct names *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i]);
	free(s->list);
}

static int add_incident(void *user, const struct incident *i)
{
	add(user, "", i->topic);
	return 0;
}

/* False: the published rules cannot be read, and nothing can be said against a topic. */
static bool add_published(struct context *x, struct names *s)
{
	struct problems p = {0};
	struct ruleset *rules = NULL;
	struct error e = {0};
	char hash[65];
	if (reader_bundle(x->reader, hash, &e) < 0 || !*hash)
		return false;
	_free_ char *path = xasprintf("%s/bundles/%s", x->config.state_dir, hash);
	int r = ruleset_load_names(path, &rules, &p);
	problems_release(&p);
	if (r < 0)
		return false;
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		const struct rule_info rule = ruleset_info(rules, i);
		if (rule.topic)
			add(s, "", rule.id);
	}
	ruleset_free(rules);
	return true;
}

static int check_topic(struct context *x, const char *topic)
{
	_cleanup_(names_release) struct names s = {0};
	struct error e = {0};
	add(&s, "", SLICE("whole"));
	for (size_t i = 0; i < CATEGORIES; i++) {
		add(&s, INCIDENT_CATEGORY_TOPIC, slice_of(categories[i]));
		add(&s, "P1:", slice_of(categories[i]));
	}
	for (size_t i = 0; i < x->config.n_sources; i++)
		add(&s, "source:", slice_of(x->config.sources[i].id));
	if (!add_published(x, &s) || reader_incidents(x->reader, true, add_incident, &s, &e) < 0)
		return 0;
	for (size_t i = 0; i < s.n; i++)
		if (strcmp(s.list[i], topic) == 0)
			return 0;
	const char *near = problem_did_you_mean(slice_of(topic), (const char *const *)s.list, s.n);
	if (near)
		return complain(x, EXIT_MISUSE,
			_w(x, "sujet inconnu : %s (vouliez-vous dire « %s » ?) ; --force passe outre"),
			topic, near);
	return complain(x, EXIT_MISUSE, _w(x, "sujet inconnu : %s ; --force passe outre"), topic);
}

int command_silence(struct context *x, int argc, char **argv)
{
	const char *who = NULL, *duration = NULL, *reason = NULL;
	bool force = false;
	int64_t ms = 0;
	const struct option_spec specs[] = {{"who", "qui", NULL, &who},
		{"for", "pour", NULL, &duration}, {"reason", "raison", NULL, &reason},
		{"force", "forcer", &force, NULL}};
	int r = options_parse(x, specs, 4, &argc, argv);
	if (r == 0)
		r = options_words(x, "silence", argc, 1, 1);
	if (r == 0)
		r = change_signed(x, who, "");
	if (r == 0)
		r = change_required(x, "reason", reason, CHANGE_TEXT_MAX);
	if (r == 0)
		r = change_required(x, "for", duration, CHANGE_WHO_MAX);
	if (r == 0)
		r = option_duration(x, "--for", duration, &ms);
	if (r == 0)
		r = need_reader(x);
	if (r == 0 && !force)
		r = check_topic(x, argv[0]);
	if (r)
		return r;
	_buf_ struct buf body = {0}, done = {0};
	const struct silence_request request = {
		slice_of(argv[0]), town_clock(x) + ms, slice_of(who), slice_of(reason)};
	char at[CLOCK_TEXT];
	silence_encode(&body, &request);
	buf_printf(
		&done, _w(x, "ce sujet se tait jusqu'au %s"), clock_format_dhm(request.until, at));
	return change_ask(x, REQUEST_SILENCE, &body, buf_string(&done));
}
