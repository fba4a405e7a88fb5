/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trend.h"

static const struct verb {
	const char *name, *french;
	int (*run)(struct context *x, int argc, char **argv);
} verbs[] = {
	{"topics", "sujets", trend_topics},
};

int command_trend(struct context *x, int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(argv[1], verbs[i].name) == 0 || strcmp(argv[1], verbs[i].french) == 0)
			return verbs[i].run(x, argc - 1, argv + 1);
	return complain(x, EXIT_MISUSE, _w(x, "trend : que chercher ? Voir « tocsin help trend »"));
}
