/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels and settings of the policy; checks that every level reaches someone. */
#include "private.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/clock.h>

#define FALLBACK_MAX 60u /* twenty people, each by three channels */

const struct yaml_key policy_root_keys[] = {{"hooks", "crochets"}, {"people", "personnes"},
	{"teams", "équipes"}, {"calendars", "calendriers"}, {"levels", "niveaux"},
	{"policy", "politique"}};
const size_t policy_root_keys_n = COUNT(policy_root_keys);
const char *const policy_chain_names[CHAINS] = {"jaune", "orange", "rouge", "gris", "P1"};

static const char *const every_channel[] = {"mail", "sms", "webhook"};
static const struct yaml_key level_keys[] = {{"vert", NULL}, {"jaune", NULL}, {"orange", NULL},
	{"rouge", NULL}, {"gris", NULL}, {"P1", "urgence"}};
static const struct yaml_key step_keys[] = {
	{"tell", "prévenir"}, {"by", "par"}, {"after", "après"}};
static const struct yaml_key setting_keys[] = {{"repeat", "répéter"}, {"ack", "prise_en_charge"},
	{"code", NULL}, {"fallback", "secours"}, {"fallback_after", "secours_après"},
	{"give_up", "abandon"}, {"quiet", "calme"}, {"at_most", "au_plus"},
	{"group", "regroupement"}, {"inhibit", "inhibition"}, {"first_look", "premier_regard"},
	{"trial", "rodage"}, {"election", "élection"}, {"bulletin", NULL}, {"prescriptions", NULL}};

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

/* twice: by his own name; else by a team or an astreinte, which may well name him beside. */
static void add_target(struct load *l, const struct yaml_node *node, struct policy_step *step,
	const struct policy_target *t, bool by_name)
{
	for (size_t i = 0; i < step->n_targets; i++)
		if (step->targets[i].person && strcmp(step->targets[i].person, t->person) == 0 &&
			strcmp(step->targets[i].channel, t->channel) == 0) {
			/* on duty or in his hours: himself says more than the astreinte */
			if (!t->rota)
				step->targets[i].rota = NULL;
			if (by_name)
				yaml_problem(l->f, node, l->p,
					"retirez-le une fois ; pour le rappeler plus tard, une autre étape avec « after » (après)",
					"%s est déjà prévenu à cette étape", t->name);
			return;
		}
	if (step->n_targets == TARGETS_MAX) {
		yaml_problem(l->f, node, l->p,
			"répartissez-les sur plusieurs étapes, ou nommez moins d'équipes",
			"trop de destinataires à cette étape");
		return;
	}
	step->targets[step->n_targets++] = *t;
}

/* By the channels of `by`, or without it by every channel the receiver has. */
static void tell_one(struct load *l, const struct yaml_node *node, const struct receiver *r,
	const struct yaml_node *by, struct policy_step *step)
{
	static const char *const channels[] = {
		"mail", "courriel", "sms", "webhook", "hook", "crochet"};
	static const char *const meant[] = {"mail", "mail", "sms", "webhook", "webhook", "webhook"};
	const bool by_name = !r->rota && slice_is(node->text, r->who ? r->who->id : r->hook->id);
	struct policy_target t;
	for (size_t i = 0; !by && i < COUNT(every_channel); i++)
		if (load_target(l, r, every_channel[i], &t))
			add_target(l, node, step, &t, by_name);
	const struct yaml_node *item;
	struct slice word;
	size_t chosen;
	for (size_t i = 0; by && each_text(l, by, i, &item, &word); i++) {
		if (yaml_choice(l->f, item, channels, COUNT(channels), &chosen, l->p) < 0)
			continue;
		if (load_target(l, r, meant[chosen], &t))
			add_target(l, node, step, &t, by_name);
		else
			yaml_problem(l->f, item, l->p,
				"donnez-lui cette adresse (personnes), ou un autre moyen à « by » (par)",
				"%s n'a pas de « %s »", r->who ? r->who->id : r->hook->id,
				meant[chosen]);
	}
}

static void tell(struct load *l, const struct yaml_node *node, struct slice id,
	const struct yaml_node *by, struct policy_step *step)
{
	struct receiver receivers[RECEIVERS_MAX];
	size_t n = load_receivers(l, node, id, receivers);
	for (size_t i = 0; i < n; i++)
		tell_one(l, node, &receivers[i], by, step);
}

