/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whom an id means: one person or hook, a team, whoever is on duty in an astreinte. */
#include "private.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>

static const struct yaml_key team_keys[] = {
	{"id", NULL}, {"title", "titre"}, {"members", "membres"}};

static void read_team(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	struct part part;
	struct slice id;
	if (!part_open(l, node, team_keys, COUNT(team_keys), "équipe", &part))
		return;
	struct policy_team team = {.id = part_id(&part)};
	team.title = part_text(&part, "title", team.id);
	const struct yaml_node *list = part_get(&part, "members");
	size_t n = list_length(l, list, "members");
	team.members = arena_zero(&policy->arena, (n + 1) * sizeof(const void *));
	for (size_t i = 0; i < n; i++) {
		if (yaml_string(l->f, list->items[i], &id, l->p) < 0)
			continue;
		const struct policy_person *who = policy_person(policy, id);
		if (who)
			team.members[team.n_members++] = who;
		else
			yaml_problem(l->f, list->items[i], l->p, load_nearest(l, id),
				"personne inconnue : %.*s", (int)id.n, id.p);
	}
	if (!n)
		yaml_problem(l->f, list ? list : node, l->p, "members: [morel, dircom]",
			"cette équipe n'a personne");
	if (team.id && load_id_free(l, &part, team.id))
		policy->teams[policy->n_teams++] = team;
}

void load_teams(struct load *l, const struct yaml_node *list)
{
	size_t n = list_length(l, list, "teams");
	l->policy->teams = arena_zero(&l->policy->arena, (n + 1) * sizeof(*l->policy->teams));
	for (size_t i = 0; i < n; i++)
		read_team(l, list->items[i]);
}

static void add(const struct policy *policy, const struct rota *rota, size_t number,
	struct receiver *ret, size_t *n)
{
	if (number == ROTA_NOBODY || *n == RECEIVERS_MAX)
		return;
	const struct policy_person *who = &policy->people[number];
	for (size_t i = 0; i < *n; i++)
		if (ret[i].who == who)
			return;
	ret[(*n)++] = (struct receiver){who, NULL, rota};
}

/* Everybody who is ever on duty in an astreinte: the turn, the plan, and who replaces them. */
static size_t members_of(const struct policy *policy, const struct rota *rota, struct receiver *ret)
{
	size_t n = 0;
	for (size_t i = 0; i < rota->n_turn; i++)
		add(policy, rota, rota->turn[i], ret, &n);
	for (size_t i = 0; i < rota->n_shifts; i++)
		add(policy, rota, rota->shifts[i].who, ret, &n);
	for (size_t i = 0; i < n; i++) /* n grows: substitutes may have substitutes */
		for (size_t k = 0; k < policy->n_absences; k++)
			if (&policy->people[policy->absences[k].who] == ret[i].who)
				add(policy, rota, policy->absences[k].substitute, ret, &n);
	return n;
}

size_t load_receivers(struct load *l, const struct yaml_node *node, struct slice id,
	struct receiver ret[static RECEIVERS_MAX])
{
	const struct policy *policy = l->policy;
	const struct policy_person *who = policy_person(policy, id);
	const struct policy_hook *hook = policy_hook(policy, id);
	const struct policy_team *team = policy_team(policy, id);
	const struct rota *rota = policy_rota(policy, id);
	size_t n = 0;
	if (who || hook) {
		ret[n++] = (struct receiver){who, hook, NULL};
	} else if (team) {
		for (size_t i = 0; i < team->n_members; i++)
			add(policy, NULL, (size_t)(team->members[i] - policy->people), ret, &n);
	} else if (rota) {
		n = members_of(policy, rota, ret);
		if (!n)
			yaml_problem(l->f, node, l->p,
				"donnez-lui un tour (turn: [dupont, martin]) ou un fichier (file: astreinte.csv)",
				"l'astreinte « %s » n'a jamais personne", rota->id);
	} else {
		yaml_problem(l->f, node, l->p, load_nearest(l, id),
			"personne ou crochet inconnu : %.*s", (int)id.n, id.p);
	}
	return n;
}

static const char *shown_name(struct load *l, const struct policy_person *who)
{
	_buf_ struct buf name = {0};
	buf_add_string(&name, who->name);
	if (who->role[0])
		buf_printf(&name, " (%s)", who->role);
	return arena_string(&l->policy->arena, buf_slice(&name));
}

bool load_target(
	struct load *l, const struct receiver *r, const char *channel, struct policy_target *ret)
{
	const struct policy_person *who = r->who;
	const bool mail = !channel || strcmp(channel, "mail") == 0;
	const bool sms = !channel || strcmp(channel, "sms") == 0;
	const bool hook = !channel || strcmp(channel, "webhook") == 0;
	if (!who) {
		*ret = (struct policy_target){
			"webhook", r->hook->id, r->hook->title, r->hook->id, NULL, NULL};
		return hook;
	}
	*ret = (struct policy_target){"mail", who->id, shown_name(l, who), who->mail, who, r->rota};
	if (mail && who->mail)
		return true;
	if (sms && who->sms) {
		ret->channel = "sms";
		ret->address = who->sms;
		return true;
	}
	if (!hook || !who->hook)
		return false;
	ret->channel = "webhook";
	ret->address = who->hook->id;
	return true;
}

const char *load_nearest(struct load *l, struct slice id)
{
	const struct policy *policy = l->policy;
	size_t n = 0;
	_free_ const char **ids = xreallocarray(NULL,
		policy->n_people + policy->n_hooks + policy->n_teams + policy->n_rotas + 1,
		sizeof(*ids));
	for (size_t i = 0; i < policy->n_people; i++)
		ids[n++] = policy->people[i].id;
	for (size_t i = 0; i < policy->n_hooks; i++)
		ids[n++] = policy->hooks[i].id;
	for (size_t i = 0; i < policy->n_teams; i++)
		ids[n++] = policy->teams[i].id;
	for (size_t i = 0; i < policy->n_rotas; i++)
		ids[n++] = policy->rotas[i].id;
	const char *near = problem_did_you_mean(id, ids, n);
	if (!near)
		return NULL;
	_buf_ struct buf hint = {0};
	buf_printf(&hint, "vouliez-vous dire « %s » ?", near);
	return arena_string(&l->policy->arena, buf_slice(&hint));
}

const struct policy_hook *policy_hook(const struct policy *policy, struct slice id)
{
	for (size_t i = 0; i < policy->n_hooks; i++)
		if (slice_is(id, policy->hooks[i].id))
			return &policy->hooks[i];
	return NULL;
}

const struct policy_person *policy_person(const struct policy *policy, struct slice id)
{
	for (size_t i = 0; i < policy->n_people; i++)
		if (slice_is(id, policy->people[i].id))
			return &policy->people[i];
	return NULL;
}

const struct rota *policy_rota(const struct policy *policy, struct slice id)
{
	for (size_t i = 0; i < policy->n_rotas; i++)
		if (slice_is(id, policy->rotas[i].id))
			return &policy->rotas[i];
	return NULL;
}

const struct policy_team *policy_team(const struct policy *policy, struct slice id)
{
	for (size_t i = 0; i < policy->n_teams; i++)
		if (slice_is(id, policy->teams[i].id))
			return &policy->teams[i];
	return NULL;
}
