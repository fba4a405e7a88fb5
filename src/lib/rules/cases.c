/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file of cases: comments that follow each other, by the clock, and what must come of each. It stands beside the packs,
 * goes with them when they are published, and is read when they all are: it names their rules. */
#include <tocsin/base/clock.h>

#include "loader.h"

#define CASES_MAX 1000u
#define COMMENTS_MAX 1000u /* of a case */
#define GAP_MAX (366 * CLOCK_DAY)
#define DAY "2026-01-05T00:00:00Z" /* a case that names none: a Monday */

void find_cases(struct loader *l)
{
	for (size_t i = 0; i < l->n_sources; i++) {
		const struct yaml_node *root = l->sources[i].yaml.root;

		l->sources[i].is_cases =
			root && root->type == YAML_MAP && get(root, "cases", &cases_keys);
	}
}

/* --- when */

/* "12:00" or "12:00:30": ms since the day began; -1 after a problem. */
static int64_t read_time(struct loader *l, const struct yaml_node *node)
{
	struct slice s = {0};
	char whole[] = "2026-01-05T00:00:00Z";
	int64_t at, day;

	if (yaml_string(&l->source->yaml, node, &s, l->p) < 0)
		return -1;
	if (s.n == 5 || s.n == 8) {
		memcpy(whole + 11, s.p, s.n);
		if (clock_parse(slice_of(whole), &at) == 0 &&
			clock_parse(slice_of(DAY), &day) == 0 && at >= day)
			return at - day;
	}
	complain(l, node, "par exemple : heure: \"12:00\"", "une heure est attendue");
	return -1;
}

static int64_t read_when(
	struct loader *l, const struct yaml_node *node, int64_t day, int64_t before)
{
	const struct yaml_node *at = get(node, "at", &case_comment_keys),
			       *after = get(node, "after", &case_comment_keys);
	int64_t ms = 0;

	if (at && after)
		complain(l, after, "gardez l'une des deux", "« heure » et « après » à la fois");
	if (at) {
		ms = read_time(l, at);
		return ms < 0 ? before : day + ms;
	}
	if (after && yaml_duration(&l->source->yaml, after, &ms, l->p) == 0 &&
		(ms < 0 || ms > GAP_MAX)) {
		complain(l, after, "par exemple après: 10 min, 2 h ou 3 j", "de 0 seconde à un an");
		ms = 0;
	}
	return before + ms;
}

/* --- what must come of it */

static void check_rule(struct loader *l, const struct yaml_node *node, struct slice id)
{
	_buf_ struct buf hint = {0};
	const char *names[256], *near;
	size_t n = 0;

	if (map_find(l->ids, id) || l->n_broken)
		return;
	for (size_t i = 0; i < l->r->n_rules && n < sizeof(names) / sizeof(*names); i++)
		names[n++] = arena_string(&l->r->arena, l->r->rules[i].id);
	near = problem_did_you_mean(id, names, n);
	if (near)
		buf_printf(&hint, "vouliez-vous dire « %s » ?", near);
	complain(l, node, near ? buf_string(&hint) : "tocsin rules list montre leurs identifiants",
		"« %.*s » n'est ni une règle ni un sujet de ce dossier", (int)id.n, id.p);
}

static struct rule_names read_names(struct loader *l, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = get(map, key, &expect_keys);
	struct rule_names names = {0};

	if (!node)
		return names;
	names.list = read_values(l, node, &names.n);
	for (size_t i = 0; i < names.n; i++)
		check_rule(l, node, names.list[i]);
	return names;
}

static void read_expected(struct loader *l, const struct yaml_node *node, struct case_comment *c)
{
	const struct yaml_node *level;
	size_t choice = 0;

	if (node->type != YAML_MAP || !node->n) {
		complain(l, node, "par exemple : attendu: {niveau: file, oui: [injure.a]}",
			"« attendu » est une table : niveau, oui, en_attente, non");
		return;
	}
	check_keys(l, node, &expect_keys);
	level = get(node, "level", &expect_keys);
	c->has_level = level &&
		yaml_choice(&l->source->yaml, level, level_choices, LEVEL_CHOICES, &choice, l->p) ==
			0;
	c->level = (enum verdict_level)(choice / 2);
	c->match = read_names(l, node, "match");
	c->rated = read_names(l, node, "rated");
	c->no_match = read_names(l, node, "no_match");
}

