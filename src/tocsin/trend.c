/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trend.h"
#include <tocsin/base/problem.h>

static const struct {
	const char *name, *french;
	int (*run)(struct context *x, int argc, char **argv);
} verbs[] = {
	{"series", "séries", command_trend_series},
	{"topics", "sujets", command_trend_topics},
	{"volumes", "volume", command_trend_volumes},
	{"adopt", "adopter", command_trend_adopt},
};

int command_trend(struct context *x, int argc, char **argv)
{
	const char *names[2 * sizeof(verbs) / sizeof(*verbs)];
	size_t n = 0;
	if (argc < 2 || strncmp(argv[1], "--", 2) == 0)
		return complain(x, EXIT_MISUSE, "%s",
			_w(x, "il manque un verbe : « tocsin help trend » les montre"));
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) == 0 || strcmp(argv[1], verbs[i].french) == 0)
			return verbs[i].run(x, argc - 1, argv + 1);
		names[n++] = verbs[i].name;
		names[n++] = verbs[i].french;
	}
	const char *near = problem_did_you_mean(slice_of(argv[1]), names, n);
	if (near)
		return complain(x, EXIT_MISUSE,
			_w(x, "verbe inconnu : %s (vouliez-vous dire « %s » ?)"), argv[1], near);
	return complain(x, EXIT_MISUSE,
		_w(x, "verbe inconnu : %s ; « tocsin help trend » les montre"), argv[1]);
}
