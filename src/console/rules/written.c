/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "written.h"
#include <errno.h>
#include <tocsin/base/buf.h>

int written_read(const char *path, struct slice text, struct written *ret)
{
	return yaml_read_text(path, text, &ret->file, &ret->problems) < 0 || !ret->file.root
		? -EBADMSG
		: 0;
}

void written_release(struct written *w)
{
	yaml_release(&w->file);
	problems_release(&w->problems);
	buf_release(&w->text);
}

/* --- finding */

const struct yaml_node *written_value(
	const struct yaml_node *map, const char *english, const char *french)
{
	const struct yaml_node *node = NULL;
	if (map && map->type == YAML_MAP)
		node = yaml_get(map, english, NULL, 0);
	if (!node && map && map->type == YAML_MAP)
		node = yaml_get(map, french, NULL, 0);
	return node;
}

static const struct yaml_node *rule_in(const struct yaml_node *list, struct slice id)
{
	for (size_t i = 0; list && list->type == YAML_LIST && i < list->n; i++) {
		const struct yaml_node *one = list->items[i];
		const struct yaml_node *name =
			one->type == YAML_MAP ? yaml_get(one, "id", NULL, 0) : NULL;
		if (name && slice_equal(name->text, id))
			return one;
	}
	return NULL;
}

const struct yaml_node *written_rule(const struct yaml_file *f, struct slice id)
{
	const struct yaml_node *rule = rule_in(written_value(f->root, "rules", "règles"), id);
	return rule ? rule : rule_in(written_value(f->root, "topics", "sujets"), id);
}

const struct yaml_node *written_list(const struct yaml_file *f, struct slice name)
{
	const struct yaml_node *lists = written_value(f->root, "lists", "listes");
	for (size_t i = 0; lists && lists->type == YAML_MAP && i < lists->n; i++)
		if (slice_equal(lists->keys[i]->text, name))
			return lists->items[i]->type == YAML_LIST ? lists->items[i] : NULL;
	return NULL;
}

static struct slice next_line(struct slice *text)
{
	const char *end = text->n ? memchr(text->p, '\n', text->n) : NULL;
	struct slice line = {text->p, end ? (size_t)(end + 1 - text->p) : text->n};
	text->p += line.n;
	text->n -= line.n;
	return line;
}

static size_t indent_of(struct slice line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == ' ')
		n++;
	return n < line.n && line.p[n] != '\n' && line.p[n] != '\r'
		? n
		: SIZE_MAX; /* an empty line ends nothing */
}

struct slice written_lines(struct slice text, const struct yaml_node *map)
{
	size_t column = map->column ? map->column - 1 : 0, kept = 0;
	struct slice from;
	for (unsigned i = 1; i < map->line && text.n; i++)
		next_line(&text);
	from = text;
	for (bool first = true; text.n; first = false) {
		struct slice line = next_line(&text);
		size_t indent = indent_of(line);
		if (!first && indent < column)
			break;
		if (indent != SIZE_MAX)
			kept = (size_t)(text.p - from.p);
	}
	return (struct slice){from.p, kept};
}

/* Its columns are characters. */
static size_t offset_of(struct slice text, const struct yaml_node *node)
{
	struct slice rest = text;
	size_t at;
	for (unsigned i = 1; i < node->line && rest.n; i++)
		next_line(&rest);
	at = (size_t)(rest.p - text.p);
	for (unsigned i = 1; i < node->column && at < text.n; i++)
		for (at++; at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80;)
			at++;
	return at;
}

/* --- changing */

struct change { /* [at, end) becomes put */
	size_t at, end;
	struct buf put;
};

static void change_release(struct change *c)
{
	buf_release(&c->put);
}

static void put_quoted(struct buf *out, struct slice text)
{
	buf_add_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\'')
			buf_add_char(out, '\'');
		buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '\'');
}

static void put_spaces(struct buf *out, size_t n)
{
	while (n--)
		buf_add_char(out, ' ');
}

static bool is_at(struct slice text, size_t at, char c)
{
	return at < text.n && text.p[at] == c;
}

