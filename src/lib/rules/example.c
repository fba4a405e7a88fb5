/* SPDX-License-Identifier: GPL-3.0-or-later
 * The examples of a rule: a sentence, or a table when the rule asks for more than a text (source, author, date). */
#include "loader.h"

static struct slice field(struct loader *l, const struct yaml_node *map, const char *key)
{
	struct slice s = {0};

	if (yaml_string(&l->source->yaml, get(map, key, &sample_text_keys), &s, l->p) < 0)
		return (struct slice){0};
	return s.n ? arena_copy(&l->r->arena, s) : (struct slice){0};
}

/* False after a problem. */
static bool read_comment(struct loader *l, const struct yaml_node *node, struct comment *c)
{
	struct slice text = {0}, unused;

	*c = (struct comment){.source = SLICE("exemple"), .id = SLICE("1")};
	if (node->type != YAML_MAP) {
		if (yaml_string(&l->source->yaml, node, &text, l->p) < 0)
			return false;
		c->text = arena_copy(&l->r->arena, text);
		return true;
	}
	/* « oui: [Il a dit: non] » is a table that nobody meant: one problem, with the cure */
	if (get(node, "text", &sample_text_keys))
		check_keys(l, node, &sample_text_keys);
	c->text = field(l, node, "text");
	if (!c->text.n) {
		complain(l, node, "une phrase qui contient « : » se met entre apostrophes",
			"cet exemple n'a pas de texte");
		return false;
	}
	if (get(node, "source", &sample_text_keys))
		c->source = field(l, node, "source");
	c->lang = field(l, node, "lang");
	c->thread = field(l, node, "thread");
	c->author = field(l, node, "author");
	c->created_at = read_date(l, get(node, "at", &sample_text_keys), &unused);
	return true;
}

static void read_kind(struct loader *l, const struct yaml_node *list, enum sample_kind kind)
{
	if (list->type != YAML_LIST) {
		complain(l, list, "entourez les phrases de crochets",
			"une liste de phrases est attendue");
		return;
	}
	for (size_t i = 0; i < list->n; i++) {
		struct comment c;
		struct sample *s;

		if (!read_comment(l, list->items[i], &c))
			continue;
		s = list_add(l->r, samples);
		s->kind = kind;
		s->rule = l->rule;
		s->comment = c;
		s->path = arena_string(&l->r->arena, slice_of(l->source->yaml.path));
		s->line = list->items[i]->line;
		s->column = list->items[i]->column;
	}
}

void read_samples(struct loader *l, const struct yaml_node *map)
{
	static const char *const kinds[] = {"match", "no_match", "todo"};
	const struct yaml_node *tests = get(map, "tests", &rule_keys), *list;

	if (!tests)
		return;
	if (tests->type != YAML_MAP) {
		complain(l, tests, "par exemple : exemples: {oui: ['…'], non: ['…']}",
			"les exemples sont une table : oui, non, à_faire");
		return;
	}
	check_keys(l, tests, &sample_keys);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		list = get(tests, kinds[k], &sample_keys);
		if (list)
			read_kind(l, list, (enum sample_kind)k);
	}
}
