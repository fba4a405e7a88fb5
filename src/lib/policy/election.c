/* SPDX-License-Identifier: GPL-3.0-or-later
 * Election periods: days on which the law asks the town to be careful with what it publishes. */
#include <tocsin/calendar/day.h>
#include "private.h"

static const struct yaml_key election_keys[] = {
	{"title", "titre"}, {"from", "du"}, {"to", "au"}, {"candidates", "candidats"}};

enum { NAME_MIN = 3, NAME_MAX = 100 };

static void read_candidates(
	struct load *l, const struct yaml_node *list, struct policy_election *ret)
{
	const size_t n = list_length(l, list, "candidates");
	ret->candidates = arena_zero(&l->policy->arena, (n + 1) * sizeof(*ret->candidates));
	for (size_t i = 0; i < n; i++) {
		struct slice name;
		if (yaml_string(l->f, list->items[i], &name, l->p) < 0)
			continue;
		if (name.n < NAME_MIN || name.n > NAME_MAX)
			yaml_problem(l->f, list->items[i], l->p, "Jeanne Martin",
				"un nom de candidat ou de liste est attendu, de %d à %d octets",
				NAME_MIN, NAME_MAX);
		else
			ret->candidates[ret->n_candidates++] =
				arena_string(&l->policy->arena, name);
	}
}

static void read_election(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	struct part part;
	int64_t from, to;
	int first, last;
	if (!part_open(l, node, election_keys, COUNT(election_keys), "élection", &part))
		return;
	if (!part_get(&part, "from") || !part_get(&part, "to")) {
		yaml_problem(l->f, node, l->p,
			"{title: élections municipales, from: 2025-09-01, to: 2026-03-22}",
			"« from » et « to » (du, au) sont attendus");
		return;
	}
	if (!part_time(&part, "from", &from, &first) || !part_time(&part, "to", &to, &last))
		return;
	struct policy_election e = {.title = part_text(&part, "title", NULL),
		.from = day_instant(from, first < 0 ? 0 : first),
		.to = day_instant(last < 0 ? to + 1 : to, last < 0 ? 0 : last)};
	if (e.to <= e.from)
		yaml_problem(l->f, part_get(&part, "to"), l->p,
			"« to » (au) est le dernier jour de la période, compris : le jour du scrutin",
			"la fin ne vient pas après le début");
	if (part_get(&part, "candidates"))
		read_candidates(l, part_get(&part, "candidates"), &e);
	policy->elections[policy->n_elections++] = e;
}

void load_elections(struct load *l, const struct yaml_node *node)
{
	const size_t n = node->type == YAML_LIST ? list_length(l, node, "election") : 1;
	struct policy *policy = l->policy;
	policy->elections = arena_zero(&policy->arena, (n + 1) * sizeof(*policy->elections));
	for (size_t i = 0; i < n; i++)
		read_election(l, node->type == YAML_LIST ? node->items[i] : node);
}

const struct policy_election *policy_election_at(const struct policy *policy, int64_t ms)
{
	for (size_t i = 0; i < policy->n_elections; i++)
		if (ms >= policy->elections[i].from && ms < policy->elections[i].to)
			return &policy->elections[i];
	return NULL;
}