/* Where a scalar of one line in a list between brackets ends. */
static size_t end_of(struct slice text, size_t at)
{
	const char quote = at < text.n ? text.p[at] : 0;
	if (quote != '\'' && quote != '"') {
		while (at < text.n && !strchr(",]\n", text.p[at]))
			at++;
		return at;
	}
	for (at++; at < text.n; at++) {
		const bool doubled =
			quote == '\'' && is_at(text, at, quote) && is_at(text, at + 1, quote);
		if (doubled || (quote == '"' && text.p[at] == '\\'))
			at++;
		else if (text.p[at] == quote)
			return at + 1;
	}
	return text.n;
}

/* A first item. */
static int insert(
	struct slice text, const struct yaml_node *list, struct slice item, struct change *c)
{
	c->at = c->end = offset_of(text, list);
	if (is_at(text, c->at, '[')) {
		c->end = ++c->at;
		put_quoted(&c->put, item);
		buf_add_string(&c->put, list->n ? ", " : "");
		return 0;
	}
	if (!is_at(text, c->at, '-') || !list->column)
		return -ENOTSUP;
	buf_add_string(&c->put, "- ");
	put_quoted(&c->put, item);
	buf_add_char(&c->put, '\n');
	put_spaces(&c->put, list->column - 1);
	return 0;
}

static int take_out(struct slice text, const struct yaml_node *list, size_t i, struct change *c)
{
	const bool block = is_at(text, offset_of(text, list), '-');
	c->at = offset_of(text, list->items[i]);
	if (block) {
		while (c->at && text.p[c->at - 1] != '\n')
			c->at--;
		for (c->end = c->at; c->end < text.n && text.p[c->end] != '\n';)
			c->end++;
		c->end += c->end < text.n;
	} else if (i + 1 < list->n) {
		c->end = offset_of(text, list->items[i + 1]);
	} else {
		c->end = end_of(text, c->at);
		while (c->at && text.p[c->at] != ',')
			c->at--;
	}
	return c->at < c->end ? 0 : -ENOTSUP;
}

static void make(struct slice text, const struct change *c, struct buf *ret)
{
	buf_add_slice(ret, (struct slice){text.p, c->at});
	buf_add_slice(ret, buf_slice(&c->put));
	buf_add_slice(ret, (struct slice){text.p + c->end, text.n - c->end});
}

/* --- reading again */

static bool same(const struct yaml_node *a, const struct yaml_node *b);

/* But for one item of one of them, at `but`. */
static bool same_items(const struct yaml_node *longer, const struct yaml_node *shorter, size_t but)
{
	if (longer->n != shorter->n + 1)
		return false;
	for (size_t i = 0; i < shorter->n; i++)
		if (!same(longer->items[i + (i >= but)], shorter->items[i]))
			return false;
	return true;
}

static bool same(const struct yaml_node *a, const struct yaml_node *b)
{
	if (a->type != b->type || a->n != b->n || !slice_equal(a->text, b->text))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if ((a->type == YAML_MAP && !same(a->keys[i], b->keys[i])) ||
			!same(a->items[i], b->items[i]))
			return false;
	return true;
}

/* Whether two trees differ in nothing but that node of the one, and that of the other. */
static bool same_but(const struct yaml_node *a, const struct yaml_node *b,
	const struct yaml_node *in_a, const struct yaml_node *in_b)
{
	if (a == in_a || b == in_b)
		return a == in_a && b == in_b;
	if (a->type != b->type || a->n != b->n || !slice_equal(a->text, b->text))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if ((a->type == YAML_MAP && !same(a->keys[i], b->keys[i])) ||
			!same_but(a->items[i], b->items[i], in_a, in_b))
			return false;
	return true;
}

static int reread(struct slice text, struct written *ret)
{
	return written_read("", text, ret) < 0 ? -ENOTSUP : 0;
}

/* Where a list is found: in a rule's examples, or under its name. */
typedef const struct yaml_node *find_fn(const struct yaml_file *f, struct slice name);

static const struct yaml_node *tests_of(const struct yaml_file *f, struct slice rule)
{
	const struct yaml_node *tests = written_value(written_rule(f, rule), "tests", "exemples");
	const struct yaml_node *list = written_value(tests, "match", "oui");
	return list && list->type == YAML_LIST ? list : NULL;
}

