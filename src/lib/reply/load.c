/* SPDX-License-Identifier: GPL-3.0-or-later
 * Services and models of replies, read from tocsin.yaml. */
#include "private.h"
#include <errno.h>
#include <string.h>
#include <tocsin/base/clock.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))
#define LIST_MAX 200u
#define SHORT_MAX 200u /* bytes of a name, a title, an address */

const struct yaml_key reply_root_keys[] = {
	{"services", NULL}, {"replies", "réponses"}, {"cards", "fiches"}};
const size_t reply_root_keys_n = COUNT(reply_root_keys);

static const struct yaml_key service_keys[] = {{"id", NULL}, {"name", "nom"}, {"mail", "courriel"}};
static const struct yaml_key card_keys[] = {
	{"topic", "sujet"}, {"text", "texte"}, {"link", "lien"}};
static const struct yaml_key model_keys[] = {{"id", NULL}, {"title", "titre"}, {"text", "texte"},
	{"service", NULL}, {"link", "lien"}, {"delay", "délai"}, {"follow_up", "relance"}};

struct load {
	const struct yaml_file *f;
	struct replies *r;
	struct problems *p;
};
struct entry { /* one map of a list */
	struct load *l;
	const struct yaml_node *map;
	const struct yaml_key *keys;
	size_t n_keys;
};

static const struct yaml_node *get(const struct entry *en, const char *key)
{
	return yaml_get(en->map, key, en->keys, en->n_keys);
}

/* NULL when it is absent, or (said) no text or too long. */
static const char *text_of(const struct entry *en, const char *key, size_t max)
{
	struct load *l = en->l;
	const struct yaml_node *node = get(en, key);
	struct slice text;
	if (!node || yaml_string(l->f, node, &text, l->p) < 0)
		return NULL;
	if (!text.n || memchr(text.p, 0, text.n))
		yaml_problem(l->f, node, l->p,
			"écrivez un texte derrière les deux-points, ou retirez la ligne",
			"« %s » est vide", key);
	else if (text.n > max)
		yaml_problem(l->f, node, l->p, "raccourcissez ce texte",
			"« %s » est trop long (%zu octets au plus)", key, max);
	else
		return arena_string(&l->r->arena, text);
	return NULL;
}

static const char *required(const struct entry *en, const char *key, const char *french, size_t max)
{
	if (!get(en, key))
		yaml_problem(en->l->f, en->map, en->l->p, "ajoutez cette clé, avec sa valeur",
			"il manque « %s » (%s)", key, french);
	return text_of(en, key, max);
}

static const char *id_of(const struct entry *en)
{
	const char *id = required(en, "id", "identifiant", SHORT_MAX);
	return id ? yaml_id(en->l->f, get(en, "id"), id, en->l->p) : NULL;
}

static void twice(const struct entry *en, const char *id)
{
	yaml_problem(en->l->f, get(en, "id"), en->l->p, "donnez un autre « id » à l'un des deux",
		"identifiant donné deux fois : %s", id);
}

/* --- services */

static bool mail_ok(const char *mail)
{
	const char *at = strchr(mail, '@');
	if (!at || at == mail || !at[1] || strchr(at + 1, '@'))
		return false;
	for (const char *c = mail; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f ||
			strchr("<>()[]\\,;:\"", *c))
			return false;
	return true;
}

static void read_service(struct entry *en)
{
	struct replies *r = en->l->r;
	struct reply_service s = {.id = id_of(en)};
	s.name = required(en, "name", "nom", SHORT_MAX);
	s.mail = text_of(en, "mail", SHORT_MAX);
	if (s.mail && !mail_ok(s.mail))
		yaml_problem(en->l->f, get(en, "mail"), en->l->p, "habitat@ville.example",
			"adresse de courriel refusée : %s", s.mail);
	if (s.id && replies_service(r, slice_of(s.id)))
		twice(en, s.id);
	else if (s.id && s.name)
		r->services[r->n_services++] = s;
}

/* --- models */

