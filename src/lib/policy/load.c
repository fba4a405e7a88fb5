/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels and settings of the policy; checks that every level reaches someone. */
#include "private.h"
#include <errno.h>
#include <tocsin/base/clock.h>

#define STEPS_MAX 32u
#define TARGETS_MAX 200u
#define FALLBACK_MAX 20u

const struct yaml_key policy_root_keys[] = {{"hooks", "crochets"}, {"people", "personnes"},
	{"calendars", "calendriers"}, {"levels", "niveaux"}, {"policy", "politique"}};
const size_t policy_root_keys_n = COUNT(policy_root_keys);
const char *const policy_chain_names[CHAINS] = {"jaune", "orange", "rouge", "gris", "P1"};

static const struct yaml_key level_keys[] = {{"vert", NULL}, {"jaune", NULL}, {"orange", NULL},
	{"rouge", NULL}, {"gris", NULL}, {"P1", "urgence"}};
static const struct yaml_key step_keys[] = {
	{"tell", "prévenir"}, {"by", "par"}, {"after", "après"}};
static const struct yaml_key setting_keys[] = {{"repeat", "répéter"}, {"ack", "prise_en_charge"},
	{"fallback", "secours"}, {"fallback_after", "secours_après"}, {"give_up", "abandon"}};

/* A scalar, or each item of a list. Returns how many; items outside are said. */
static size_t each_text(struct load *l, const struct yaml_node *node, size_t i,
	const struct yaml_node **item, struct slice *ret)
{
	if (node->type == YAML_LIST && i >= node->n)
		return 0;
	if (node->type != YAML_LIST && i > 0)
		return 0;
	*item = node->type == YAML_LIST ? node->items[i] : node;
	if (yaml_string(l->f, *item, ret, l->p) < 0)
		*ret = (struct slice){0};
	return 1;
}

static void add_target(struct load *l, const struct yaml_node *node, struct policy_step *step,
	const struct policy_target *t)
{
	for (size_t i = 0; i < step->n_targets; i++)
		if (strcmp(step->targets[i].person, t->person) == 0 &&
			strcmp(step->targets[i].channel, t->channel) == 0) {
			yaml_problem(l->f, node, l->p, NULL, "%s est déjà prévenu à cette étape",
				t->name);
			return;
		}
	if (step->n_targets == TARGETS_MAX) {
		yaml_problem(l->f, node, l->p, NULL, "trop de destinataires à cette étape");
		return;
	}
	step->targets[step->n_targets++] = *t;
}

/* One receiver by the channels of `by`, or without it by every channel it has. */
static void tell(struct load *l, const struct yaml_node *node, struct slice id,
	const struct yaml_node *by, struct policy_step *step)
{
	static const char *const channels[] = {"mail", "courriel", "webhook", "hook", "crochet"};
	static const char *const meant[] = {"mail", "mail", "webhook", "webhook", "webhook"};
	struct policy_target t;
	if (!load_target(l, id, NULL, &t)) {
		yaml_problem(l->f, node, l->p, load_nearest(l, id),
			"personne ou crochet inconnu : %.*s", (int)id.n, id.p);
		return;
	}
	if (!by) {
		if (load_target(l, id, "mail", &t))
			add_target(l, node, step, &t);
		if (load_target(l, id, "webhook", &t))
			add_target(l, node, step, &t);
		return;
	}
	const struct yaml_node *item;
	struct slice word;
	size_t chosen;
	for (size_t i = 0; each_text(l, by, i, &item, &word); i++) {
		if (yaml_choice(l->f, item, channels, COUNT(channels), &chosen, l->p) < 0)
			continue;
		if (load_target(l, id, meant[chosen], &t))
			add_target(l, node, step, &t);
		else
			yaml_problem(l->f, item, l->p, NULL, "%.*s n'a pas de « %s »", (int)id.n,
				id.p, meant[chosen]);
	}
}

