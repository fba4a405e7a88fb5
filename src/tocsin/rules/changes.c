/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "changes.h"
#include <dirent.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/base/map.h>
#include <tocsin/words/words.h>
#include <tocsin/yaml/yaml.h>
#include "../table.h"

/* --- packs, by their files */

static int is_pack(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && slice_ends(slice_of(entry->d_name), ".yaml");
}

static void add_pack(struct changes *c, enum change_kind kind, const char *name)
{
	struct slice text = slice_of(name);
	text.n -= strlen(".yaml");
	c->packs = arena_grow(&c->arena, c->packs, c->n_packs, &c->cap_packs, sizeof(*c->packs));
	c->packs[c->n_packs++] = (struct pack_written){kind, arena_copy(&c->arena, text)};
}

/* 0: both say the same; 1: not, or one cannot be read. */
static int differs(const char *before, const char *after, const char *name)
{
	_free_ char *from = xasprintf("%s/%s", before, name), *to = xasprintf("%s/%s", after, name);
	_buf_ struct buf a = {0}, b = {0};
	return file_read(from, YAML_MAX, &a, NULL) < 0 || file_read(to, YAML_MAX, &b, NULL) < 0 ||
		!slice_equal(buf_slice(&a), buf_slice(&b));
}

static bool has(const char *folder, const char *name)
{
	_free_ char *path = xasprintf("%s/%s", folder, name);
	return access(path, F_OK) == 0;
}

static void find_packs(struct changes *c, const char *folder, const char *other, bool after)
{
	struct dirent **list = NULL;
	const int n = scandir(folder, &list, is_pack, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;
		if (!has(other, name))
			add_pack(c, after ? CHANGE_ADDED : CHANGE_REMOVED, name);
		else if (after && differs(other, folder, name))
			add_pack(c, CHANGE_WRITTEN, name);
		free(list[i]);
	}
	free(list);
}

/* --- rules, by their own lines */

struct source { /* a file that rules stand in, read once */
	const char *path;
	struct yaml_file file;
};
struct sources {
	struct source *list;
	size_t n, cap;
};

static const struct yaml_file *source_of(struct sources *s, const char *path, struct arena *arena)
{
	struct problems p = {0};
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->list[i].path, path) == 0)
			return &s->list[i].file;
	s->list = arena_grow(arena, s->list, s->n, &s->cap, sizeof(*s->list));
	s->list[s->n] = (struct source){.path = path};
	(void)!yaml_read(path, &s->list[s->n].file, &p); /* it was loaded: what is wrong is said */
	problems_release(&p);
	return &s->list[s->n++].file;
}

static const struct yaml_node *node_of(const struct yaml_file *f, struct slice id)
{
	static const char *const keys[] = {"rules", "règles", "topics", "sujets"};
	for (size_t k = 0; f->root && f->root->type == YAML_MAP && k < 4; k++) {
		const struct yaml_node *list = yaml_get(f->root, keys[k], NULL, 0);
		for (size_t i = 0; list && list->type == YAML_LIST && i < list->n; i++) {
			const struct yaml_node *one = list->items[i];
			const struct yaml_node *name =
				one->type == YAML_MAP ? yaml_get(one, "id", NULL, 0) : NULL;
			if (name && slice_equal(name->text, id))
				return one;
		}
	}
	return NULL;
}

static bool same(const struct yaml_node *a, const struct yaml_node *b)
{
	if (!a || !b || a->type != b->type || a->n != b->n)
		return a == b;
	if (a->type == YAML_SCALAR)
		return slice_equal(a->text, b->text);
	for (size_t i = 0; i < a->n; i++)
		if ((a->type == YAML_MAP && !same(a->keys[i], b->keys[i])) ||
			!same(a->items[i], b->items[i]))
			return false;
	return true;
}

static void add_rule(struct changes *c, enum change_kind kind, const struct rule_info *was,
	const struct rule_info *is)
{
	c->rules = arena_grow(&c->arena, c->rules, c->n_rules, &c->cap_rules, sizeof(*c->rules));
	struct rule_written *r = &c->rules[c->n_rules++];
	memset(r, 0, sizeof(*r));
	r->kind = kind;
	if (was)
		r->was = *was;
	if (is)
		r->is = *is;
}

static struct map *ids_of(const struct ruleset *rules)
{
	struct map *ids = map_new();
	for (size_t i = 0; i < ruleset_count(rules); i++)
		*map_at(ids, ruleset_info(rules, i).id, NULL) = i;
	return ids;
}

static void find_removed(struct changes *c, const struct ruleset *was, struct map *now)
{
	for (size_t i = 0; i < ruleset_count(was); i++) {
		const struct rule_info info = ruleset_info(was, i);
		if (!map_find(now, info.id))
			add_rule(c, CHANGE_REMOVED, &info, NULL);
	}
}

