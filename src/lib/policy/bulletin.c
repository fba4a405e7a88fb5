/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Monday bulletin: who gets it, and from when on the last one is due. */
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "private.h"

enum { MORNING = 8 * 60 };

static const struct yaml_key bulletin_keys[] = {{"tell", "prévenir"}, {"at", "à"}};

void load_bulletin(struct load *l, const struct yaml_node *node)
{
	struct policy_bulletin *b = &l->policy->bulletin;
	struct policy_step told = {0};
	struct part part;
	if (!part_open(l, node, bulletin_keys, COUNT(bulletin_keys), "bulletin", &part))
		return;
	if (!part_get(&part, "tell")) {
		yaml_problem(l->f, node, l->p, "tell: com",
			"il manque « tell » (prévenir) : qui reçoit le bulletin du lundi");
		return;
	}
	b->minute = MORNING;
	part_minute(&part, "at", &b->minute);
	load_tell(l, part_get(&part, "tell"), NULL, &told);
	for (size_t i = 0; i < told.n_targets; i++)
		if (strcmp(told.targets[i].channel, "mail") == 0)
			told.targets[b->n_targets++] = told.targets[i];
	b->targets = told.targets;
	if (told.n_targets && !b->n_targets)
		yaml_problem(l->f, part_get(&part, "tell"), l->p, NULL,
			"le bulletin est un courriel : personne n'y a d'adresse");
}

int64_t policy_bulletin_due(const struct policy *policy, int64_t ms)
{
	const int64_t day = day_of(ms, NULL), monday = day - day_weekday(day);
	const int64_t at = day_instant(monday, policy->bulletin.minute);
	return at <= ms ? at : day_instant(monday - 7, policy->bulletin.minute);
}
