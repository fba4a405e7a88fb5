/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules check|test: every problem of the packs at once; the examples that authors wrote. */
#include "command.h"
#include "packs.h"

int packs_load(struct context *x, const char *folder, struct ruleset **ret)
{
	struct problems p = {0};
	if (!folder && access(config_find(x->config_path), F_OK) == 0) {
		int r = need_config(x);
		if (r)
			return r;
		folder = x->config.rules_dir;
	}
	if (!folder)
		folder = TOCSIN_RULES;
	int r = ruleset_load(folder, ret, &p);
	print_problems(x, &p);
	if (r < 0 && p.errors == 0)
		complain(x, EXIT_PROBLEMS, "%s : %s", folder, strerror(-r));
	problems_release(&p);
	return r < 0 ? EXIT_PROBLEMS : 0;
}

static int check(struct context *x, const struct ruleset *rules)
{
	size_t topics = 0, n = ruleset_count(rules);
	for (size_t i = 0; i < n; i++)
		topics += ruleset_info(rules, i).topic;
	printf(_w(x, "%zu règles et %zu sujets, sans erreur ; empreinte %.12s\n"), n - topics,
		topics, ruleset_hash(rules));
	return EXIT_DONE;
}

static int test(struct context *x, const struct ruleset *rules)
{
	struct problems p = {0};
	struct ruleset_tests n;
	int r = ruleset_test(rules, &n, &p);
	print_problems(x, &p);
	problems_release(&p);
	printf(_w(x, "%zu exemples réussis, %zu manqués, %zu à faire\n"), n.passed, n.failed,
		n.todo);
	return r < 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

int command_rules(struct context *x, int argc, char **argv)
{
	static const struct {
		const char *name, *french;
		int (*run)(struct context *x, const struct ruleset *rules);
	} verbs[] = {{"check", "vérifier", check}, {"test", "essayer", test}};
	struct ruleset *rules = NULL;
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 1, 2);
	if (r)
		return r;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(argv[0], verbs[i].name) != 0 && strcmp(argv[0], verbs[i].french) != 0)
			continue;
		r = packs_load(x, argc > 1 ? argv[1] : NULL, &rules);
		if (r == 0)
			r = verbs[i].run(x, rules);
		ruleset_free(rules);
		return r;
	}
	return complain(
		x, EXIT_MISUSE, _w(x, "« rules %s » n'existe pas : check ou test"), argv[0]);
}
