/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin rules sign: a jurist has read a rule in force that names a person, and signs it. Its author wrote why, and under which mandate;
 * who signed, when and the seal of what was read are written beside that, and all is published in the jurist's name. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/rules/nominative.h>
#include <tocsin/yaml/yaml.h>
#include "author.h"
#include "copy.h"

struct signing {
	struct context *x;
	struct signature s;
	const char *id;
	char active[65], due[SEAL_TEXT], day[11];
	char *bundle, *file; /* file: the name of the pack that has the rule */
	struct folder folder;
};

/* --- where it stands */

static const struct yaml_node *value_of(
	const struct yaml_node *map, const char *english, const char *french)
{
	const struct yaml_key key = {english, french};
	return map && map->type == YAML_MAP ? yaml_get(map, english, &key, 1) : NULL;
}

static const struct yaml_node *rule_of(const struct yaml_node *list, const char *id)
{
	for (size_t i = 0; list && list->type == YAML_LIST && i < list->n; i++) {
		const struct yaml_node *node = value_of(list->items[i], "id", NULL);
		if (node && node->type == YAML_SCALAR && slice_is(node->text, id))
			return list->items[i];
	}
	return NULL;
}

static const struct yaml_node *block_of(const struct yaml_node *root, const char *id)
{
	const struct yaml_node *rule = rule_of(value_of(root, "rules", "règles"), id);
	if (!rule)
		rule = rule_of(value_of(root, "topics", "sujets"), id);
	return value_of(rule, "nominative", "nominatif");
}

/* The byte of a place that the YAML reader gives. */
static size_t offset_of(struct slice text, const struct yaml_node *node)
{
	size_t at = 0;
	for (unsigned line = 1; at < text.n && line < node->line; at++)
		line += text.p[at] == '\n';
	for (unsigned column = 1; at < text.n && column < node->column; column++) {
		at++;
		while (at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80)
			at++;
	}
	return at;
}

/* --- what is written there */

static int no_place(const struct signing *g)
{
	return complain(g->x, EXIT_PROBLEMS,
		_w(g->x,
			"« %s » est écrite d'une façon que tocsin ne sait pas compléter : écrivez juriste, signé_le et sceau à la main"),
		g->id);
}

/* One key of the block gets a value: in place of its own, or before the others. */
static int set(const struct signing *g, struct buf *text, const char *english, const char *french,
	const char *value)
{
	_buf_ struct buf out = {0};
	struct problems p = {0};
	struct yaml_file file;
	int r = yaml_read_text(g->file, buf_slice(text), &file, &p);
	const struct yaml_node *block = r == 0 ? block_of(file.root, g->id) : NULL,
			       *old = value_of(block, english, french);
	const bool fits =
		block && block->type == YAML_MAP && block->n && (!old || old->type == YAML_SCALAR);
	if (fits) {
		const struct slice all = buf_slice(text);
		const size_t at = offset_of(all, old ? old : block->keys[0]);
		const size_t n = old ? old->text.n + (old->quoted ? 2 : 0) : 0;
		const bool flow =
			offset_of(all, block) < all.n && all.p[offset_of(all, block)] == '{';
		buf_add(&out, all.p, at);
		if (old)
			buf_printf(&out, " %s", value);
		else
			buf_printf(&out, "%s: %s%s", french, value, flow ? ", " : "\n");
		for (unsigned i = 1; !old && !flow && i < block->keys[0]->column; i++)
			buf_add_char(&out, ' ');
		buf_add(&out, all.p + (at + n < all.n ? at + n : all.n),
			at + n < all.n ? all.n - at - n : 0);
		buf_clear(text);
		buf_add_slice(text, buf_slice(&out));
	}
	if (r == 0)
		yaml_release(&file);
	problems_release(&p);
	return fits ? 0 : no_place(g);
}

/* What the text says in the end is what was meant, or it is not published. */
static bool says(const struct signing *g, struct slice text)
{
	struct problems p = {0};
	struct yaml_file file;
	bool right = false;
	if (yaml_read_text(g->file, text, &file, &p) == 0) {
		const struct yaml_node *block = block_of(file.root, g->id);
		const struct yaml_node *jurist = value_of(block, "jurist", "juriste");
		const struct yaml_node *day = value_of(block, "signed_on", "signé_le");
		const struct yaml_node *seal = value_of(block, "seal", "sceau");
		right = jurist && day && seal && slice_is(jurist->text, g->s.jurist) &&
			slice_is(day->text, g->day) && slice_is(seal->text, g->due);
		yaml_release(&file);
	}
	problems_release(&p);
	return right;
}

