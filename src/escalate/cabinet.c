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

static bool is_counted(struct escalate *x, const struct policy_person *p)
{
	uint16_t roles = 0;
	struct error e;
	if (x->reader && reader_account(x->reader, slice_of(p->id), take_roles, &roles, &e) == 0)
		return roles & ROLE_CABINET && !(roles & (ROLE_MODERATION | ROLE_DIRCOM));
	return says_cabinet(p->role);
}

bool cabinet_is_counted(struct escalate *x, struct slice person)
{
	const struct policy_person *p = policy_person(&x->policy, person);
	return p && policy_election_at(&x->policy, x->clock) && is_counted(x, p);
}

size_t cabinet_counted(struct escalate *x, struct slice **ret)
{
	size_t n = 0;
	*ret = NULL;
	if (!policy_election_at(&x->policy, x->clock))
		return 0;
	*ret = arena_zero(&x->arena, (x->policy.n_people + 1) * sizeof(**ret));
	for (size_t i = 0; i < x->policy.n_people; i++)
		if (is_counted(x, &x->policy.people[i]))
			(*ret)[n++] = slice_of(x->policy.people[i].id);
	return n;
}
