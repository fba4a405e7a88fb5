/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "used.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/file.h>
#include <tocsin/html/html.h>
#include "draft.h"
#include "written.h"

enum { NAMES_MAX = 64 };

struct uses {
	struct slice names[NAMES_MAX]; /* "$elus", or a macro's name as it is */
	size_t n;
};

static bool uses_any(const struct yaml_node *node, bool macro, const struct uses *u)
{
	if (node->type == YAML_SCALAR) {
		for (size_t i = 0; i < u->n; i++)
			if ((u->names[i].p[0] == '$') != macro &&
				slice_equal(node->text, u->names[i]))
				return true;
		return false;
	}
	for (size_t i = 0; i < node->n; i++) {
		const bool named = node->type == YAML_MAP &&
			(slice_is(node->keys[i]->text, "macro") ||
				slice_is(node->keys[i]->text, "exception"));
		if (uses_any(node->items[i], named, u))
			return true;
	}
	return false;
}

static bool add_name(struct uses *u, struct slice name)
{
	for (size_t i = 0; i < u->n; i++)
		if (slice_equal(u->names[i], name))
			return false;
	if (u->n == NAMES_MAX)
		return false;
	u->names[u->n++] = name;
	return true;
}

/* Of one pack: whether any name is new. Names live in the arena. */
static bool add_names(const struct written *k, struct arena *a, struct uses *u)
{
	const struct {
		const char *english, *french, *sign;
	} parts[] = {{"lists", "listes", "$"}, {"macros", "macros", ""},
		{"exceptions", "exceptions", ""}};
	bool more = false;
	for (size_t p = 0; p < sizeof(parts) / sizeof(*parts); p++) {
		const struct yaml_node *map =
			written_value(k->file.root, parts[p].english, parts[p].french);
		for (size_t i = 0; map && map->type == YAML_MAP && i < map->n; i++) {
			_buf_ struct buf name = {0};
			if (!uses_any(map->items[i], false, u))
				continue;
			buf_add_string(&name, parts[p].sign);
			buf_add_slice(&name, map->keys[i]->text);
			if (name.n)
				more |= add_name(u, arena_copy(a, buf_slice(&name)));
		}
	}
	return more;
}

static size_t put_rules_of(struct visit *v, const struct yaml_node *list, const struct uses *u)
{
	size_t n = 0;
	for (size_t i = 0; list && list->type == YAML_LIST && i < list->n; i++) {
		const struct yaml_node *id = written_value(list->items[i], "id", "id");
		const struct yaml_node *title = written_value(list->items[i], "title", "titre");
		if (!id || id->type != YAML_SCALAR || !uses_any(list->items[i], false, u))
			continue;
		buf_add_string(&v->out, "<li><a href=\"/regles/regle/");
		html_text(&v->out, id->text);
		buf_add_string(&v->out, "\">");
		html_shown(&v->out,
			title && title->type == YAML_SCALAR && title->text.n ? title->text
									     : id->text);
		buf_add_string(&v->out, "</a></li>\n");
		n++;
	}
	return n;
}

/* Every pack of a folder. */
static size_t read_packs(const char *folder, struct written *ret)
{
	char *names[DRAFT_FILES_MAX];
	const size_t n = draft_names(folder, names, DRAFT_FILES_MAX);
	for (size_t i = 0; i < n; i++) {
		_free_ char *path = xasprintf("%s/%s.yaml", folder, names[i]);
		if (file_read(path, YAML_MAX, &ret[i].text, NULL) == 0)
			(void)!written_read(path, buf_slice(&ret[i].text), &ret[i]);
		free(names[i]);
	}
	return n;
}

static size_t put_users(struct visit *v, const struct written *packs, size_t n, struct slice list)
{
	_cleanup_(arena_release) struct arena arena;
	_buf_ struct buf first = {0};
	struct uses u = {.n = 0};
	size_t found = 0;
	arena_init(&arena, 0);
	buf_printf(&first, "$%.*s", (int)list.n, list.p);
	add_name(&u, buf_slice(&first));
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < n; i++)
			if (packs[i].file.root)
				more |= add_names(&packs[i], &arena, &u);
	}
	for (size_t i = 0; i < n; i++) {
		const struct yaml_node *root = packs[i].file.root;
		found += put_rules_of(v, written_value(root, "rules", "règles"), &u);
		found += put_rules_of(v, written_value(root, "topics", "sujets"), &u);
	}
	return found;
}

void used_put(struct visit *v, const char *folder, struct slice list)
{
	struct written *packs = xcalloc(DRAFT_FILES_MAX, sizeof(*packs));
	const size_t n = read_packs(folder, packs);
	struct buf page = v->out;
	_buf_ struct buf lines = {0};
	v->out = lines;
	const size_t found = put_users(v, packs, n, list);
	lines = v->out;
	v->out = page;
	for (size_t i = 0; i < n; i++)
		written_release(&packs[i]);
	free(packs);
	buf_add_string(&v->out, "<section><h2>");
	page_word(v, words(v->l, "Ce qui s'en sert, dans les règles en vigueur"));
	buf_add_string(&v->out, "</h2>\n");
	if (found) {
		buf_add_string(&v->out, "<details><summary>");
		buf_printf(&v->out,
			words_n(v->l, "%zu règle ou sujet", "%zu règles et sujets", found), found);
		buf_add_string(&v->out, "</summary><ul>\n");
		buf_add_slice(&v->out, buf_slice(&lines));
		buf_add_string(&v->out, "</ul></details>\n");
	} else {
		page_element(v, "p", words(v->l, "Aucune règle ne s'en sert."));
	}
	buf_add_string(&v->out, "</section>\n");
}
