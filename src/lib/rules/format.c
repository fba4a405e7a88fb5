/* SPDX-License-Identifier: GPL-3.0-or-later
 * A pack rewritten where it stands: keys and choices in one language, blanks at the end of lines gone, comments and
 * all else as their author left them. The words to change are found by the places that the YAML reader gives. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>

#include "loader.h"

struct edit {
	size_t at, n; /* bytes of the text */
	const char *word;
};

struct formatter {
	struct slice text;
	bool french;
	LIST(size_t, lines); /* where each begins */
	LIST(struct edit, edits);
};

static void walk(struct formatter *f, const struct yaml_node *node, const char *type);

/* --- places */

static void find_lines(struct formatter *f)
{
	*list_add(f, lines) = 0;
	for (size_t i = 0; i < f->text.n; i++)
		if (f->text.p[i] == '\n')
			*list_add(f, lines) = i + 1;
}

/* Replaces a scalar by a word, when it stands there as it is: in quotes it stays. */
static void change(struct formatter *f, const struct yaml_node *node, const char *word)
{
	size_t at, n = node->text.n;

	if (node->line == 0 || node->line > f->n_lines || slice_is(node->text, word))
		return;
	at = f->lines[node->line - 1];
	for (unsigned column = 1; at < f->text.n && column < node->column; column++) {
		at++;
		while (at < f->text.n && ((unsigned char)f->text.p[at] & 0xc0) == 0x80)
			at++;
	}
	if (n <= f->text.n - at && memcmp(f->text.p + at, node->text.p, n) == 0)
		*list_add(f, edits) = (struct edit){at, n, word};
}

/* --- what stands where */

static const struct key_table *table_of(const char *type)
{
	for (size_t i = 0; i < KEY_TABLES; i++)
		if (strcmp(key_tables[i]->name, type) == 0)
			return key_tables[i];
	return NULL;
}

static void walk_table(struct formatter *f, const struct yaml_node *map, const struct key_table *t)
{
	for (size_t k = 0; map->type == YAML_MAP && k < map->n; k++)
		for (size_t i = 0; i < t->n; i++) {
			const struct yaml_key *key = &t->keys[i];

			if (!slice_is(map->keys[k]->text, key->english) &&
				!(key->french && slice_is(map->keys[k]->text, key->french)))
				continue;
			/* « score » is French too, beside « points » */
			if (key->french && !(f->french && slice_is(map->keys[k]->text, "score")))
				change(f, map->keys[k], f->french ? key->french : key->english);
			walk(f, map->items[k], t->docs[i].type);
			break;
		}
}

static void walk_choice(
	struct formatter *f, const struct yaml_node *node, const char *const *words, size_t n)
{
	for (size_t i = 0; node->type == YAML_SCALAR && i < n; i++)
		if (slice_is(node->text, words[i])) {
			change(f, node, words[i / 2 * 2 + f->french]);
			return;
		}
}

/* "3 mots", "3 words" */
static void walk_distance(struct formatter *f, const struct yaml_node *node)
{
	static const char *const words[] = {"word", "mot", "words", "mots"};
	struct yaml_node unit = *node;
	size_t i = 0;

	if (node->type != YAML_SCALAR || node->quoted)
		return;
	while (i < node->text.n &&
		(node->text.p[i] == ' ' || (node->text.p[i] >= '0' && node->text.p[i] <= '9')))
		i++;
	unit.text = (struct slice){node->text.p + i, node->text.n - i};
	unit.column += (unsigned)i;
	walk_choice(f, &unit, words, sizeof(words) / sizeof(*words));
}

static const struct {
	const char *type;
	const char *const *words;
	size_t n;
} worded[] = {
	{"status", status_choices, STATUS_CHOICES},
	{"lane", lane_choices, LANE_CHOICES},
	{"spike", spike_choices, SPIKE_CHOICES},
	{"rate_by", rate_choices, RATE_CHOICES},
	{"level", level_choices, LEVEL_CHOICES},
	{"yes_no",
		(const char *const[]){"yes", "oui", "no", "non", "true", "vrai", "false", "faux"},
		8},
};

/* Types that hold others: a list of them, or a table of names. */
static const struct {
	const char *type, *inner;
} holders[] = {
	{"rules", "rule_keys"},
	{"topics", "topic_keys"},
	{"rule_overrides", "rule_override_keys"},
	{"conditions", "condition"},
	{"condition", "condition_keys"},
	{"any", "condition"},
	{"pair", "condition"},
	{"samples", "sample_text_keys"},
	{"cases", "case_keys"},
	{"case_comments", "case_comment_keys"},
	{"lists", "words"},
	{"persons", "person_keys"},
	{"words", "verb_keys"},
};