static void read_step(struct load *l, const struct yaml_node *node, struct policy_step *step)
{
	struct part part;
	if (!part_open(l, node, step_keys, COUNT(step_keys), "étape", &part))
		return;
	part_duration(&part, "after", 0, &step->after_ms);
	const struct yaml_node *list = part_get(&part, "tell");
	if (!list) {
		yaml_problem(l->f, node, l->p, "tell: [dircom]", "il manque « tell » (prévenir)");
		return;
	}
	size_t most = list->type == YAML_LIST ? 2 * list->n : 2;
	if (most > TARGETS_MAX)
		most = TARGETS_MAX;
	size_t errors = l->p->errors;
	step->targets = arena_zero(&l->policy->arena, (most + 1) * sizeof(*step->targets));
	const struct yaml_node *item;
	struct slice id;
	for (size_t i = 0; step->n_targets < most && each_text(l, list, i, &item, &id); i++)
		if (id.n)
			tell(l, item, id, part_get(&part, "by"), step);
	if (step->n_targets == 0 && l->p->errors == errors)
		yaml_problem(l->f, list, l->p, NULL, "cette étape ne prévient personne");
}

static void read_chain(struct load *l, const struct yaml_node *node, enum policy_chain chain)
{
	struct policy_steps *steps = &l->policy->chains[chain];
	const char *name = policy_chain_names[chain];
	if (node->type != YAML_LIST || node->n == 0) {
		yaml_problem(l->f, node, l->p, "- {tell: dircom}",
			"le niveau « %s » est une liste d'au moins une étape", name);
		return;
	}
	if (node->n > STEPS_MAX) {
		yaml_problem(l->f, node, l->p, NULL, "trop d'étapes (%u au plus)", STEPS_MAX);
		return;
	}
	size_t errors = l->p->errors;
	bool at_once = false;
	steps->n = node->n;
	steps->list = arena_zero(&l->policy->arena, steps->n * sizeof(*steps->list));
	for (size_t i = 0; i < steps->n; i++) {
		read_step(l, node->items[i], &steps->list[i]);
		at_once |= steps->list[i].after_ms == 0 && steps->list[i].n_targets;
		if (i && steps->list[i].after_ms < steps->list[i - 1].after_ms)
			yaml_problem(l->f, node->items[i], l->p, NULL,
				"cette étape vient avant la précédente : rangez-les dans l'ordre");
	}
	if (!at_once && l->p->errors == errors)
		yaml_problem(l->f, node, l->p, "retirez « after » de la première étape",
			"au niveau « %s », personne n'est prévenu tout de suite", name);
}

void load_levels(struct load *l, const struct yaml_node *map)
{
	struct part part;
	if (!part_open(l, map, level_keys, COUNT(level_keys), "levels", &part))
		return;
	if (part_get(&part, "vert"))
		yaml_problem(l->f, part_get(&part, "vert"), l->p, "retirez cette ligne",
			"le niveau vert ne prévient personne");
	for (int i = 0; i < CHAINS; i++) {
		const struct yaml_node *node = part_get(&part, policy_chain_names[i]);
		if (node)
			read_chain(l, node, (enum policy_chain)i);
		else
			yaml_problem(l->f, map, l->p, NULL,
				"le niveau « %s » manque : personne ne serait prévenu",
				policy_chain_names[i]);
	}
}

static void read_fallback(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	size_t n = node->type == YAML_LIST ? node->n : 1;
	if (n == 0 || n > TARGETS_MAX) {
		yaml_problem(
			l->f, node, l->p, "fallback: [dgs]", "une personne au moins est attendue");
		return;
	}
	policy->fallback = arena_zero(&policy->arena, n * sizeof(*policy->fallback));
	const struct yaml_node *item;
	struct slice id;
	for (size_t i = 0; i < n && each_text(l, node, i, &item, &id); i++) {
		struct policy_target *t = &policy->fallback[policy->n_fallback];
		if (load_target(l, id, NULL, t))
			policy->n_fallback++;
		else
			yaml_problem(l->f, item, l->p, load_nearest(l, id),
				"personne ou crochet inconnu : %.*s", (int)id.n, id.p);
	}
}