/* --- comments and cases */

static void read_comment(struct loader *l, const struct yaml_node *node, int64_t day,
	int64_t before, struct case_comment *c)
{
	const struct key_table *keys = &case_comment_keys;
	const struct yaml_node *expected;

	c->line = node->line;
	c->column = node->column;
	c->comment = (struct comment){.source = SLICE("cas"), .created_at = before};
	if (node->type != YAML_MAP) {
		complain(l, node, "par exemple : - {texte: 'Bonjour', heure: \"12:00\"}",
			"un commentaire est une table");
		return;
	}
	check_keys(l, node, keys);
	c->comment.text = read_text(l, node, "text", keys);
	if (!c->comment.text.n)
		complain(l, node, "texte: '…'", "ce commentaire n'a pas de texte");
	if (get(node, "source", keys))
		c->comment.source = read_text(l, node, "source", keys);
	c->comment.lang = read_text(l, node, "lang", keys);
	c->comment.thread = read_text(l, node, "thread", keys);
	c->comment.author = read_text(l, node, "author", keys);
	c->comment.created_at = read_when(l, node, day, before);
	expected = get(node, "expect", keys);
	if (expected)
		read_expected(l, expected, c);
}

static bool is_expecting(const struct case_comment *c)
{
	return c->has_level || c->match.n || c->rated.n || c->no_match.n;
}

static struct slice number(struct loader *l, size_t n)
{
	_buf_ struct buf text = {0};

	buf_printf(&text, "%zu", n);
	return arena_copy(&l->r->arena, buf_slice(&text));
}

static void read_comments(
	struct loader *l, const struct yaml_node *list, int64_t day, struct rule_case *made)
{
	int64_t at = day + 12 * CLOCK_HOUR;
	bool expecting = false;

	if (!list || list->type != YAML_LIST || !list->n || list->n > COMMENTS_MAX) {
		complain(l, list ? list : l->source->yaml.root,
			"commentaires: [{texte: '…', attendu: {niveau: rien}}]",
			"une liste de 1 à %u commentaires est attendue", COMMENTS_MAX);
		return;
	}
	made->comments = arena_zero(&l->r->arena, list->n * sizeof(*made->comments));
	for (size_t i = 0; i < list->n; i++) {
		struct case_comment *c = &made->comments[made->n++];

		read_comment(l, list->items[i], day, at, c);
		c->comment.id = number(l, i + 1);
		at = c->comment.created_at;
		expecting |= is_expecting(c) || get(list->items[i], "expect", &case_comment_keys);
	}
	if (!expecting)
		complain(l, list, "attendu: {niveau: file}, sous un commentaire au moins",
			"ce cas n'attend rien");
}

static void read_case(struct loader *l, const struct yaml_node *node)
{
	struct rule_case *made = list_add(l->r, cases);
	struct slice unused;
	int64_t day;

	made->path = arena_string(&l->r->arena, slice_of(l->source->yaml.path));
	made->line = node->line;
	made->column = node->column;
	if (node->type != YAML_MAP) {
		complain(l, node, "commencez par « - titre: … »", "un cas est une table");
		return;
	}
	check_keys(l, node, &case_keys);
	made->title = read_text(l, node, "title", &case_keys);
	if (!made->title.n)
		complain(l, node, "ce que le cas montre", "le titre manque");
	day = read_date(l, get(node, "on", &case_keys), &unused);
	if (!day && clock_parse(slice_of(DAY), &day) < 0)
		day = 0;
	read_comments(l, get(node, "comments", &case_keys), day, made);
}

void read_cases(struct loader *l, const struct source *s)
{
	const struct yaml_node *root = s->yaml.root, *list;

	l->source = s;
	check_keys(l, root, &cases_keys);
	check_version(l, root);
	list = get(root, "cases", &cases_keys);
	if (list->type != YAML_LIST || !list->n || list->n > CASES_MAX) {
		complain(l, list, "cas: [{titre: …, commentaires: […]}]",
			"une liste de 1 à %u cas est attendue", CASES_MAX);
		return;
	}
	for (size_t i = 0; i < list->n; i++)
		read_case(l, list->items[i]);
}