static void walk_holder(struct formatter *f, const struct yaml_node *node, size_t holder)
{
	const char *type = holders[holder].type, *inner = holders[holder].inner;
	bool names = strcmp(type, "conditions") == 0 || strcmp(type, "lists") == 0 ||
		strcmp(type, "persons") == 0;

	if (node->type == YAML_LIST)
		/* a list where one thing may stand is a list of that thing */
		for (size_t i = 0; i < node->n; i++)
			walk(f, node->items[i],
				strcmp(type, "words") == 0 || strcmp(type, "condition") == 0
					? type
					: inner);
	else if (node->type == YAML_MAP && names)
		for (size_t i = 0; i < node->n; i++)
			walk(f, node->items[i], inner);
	else if (node->type == YAML_MAP)
		walk(f, node, inner);
}

static void walk(struct formatter *f, const struct yaml_node *node, const char *type)
{
	const struct key_table *table = table_of(type);

	if (table) {
		walk_table(f, node, table);
		return;
	}
	if (strcmp(type, "distance") == 0)
		walk_distance(f, node);
	for (size_t i = 0; i < sizeof(worded) / sizeof(*worded); i++)
		if (strcmp(worded[i].type, type) == 0)
			walk_choice(f, node, worded[i].words, worded[i].n);
	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders); i++)
		if (strcmp(holders[i].type, type) == 0)
			walk_holder(f, node, i);
}

/* --- writing */

static int compare_edits(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static void apply(struct formatter *f, struct buf *out)
{
	size_t at = 0;

	if (f->n_edits)
		qsort(f->edits, f->n_edits, sizeof(*f->edits), compare_edits);
	for (size_t i = 0; i < f->n_edits; i++) {
		buf_add(out, f->text.p + at, f->edits[i].at - at);
		buf_add_string(out, f->edits[i].word);
		at = f->edits[i].at + f->edits[i].n;
	}
	buf_add(out, f->text.p + at, f->text.n - at);
}

/* No blanks at the end of a line, two empty lines in a row at most, one line feed at the end. Scalars of several lines
 * keep theirs: their text would change. */
static void tidy(struct buf *out, struct slice text)
{
	size_t empty = 0;

	for (size_t at = 0; at < text.n;) {
		const char *stop = memchr(text.p + at, '\n', text.n - at);
		size_t end = stop ? (size_t)(stop - text.p) : text.n, n = end;

		while (n > at && (text.p[n - 1] == ' ' || text.p[n - 1] == '\r'))
			n--;
		empty = n == at ? empty + 1 : 0;
		if (empty <= 2) {
			buf_add(out, text.p + at, n - at);
			buf_add_char(out, '\n');
		}
		at = end + 1;
	}
	while (out->n > 1 && out->p[out->n - 1] == '\n' && out->p[out->n - 2] == '\n')
		out->n--;
}

static bool same_tree(const struct yaml_node *a, const struct yaml_node *b)
{
	bool same = a && b && a->type == b->type && a->n == b->n && slice_equal(a->text, b->text);

	for (size_t i = 0; same && a->type != YAML_SCALAR && i < a->n; i++)
		same = same_tree(a->items[i], b->items[i]) &&
			(a->type != YAML_MAP || same_tree(a->keys[i], b->keys[i]));
	return same;
}

/* Tidied only when that changes nothing of what is said. */
static void tidy_safely(struct buf *text, const char *path)
{
	_buf_ struct buf neat = {0};
	struct problems ignored = {0};
	struct yaml_file before, after;

	tidy(&neat, buf_slice(text));
	if (yaml_read_text(path, buf_slice(text), &before, &ignored) == 0) {
		if (yaml_read_text(path, buf_slice(&neat), &after, &ignored) == 0) {
			if (same_tree(before.root, after.root)) {
				buf_clear(text);
				buf_add_slice(text, buf_slice(&neat));
			}
			yaml_release(&after);
		}
		yaml_release(&before);
	}
	problems_release(&ignored);
}

int ruleset_format(struct slice text, const char *path, enum ruleset_spelling spelling,
	struct buf *out, struct problems *p)
{
	struct formatter f = {.text = text, .french = spelling == RULESET_FRENCH};
	struct yaml_file file;
	int r = yaml_read_text(path, text, &file, p);

	if (r < 0)
		return r;
	find_lines(&f);
	if (spelling != RULESET_AS_IT_IS && file.root && file.root->type == YAML_MAP)
		walk(&f, file.root,
			get(file.root, "override", &override_keys)     ? "override_keys"
				: get(file.root, "cases", &cases_keys) ? "cases_keys"
								       : "pack_keys");
	apply(&f, out);
	yaml_release(&file);
	free(f.lines);
	free(f.edits);
	tidy_safely(out, path);
	return 0;
}
