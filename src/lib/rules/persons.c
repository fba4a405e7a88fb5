/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "persons.h"

#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/text/text.h>

#include "lint.h"

enum { NAME_MIN = 3 /* bytes */, NAME_WORDS = 8, TERM_WORDS = 256, DEPTH = 8, NODES = 20000 };

struct known_word {
	struct slice text; /* folded */
	bool capital;
};
struct known_name {
	struct known_word words[NAME_WORDS];
	size_t n;
	bool declared; /* under « personnes » */
	struct named_person person;
};
struct persons {
	struct text_views *views;
	struct map *firsts; /* the first word of each name */
	struct map *memos; /* a term → 1 + the name in it, or 1 + n_names: none */
	size_t nodes; /* of lists of names that were read */
	size_t n_elected; /* names of the list of all elected officials … */
	const char *path; /* … which stands there */
	unsigned line, column;
	bool small; /* a name may stand in small letters */
	LIST(struct known_name, names);
	LIST(size_t, here); /* names that the rule at hand holds */
	bool elected; /* it takes all of them */
};

/* --- words */

/* Whether a word begins with a capital: ASCII, or a Latin letter with an accent. */
static bool is_capital(struct slice s)
{
	const unsigned char *c = (const unsigned char *)s.p;

	return s.n && ((c[0] >= 'A' && c[0] <= 'Z') || (s.n > 1 && c[0] == 0xc3 && c[1] < 0x9f));
}

static size_t words_of(struct persons *p, struct slice text, struct known_word *ret, size_t max)
{
	const struct text_word *list;
	struct slice folded;
	size_t n;

	text_views_make(p->views, text);
	folded = text_view(p->views, TEXT_FOLDED);
	n = text_words(p->views, &list);
	n = n < max ? n : max;
	for (size_t i = 0; i < n; i++) {
		uint32_t start, end;

		text_view_origin(p->views, TEXT_FOLDED, list[i].start, list[i].end, &start, &end);
		ret[i].text = (struct slice){folded.p + list[i].start, list[i].end - list[i].start};
		ret[i].capital = is_capital((struct slice){text.p + start, end - start});
	}
	return n;
}

/* --- who is known */

static void add_name(struct loader *l, struct persons *p, struct slice text, struct slice mandate,
	const struct named_person *declared)
{
	struct known_name name = {.declared = declared, .person = {.mandate = mandate}};
	size_t letters = 0, capitals = 0;

	name.n = words_of(p, text, name.words, NAME_WORDS);
	for (size_t i = 0; i < name.n; i++) {
		name.words[i].text = arena_copy(&l->r->arena, name.words[i].text);
		letters += name.words[i].text.n;
		capitals += name.words[i].capital;
	}
	/* « le maire » in a list of names is a function */
	if (letters < NAME_MIN || (!declared && !capitals))
		return;
	if (declared)
		name.person = *declared;
	else
		name.person.name = arena_copy(&l->r->arena, text);
	p->small |= declared && (name.n > 1 || !capitals);
	*map_at(p->firsts, name.words[0].text, NULL) = 1;
	*list_add(p, names) = name;
	p->n_elected += !declared;
}

/* All that stands below a node; lists that it takes, too. */
static void add_names(struct loader *l, struct persons *p, const struct yaml_node *node,
	const struct named_person *declared, unsigned depth)
{
	const struct source *in;

	if (!node || depth > DEPTH || ++p->nodes > NODES)
		return;
	for (size_t i = 0; node->type == YAML_LIST && i < node->n; i++)
		add_names(l, p, node->items[i], declared, depth + 1);
	if (node->type != YAML_SCALAR || !node->text.n)
		return;
	if (node->text.p[0] == '$' && node->text.n > 1)
		add_names(l, p,
			find_named(l, "lists", (struct slice){node->text.p + 1, node->text.n - 1},
				&in),
			declared, depth + 1);
	else
		add_name(l, p, node->text, (struct slice){0}, declared);
}

static struct slice first_of(const struct yaml_node *node)
{
	while (node && node->type == YAML_LIST)
		node = node->n ? node->items[0] : NULL;
	return node && node->type == YAML_SCALAR ? node->text : (struct slice){0};
}

