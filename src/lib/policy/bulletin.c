/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Monday bulletin and the reminders of prescriptions: who gets them, and from when on the last one is due. */
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include "private.h"

enum { MORNING = 8 * 60 };

static const struct yaml_key mailing_keys[] = {{"tell", "prévenir"}, {"at", "à"}};

void load_mailing(struct load *l, const struct yaml_node *node, const struct mailing_words *said,
	struct policy_mailing *ret)
{
	struct policy_step told = {0};
	struct part part;
	if (!part_open(l, node, mailing_keys, COUNT(mailing_keys), said->key, &part))
		return;
	if (!part_get(&part, "tell")) {
		yaml_problem(l->f, node, l->p, "tell: com",
			"il manque « tell » (prévenir) : qui reçoit %s", said->what);
		return;
	}
	ret->minute = MORNING;
	part_minute(&part, "at", &ret->minute);
	load_tell(l, part_get(&part, "tell"), NULL, &told);
	for (size_t i = 0; i < told.n_targets; i++)
		if (strcmp(told.targets[i].channel, "mail") == 0)
			told.targets[ret->n_targets++] = told.targets[i];
	ret->targets = told.targets;
	if (told.n_targets && !ret->n_targets)
		yaml_problem(l->f, part_get(&part, "tell"), l->p,
			"donnez un « mail » à une des personnes nommées, ou nommez-en une qui en a un",
			"%s : un courriel, et personne n'y a d'adresse", said->what);
}

int64_t policy_bulletin_due(const struct policy *policy, int64_t ms)
{
	const int64_t day = day_of(ms, NULL), monday = day - day_weekday(day);
	const int64_t at = day_instant(monday, policy->bulletin.minute);
	return at <= ms ? at : day_instant(monday - 7, policy->bulletin.minute);
}

int64_t policy_reminders_due(const struct policy *policy, int64_t ms)
{
	return day_instant(day_of(ms, NULL), policy->prescriptions.minute);
}