void load_tell(struct load *l, const struct yaml_node *list, const struct yaml_node *by,
	struct policy_step *step)
{
	size_t errors = l->p->errors;
	struct policy_target targets[TARGETS_MAX] = {0};
	step->targets = targets;
	const struct yaml_node *item;
	struct slice id;
	for (size_t i = 0; step->n_targets < TARGETS_MAX && each_text(l, list, i, &item, &id); i++)
		if (id.n)
			tell(l, item, id, by, step);
	if (step->n_targets == 0 && l->p->errors == errors)
		yaml_problem(l->f, list, l->p, "nommez quelqu'un : tell: dircom",
			"cette étape ne prévient personne");
	const size_t bytes = step->n_targets * sizeof(*targets);
	step->targets = arena_zero(&l->policy->arena, bytes + sizeof(*targets));
	memcpy(step->targets, targets, bytes);
}

static void read_step(struct load *l, const struct yaml_node *node, struct policy_step *step)
{
	struct part part;
	if (!part_open(l, node, step_keys, COUNT(step_keys), "étape", &part))
		return;
	part_duration(&part, "after", 0, &step->after_ms);
	const struct yaml_node *list = part_get(&part, "tell");
	if (list)
		load_tell(l, list, part_get(&part, "by"), step);
	else
		yaml_problem(l->f, node, l->p, "tell: [dircom]", "il manque « tell » (prévenir)");
}

static void read_chain(
	struct load *l, const struct yaml_node *node, enum policy_chain chain, bool fallback)
{
	struct policy_steps *steps = &l->policy->chains[chain];
	const char *name = policy_chain_names[chain];
	if (fallback && node->type == YAML_LIST && node->n == 0)
		return;
	if (node->type != YAML_LIST || node->n == 0) {
		yaml_problem(l->f, node, l->p, "- {tell: dircom}",
			"le niveau « %s » est une liste d'au moins une étape", name);
		return;
	}
	if (node->n > STEPS_MAX) {
		yaml_problem(l->f, node, l->p,
			"gardez les premières ; « repeat » (répéter) rappelle de lui-même",
			"trop d'étapes (%u au plus)", STEPS_MAX);
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
			yaml_problem(l->f, node->items[i], l->p,
				"la plus petite durée « after » (après) en premier",
				"cette étape vient avant la précédente : rangez-les dans l'ordre");
	}
	if (!at_once && l->p->errors == errors)
		yaml_problem(l->f, node, l->p, "retirez « after » de la première étape",
			"au niveau « %s », personne n'est prévenu tout de suite", name);
}

void load_levels(struct load *l, const struct yaml_node *map, bool fallback)
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
			read_chain(l, node, (enum policy_chain)i, fallback);
		else if (!fallback)
			yaml_problem(l->f, map, l->p,
				"donnez ses étapes, ou un « fallback » (secours) dans « policy »",
				"le niveau « %s » manque : personne ne serait prévenu",
				policy_chain_names[i]);
	}
}

static void add_fallback(struct policy *policy, const struct policy_target *t)
{
	for (size_t k = 0; k < policy->n_fallback; k++)
		if (strcmp(policy->fallback[k].person, t->person) == 0 &&
			strcmp(policy->fallback[k].channel, t->channel) == 0)
			return;
	if (policy->n_fallback < FALLBACK_MAX)
		policy->fallback[policy->n_fallback++] = *t;
}

static void read_fallback(struct load *l, const struct yaml_node *node)
{
	size_t n = node->type == YAML_LIST ? node->n : 1;
	if (n == 0 || n > TARGETS_MAX) {
		yaml_problem(
			l->f, node, l->p, "fallback: [dgs]", "une personne au moins est attendue");
		return;
	}
	const struct yaml_node *item;
	struct slice id;
	struct receiver receivers[RECEIVERS_MAX];
	struct policy_target t;
	for (size_t i = 0; i < n && each_text(l, node, i, &item, &id); i++) {
		size_t found = id.n ? load_receivers(l, item, id, receivers) : 0;
		for (size_t k = 0; k < found; k++)
			for (size_t c = 0; c < COUNT(every_channel); c++)
				if (load_target(l, &receivers[k], every_channel[c], &t))
					add_fallback(l->policy, &t);
	}
}

/* Whoever `rouge` tells, in that order and as it tells them. */
static void default_fallback(struct policy *policy)
{
	const struct policy_steps *steps = &policy->chains[CHAIN_ROUGE];
	for (size_t i = 0; i < steps->n; i++)
		for (size_t t = 0; t < steps->list[i].n_targets; t++)
			add_fallback(policy, &steps->list[i].targets[t]);
}

/* Without a word on them, who reads the bulletin is reminded of prescriptions. */
static void load_mailings(struct load *l, const struct part *settings)
{
	static const struct mailing_words bulletin = {"bulletin", "le bulletin du lundi"},
					  reminders = {
						  "prescriptions", "les rappels de prescription"};
	struct policy *policy = l->policy;
	const struct yaml_node *node = part_get(settings, bulletin.key);
	if (node)
		load_mailing(l, node, &bulletin, &policy->bulletin);
	node = part_get(settings, reminders.key);
	if (node)
		load_mailing(l, node, &reminders, &policy->prescriptions);
	else
		policy->prescriptions = policy->bulletin;
}

