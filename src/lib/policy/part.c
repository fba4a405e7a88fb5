/* SPDX-License-Identifier: GPL-3.0-or-later
 * One map of the policy, read key by key. */
#include "private.h"
#include <tocsin/base/buf.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>

bool part_open(struct load *l, const struct yaml_node *node, const struct yaml_key *keys,
	size_t n_keys, const char *what, struct part *ret)
{
	if (node->type != YAML_MAP) {
		yaml_problem(l->f, node, l->p, "écrivez {id: …, …}, ou une clé par ligne",
			"%s : une suite de « clé: valeur » est attendue", what);
		return false;
	}
	yaml_check_keys(l->f, node, keys, n_keys, l->p);
	*ret = (struct part){l, node, keys, n_keys};
	return true;
}

const struct yaml_node *part_get(const struct part *part, const char *english)
{
	return yaml_get(part->map, english, part->keys, part->n_keys);
}

const char *part_text(const struct part *part, const char *english, const char *fallback)
{
	const struct yaml_node *node = part_get(part, english);
	struct slice text;
	if (!node || yaml_string(part->l->f, node, &text, part->l->p) < 0)
		return fallback;
	if (text.n == 0 || memchr(text.p, 0, text.n)) {
		yaml_problem(part->l->f, node, part->l->p,
			"écrivez une valeur derrière les deux-points, ou retirez la ligne",
			"« %s » est vide", english);
		return fallback;
	}
	return arena_string(&part->l->policy->arena, text);
}

const char *part_path(const struct part *part, const char *english)
{
	const char *name = part_text(part, english, NULL);
	if (!name || name[0] == '/' || !part->l->folder)
		return name;
	_buf_ struct buf path = {0};
	buf_printf(&path, "%s/%s", part->l->folder, name);
	return arena_string(&part->l->policy->arena, buf_slice(&path));
}

const char *const *part_hosts(const struct part *part, const char *english)
{
	const struct yaml_node *list = part_get(part, english);
	size_t n = list_length(part->l, list, english);
	if (!n)
		return NULL;
	const char **hosts = arena_zero(&part->l->policy->arena, (n + 1) * sizeof(*hosts));
	for (size_t i = 0; i < n; i++) {
		struct slice text;
		if (yaml_string(part->l->f, list->items[i], &text, part->l->p) < 0)
			return NULL;
		hosts[i] = arena_string(&part->l->policy->arena, text);
	}
	return hosts;
}

const char *part_id(const struct part *part)
{
	const char *id = part_text(part, "id", NULL);
	if (!part_get(part, "id"))
		yaml_problem(part->l->f, part->map, part->l->p,
			"ajoutez id: un nom court, sans accent ni espace", "il manque « id »");
	return id ? yaml_id(part->l->f, part_get(part, "id"), id, part->l->p) : NULL;
}

void part_duration(const struct part *part, const char *english, int64_t min_ms, int64_t *ret)
{
	const struct yaml_node *node = part_get(part, english);
	int64_t v;
	if (!node || yaml_duration(part->l->f, node, &v, part->l->p) < 0)
		return;
	if (v < min_ms)
		yaml_problem(part->l->f, node, part->l->p,
			"allongez la durée : par exemple 15 min, 2 h", "« %s » est trop court",
			english);
	else
		*ret = v;
}

static bool scalar_of(const struct part *part, const char *english, struct slice *ret)
{
	const struct yaml_node *node = part_get(part, english);
	return node && yaml_string(part->l->f, node, ret, part->l->p) == 0;
}

static bool is_no(const struct part *part, const struct yaml_node *node)
{
	static const char *const words[] = {"no", "non", "false", "0"};
	struct slice text;
	if (yaml_string(part->l->f, node, &text, part->l->p) < 0)
		return false;
	for (size_t i = 0; i < COUNT(words); i++)
		if (slice_is(text, words[i]))
			return true;
	return false;
}

void part_duration_or_no(const struct part *part, const char *english, int64_t *ret)
{
	const struct yaml_node *node = part_get(part, english);
	if (node && node->type == YAML_SCALAR && is_no(part, node))
		*ret = 0;
	else
		part_duration(part, english, 0, ret);
}

/* What follows "par" or "per": a unit, or a duration. */
static bool limit_time(
	const struct part *part, const struct yaml_node *node, struct slice text, int64_t *ret)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"minute", CLOCK_MINUTE}, {"heure", CLOCK_HOUR}, {"hour", CLOCK_HOUR},
		{"jour", CLOCK_DAY}, {"day", CLOCK_DAY}};
	struct yaml_node time = *node;
	struct problems none = {0};
	for (size_t i = 0; i < COUNT(units); i++)
		if (slice_is(text, units[i].name)) {
			*ret = units[i].ms;
			return true;
		}
	time.text = text;
	bool good = yaml_duration(part->l->f, &time, ret, &none) == 0 && text.n &&
		*ret >= CLOCK_MINUTE && *ret <= CLOCK_DAY;
	problems_release(&none);
	return good;
}

void part_limit(const struct part *part, const char *english, struct policy_limit *ret)
{
	const struct yaml_node *node = part_get(part, english);
	struct slice text;
	struct policy_limit limit = {0};
	if (!node || yaml_string(part->l->f, node, &text, part->l->p) < 0)
		return;
	if (is_no(part, node)) {
		*ret = limit;
		return;
	}
	size_t i = 0;
	while (i < text.n && i < 4 && text.p[i] >= '0' && text.p[i] <= '9')
		limit.n = 10 * limit.n + (uint32_t)(text.p[i++] - '0');
	struct slice rest = {text.p + i, text.n - i};
	bool per =
		rest.n > 5 && (memcmp(rest.p, " par ", 5) == 0 || memcmp(rest.p, " per ", 5) == 0);
	if (per && limit.n && limit.n <= 1000 &&
		limit_time(part, node, (struct slice){rest.p + 5, rest.n - 5}, &limit.ms))
		*ret = limit;
	else
		yaml_problem(part->l->f, node, part->l->p,
			"6 par heure, 20 par jour, 3 par 30 min (un jour au plus) ; ou non",
			"« %s » : combien de messages, et en combien de temps ?", english);
}

bool part_minute(const struct part *part, const char *english, int *ret)
{
	struct slice text;
	if (!scalar_of(part, english, &text))
		return false;
	if (day_minute_parse(text, ret) == 0)
		return true;
	yaml_problem(part->l->f, part_get(part, english), part->l->p, "18:00, 8h30",
		"heure illisible : %.*s", (int)text.n, text.p);
	return false;
}

bool part_time(const struct part *part, const char *english, int64_t *ret_day, int *ret_minute)
{
	struct slice text;
	if (!scalar_of(part, english, &text))
		return false;
	if (day_time_parse(text, ret_day, ret_minute) == 0)
		return true;
	yaml_problem(part->l->f, part_get(part, english), part->l->p,
		"2027-08-15, ou 2027-08-15 18:00", "date illisible : %.*s", (int)text.n, text.p);
	return false;
}
