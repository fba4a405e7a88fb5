/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules: the verbs, and those that only load packs. */
#include "author.h"
#include "cases.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/problem.h>

int rules_folder(struct context *x, const char *given, const char **ret)
{
	*ret = given;
	if (!given && access(config_find(x->config_path), F_OK) == 0) {
		int r = need_config(x);
		if (r)
			return r;
		*ret = x->config.rules_dir;
	}
	if (!*ret)
		*ret = config_shipped_rules();
	return 0;
}

bool rules_is_town(const struct context *x, const char *folder)
{
	_free_ char *a = realpath(folder, NULL), *b = realpath(x->config.rules_dir, NULL);
	return a && b && strcmp(a, b) == 0;
}

/* lint: what is doubtful is said too. */
static int load(struct context *x, const char *given, bool lint, enum report_format format,
	struct ruleset **ret, struct problems *p)
{
	const char *folder;
	int r = rules_folder(x, given, &folder);
	if (r)
		return r;
	r = lint ? ruleset_check(folder, clock_now(), ret, p) : ruleset_load(folder, ret, p);
	if (r < 0 && p->errors == 0)
		problem_add(p, PROBLEM_ERROR, folder, 0, 0,
			"vérifiez que ce dossier existe, et que tocsin a le droit de le lire", "%s",
			strerror(-r));
	report(x, p, format);
	return r < 0 ? EXIT_PROBLEMS : 0;
}

int packs_load(struct context *x, const char *folder, struct ruleset **ret)
{
	struct problems p = {0};
	int r = load(x, folder, false, REPORT_TEXT, ret, &p);
	problems_release(&p);
	return r;
}

/* --format and the folder, for the verbs that take no more; and --strict where it is asked for. */
static int words_of(struct context *x, int argc, char **argv, const char **folder,
	enum report_format *format, bool *strict)
{
	const char *word = NULL;
	const struct option_spec options[] = {
		{"format", NULL, NULL, &word}, {"strict", NULL, strict, NULL}};
	int r = options_parse(x, options, strict ? 2 : 1, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 0, 1);
	if (r == 0)
		r = report_format_of(x, word, format);
	*folder = argc > 0 ? argv[0] : NULL;
	return r;
}

/* What was read, and with how much doubt. */
static void sum_up(const struct context *x, const struct ruleset *rules, size_t warnings)
{
	size_t topics = 0, n = ruleset_count(rules);
	for (size_t i = 0; i < n; i++)
		topics += ruleset_info(rules, i).topic;
	printf(words_n(x->lang, "%zu règle", "%zu règles", n - topics), n - topics);
	printf(words_n(x->lang, " et %zu sujet, sans erreur", " et %zu sujets, sans erreur",
		       topics),
		topics);
	if (warnings)
		printf(words_n(x->lang, ", %zu avertissement", ", %zu avertissements", warnings),
			warnings);
	printf(_w(x, " ; empreinte %.12s\n"), ruleset_hash(rules));
}

int rules_check(struct context *x, int argc, char **argv)
{
	const char *folder;
	enum report_format format;
	bool strict = false;
	struct ruleset *rules = NULL;
	struct problems p = {0};
	int r = words_of(x, argc, argv, &folder, &format, &strict);
	if (r)
		return r;
	r = load(x, folder, true, format, &rules, &p);
	if (r == 0 && format == REPORT_TEXT)
		sum_up(x, rules, p.n);
	if (r == 0 && strict && p.n)
		r = EXIT_PROBLEMS;
	problems_release(&p);
	ruleset_free(rules);
	return r;
}

int rules_test(struct context *x, int argc, char **argv)
{
	const char *folder;
	enum report_format format;
	struct ruleset *rules = NULL;
	struct problems p = {0};
	struct ruleset_tests n;
	struct cases_result cases;
	int r = words_of(x, argc, argv, &folder, &format, NULL);
	if (r)
		return r;
	r = load(x, folder, false, REPORT_TEXT, &rules, &p);
	problems_release(&p);
	if (r)
		return r;
	r = ruleset_test(rules, &n, &p);
	cases_play(x, rules, &cases, &p);
	if (cases.failed)
		r = -EINVAL;
	report(x, &p, format);
	problems_release(&p);
	if (format == REPORT_TEXT)
		printf(_w(x, "%zu exemples réussis, %zu manqués, %zu à faire\n"), n.passed,
			n.failed, n.todo);
	if (format == REPORT_TEXT && cases.passed + cases.failed)
		printf(_w(x, "%zu cas réussis, %zu manqués\n"), cases.passed, cases.failed);
	ruleset_free(rules);
	return r < 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

static const struct verb {
	const char *name, *french;
	int (*run)(struct context *x, int argc, char **argv);
} verbs[] = {
	{"check", "vérifier", rules_check},
	{"test", "essayer", rules_test},
	{"explain", "expliquer", rules_explain},
	{"try", "tâter", rules_try},
	{"backtest", "rejouer", rules_backtest},
	{"diff", "comparer", rules_diff},
	{"fmt", "formater", rules_fmt},
	{"list", "lister", rules_list},
	{"missed", "oublis", rules_missed},
	{"push", "publier", rules_push},
	{"pull", "reprendre", rules_pull},
	{"log", "journal", rules_log},
	{"rollback", "revenir", rules_rollback},
	{"sign", "signer", rules_sign},
	{"follow", "suivre", rules_follow},
	{"unfollow", "lâcher", rules_unfollow},
};

/* Brings the verb to argv[1]: --config, --lang and --json may stand before it. False when there is none. */
static bool find_verb(int argc, char **argv)
{
	int i = 1;
	while (i < argc && strncmp(argv[i], "--", 2) == 0)
		i += strchr(argv[i], '=') || strcmp(argv[i], "--json") == 0 ? 1 : 2;
	if (i >= argc)
		return false;
	char *verb = argv[i];
	memmove(argv + 2, argv + 1, (size_t)(i - 1) * sizeof(*argv));
	argv[1] = verb;
	return true;
}

int command_rules(struct context *x, int argc, char **argv)
{
	const char *names[2 * sizeof(verbs) / sizeof(*verbs)], *near;
	size_t n = 0;
	if (!find_verb(argc, argv))
		return options_words(x, "rules", 0, 1, 1);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) == 0 || strcmp(argv[1], verbs[i].french) == 0)
			return verbs[i].run(x, argc - 1, argv + 1);
		names[n++] = verbs[i].name;
		names[n++] = verbs[i].french;
	}
	near = problem_did_you_mean(slice_of(argv[1]), names, n);
	if (near)
		return complain(x, EXIT_MISUSE,
			_w(x, "« rules %s » n'existe pas (vouliez-vous dire « %s » ?)"), argv[1],
			near);
	return complain(x, EXIT_MISUSE,
		_w(x, "« rules %s » n'existe pas : voir « tocsin help rules »"), argv[1]);
}
