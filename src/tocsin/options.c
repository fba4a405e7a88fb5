/* SPDX-License-Identifier: GPL-3.0-or-later
 * Options of the subcommands: two spellings, anywhere on the line, "did you mean" when one is unknown. */
#include "command.h"
#include <tocsin/base/clock.h>
#include <tocsin/base/problem.h>
#include <tocsin/calendar/day.h>

enum { OPTIONS_MAX = 32 };

static const struct option_spec *find(
	const struct option_spec *specs, size_t n, const char *name, size_t length)
{
	struct slice typed = {name, length};
	for (size_t i = 0; i < n; i++)
		if (slice_is(typed, specs[i].name) ||
			(specs[i].french && slice_is(typed, specs[i].french)))
			return &specs[i];
	return NULL;
}

static int unknown(struct context *x, const struct option_spec *specs, size_t n, const char *name,
	size_t length)
{
	const char *names[2 * OPTIONS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		names[count++] = specs[i].name;
		if (specs[i].french)
			names[count++] = specs[i].french;
	}
	const char *near = problem_did_you_mean((struct slice){name, length}, names, count);
	if (near)
		return complain(x, EXIT_MISUSE,
			_w(x, "option inconnue : --%.*s (vouliez-vous dire --%s ?)"), (int)length,
			name, near);
	return complain(x, EXIT_MISUSE, _w(x, "option inconnue : --%.*s"), (int)length, name);
}

/* One option at argv[*i]; steps over its value. */
static int take(
	struct context *x, const struct option_spec *specs, size_t n, int argc, char **argv, int *i)
{
	const char *name = argv[*i] + 2;
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_spec *spec = find(specs, n, name, length);
	if (!spec)
		return unknown(x, specs, n, name, length);
	if (spec->flag) {
		if (equals)
			return complain(x, EXIT_MISUSE, _w(x, "l'option --%s n'a pas de valeur"),
				spec->name);
		*spec->flag = true;
		return 0;
	}
	if (equals)
		*spec->value = equals + 1;
	else if (*i + 1 < argc)
		*spec->value = argv[++*i];
	else
		return complain(
			x, EXIT_MISUSE, _w(x, "il manque une valeur après --%s"), spec->name);
	return 0;
}

int options_parse(
	struct context *x, const struct option_spec *specs, size_t n, int *argc, char **argv)
{
	const char *lang = NULL, *config = NULL;
	struct option_spec all[OPTIONS_MAX] = {
		{"config", "configuration", NULL, &config},
		{"lang", "langue", NULL, &lang},
		{"json", NULL, &x->json, NULL},
	};
	size_t count = 3;
	for (size_t i = 0; i < n && count < OPTIONS_MAX; i++)
		all[count++] = specs[i];
	int kept = 0;
	bool rest = false;
	for (int i = 1; i < *argc; i++) {
		if (!rest && strcmp(argv[i], "--") == 0) {
			rest = true;
		} else if (!rest && strncmp(argv[i], "--", 2) == 0) {
			int r = take(x, all, count, *argc, argv, &i);
			if (r)
				return r;
		} else {
			argv[kept++] = argv[i];
		}
	}
	*argc = kept;
	if (lang)
		x->lang = words_lang_of(lang);
	if (config)
		x->config_path = config;
	return 0;
}

int options_words(struct context *x, const char *command, int argc, int min, int max)
{
	if (argc >= min && argc <= max)
		return 0;
	return complain(x, EXIT_MISUSE,
		argc < min ? _w(x, "il manque quelque chose : voir « tocsin help %s »")
			   : _w(x, "un mot de trop : voir « tocsin help %s »"),
		command);
}

int option_number(struct context *x, const char *name, const char *text, int64_t min, int64_t max,
	int64_t *ret)
{
	char *end;
	long long v = strtoll(text, &end, 10);
	if (!*text || *end || v < min || v > max)
		return complain(x, EXIT_MISUSE, _w(x, "%s : un nombre de %lld à %lld est attendu"),
			name, (long long)min, (long long)max);
	*ret = v;
	return 0;
}

int option_duration(struct context *x, const char *name, const char *text, int64_t *ret_ms)
{
	static const struct {
		const char *word;
		int64_t ms;
	} units[] = {{"s", CLOCK_SECOND}, {"m", CLOCK_MINUTE}, {"min", CLOCK_MINUTE},
		{"h", CLOCK_HOUR}, {"j", CLOCK_DAY}, {"d", CLOCK_DAY}};
	char *end;
	long long v = strtoll(text, &end, 10);
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (end != text && v > 0 && v < 1000000 && strcmp(end, units[i].word) == 0) {
			*ret_ms = v * units[i].ms;
			return 0;
		}
	return complain(x, EXIT_MISUSE,
		_w(x, "%s : une durée est attendue, par exemple 60min, 2h ou 3j"), name);
}

int option_date(struct context *x, const char *text, int64_t otherwise, int64_t *ret)
{
	int64_t day;
	int minute;
	*ret = otherwise;
	if (text && day_time_parse(slice_of(text), &day, &minute) == 0)
		*ret = day_instant(day, minute < 0 ? 0 : minute);
	else if (text && clock_parse(slice_of(text), ret) < 0)
		return complain(x, EXIT_MISUSE,
			_w(x, "« %s » : une date est attendue, par exemple 03/11/2026, 2026-11-03 ou 2026-11-03T08:00:00Z"),
			text);
	return 0;
}

bool option_is(const char *word, const char *english, const char *french)
{
	return strcmp(word, english) == 0 || strcmp(word, french) == 0;
}