/* Whoever `rouge` tells, in that order, each by the first channel. */
static void default_fallback(struct policy *policy)
{
	const struct policy_steps *steps = &policy->chains[CHAIN_ROUGE];
	policy->fallback =
		arena_zero(&policy->arena, (FALLBACK_MAX + 1) * sizeof(*policy->fallback));
	for (size_t i = 0; i < steps->n; i++)
		for (size_t t = 0; t < steps->list[i].n_targets; t++) {
			const struct policy_target *target = &steps->list[i].targets[t];
			bool known = false;
			for (size_t k = 0; k < policy->n_fallback; k++)
				known |= strcmp(policy->fallback[k].person, target->person) == 0;
			if (!known && policy->n_fallback < FALLBACK_MAX)
				policy->fallback[policy->n_fallback++] = *target;
		}
}

void load_settings(struct load *l, const struct yaml_node *map)
{
	struct policy *policy = l->policy;
	struct part part;
	const struct yaml_node *fallback = NULL;
	if (map && part_open(l, map, setting_keys, COUNT(setting_keys), "policy", &part)) {
		part_duration(&part, "repeat", CLOCK_MINUTE, &policy->repeat_ms);
		part_duration(&part, "ack", CLOCK_MINUTE, &policy->ack_ms);
		part_duration(&part, "fallback_after", 0, &policy->fallback_after_ms);
		part_duration(&part, "give_up", CLOCK_MINUTE, &policy->give_up_ms);
		fallback = part_get(&part, "fallback");
		if (fallback)
			read_fallback(l, fallback);
	}
	if (!fallback)
		default_fallback(policy);
	if (policy->fallback_after_ms > policy->give_up_ms)
		yaml_problem(l->f, map, l->p, NULL,
			"« fallback_after » doit être plus court que « give_up »");
}

static const struct yaml_node *root_get(const struct yaml_file *f, const char *english)
{
	return yaml_get(f->root, english, policy_root_keys, policy_root_keys_n);
}

static void load_all(struct load *l)
{
	const struct yaml_node *calendars = root_get(l->f, "calendars");
	const struct yaml_node *levels = root_get(l->f, "levels");
	const struct yaml_node *settings = root_get(l->f, "policy");
	const struct yaml_node *people = root_get(l->f, "people");
	const struct yaml_node *hooks = root_get(l->f, "hooks");
	if (calendars)
		yaml_problem(l->f, calendars, l->p, "retirez cette section",
			"les calendriers et astreintes ne sont pas encore pris en compte");
	if (!levels && !settings && !people && !hooks) {
		l->policy->empty = true;
		return;
	}
	load_hooks(l, hooks);
	load_people(l, people);
	if (levels)
		load_levels(l, levels);
	else
		yaml_problem(l->f,
			settings         ? settings
				: people ? people
					 : hooks,
			l->p, "levels: {jaune: …, orange: …, rouge: …, gris: …, P1: …}",
			"il manque « levels » (niveaux) : personne ne serait prévenu");
	load_settings(l, settings);
}

int policy_load(
	const struct yaml_file *f, const char *folder, struct policy *ret, struct problems *p)
{
	size_t errors = p->errors;
	*ret = (struct policy){.repeat_ms = 30 * CLOCK_MINUTE,
		.ack_ms = 60 * CLOCK_MINUTE,
		.fallback_after_ms = 10 * CLOCK_MINUTE,
		.give_up_ms = CLOCK_DAY};
	arena_init(&ret->arena, 8192);
	struct load l = {f, folder, ret, p};
	if (!f->root || f->root->type != YAML_MAP)
		ret->empty = true;
	else
		load_all(&l);
	if (p->errors == errors)
		return 0;
	policy_release(ret);
	return -EINVAL;
}

void policy_release(struct policy *policy)
{
	arena_release(&policy->arena);
	*policy = (struct policy){0};
}