static void add_declared(struct loader *l, struct persons *p, const struct yaml_node *root)
{
	const struct yaml_node *map = get(root, "persons", &pack_keys);

	for (size_t i = 0; map && map->type == YAML_MAP && i < map->n; i++) {
		const struct yaml_node *one = map->items[i];
		const struct yaml_node *names =
			one->type == YAML_MAP ? get(one, "names", &person_keys) : NULL;
		const struct yaml_node *mandate =
			one->type == YAML_MAP ? get(one, "mandate", &person_keys) : NULL;
		const struct named_person person = {arena_copy(&l->r->arena, first_of(names)),
			arena_copy(&l->r->arena, first_of(mandate))};

		add_names(l, p, names, &person, 0);
	}
}

static void add_elected(struct loader *l, struct persons *p, const struct yaml_node *root,
	const char *key, const struct key_table *keys)
{
	const struct yaml_node *map = get(root, key, keys);

	for (size_t i = 0; map && map->type == YAML_MAP && i < map->n; i++)
		if (slice_is(map->keys[i]->text, ELECTED_LIST)) {
			add_names(l, p, map->items[i], NULL, 0);
			p->path = l->source->yaml.path;
			p->line = map->keys[i]->line;
			p->column = map->keys[i]->column;
		}
}

struct persons *persons_find(struct loader *l)
{
	struct persons *p = xcalloc(1, sizeof(*p));

	p->views = text_views_new();
	p->firsts = map_new();
	p->memos = map_new();
	/* declared ones first: who is both has a mandate */
	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < l->n_sources; i++) {
			const struct source *s = &l->sources[i];
			const struct yaml_node *root = s->yaml.root;

			if (!root || root->type != YAML_MAP || s->is_cases)
				continue;
			l->source = s;
			if (pass == 0 && !s->is_override)
				add_declared(l, p, root);
			if (pass == 1 && !s->is_override)
				add_elected(l, p, root, "lists", &pack_keys);
			if (pass == 1 && s->is_override) {
				add_elected(l, p, root, "append", &override_keys);
				add_elected(l, p, root, "replace", &override_keys);
			}
		}
	return p->n_names ? p : persons_free(p);
}

struct persons *persons_free(struct persons *p)
{
	if (!p)
		return NULL;
	text_views_free(p->views);
	map_free(p->firsts);
	map_free(p->memos);
	free(p->names);
	free(p->here);
	free(p);
	return NULL;
}

const struct yaml_node *person_names(const struct yaml_node *root, struct slice key)
{
	const struct yaml_node *map = get(root, "persons", &pack_keys);

	for (size_t i = 0; map && map->type == YAML_MAP && i < map->n; i++)
		if (slice_equal(map->keys[i]->text, key))
			return map->items[i]->type == YAML_MAP
				? get(map->items[i], "names", &person_keys)
				: NULL;
	return NULL;
}

void check_persons(struct loader *l, const struct yaml_node *root)
{
	static const char *const example =
		"personnes: {martin: {noms: [Jeanne Martin], mandat: maire de la ville}}";
	const struct yaml_node *map = get(root, "persons", &pack_keys);
	struct slice mandate;

	if (map && map->type != YAML_MAP)
		complain(l, map, example, "les personnes sont une table : un nom court, puis qui");
	for (size_t i = 0; map && map->type == YAML_MAP && i < map->n; i++) {
		const struct yaml_node *one = map->items[i], *names;

		if (one->type != YAML_MAP) {
			complain(l, one, example, "une personne a des noms et un mandat");
			continue;
		}
		check_keys(l, one, &person_keys);
		names = get(one, "names", &person_keys);
		mandate = read_text(l, one, "mandate", &person_keys);
		if (!first_of(names).n)
			complain(l, names ? names : one, example, "ses noms manquent");
		if (!mandate.n)
			complain(l, map->keys[i],
				"mandat: maire, conseillère municipale… ; qui n'a pas de mandat public ne se nomme pas",
				"le mandat public de « %.*s » manque", (int)map->keys[i]->text.n,
				map->keys[i]->text.p);
	}
}