static int write_signature(struct signing *g)
{
	_free_ char *path = xasprintf("%s/%s", g->folder.path, g->file);
	_buf_ struct buf text = {0};
	_free_ char *seal = xasprintf("'%s'", g->due); /* 16 digits may be a number to an editor */
	struct error e = {0};
	if (file_read(path, YAML_MAX, &text, &e) < 0)
		return complain(g->x, EXIT_PROBLEMS, "%s", e.text);
	int r = set(g, &text, "seal", "sceau", seal);
	if (r == 0)
		r = set(g, &text, "signed_on", "signé_le", g->day);
	if (r == 0)
		r = set(g, &text, "jurist", "juriste", g->s.jurist);
	if (r == 0 && !says(g, buf_slice(&text)))
		r = no_place(g);
	if (r == 0 && file_write_atomic(path, buf_slice(&text), 0600, &e) < 0)
		r = complain(g->x, EXIT_PROBLEMS, "%s", e.text);
	return r;
}

/* --- which */

static int take_rule(struct signing *g, const struct ruleset *rules, size_t i)
{
	const struct rule_nominative *n = ruleset_nominative(rules, i);
	const char *slash = strrchr(ruleset_info(rules, i).path, '/');
	if (!n)
		return complain(g->x, EXIT_PROBLEMS,
			_w(g->x, "« %s » ne nomme personne : rien à signer"), g->id);
	if (!n->reason.n)
		return complain(g->x, EXIT_PROBLEMS,
			_w(g->x,
				"« %s » n'a pas de motif : son auteur l'écrit d'abord sous « nominatif »"),
			g->id);
	memcpy(g->due, n->due, sizeof(g->due));
	g->file = xstrdup(slash ? slash + 1 : ruleset_info(rules, i).path);
	return 0;
}

static int find_rule(struct signing *g)
{
	struct context *x = g->x;
	struct problems p = {0};
	struct ruleset *rules = NULL;
	struct error e = {0};
	int r = need_reader(x);
	if (r)
		return r;
	if (reader_bundle(x->reader, g->active, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	g->bundle = xasprintf("%s/bundles/%s", x->config.state_dir, g->active);
	if (!*g->active || ruleset_load_persons(g->bundle, &rules, &p) < 0)
		r = complain(x, EXIT_PROBLEMS, _w(x, "rien n'est encore publié"));
	problems_release(&p);
	bool found = false;
	for (size_t i = 0; rules && !found && i < ruleset_count(rules); i++) {
		found = slice_is(ruleset_info(rules, i).id, g->id);
		if (found)
			r = take_rule(g, rules, i);
	}
	ruleset_free(rules);
	return r || found ? r
			  : complain(x, EXIT_PROBLEMS,
				    _w(x, "aucune règle en vigueur ne s'appelle « %s »"), g->id);
}

static int sign(struct signing *g)
{
	struct context *x = g->x;
	struct error e = {0};
	struct tm tm;
	const time_t now = (time_t)(clock_now() / CLOCK_SECOND);
	_free_ char *reason = xasprintf(words(x->config.lang, "signature de « %s »"), g->id);
	if (!localtime_r(&now, &tm) || !strftime(g->day, sizeof(g->day), "%Y-%m-%d", &tm))
		return complain(x, EXIT_PROBLEMS, "%s", strerror(EINVAL));
	if (packs_copy(g->bundle, NULL, &g->folder, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	int r = write_signature(g);
	if (!g->s.over)
		g->s.over = g->active;
	g->s.who = g->s.jurist;
	g->s.reason = reason;
	return r ? r : rules_publish(x, g->folder.path, &g->s);
}

int rules_sign(struct context *x, int argc, char **argv)
{
	struct signing g = {.x = x};
	const struct option_spec options[] = {
		{"jurist", "juriste", NULL, &g.s.jurist}, {"over", "sur", NULL, &g.s.over}};
	int r = options_parse(x, options, sizeof(options) / sizeof(*options), &argc, argv);
	if (r == 0)
		r = options_words(x, "rules", argc, 1, 1);
	if (r == 0 && (!g.s.jurist || !account_name_ok(slice_of(g.s.jurist))))
		r = complain(x, EXIT_MISUSE, _w(x, "--juriste COMPTE manque : qui signe ?"));
	g.id = argc ? argv[0] : "";
	if (r == 0)
		r = find_rule(&g);
	if (r == 0)
		r = sign(&g);
	(void)!folder_remove(&g.folder);
	free(g.bundle);
	free(g.file);
	buf_release(&g.s.signs);
	return r;
}