static void find_written(
	struct changes *c, const struct ruleset *was, const struct ruleset *is, struct map *before)
{
	struct sources files = {0};
	for (size_t i = 0; i < ruleset_count(is); i++) {
		const struct rule_info now = ruleset_info(is, i);
		const uint64_t *at = map_find(before, now.id);
		if (!at) {
			add_rule(c, CHANGE_ADDED, NULL, &now);
			continue;
		}
		const struct rule_info old = ruleset_info(was, *at);
		const struct yaml_node *a = node_of(source_of(&files, old.path, &c->arena), now.id);
		const struct yaml_node *b = node_of(source_of(&files, now.path, &c->arena), now.id);
		if (!same(a, b) || old.status != now.status || old.priority != now.priority)
			add_rule(c, CHANGE_WRITTEN, &old, &now);
	}
	for (size_t i = 0; i < files.n; i++)
		yaml_release(&files.list[i].file);
}

void changes_find(struct changes *ret, const char *before, const char *after,
	const struct ruleset *was, const struct ruleset *is)
{
	struct map *old = ids_of(was), *now = ids_of(is);
	*ret = (struct changes){0};
	arena_init(&ret->arena, 0);
	find_packs(ret, before, after, false);
	find_packs(ret, after, before, true);
	find_removed(ret, was, now);
	find_written(ret, was, is, old);
	map_free(old);
	map_free(now);
}

void changes_release(struct changes *c)
{
	arena_release(&c->arena);
}

/* --- saying it */

static const char *const kinds[CHANGE_KINDS] = {"added", "removed", "changed"};
static const char *const statuses[] = {"draft", "shadow", "live", "retired"};

static void put_side(struct json_writer *w, const char *key, const struct rule_info *i)
{
	if (!i->id.n)
		return;
	json_w_key(w, key);
	json_w_begin(w, '{');
	json_w_text(w, "title", i->title);
	json_w_text(w, "status", slice_of(statuses[i->status]));
	json_w_number(w, "priority", i->priority);
	json_w_end(w, '}');
}

void changes_json(const struct changes *c, struct json_writer *w)
{
	json_w_key(w, "packs");
	json_w_begin(w, '[');
	for (size_t i = 0; i < c->n_packs; i++) {
		json_w_begin(w, '{');
		json_w_text(w, "pack", c->packs[i].name);
		json_w_text(w, "what", slice_of(kinds[c->packs[i].kind]));
		json_w_end(w, '}');
	}
	json_w_end(w, ']');
	json_w_key(w, "written");
	json_w_begin(w, '[');
	for (size_t i = 0; i < c->n_rules; i++) {
		const struct rule_written *r = &c->rules[i];
		json_w_begin(w, '{');
		json_w_text(w, "rule", r->was.id.n ? r->was.id : r->is.id);
		json_w_text(w, "what", slice_of(kinds[r->kind]));
		put_side(w, "was", &r->was);
		put_side(w, "is", &r->is);
		json_w_end(w, '}');
	}
	json_w_end(w, ']');
}

/* The names of one kind in a line. */
static void put_name(struct buf *out, const char **before, struct slice name)
{
	buf_printf(out, "%s ", *before);
	table_clean(out, name, false);
	*before = ",";
}

static void end_line(struct buf *out, const char *before)
{
	if (*before == ',')
		buf_add_char(out, '\n');
}

void changes_print(struct context *x, const struct changes *c, struct buf *out)
{
	static const char *const packs[CHANGE_KINDS] = {WORDS_MARK("paquets ajoutés :"),
		WORDS_MARK("paquets retirés :"), WORDS_MARK("paquets changés :")};
	static const char *const rules[CHANGE_KINDS] = {WORDS_MARK("règles ajoutées :"),
		WORDS_MARK("règles retirées :"), WORDS_MARK("règles réécrites :")};
	for (int kind = 0; kind < CHANGE_KINDS; kind++) {
		const char *before = _w(x, packs[kind]);
		for (size_t i = 0; i < c->n_packs; i++)
			if ((int)c->packs[i].kind == kind)
				put_name(out, &before, c->packs[i].name);
		end_line(out, before);
	}
	for (int kind = 0; kind < CHANGE_KINDS; kind++) {
		const char *before = _w(x, rules[kind]);
		for (size_t i = 0; i < c->n_rules; i++)
			if ((int)c->rules[i].kind == kind)
				put_name(out, &before,
					c->rules[i].was.id.n ? c->rules[i].was.id
							     : c->rules[i].is.id);
		end_line(out, before);
	}
	if (c->n_packs || c->n_rules)
		buf_add_char(out, '\n');
}
