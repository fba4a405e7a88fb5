/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules backtest|diff: the same comments under two sets of rules. What would newly be flagged, what no longer,
 * by rule, with examples; and how often moderators upheld what a rule found.
 *
 *   backtest [FOLDER]   the rules of a folder against the published ones, over the stored history
 *   diff OLD NEW        two folders, over a file or the stored history */
#include "compare.h"
#include "author.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/map.h>
#include "../comments.h"

/* The pointer holds until the next call. */
static struct rule_change *change_of(struct comparison *c, struct slice id)
{
	bool fresh;
	uint64_t *at = map_at(c->ids, id, &fresh);
	if (!fresh)
		return &c->rules[*at];
	*at = c->n;
	c->rules = xgrow(c->rules, c->n, &c->cap, sizeof(*c->rules));
	c->rules[c->n] = (struct rule_change){.id = arena_copy(&c->arena, id)};
	return &c->rules[c->n++];
}

static bool has_rule(const struct verdict *v, struct slice id)
{
	for (uint32_t i = 0; i < v->n_matches; i++)
		if (slice_equal(v->matches[i].rule, id))
			return true;
	return false;
}

static bool is_first(const struct verdict *v, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (slice_equal(v->matches[k].rule, v->matches[i].rule))
			return false;
	return true;
}

static void keep_example(struct comparison *c, struct example *list, const struct comment *comment,
	const struct verdict_match *m)
{
	size_t i = 0;
	while (i < EXAMPLES && list[i].text.n)
		i++;
	if (i == EXAMPLES)
		return;
	list[i] = (struct example){arena_copy(&c->arena, comment->id),
		arena_copy(&c->arena, comment->text), m->start, m->end};
}

/* The rules of one verdict against the other's: those that only it has are `only`. */
static void count_rules(struct comparison *c, const struct comment *comment,
	const struct verdict *of, const struct verdict *other, bool after)
{
	for (uint32_t i = 0; i < of->n_matches; i++) {
		const struct verdict_match *m = &of->matches[i];
		if (!is_first(of, i))
			continue;
		struct rule_change *rule = change_of(c, m->rule);
		bool only = !has_rule(other, m->rule);
		if (after) {
			rule->after++;
			rule->found += only;
			if (only)
				keep_example(c, rule->found_examples, comment, m);
			judged_add(&rule->judged, c->item, m->category);
		} else {
			rule->before++;
			rule->lost += only;
			if (only)
				keep_example(c, rule->lost_examples, comment, m);
		}
	}
}

static int compare(struct comparison *c, const struct comment *comment)
{
	struct verdict before, after;
	scorer_score(c->old, comment, &before);
	scorer_score(c->new, comment, &after);
	c->comments++;
	for (int level = VERDICT_QUEUE; level <= VERDICT_ALERT; level++) {
		bool was = (int)before.level >= level, is = (int)after.level >= level;
		c->before[level] += was;
		c->after[level] += is;
		c->found[level] += is && !was;
		c->lost[level] += was && !is;
	}
	count_rules(c, comment, &before, &after, false);
	count_rules(c, comment, &after, &before, true);
	return 0;
}

static void note_time(struct comparison *c, int64_t at)
{
	if (c->first_at == 0 || at < c->first_at)
		c->first_at = at;
	if (at > c->last_at)
		c->last_at = at;
}

static int take_stored(void *user, const struct history_item *h)
{
	struct comparison *c = user;
	c->item = h;
	note_time(c, h->at);
	return compare(c, &h->stored->comment);
}

/* What has no date is between none. */
static int take_line(void *user, const struct comment *comment)
{
	struct comparison *c = user;
	const int64_t at = comment->created_at;
	const bool all = c->span[0] == INT64_MIN && c->span[1] == INT64_MAX;
	if (!all && (!at || at < c->span[0] || at >= c->span[1]))
		return 0;
	if (at)
		note_time(c, at);
	return compare(c, comment);
}

/* --- the verbs */

struct ground { /* the comments that are compared over */
	const char *old, *new; /* folders */
	const char *input; /* a file; NULL: the history */
	const char *dates[2];
	int64_t last; /* of the history the last so many; 0: all */
};