/* Each brace begins a placeholder that is known. */
static void check_text(const struct entry *en, const char *text, bool has_link)
{
	struct load *l = en->l;
	const struct yaml_node *node = get(en, "text");
	size_t n;
	for (const char *at = strpbrk(text, "{}"); at; at = strpbrk(at + n, "{}")) {
		const enum reply_place place = reply_place_of(slice_of(at), &n);
		const size_t word = *at == '{' ? strcspn(at, "} \n") : 0;
		const struct slice typed = {at, at[word] == '}' ? word + 1 : word};
		if (place == PLACE_LINK && !has_link)
			yaml_problem(l->f, node, l->p, "lien: 'https://www.ville.example/…'",
				"le texte dit {lien}, mais ce modèle n'a pas de « link » (lien)");
		if (place != PLACE_NONE)
			continue;
		n = 1;
		const char *near =
			problem_did_you_mean(typed, reply_place_names, reply_place_names_n);
		yaml_problem(l->f, node, l->p,
			near ? near : "{ville}, {service}, {delai}, {lien} ou {sujet}",
			"rien ne remplace %.*s", (int)(typed.n ? typed.n : 1), at);
	}
}

static bool link_ok(const char *link)
{
	for (const char *c = link; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	return strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0;
}

static const char *service_of(const struct entry *en)
{
	const struct replies *r = en->l->r;
	const char *id = text_of(en, "service", SHORT_MAX), *ids[LIST_MAX];
	if (!id || replies_service(r, slice_of(id)))
		return id;
	for (size_t i = 0; i < r->n_services; i++)
		ids[i] = r->services[i].id;
	const char *near = problem_did_you_mean(slice_of(id), ids, r->n_services);
	yaml_problem(en->l->f, get(en, "service"), en->l->p,
		near ? near : "déclarez-le dans « services »", "service inconnu : %s", id);
	return NULL;
}

static void duration_of(const struct entry *en, const char *key, int64_t *ret)
{
	const struct yaml_node *node = get(en, key);
	int64_t ms;
	if (!node || yaml_duration(en->l->f, node, &ms, en->l->p) < 0)
		return;
	if (ms < CLOCK_MINUTE || ms > 60 * CLOCK_DAY)
		yaml_problem(en->l->f, node, en->l->p, "3 j, 4 h",
			"« %s » : d'une minute à 60 jours", key);
	else
		*ret = ms;
}

/* In whole working days, or in hours. */
static int64_t half_of(int64_t ms)
{
	if (ms < CLOCK_DAY)
		return ms / 2;
	return ms < 2 * CLOCK_DAY ? 4 * CLOCK_HOUR : ms / CLOCK_DAY / 2 * CLOCK_DAY;
}

static void read_model(struct entry *en)
{
	struct load *l = en->l;
	struct replies *r = l->r;
	struct reply_model m = {.id = id_of(en), .delay_ms = 3 * CLOCK_DAY};
	m.title = required(en, "title", "titre", SHORT_MAX);
	m.text = required(en, "text", "texte", REPLY_TEXT_MAX);
	m.service = service_of(en);
	m.link = text_of(en, "link", SHORT_MAX);
	if (m.link && !link_ok(m.link))
		yaml_problem(l->f, get(en, "link"), l->p, "https://www.ville.example/…",
			"adresse refusée : %s", m.link);
	if (m.text)
		check_text(en, m.text, get(en, "link") != NULL);
	duration_of(en, "delay", &m.delay_ms);
	m.follow_ms = half_of(m.delay_ms);
	duration_of(en, "follow_up", &m.follow_ms);
	if (m.follow_ms > m.delay_ms)
		yaml_problem(l->f, get(en, "follow_up"), l->p,
			"une relance plus longue que le délai : delay: 5 j, follow_up: 8 j",
			"« follow_up » (relance) vient après « delay » (délai)");
	if (m.id && replies_model(r, slice_of(m.id)))
		twice(en, m.id);
	else if (m.id && m.title && m.text)
		r->models[r->n_models++] = m;
}

/* --- cards */

static void read_card(struct entry *en)
{
	struct load *l = en->l;
	struct replies *r = l->r;
	struct reply_card c = {.topic = required(en, "topic", "sujet", SHORT_MAX)};
	c.text = required(en, "text", "texte", REPLY_TEXT_MAX);
	c.link = text_of(en, "link", SHORT_MAX);
	if (c.link && !link_ok(c.link))
		yaml_problem(l->f, get(en, "link"), l->p, "https://intranet.ville.example/…",
			"adresse refusée : %s", c.link);
	if (c.topic && replies_card(r, slice_of(c.topic)))
		yaml_problem(l->f, get(en, "topic"), l->p, "réunissez-les en une seule",
			"deux fiches pour un même sujet : %s", c.topic);
	else if (c.topic && c.text)
		r->cards[r->n_cards++] = c;
}

/* --- all */

static void each(struct load *l, const char *key, const struct yaml_key *keys, size_t n_keys,
	void (*read)(struct entry *en), const struct yaml_node *list)
{
	if (!list)
		return;
	if (list->type != YAML_LIST || list->n > LIST_MAX) {
		yaml_problem(l->f, list, l->p, "- {id: …, …}",
			"« %s » est une liste de %u entrées au plus", key, LIST_MAX);
		return;
	}
	for (size_t i = 0; i < list->n; i++) {
		struct entry en = {l, list->items[i], keys, n_keys};
		if (en.map->type != YAML_MAP) {
			yaml_problem(l->f, en.map, l->p, "- {id: …, …}",
				"%s : une suite de « clé: valeur » est attendue", key);
			continue;
		}
		yaml_check_keys(l->f, en.map, keys, n_keys, l->p);
		read(&en);
	}
}

static const struct yaml_node *root_get(const struct yaml_file *f, const char *key)
{
	return f->root && f->root->type == YAML_MAP
		? yaml_get(f->root, key, reply_root_keys, reply_root_keys_n)
		: NULL;
}

int replies_load(const struct yaml_file *f, struct replies *ret, struct problems *p)
{
	const size_t errors = p->errors;
	struct load l = {f, ret, p};
	*ret = (struct replies){0};
	arena_init(&ret->arena, 8192);
	ret->services = arena_zero(&ret->arena, LIST_MAX * sizeof(*ret->services));
	ret->models = arena_zero(&ret->arena, (LIST_MAX + shipped_models_n) * sizeof(*ret->models));
	ret->cards = arena_zero(&ret->arena, LIST_MAX * sizeof(*ret->cards));
	each(&l, "cards", card_keys, COUNT(card_keys), read_card, root_get(f, "cards"));
	each(&l, "services", service_keys, COUNT(service_keys), read_service,
		root_get(f, "services"));
	each(&l, "replies", model_keys, COUNT(model_keys), read_model, root_get(f, "replies"));
	for (size_t i = 0; i < shipped_models_n; i++)
		if (!replies_model(ret, slice_of(shipped_models[i].id)))
			ret->models[ret->n_models++] = shipped_models[i];
	if (p->errors == errors)
		return 0;
	replies_release(ret);
	return -EINVAL;
}

void replies_release(struct replies *r)
{
	arena_release(&r->arena);
	*r = (struct replies){0};
}

const struct reply_service *replies_service(const struct replies *r, struct slice id)
{
	for (size_t i = 0; i < r->n_services; i++)
		if (slice_is(id, r->services[i].id))
			return &r->services[i];
	return NULL;
}

const struct reply_model *replies_model(const struct replies *r, struct slice id)
{
	for (size_t i = 0; i < r->n_models; i++)
		if (slice_is(id, r->models[i].id))
			return &r->models[i];
	return NULL;
}

const struct reply_card *replies_card(const struct replies *r, struct slice topic)
{
	static const char urgent[] = "P1:";
	const size_t skip = slice_begins(topic, urgent) ? sizeof(urgent) - 1 : 0;
	const struct slice category = {topic.p + skip, topic.n - skip};
	for (size_t i = 0; topic.n && i < r->n_cards; i++)
		if (slice_is(category, r->cards[i].topic))
			return &r->cards[i];
	return NULL;
}

const char *replies_near(const struct replies *r, struct slice id)
{
	const char *ids[LIST_MAX + 32];
	size_t n = 0;
	for (; n < r->n_models && n < COUNT(ids); n++)
		ids[n] = r->models[n].id;
	return problem_did_you_mean(id, ids, n);
}
