/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "change.h"
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>

/* --- reading it */

static int bad(struct context *x, const char *text)
{
	return complain(x, EXIT_MISUSE,
		_w(x, "--if %s : on attend par exemple jaune=3, emergent=5, topic:cantine=high, source:facebook=2 h, absent:morel=dupont, quiet=21:00-07:30 ou trial=dircom"),
		text);
}

static bool read_sensitivity(struct change *c)
{
	static const char *const spellings[][2] = {[TREND_NORMAL] = {"normal", "normale"},
		[TREND_HIGH] = {"high", "forte"},
		[TREND_LOW] = {"low", "faible"},
		[TREND_OFF] = {"off", "aucune"}};
	for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++)
		for (size_t k = 0; k < 2; k++)
			if (slice_is(c->value, spellings[i][k])) {
				c->sensitivity = (enum trend_sensitivity)i;
				return true;
			}
	return false;
}

static bool read_quiet(struct change *c)
{
	const char *dash = c->value.n ? memchr(c->value.p, '-', c->value.n) : NULL;
	int from;
	if (c->none || !dash)
		return c->none;
	const struct slice before = {c->value.p, (size_t)(dash - c->value.p)};
	const struct slice after = {dash + 1, c->value.n - before.n - 1};
	if (day_minute_parse(before, &from) < 0 || day_minute_parse(after, &c->to) < 0)
		return false;
	c->number = from;
	return true;
}

/* The silence's length, as tocsin.yaml writes it: of a text that ends where the value does. */
static bool read_silence(struct context *x, struct change *c)
{
	return option_duration(x, "if", c->value.p, &c->number) == 0 && c->number > 0;
}

static bool read_value(struct context *x, struct change *c)
{
	switch (c->kind) {
	case CHANGE_FLOOR:
		return slice_number(c->value, &c->number) && c->number >= 2 && c->number <= 10000;
	case CHANGE_EMERGENT: return slice_number(c->value, &c->number) && c->number <= 1000;
	case CHANGE_TOPIC: return c->name.n && read_sensitivity(c);
	case CHANGE_SOURCE: return c->name.n && read_silence(x, c);
	case CHANGE_ABSENT: return c->name.n;
	case CHANGE_QUIET: return read_quiet(c);
	case CHANGE_TRIAL: return c->value.n;
	case CHANGE_NONE:
	default: return false;
	}
}