/* Everything is loaded: compares and prints. */
static int run(struct context *x, const struct ruleset *old, const struct ruleset *new,
	const struct ground *on, const int64_t span[2])
{
	struct comparison c = {.ids = map_new(), .span = {span[0], span[1]}};
	uint64_t refused = 0;
	int r;
	arena_init(&c.arena, 0);
	c.old = scorer_new(old);
	c.new = scorer_new(new);
	r = on->input ? comments_each(x, on->input, take_line, &c, &refused)
		      : history_last(x, span, on->last, take_stored, &c);
	if (r == 0) {
		changes_find(&c.written, on->old, on->new, old, new);
		comparison_print(x, &c);
		changes_release(&c.written);
	}
	if (r == 0)
		r = comments_refused(x, refused);
	scorer_free(c.old);
	scorer_free(c.new);
	map_free(c.ids);
	free(c.rules);
	arena_release(&c.arena);
	return r;
}

/* The folder of the published bundle, or NULL when there is none. */
static char *published(struct context *x, int *ret_code)
{
	char hash[65] = "";
	struct error e = {0};
	*ret_code = need_reader(x);
	if (*ret_code)
		return NULL;
	if (reader_bundle(x->reader, hash, &e) < 0) {
		*ret_code = complain(x, EXIT_PROBLEMS, "%s", e.text);
		return NULL;
	}
	return *hash ? xasprintf("%s/bundles/%s", x->config.state_dir, hash) : NULL;
}

static int compare_folders(struct context *x, const struct ground *on)
{
	struct ruleset *a = NULL, *b = NULL;
	int64_t span[2];
	int r = on->input ? need_zone(x) : need_reader(x);
	if (r == 0)
		r = option_date(x, on->dates[0], INT64_MIN, &span[0]);
	if (r == 0)
		r = option_date(x, on->dates[1], INT64_MAX, &span[1]);
	if (r == 0)
		r = packs_load(x, on->old, &a);
	if (r == 0)
		r = packs_load(x, on->new, &b);
	if (r == 0)
		r = run(x, a, b, on, span);
	ruleset_free(a);
	ruleset_free(b);
	return r;
}

/* --last, which a file has not. */
static int read_last(struct context *x, const char *last, struct ground *on)
{
	if (last && on->input)
		return complain(x, EXIT_MISUSE,
			_w(x, "--last compte les derniers commentaires reçus : d'un fichier, choisissez par dates (--from, --to)"));
	return last ? option_number(x, "--last", last, 1, INT32_MAX, &on->last) : 0;
}

int rules_backtest(struct context *x, int argc, char **argv)
{
	const char *against = NULL, *last = NULL, *folder;
	struct ground on = {0};
	const struct option_spec options[] = {{"input", "entrée", NULL, &on.input},
		{"against", "contre", NULL, &against}, {"from", "du", NULL, &on.dates[0]},
		{"to", "au", NULL, &on.dates[1]}, {"last", "derniers", NULL, &last}};
	_free_ char *bundle = NULL;
	int r = options_parse(x, options, 5, &argc, argv);
	if (r == 0)
		r = read_last(x, last, &on);
	if (r == 0)
		r = options_words(x, "rules", argc, 0, 1);
	if (r == 0)
		r = rules_folder(x, argc ? argv[0] : NULL, &folder);
	if (r)
		return r;
	if (!against) {
		bundle = published(x, &r);
		if (r)
			return r;
		if (!bundle)
			return complain(x, EXIT_PROBLEMS,
				_w(x, "rien n'est encore publié ; --against DOSSIER dit à quoi comparer"));
	}
	on.old = against ? against : bundle;
	on.new = folder;
	return compare_folders(x, &on);
}

int rules_diff(struct context *x, int argc, char **argv)
{
	const char *last = NULL;
	struct ground on = {0};
	const struct option_spec options[] = {{"input", "entrée", NULL, &on.input},
		{"from", "du", NULL, &on.dates[0]}, {"to", "au", NULL, &on.dates[1]},
		{"last", "derniers", NULL, &last}};
	int r = options_parse(x, options, 4, &argc, argv);
	if (r == 0)
		r = read_last(x, last, &on);
	if (r == 0)
		r = options_words(x, "rules", argc, 2, 2);
	if (r)
		return r;
	on.old = argv[0];
	on.new = argv[1];
	return compare_folders(x, &on);
}