static int place_of(const struct yaml_node *list, struct slice item, size_t *ret)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_node *one = list->items[i];
		if (one->type == YAML_MAP)
			one = written_value(one, "text", "texte");
		if (one && one->type == YAML_SCALAR && slice_equal(one->text, item)) {
			*ret = i;
			return 0;
		}
	}
	return -ENOENT;
}

static int add(
	struct slice text, find_fn *find, struct slice name, struct slice item, struct buf *ret)
{
	_cleanup_(written_release) struct written before = {0}, after = {0};
	_cleanup_(change_release) struct change c = {0};
	size_t at;
	int r = reread(text, &before);
	const struct yaml_node *list = r == 0 ? find(&before.file, name) : NULL;
	if (r || !list)
		return r ? r : -ENOENT;
	if (place_of(list, item, &at) == 0)
		return -EEXIST;
	r = insert(text, list, item, &c);
	if (r < 0)
		return r;
	make(text, &c, ret);
	const struct yaml_node *now =
		reread(buf_slice(ret), &after) == 0 ? find(&after.file, name) : NULL;
	return now && same_items(now, list, 0) && slice_equal(now->items[0]->text, item) &&
			same_but(before.file.root, after.file.root, list, now)
		? 0
		: -ENOTSUP;
}

/* --- what is asked */

int written_add_word(struct slice text, struct slice list, struct slice word, struct buf *ret)
{
	return add(text, written_list, list, word, ret);
}

int written_remove_word(struct slice text, struct slice name, struct slice word, struct buf *ret)
{
	_cleanup_(written_release) struct written before = {0}, after = {0};
	_cleanup_(change_release) struct change c = {0};
	size_t at = 0;
	int r = reread(text, &before);
	const struct yaml_node *list = r == 0 ? written_list(&before.file, name) : NULL;
	if (r == 0)
		r = list ? place_of(list, word, &at) : -ENOENT;
	if (r == 0 && list->n == 1)
		r = -EPERM;
	if (r == 0)
		r = take_out(text, list, at, &c);
	if (r < 0)
		return r;
	make(text, &c, ret);
	const struct yaml_node *now =
		reread(buf_slice(ret), &after) == 0 ? written_list(&after.file, name) : NULL;
	return now && same_items(list, now, at) &&
			same_but(before.file.root, after.file.root, list, now)
		? 0
		: -ENOTSUP;
}

/* Examples that it has not yet, below its last line. */
static void begin_tests(
	struct slice text, const struct yaml_node *rule, struct slice sample, struct buf *ret)
{
	const struct slice lines = written_lines(text, rule);
	_cleanup_(change_release) struct change c = {0};
	c.at = c.end = (size_t)(lines.p - text.p) + lines.n;
	if (!is_at(text, c.at - 1, '\n'))
		buf_add_char(&c.put, '\n');
	put_spaces(&c.put, rule->column - 1);
	buf_add_string(&c.put, "exemples:\n");
	put_spaces(&c.put, rule->column + 1);
	buf_add_string(&c.put, "oui:\n");
	put_spaces(&c.put, rule->column + 3);
	buf_add_string(&c.put, "- ");
	put_quoted(&c.put, sample);
	buf_add_char(&c.put, '\n');
	make(text, &c, ret);
}

int written_add_test(struct slice text, struct slice rule, struct slice sample, struct buf *ret)
{
	_cleanup_(written_release) struct written before = {0}, after = {0};
	int r = reread(text, &before);
	const struct yaml_node *node = r == 0 ? written_rule(&before.file, rule) : NULL;
	if (r || !node)
		return r ? r : -ENOENT;
	if (tests_of(&before.file, rule))
		return add(text, tests_of, rule, sample, ret);
	if (written_value(node, "tests", "exemples"))
		return -ENOTSUP;
	begin_tests(text, node, sample, ret);
	if (reread(buf_slice(ret), &after) < 0)
		return -ENOTSUP;
	const struct yaml_node *now = written_rule(&after.file, rule);
	const struct yaml_node *tests = tests_of(&after.file, rule);
	return tests && tests->n == 1 && slice_equal(tests->items[0]->text, sample) &&
			now->n == node->n + 1 &&
			same_but(before.file.root, after.file.root, node, now)
		? 0
		: -ENOTSUP;
}