void lint_elected(struct loader *l)
{
	const struct persons *p = l->persons;

	if (p && p->n_elected == 1)
		problem_add(&l->lint->found, PROBLEM_WARNING, p->path, p->line, p->column,
			"mettez-y tous les élus, ceux de l'opposition compris : la liste les protège tous de la même façon",
			"« " ELECTED_LIST " » ne nomme qu'une personne");
}

/* --- which rule names one */

void persons_begin(struct loader *l)
{
	if (!l->persons)
		return;
	l->persons->n_here = 0;
	l->persons->elected = false;
}

/* No word of the language, as far as its words are known here. */
static bool is_strange(struct loader *l, struct slice word)
{
	if (!l->inflect && l->path && open_forms(l, l->path) < 0)
		l->path = NULL;
	return l->inflect && inflect_count(l->inflect) &&
		!inflect_is_word(l->inflect, word, INFLECT_FOLDED);
}

static bool stands_at(
	struct loader *l, const struct known_name *name, const struct known_word *words)
{
	const bool any_case = name->declared && name->n > 1;

	for (size_t i = 0; i < name->n; i++) {
		if (!slice_equal(name->words[i].text, words[i].text))
			return false;
		if (!any_case && name->words[i].capital && !words[i].capital &&
			!is_strange(l, words[i].text))
			return false;
	}
	return true;
}

static size_t find_name(struct loader *l, struct slice text)
{
	struct persons *p = l->persons;
	struct known_word words[TERM_WORDS];
	const size_t n = words_of(p, text, words, TERM_WORDS);

	for (size_t at = 0; at < n; at++)
		for (size_t i = 0; map_find(p->firsts, words[at].text) && i < p->n_names; i++)
			if (p->names[i].n <= n - at && stands_at(l, &p->names[i], words + at))
				return i;
	return p->n_names;
}

static bool has_capital(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_capital((struct slice){s.p + i, s.n - i}))
			return true;
	return false;
}

void persons_note(struct loader *l, struct slice text)
{
	struct persons *p = l->persons;
	uint64_t *memo;

	if (!p || !text.n || (!p->small && !l->inflect && !l->path && !has_capital(text)))
		return;
	memo = map_at(p->memos, text, NULL);
	if (!*memo)
		*memo = 1 + find_name(l, text);
	if (*memo > p->n_names)
		return;
	if (l->all_alike) {
		p->elected = true;
		return;
	}
	for (size_t i = 0; i < p->n_here; i++)
		if (p->here[i] == *memo - 1)
			return;
	*list_add(p, here) = *memo - 1;
}

/* « \bHaute » is Haute, « [Hh]aute » as well. */
void persons_note_regex(struct loader *l, struct slice text)
{
	_buf_ struct buf plain = {0};

	for (size_t i = 0; l->persons && i < text.n; i++) {
		if (text.p[i] == '\\') {
			buf_add_char(&plain, ' ');
			i++;
		} else if (text.p[i] == '[' && i + 1 < text.n) {
			buf_add_char(&plain, text.p[i + 1]);
			while (i < text.n && text.p[i] != ']')
				i++;
		} else {
			buf_add_char(&plain, text.p[i]);
		}
	}
	persons_note(l, buf_slice(&plain));
}

bool persons_elected(const struct loader *l)
{
	return l->persons && l->persons->elected;
}

/* One line a person, however many of the names stand there. */
const struct named_person *persons_named(struct loader *l, size_t *ret_n)
{
	struct persons *p = l->persons;
	struct named_person *list;
	size_t n = 0;

	*ret_n = 0;
	if (!p || !p->n_here)
		return NULL;
	list = arena_zero(&l->r->arena, p->n_here * sizeof(*list));
	for (size_t i = 0; i < p->n_here; i++) {
		const struct named_person *one = &p->names[p->here[i]].person;
		size_t k = 0;

		while (k < n && !slice_equal(list[k].name, one->name))
			k++;
		list[k] = *one;
		n += k == n;
	}
	*ret_n = n;
	return list;
}