int change_parse(struct context *x, const char *text, struct change *ret)
{
	static const struct {
		const char *english, *french;
		enum change_kind kind;
		bool named;
	} kinds[] = {{"jaune", "jaune", CHANGE_FLOOR, false},
		{"orange", "orange", CHANGE_FLOOR, false}, {"rouge", "rouge", CHANGE_FLOOR, false},
		{"emergent", "émergents", CHANGE_EMERGENT, false},
		{"topic", "sujet", CHANGE_TOPIC, true}, {"source", "source", CHANGE_SOURCE, true},
		{"absent", "absent", CHANGE_ABSENT, true}, {"quiet", "calme", CHANGE_QUIET, false},
		{"trial", "rodage", CHANGE_TRIAL, false}};
	const char *equals = strchr(text, '=');
	struct slice what = {text, equals ? (size_t)(equals - text) : 0};
	const char *colon = what.n ? memchr(what.p, ':', what.n) : NULL;
	*ret = (struct change){0};
	if (!equals)
		return bad(x, text);
	ret->value = slice_of(equals + 1);
	ret->none = slice_is(ret->value, "no") || slice_is(ret->value, "non");
	if (colon) {
		ret->name = (struct slice){colon + 1, (size_t)(equals - colon) - 1};
		what.n = (size_t)(colon - text);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if ((slice_is(what, kinds[i].english) || slice_is(what, kinds[i].french)) &&
			kinds[i].named == (colon != NULL)) {
			ret->kind = kinds[i].kind;
			ret->floor = i;
		}
	return read_value(x, ret) ? 0 : bad(x, text);
}

bool change_is_of_policy(const struct change *c)
{
	return c->kind >= CHANGE_ABSENT;
}

/* --- the configuration and the rules */

static int change_source(
	struct context *x, const struct change *c, struct arena *arena, struct config *ret)
{
	const size_t n = x->config.n_sources;
	ret->sources = arena_alloc(arena, (n + 1) * sizeof(*ret->sources));
	if (n)
		memcpy(ret->sources, x->config.sources, n * sizeof(*ret->sources));
	for (size_t i = 0; i < n; i++)
		if (slice_is(c->name, ret->sources[i].id)) {
			ret->sources[i].silence_ms = c->number;
			return 0;
		}
	return complain(x, EXIT_MISUSE, _w(x, "source inconnue : %.*s"), (int)c->name.n, c->name.p);
}

int change_config(
	struct context *x, const struct change *c, struct arena *arena, struct config *ret)
{
	*ret = x->config;
	if (c->kind == CHANGE_FLOOR)
		ret->floors[c->floor] = c->number;
	if (c->kind == CHANGE_EMERGENT)
		ret->emergent_a_day = c->number;
	return c->kind == CHANGE_SOURCE ? change_source(x, c, arena, ret) : 0;
}

int change_rules(struct context *x, const struct change *c, struct town_spec *ret)
{
	if (c->kind != CHANGE_TOPIC)
		return 0;
	for (size_t i = 0; i < ruleset_count(ret->rules); i++) {
		const struct rule_info info = ruleset_info(ret->rules, i);
		if (!info.topic || !slice_equal(info.id, c->name))
			continue;
		ret->topic = info.id;
		ret->title = info.title;
		ret->sensitivity = c->sensitivity;
		return 0;
	}
	return complain(x, EXIT_MISUSE, _w(x, "sujet inconnu : %.*s"), (int)c->name.n, c->name.p);
}

/* --- the policy */

static struct yaml_node *name_node(struct arena *a, const char *text)
{
	struct yaml_node *node = arena_zero(a, sizeof(*node));
	node->type = YAML_SCALAR;
	node->text = slice_of(text);
	return node;
}

static bool is_key(const struct yaml_node *node, const struct yaml_key *key)
{
	return slice_is(node->text, key->english) || slice_is(node->text, key->french);
}

/* The map with another value under the key; NULL: without the key. */
static struct yaml_node *put(struct arena *a, const struct yaml_node *map,
	const struct yaml_key *key, struct yaml_node *value)
{
	struct yaml_node *ret = arena_zero(a, sizeof(*ret));
	const size_t n = map && map->type == YAML_MAP ? map->n : 0;
	ret->type = YAML_MAP;
	ret->keys = arena_alloc(a, (n + 1) * sizeof(*ret->keys));
	ret->items = arena_alloc(a, (n + 1) * sizeof(*ret->items));
	for (size_t i = 0; i < n; i++) {
		if (is_key(map->keys[i], key))
			continue;
		ret->keys[ret->n] = map->keys[i];
		ret->items[ret->n++] = map->items[i];
	}
	if (value) {
		ret->keys[ret->n] = name_node(a, key->english);
		ret->items[ret->n++] = value;
	}
	return ret;
}

static void write_value(const struct change *c, int64_t from, struct buf *out)
{
	const struct local_time day = clock_local(from);
	if (c->kind == CHANGE_QUIET)
		buf_printf(out, "[{levels: [jaune, gris], from: '%02d:%02d', to: '%02d:%02d'}]",
			(int)c->number / 60, (int)c->number % 60, c->to / 60, c->to % 60);
	else
		buf_printf(out, "{start: %04d-%02d-%02d, period: 92 j, tell: '%.*s'}", day.year,
			day.month, day.day, (int)c->value.n, c->value.p);
}

static int load(struct context *x, const struct yaml_file *file, struct policy *ret)
{
	struct problems problems = {0};
	int r = policy_load(file, x->loaded ? x->config.folder : ".", ret, &problems);
	if (r < 0)
		print_problems(x, &problems);
	problems_release(&problems);
	return r < 0 ? EXIT_PROBLEMS : 0;
}

/* As if the file said so under `policy`. */
static int load_with(struct context *x, const struct change *c, const struct yaml_file *file,
	int64_t from, struct policy *ret)
{
	static const struct yaml_key section = {"policy", "politique"}, quiet = {"quiet", "calme"},
				     trial = {"trial", "rodage"};
	struct problems problems = {0};
	struct yaml_file said = {0};
	struct yaml_file changed = *file;
	struct arena arena;
	_buf_ struct buf text = {0};
	arena_init(&arena, 0);
	write_value(c, from, &text);
	int r = yaml_read_text("--if", buf_slice(&text), &said, &problems);
	if (r == 0) {
		const struct yaml_node *map = yaml_get(file->root, "policy", &section, 1);
		struct yaml_node *with = put(&arena, map, c->kind == CHANGE_QUIET ? &quiet : &trial,
			c->none ? NULL : said.root);
		changed.root = put(&arena, file->root, &section, with);
		changed.path = "--if";
		r = load(x, &changed, ret);
	} else {
		print_problems(x, &problems);
		r = EXIT_PROBLEMS;
	}
	problems_release(&problems);
	yaml_release(&said);
	arena_release(&arena);
	return r;
}

int change_policy(struct context *x, const struct change *c, const struct yaml_file *file,
	int64_t from, struct policy *ret)
{
	const struct slice people[] = {c->name, c->value};
	int r = c->kind == CHANGE_QUIET || c->kind == CHANGE_TRIAL
		? load_with(x, c, file, from, ret)
		: load(x, file, ret);
	for (size_t i = 0; r == 0 && c->kind == CHANGE_ABSENT && i < 2; i++)
		if (people[i].n && !policy_person(ret, people[i]))
			r = complain(x, EXIT_MISUSE, _w(x, "personne inconnue : %.*s"),
				(int)people[i].n, people[i].p);
	return r;
}

bool change_absence(const struct change *c, struct absence *ret)
{
	*ret = (struct absence){.person = c->name,
		.substitute = c->value,
		.from = 0,
		.to = INT64_MAX / 2,
		.who = c->name};
	return c->kind == CHANGE_ABSENT;
}
