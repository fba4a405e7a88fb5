/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules list: what is published, how often each rule found something of late, and how often a moderator upheld
 * it. A rule that finds nothing, or is never upheld, is one to look at. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/json/json.h>
#include <tocsin/rules/nominative.h>
#include "author.h"
#include "judged.h"

enum { DAYS = 30, TITLE_SHOWN = 44 };

struct found {
	uint64_t hits;
	struct judged judged;
};
struct usage {
	struct found live, shadow;
};

struct listing {
	struct context *x;
	const struct ruleset *rules;
	struct map *ids; /* rule id → index */
	struct usage *usage;
};

static struct usage *usage_of(struct listing *l, struct slice id)
{
	const uint64_t *i = map_find(l->ids, id);
	return i ? &l->usage[*i] : NULL;
}

static void add(struct found *f, const struct history_item *h, struct slice category)
{
	f->hits++;
	judged_add(&f->judged, h, category);
}

static int count(void *user, const struct history_item *h)
{
	struct listing *l = user;
	const struct verdict *v = &h->stored->verdict;
	for (uint32_t i = 0; i < v->n_matches; i++) {
		struct usage *u = usage_of(l, v->matches[i].rule);
		bool again = false;
		for (uint32_t k = 0; k < i && !again; k++)
			again = slice_equal(v->matches[k].rule, v->matches[i].rule);
		if (!u || again)
			continue;
		add(&u->live, h, v->matches[i].category);
	}
	for (uint32_t i = 0; i < v->n_shadows; i++) {
		struct usage *u = usage_of(l, v->shadows[i]);
		if (u)
			add(&u->shadow, h, ruleset_info(l->rules, (size_t)(u - l->usage)).category);
	}
	return 0;
}

static const char *status_of(struct context *x, enum rule_status status)
{
	switch (status) {
	case RULE_DRAFT: return _w(x, "brouillon");
	case RULE_SHADOW: return _w(x, "observation");
	case RULE_LIVE: return _w(x, "active");
	case RULE_RETIRED: return _w(x, "retirée");
	}
	return "";
}

static void add_row(struct listing *l, struct table *t, const struct rule_info *i,
	enum rule_status status, const struct found *f)
{
	table_add(t, i->id);
	table_add(t, i->title);
	table_printf(t, "%s", status_of(l->x, status));
	if (i->priority)
		table_printf(t, "P%u", i->priority);
	else
		table_add(t, i->topic ? slice_of(_w(l->x, "sujet")) : (struct slice){0});
	table_printf(t, "%llu", (unsigned long long)f->hits);
	judged_print(t, &f->judged);
}

/* What it is now; and what it found before, when it was tried or in force: a row of its own. */
static void add_rows(struct listing *l, struct table *t, size_t i)
{
	const struct rule_info info = ruleset_info(l->rules, i);
	const struct usage *u = &l->usage[i];
	const bool shadow = info.status == RULE_SHADOW;
	const struct found *other = shadow ? &u->live : &u->shadow;
	add_row(l, t, &info, info.status, shadow ? &u->shadow : &u->live);
	if (other->hits)
		add_row(l, t, &info, shadow ? RULE_LIVE : RULE_SHADOW, other);
}

static void print_table(struct listing *l)
{
	struct context *x = l->x;
	const char *const names[] = {_w(x, "règle"), _w(x, "titre"), _w(x, "statut"), "",
		_w(x, ">30 jours"), JUDGED_COLUMNS(x), NULL};
	_buf_ struct buf out = {0};
	_table_ struct table t;
	table_init(&t, names);
	t.limit[1] = TITLE_SHOWN;
	for (size_t i = 0; i < ruleset_count(l->rules); i++)
		add_rows(l, &t, i);
	table_print(&t, x->terminal, &out);
	buf_printf(&out, _w(x, "empreinte %.12s\n"), ruleset_hash(l->rules));
	put_text(buf_slice(&out), stdout);
}

static void print_json(struct listing *l)
{
	static const char *const statuses[] = {"draft", "shadow", "live", "retired"};
	_buf_ struct buf out = {0};
	for (size_t i = 0; i < ruleset_count(l->rules); i++) {
		struct rule_info info = ruleset_info(l->rules, i);
		const struct usage *u = &l->usage[i];
		struct json_writer w = {.out = &out};
		json_w_begin(&w, '{');
		json_w_text(&w, "rule", info.id);
		json_w_text(&w, "title", info.title);
		json_w_text(&w, "pack", info.pack);
		json_w_text(&w, "category", info.category);
		json_w_key(&w, "topic");
		json_w_bool(&w, info.topic);
		json_w_text(&w, "status", slice_of(statuses[info.status]));
		json_w_number(&w, "priority", info.priority);
		json_w_number(&w, "hits", u->live.hits);
		judged_json(&w, &u->live.judged);
		json_w_number(&w, "shadow", u->shadow.hits);
		json_w_key(&w, "shadow_judged");
		json_w_begin(&w, '{');
		judged_json(&w, &u->shadow.judged);
		json_w_end(&w, '}');
		nominative_json(&w, ruleset_nominative(l->rules, i));
		json_w_end(&w, '}');
		buf_add_char(&out, '\n');
	}
	put_text(buf_slice(&out), stdout);
}

/* The published rules, else those of the folder. */
static int load(struct context *x, const char *given, struct ruleset **ret)
{
	_free_ char *bundle = NULL;
	char hash[65] = "";
	struct error e;
	if (!given && access(config_find(x->config_path), F_OK) == 0 && need_reader(x) == 0 &&
		reader_bundle(x->reader, hash, &e) == 0 && *hash)
		bundle = xasprintf("%s/bundles/%s", x->config.state_dir, hash);
	return packs_load(x, bundle ? bundle : given, ret);
}

int rules_list(struct context *x, int argc, char **argv)
{
	struct listing l = {.x = x};
	struct ruleset *rules = NULL;
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 0, 1);
	if (r == 0)
		r = load(x, argc ? argv[0] : NULL, &rules);
	if (r)
		return r;
	l.rules = rules;
	l.ids = map_new();
	l.usage = xcalloc(ruleset_count(rules) + 1, sizeof(*l.usage));
	for (size_t i = 0; i < ruleset_count(rules); i++)
		*map_at(l.ids, ruleset_info(rules, i).id, NULL) = i;
	if (x->reader) {
		int64_t now = town_clock(x);
		r = history_each(x, now - DAYS * CLOCK_DAY, now + CLOCK_DAY, false, count, &l);
	}
	if (r == 0 && x->json)
		print_json(&l);
	else if (r == 0)
		print_table(&l);
	map_free(l.ids);
	free(l.usage);
	ruleset_free(rules);
	return r;
}
