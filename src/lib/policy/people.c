/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who can be told, and where: people and hooks. */
#include "private.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/buf.h>

#define LIST_MAX 1000u

static const struct yaml_key person_keys[] = {
	{"id", NULL}, {"name", "nom"}, {"role", "rôle"}, {"mail", "courriel"}, {"hook", "crochet"}};
static const struct yaml_key hook_keys[] = {{"id", NULL}, {"title", "titre"}, {"url", "adresse"},
	{"url_file", "fichier_adresse"}, {"form", "forme"}, {"secret_file", "fichier_secret"}};

/* A list of at most LIST_MAX; 0 when it is not one (said). */
static size_t list_length(struct load *l, const struct yaml_node *list, const char *what)
{
	if (!list)
		return 0;
	if (list->type != YAML_LIST) {
		yaml_problem(l->f, list, l->p, "- {id: …, …}", "« %s » doit être une liste", what);
		return 0;
	}
	if (list->n > LIST_MAX) {
		yaml_problem(l->f, list, l->p, NULL, "« %s » est trop long (%u au plus)", what,
			LIST_MAX);
		return 0;
	}
	return list->n;
}

/* The id is used by a person or a hook already read: both are told by their id. */
static bool taken(struct load *l, const struct part *part, const char *id)
{
	if (!policy_hook(l->policy, slice_of(id)) && !policy_person(l->policy, slice_of(id)))
		return false;
	yaml_problem(l->f, part_get(part, "id"), l->p, "personnes et crochets partagent leurs noms",
		"identifiant donné deux fois : %s", id);
	return true;
}

static bool url_ok(const char *url)
{
	const char *host = NULL;
	if (strncmp(url, "https://", 8) == 0)
		host = url + 8;
	else if (strncmp(url, "http://", 7) == 0)
		host = url + 7;
	if (!host || !*host || strchr("/?#:", *host))
		return false;
	for (const char *p = url; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return false;
	size_t authority = strcspn(host, "/?#");
	return !memchr(host, '@', authority);
}

static void read_hook(struct load *l, const struct yaml_node *node)
{
	static const char *const forms[] = {"json", "mattermost", "slack", "teams"};
	struct policy *policy = l->policy;
	struct part part;
	if (!part_open(l, node, hook_keys, COUNT(hook_keys), "hooks", &part))
		return;
	struct policy_hook h = {.id = part_id(&part)};
	h.title = part_text(&part, "title", h.id);
	h.url = part_text(&part, "url", NULL);
	h.url_file = part_path(&part, "url_file");
	h.secret_file = part_path(&part, "secret_file");
	size_t form = HOOK_JSON;
	const struct yaml_node *form_node = part_get(&part, "form");
	if (form_node && yaml_choice(l->f, form_node, forms, COUNT(forms), &form, l->p) == 0)
		h.form = (enum hook_form)form;
	if (!h.url == !h.url_file)
		yaml_problem(
			l->f, node, l->p, "url: 'https://…'", "donnez « url » ou « url_file »");
	if (h.url && !url_ok(h.url))
		yaml_problem(l->f, part_get(&part, "url"), l->p, NULL,
			"adresse http:// ou https:// attendue, sans mot de passe dedans");
	if (h.secret_file && h.form != HOOK_JSON)
		yaml_problem(l->f, part_get(&part, "secret_file"), l->p, NULL,
			"seule la forme « json » est signée");
	if (h.id && !taken(l, &part, h.id))
		policy->hooks[policy->n_hooks++] = h;
}

void load_hooks(struct load *l, const struct yaml_node *list)
{
	size_t n = list_length(l, list, "hooks");
	l->policy->hooks = arena_zero(&l->policy->arena, (n + 1) * sizeof(*l->policy->hooks));
	for (size_t i = 0; i < n; i++)
		read_hook(l, list->items[i]);
}

/* Printable ASCII, local@domain, nothing that means something in a mail's envelope or headers. */
static bool mail_ok(const char *mail)
{
	const char *at = strchr(mail, '@');
	if (!at || at == mail || strchr(at + 1, '@') || !at[1] || strlen(mail) > 254)
		return false;
	for (const char *p = mail; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f ||
			strchr("<>()[]\\,;:\"", *p))
			return false;
	return mail[0] != '-' && at[1] != '.' && at[strlen(at) - 1] != '.';
}

static void read_person(struct load *l, const struct yaml_node *node)
{
	struct policy *policy = l->policy;
	struct part part;
	if (!part_open(l, node, person_keys, COUNT(person_keys), "people", &part))
		return;
	struct policy_person who = {.id = part_id(&part)};
	who.name = part_text(&part, "name", who.id);
	who.role = part_text(&part, "role", "");
	who.mail = part_text(&part, "mail", NULL);
	if (who.mail && !mail_ok(who.mail))
		yaml_problem(l->f, part_get(&part, "mail"), l->p, "prenom.nom@ville.example",
			"adresse de courriel refusée : %s", who.mail);
	const char *hook = part_text(&part, "hook", NULL);
	if (hook && !(who.hook = policy_hook(policy, slice_of(hook))))
		yaml_problem(l->f, part_get(&part, "hook"), l->p, load_nearest(l, slice_of(hook)),
			"crochet inconnu : %s", hook);
	if (!who.mail && !hook)
		yaml_problem(l->f, node, l->p, "donnez « mail » ou « hook »",
			"%s ne peut pas être prévenu", who.name ? who.name : "cette personne");
	if (who.id && !taken(l, &part, who.id))
		policy->people[policy->n_people++] = who;
}

void load_people(struct load *l, const struct yaml_node *list)
{
	size_t n = list_length(l, list, "people");
	l->policy->people = arena_zero(&l->policy->arena, (n + 1) * sizeof(*l->policy->people));
	for (size_t i = 0; i < n; i++)
		read_person(l, list->items[i]);
}

static const char *shown_name(struct load *l, const struct policy_person *who)
{
	_buf_ struct buf name = {0};
	buf_add_string(&name, who->name);
	if (who->role[0])
		buf_printf(&name, " (%s)", who->role);
	return arena_string(&l->policy->arena, buf_slice(&name));
}

bool load_target(struct load *l, struct slice id, const char *channel, struct policy_target *ret)
{
	const struct policy_hook *hook = policy_hook(l->policy, id);
	const struct policy_person *who = policy_person(l->policy, id);
	if (hook && (!channel || strcmp(channel, "webhook") == 0)) {
		*ret = (struct policy_target){"webhook", hook->id, hook->title, hook->id};
		return true;
	}
	if (!who)
		return false;
	if (who->mail && (!channel || strcmp(channel, "mail") == 0)) {
		*ret = (struct policy_target){"mail", who->id, shown_name(l, who), who->mail};
		return true;
	}
	if (who->hook && (!channel || strcmp(channel, "webhook") == 0)) {
		*ret = (struct policy_target){
			"webhook", who->id, shown_name(l, who), who->hook->id};
		return true;
	}
	return false;
}

const char *load_nearest(struct load *l, struct slice id)
{
	const struct policy *policy = l->policy;
	size_t n = 0;
	_free_ const char **ids =
		xreallocarray(NULL, policy->n_people + policy->n_hooks + 1, sizeof(*ids));
	for (size_t i = 0; i < policy->n_people; i++)
		ids[n++] = policy->people[i].id;
	for (size_t i = 0; i < policy->n_hooks; i++)
		ids[n++] = policy->hooks[i].id;
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
