/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cabinet.h"
#include <strings.h>

static int take_roles(void *user, const struct login *a)
{
	*(uint16_t *)user = a->roles;
	return 0;
}

/* "directeur de cabinet", "DirCab" */
static bool says_cabinet(const char *role)
{
	return strcasestr(role, "cabinet") || strcasestr(role, "dircab");
}

static bool is_of_it(struct escalate *x, const struct policy_person *p)
{
	uint16_t roles = 0;
	struct error e;
	if (x->reader && reader_account(x->reader, slice_of(p->id), take_roles, &roles, &e) < 0)
		roles = 0; /* none, or it cannot be known */
	return !(roles & (ROLE_MODERATION | ROLE_DIRCOM)) &&
		(roles & ROLE_CABINET || says_cabinet(p->role));
}

static void add(struct slice *list, size_t *n, const char *text)
{
	if (text)
		list[(*n)++] = slice_of(text);
}

#define NAMES 4u /* of a person: id, mail, number, hook */

size_t cabinet_counted(struct escalate *x, struct slice **ret)
{
	const struct policy *p = &x->policy;
	size_t n = 0;
	*ret = NULL;
	if (!policy_election_at(p, x->clock))
		return 0;
	*ret = arena_zero(&x->arena, (NAMES * p->n_people + p->n_hooks + 1) * sizeof(**ret));
	for (size_t i = 0; i < p->n_people; i++) {
		const struct policy_person *one = &p->people[i];
		if (!is_of_it(x, one))
			continue;
		add(*ret, &n, one->id);
		add(*ret, &n, one->mail);
		add(*ret, &n, one->sms);
		add(*ret, &n, one->hook ? one->hook->id : NULL);
	}
	for (size_t i = 0; i < p->n_hooks; i++) {
		const struct policy_hook *hook = &p->hooks[i];
		if (hook->cabinet || says_cabinet(hook->id) || says_cabinet(hook->title))
			add(*ret, &n, hook->id);
	}
	return n;
}

bool cabinet_is_counted(struct escalate *x, const struct compose_reader *who)
{
	struct slice *list;
	const size_t n = cabinet_counted(x, &list);
	return compose_is_counted(list, n, who);
}
