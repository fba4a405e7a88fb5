/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes: a tree within the limits, or at least one problem with a place inside the text. */
#include <tocsin/base/utf8.h>
#include <tocsin/yaml/yaml.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void walk(
	const struct yaml_file *f, const struct yaml_node *node, unsigned depth, struct problems *p)
{
	static const struct yaml_key keys[] = {{"rules", "règles"}, {"a", NULL}};
	struct slice text;
	int64_t number;
	bool truth;
	require(node && depth <= YAML_DEPTH && node->line > 0 && node->column > 0);
	int failed = 0;
	failed += yaml_string(f, node, &text, p) < 0;
	failed += yaml_int(f, node, -5, 1000, &number, p) < 0;
	failed += yaml_duration(f, node, &number, p) < 0;
	failed += yaml_bool(f, node, &truth, p) < 0;
	require(failed == 0 || p->errors > 0);
	if (node->type == YAML_SCALAR)
		require(utf8_valid(node->text));
	if (node->type == YAML_MAP)
		yaml_check_keys(f, node, keys, 2, p);
	for (size_t i = 0; node->type != YAML_SCALAR && i < node->n; i++) {
		if (node->type == YAML_MAP)
			require(node->keys[i]->type == YAML_SCALAR);
		walk(f, node->items[i], depth + 1, p);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct yaml_file f;
	struct problems p = {0};
	unsigned lines = 1;
	for (size_t i = 0; i < n; i++)
		lines += data[i] == '\n' || data[i] == '\r' || data[i] == 0x85 || data[i] == 0xA8 ||
			data[i] == 0xA9;
	int r = yaml_read_text("f", (struct slice){(const char *)data, n}, &f, &p);
	require(r <= 0 && (r == 0) == (p.errors == 0));
	for (size_t i = 0; i < p.n; i++)
		require(p.list[i].line <= lines + 1 && p.list[i].text[0]);
	if (f.root)
		walk(&f, f.root, 1, &p);
	_buf_ struct buf out = {0};
	for (size_t i = 0; i < p.n; i++)
		problem_print(&out, &p.list[i], "erreur", "avertissement", "conseil");
	yaml_release(&f);
	problems_release(&p);
	return 0;
}