void load_settings(struct load *l, const struct yaml_node *map)
{
	struct policy *policy = l->policy;
	struct part part;
	const struct yaml_node *fallback = NULL;
	policy->fallback = arena_zero(&policy->arena, FALLBACK_MAX * sizeof(*policy->fallback));
	if (map && part_open(l, map, setting_keys, COUNT(setting_keys), "policy", &part)) {
		part_duration(&part, "repeat", CLOCK_MINUTE, &policy->repeat_ms);
		part_duration(&part, "ack", CLOCK_MINUTE, &policy->ack_ms);
		part_duration(&part, "code", CLOCK_MINUTE, &policy->code_ms);
		part_duration(&part, "fallback_after", 0, &policy->fallback_after_ms);
		part_duration(&part, "give_up", CLOCK_MINUTE, &policy->give_up_ms);
		const struct yaml_node *inhibit = part_get(&part, "inhibit");
		if (inhibit && yaml_bool(l->f, inhibit, &policy->inhibit, l->p) < 0)
			policy->inhibit = true;
		part_duration_or_no(&part, "group", &policy->group_ms);
		if (policy->group_ms > CLOCK_HOUR)
			yaml_problem(l->f, part_get(&part, "group"), l->p, "2 min",
				"« group » : une heure au plus");
		fallback = part_get(&part, "fallback");
		if (fallback)
			read_fallback(l, fallback);
		if (part_get(&part, "quiet"))
			load_quiet(l, part_get(&part, "quiet"));
		if (part_get(&part, "first_look"))
			load_look(l, part_get(&part, "first_look"));
		load_mailings(l, &part);
		if (part_get(&part, "election"))
			load_elections(l, part_get(&part, "election"));
	}
	policy->fallback_given = fallback != NULL;
	if (!fallback)
		default_fallback(policy);
	load_default_chains(policy);
	const struct yaml_node *trial = map && map->type == YAML_MAP
		? yaml_get(map, "trial", setting_keys, COUNT(setting_keys))
		: NULL;
	if (policy->fallback_after_ms > policy->give_up_ms)
		yaml_problem(l->f, map, l->p, "par exemple fallback_after: 10 min, give_up: 24 h",
			"« fallback_after » doit être plus court que « give_up »");
	if (trial)
		load_trial(l, trial); /* the last: a policy without it is kept beside */
}

void load_default_limit(struct load *l, const struct yaml_node *settings, struct policy_limit *ret)
{
	const struct part part = {l, settings, setting_keys, COUNT(setting_keys)};
	*ret = (struct policy_limit){0};
	if (settings && settings->type == YAML_MAP)
		part_limit(&part, "at_most", ret);
}

static const struct yaml_node *root_get(const struct yaml_file *f, const char *english)
{
	return yaml_get(f->root, english, policy_root_keys, policy_root_keys_n);
}

static bool has_fallback(const struct yaml_node *settings)
{
	return settings && settings->type == YAML_MAP &&
		yaml_get(settings, "fallback", setting_keys, COUNT(setting_keys));
}

static void load_all(struct load *l)
{
	const struct yaml_node *calendars = root_get(l->f, "calendars");
	const struct yaml_node *levels = root_get(l->f, "levels");
	const struct yaml_node *settings = root_get(l->f, "policy");
	const struct yaml_node *people = root_get(l->f, "people");
	const struct yaml_node *hooks = root_get(l->f, "hooks");
	struct part part;
	bool dated = load_calendars(l, calendars, &part);
	if (!levels && !settings && !people && !hooks) {
		l->policy->empty = true;
		return;
	}
	if (dated)
		load_hours(l, &part);
	load_hooks(l, hooks);
	load_people(l, people, settings);
	load_teams(l, root_get(l->f, "teams"));
	if (dated)
		load_rotas(l, &part);
	if (levels)
		load_levels(l, levels, has_fallback(settings));
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
		.code_ms = 12 * CLOCK_HOUR,
		.fallback_after_ms = 10 * CLOCK_MINUTE,
		.give_up_ms = CLOCK_DAY,
		.group_ms = 2 * CLOCK_MINUTE,
		.inhibit = true};
	arena_init(&ret->arena, 8192);
	struct load l = {.f = f, .folder = folder, .policy = ret, .p = p};
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
	free(policy->absences_owned);
	arena_release(&policy->arena);
	*policy = (struct policy){0};
}
