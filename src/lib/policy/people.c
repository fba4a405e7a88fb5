/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who can be told, and where: people and hooks. */
#include "private.h"
#include <tocsin/base/buf.h>

#define LIST_MAX 1000u

static const struct yaml_key person_keys[] = {{"id", NULL}, {"name", "nom"}, {"role", "rôle"},
	{"mail", "courriel"}, {"sms", NULL}, {"hook", "crochet"}, {"hours", "heures"},
	{"at_most", "au_plus"}};
static const struct yaml_key hook_keys[] = {{"id", NULL}, {"title", "titre"}, {"url", "adresse"},
	{"url_file", "fichier_adresse"}, {"form", "forme"}, {"secret_file", "fichier_secret"},
	{"allow_internal", "autoriser_interne"}, {"cabinet", NULL}};

size_t list_length(struct load *l, const struct yaml_node *list, const char *what)
{
	if (!list)
		return 0;
	if (list->type != YAML_LIST) {
		yaml_problem(l->f, list, l->p, "- {id: …, …}", "« %s » doit être une liste", what);
		return 0;
	}
	if (list->n > LIST_MAX) {
		yaml_problem(l->f, list, l->p, "retirez ceux qui ne servent plus",
			"« %s » est trop long (%u au plus)", what, LIST_MAX);
		return 0;
	}
	return list->n;
}

bool load_id_free(struct load *l, const struct part *part, const char *id)
{
	const struct slice s = slice_of(id);
	if (!policy_hook(l->policy, s) && !policy_person(l->policy, s) &&
		!policy_rota(l->policy, s) && !policy_team(l->policy, s))
		return true;
	yaml_problem(l->f, part_get(part, "id"), l->p,
		"personnes, équipes, astreintes et crochets partagent leurs noms",
		"identifiant donné deux fois : %s", id);
	return false;
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
	struct policy_hook h = {.id = part_id(&part), .node = part_get(&part, "url")};
	h.node = h.node ? h.node : node;
	h.title = part_text(&part, "title", h.id);
	h.url = part_text(&part, "url", NULL);
	h.url_file = part_path(&part, "url_file");
	h.secret_file = part_path(&part, "secret_file");
	h.internal = part_hosts(&part, "allow_internal");
	const struct yaml_node *cabinet = part_get(&part, "cabinet");
	if (cabinet && yaml_bool(l->f, cabinet, &h.cabinet, l->p) < 0)
		h.cabinet = false; /* said */
	size_t form = HOOK_JSON;
	const struct yaml_node *form_node = part_get(&part, "form");
	if (form_node && yaml_choice(l->f, form_node, forms, COUNT(forms), &form, l->p) == 0)
		h.form = (enum hook_form)form;
	if (!h.url == !h.url_file)
		yaml_problem(
			l->f, node, l->p, "url: 'https://…'", "donnez « url » ou « url_file »");
	if (h.url && !url_ok(h.url))
		yaml_problem(l->f, part_get(&part, "url"), l->p,
			"url: 'https://chat.ville.example/hooks/…' ; un secret va dans « secret_file » ou « url_file »",
			"adresse http:// ou https:// attendue, sans mot de passe dedans");
	if (h.secret_file && h.form != HOOK_JSON)
		yaml_problem(l->f, part_get(&part, "secret_file"), l->p,
			"retirez « secret_file », ou écrivez form: json",
			"seule la forme « json » est signée");
	if (h.id && load_id_free(l, &part, h.id))
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

/* The international form, blanks and dots cut out; NULL: it is none. */
static const char *number_of(struct load *l, const char *text)
{
	_buf_ struct buf number = {0};
	for (const char *p = text; *p; p++)
		if (!strchr(" .-", *p))
			buf_add_char(&number, *p);
	size_t digits = number.n ? strspn(buf_string(&number) + 1, "0123456789") : 0;
	if (number.n < 9 || number.n > 16 || number.p[0] != '+' || number.p[1] == '0' ||
		digits + 1 != number.n)
		return NULL;
	return arena_string(&l->policy->arena, buf_slice(&number));
}

static void read_number(struct load *l, const struct part *part, struct policy_person *who)
{
	static const struct yaml_key keys[] = {{"sms", NULL}};
	const char *text = part_text(part, "sms", NULL);
	if (!text)
		return;
	who->sms = number_of(l, text);
	if (!who->sms)
		yaml_problem(l->f, part_get(part, "sms"), l->p, "sms: '+33612345678'",
			"numéro de téléphone refusé, forme internationale attendue : %s", text);
	if (!yaml_get(l->f->root, "sms", keys, COUNT(keys)))
		yaml_problem(l->f, part_get(part, "sms"), l->p,
			"sms: {url: 'http://…?to={to}&text={text}'}",
			"la passerelle SMS manque (section sms)");
}

/* Without `hours`, the first that are declared: nobody is called off duty who has not agreed to it. */
static const struct hours *hours_of(struct load *l, const struct part *part)
{
	const char *name = part_text(part, "hours", NULL);
	if (!name)
		return l->policy->n_hours ? l->policy->hours : NULL;
	if (strcmp(name, "always") == 0 || strcmp(name, "toujours") == 0)
		return NULL;
	return load_hours_named(l, part_get(part, "hours"), name);
}

static void read_person(
	struct load *l, const struct yaml_node *node, const struct policy_limit *limit)
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
	read_number(l, &part, &who);
	who.hours = hours_of(l, &part);
	who.limit = *limit;
	part_limit(&part, "at_most", &who.limit);
	const char *hook = part_text(&part, "hook", NULL);
	if (hook && !(who.hook = policy_hook(policy, slice_of(hook))))
		yaml_problem(l->f, part_get(&part, "hook"), l->p, load_nearest(l, slice_of(hook)),
			"crochet inconnu : %s", hook);
	if (!who.mail && !who.sms && !hook)
		yaml_problem(l->f, node, l->p, "donnez « mail », « sms » ou « hook »",
			"%s ne peut pas être prévenu", who.name ? who.name : "cette personne");
	if (who.id && load_id_free(l, &part, who.id))
		policy->people[policy->n_people++] = who;
}

void load_people(struct load *l, const struct yaml_node *list, const struct yaml_node *settings)
{
	struct policy_limit limit;
	size_t n = list_length(l, list, "people");
	l->policy->people = arena_zero(&l->policy->arena, (n + 1) * sizeof(*l->policy->people));
	load_default_limit(l, settings, &limit);
	for (size_t i = 0; i < n; i++)
		read_person(l, list->items[i], &limit);
}
