/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a push would take away. A folder is published whole: one that holds a town's own pack and nothing else would leave it
 * deaf to threats, without a word. */
#include "author.h"
#include <tocsin/base/map.h>
#include <tocsin/json/json.h>
#include <tocsin/words/words.h>

enum {
	PART = 3,
	WORTH = 10,
	NAMED = 4
}; /* a third of so many is no edit any more; so many are named */

struct loss {
	unsigned live, rules, topics, urgent;
	struct slice names[NAMED]; /* of the urgent ones */
};

static bool is_live(const struct rule_info *i)
{
	return i->status == RULE_LIVE;
}

static struct map *live_ids(const struct ruleset *rules)
{
	struct map *ids = map_new();
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		const struct rule_info info = ruleset_info(rules, i);
		if (is_live(&info))
			*map_at(ids, info.id, NULL) = 1;
	}
	return ids;
}

static void add_lost(struct loss *l, const struct rule_info *info)
{
	l->rules += !info->topic;
	l->topics += info->topic;
	if (info->priority != 1)
		return;
	if (l->urgent < NAMED)
		l->names[l->urgent] = info->id;
	l->urgent++;
}

static void compare(const struct ruleset *old, const struct ruleset *new, struct loss *ret)
{
	struct map *kept = live_ids(new);
	for (size_t i = 0; i < ruleset_count(old); i++) {
		const struct rule_info info = ruleset_info(old, i);
		if (!is_live(&info))
			continue;
		ret->live++;
		if (!map_find(kept, info.id))
			add_lost(ret, &info);
	}
	map_free(kept);
}

static size_t named(const struct loss *l)
{
	return l->urgent < NAMED ? l->urgent : NAMED;
}

/* For the console. */
static void print_json(const struct loss *l)
{
	_buf_ struct buf out = {0};
	struct json_writer w = {.out = &out};
	json_w_begin(&w, '{');
	json_w_key(&w, "lost");
	json_w_begin(&w, '{');
	json_w_number(&w, "rules", l->rules);
	json_w_number(&w, "topics", l->topics);
	json_w_number(&w, "urgent", l->urgent);
	json_w_strings(&w, "names", l->names, named(l));
	json_w_end(&w, '}');
	json_w_end(&w, '}');
	buf_add_char(&out, '\n');
	put_text(buf_slice(&out), stdout);
}

static int refuse(struct context *x, const struct loss *l)
{
	_buf_ struct buf names = {0};
	for (size_t i = 0; i < named(l); i++)
		buf_printf(&names, "%s%.*s", i ? ", " : "", (int)l->names[i].n, l->names[i].p);
	if (l->urgent > NAMED)
		buf_add_string(&names, "…");
	if (x->json)
		print_json(l);
	if (l->urgent)
		complain(x, EXIT_PROBLEMS,
			_w(x, "%u règle(s) et %u sujet(s) en vigueur n'y sont plus, dont %u de priorité P1 (%s)"),
			l->rules, l->topics, l->urgent, buf_string(&names));
	else
		complain(x, EXIT_PROBLEMS,
			_w(x, "%u règle(s) et %u sujet(s) en vigueur n'y sont plus"), l->rules,
			l->topics);
	return complain(x, EXIT_PROBLEMS,
		_w(x,
			"rien n'est publié : un dossier remplace tout ce qui est en vigueur. Partez de « tocsin rules pull DOSSIER » et "
			"ajoutez-y votre fichier ; « tocsin rules push --force » publie quand même"));
}

int lost_check(struct context *x, const char *active, const char *folder)
{
	struct problems p = {0};
	struct ruleset *old = NULL, *new = NULL;
	struct loss l = {0};
	int r = EXIT_DONE;
	/* what cannot be loaded any more is nothing to lose */
	if (ruleset_load_names(active, &old, &p) == 0 && ruleset_load_names(folder, &new, &p) == 0)
		compare(old, new, &l);
	if (l.urgent || (l.live >= WORTH && (l.rules + l.topics) * PART > l.live))
		r = refuse(x, &l);
	ruleset_free(old);
	ruleset_free(new);
	problems_release(&p);
	return r;
}
