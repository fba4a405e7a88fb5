/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/file.h>
#include <tocsin/yaml/yaml.h>

/* All problems of a text, printed. */
static const char *problems_of(struct slice text, struct buf *out)
{
	struct yaml_file f;
	struct problems p = {0};
	int r = yaml_read_text("f.yaml", text, &f, &p);
	assert_int_equal(r, p.errors ? -EINVAL : 0);
	buf_clear(out);
	for (size_t i = 0; i < p.n; i++)
		problem_print(out, &p.list[i], "error", "warning", "hint");
	yaml_release(&f);
	problems_release(&p);
	return buf_string(out);
}

static void test_tree(void **state)
{
	(void)state;
	static const char text[] = "tocsin: 1\n"
				   "# note\n"
				   "règles:\n"
				   "  - id: a.b\n"
				   "    mots: [connard, 'fils de pute', \"l'eau\", ]\n"
				   "  - |\n"
				   "    deux\n"
				   "    lignes\n"
				   "vide:\n"
				   "cité: ''\n"
				   "é: {oui: no}\n";
	struct yaml_file f;
	struct problems p = {0};
	assert_int_equal(yaml_read_text("dossier/f.yaml", slice_of(text), &f, &p), 0);
	assert_int_equal(p.n, 0);
	assert_string_equal(f.path, "dossier/f.yaml");
	assert_int_equal(f.root->type, YAML_MAP);
	assert_int_equal(f.root->n, 5);

	const struct yaml_node *n = yaml_get(f.root, "règles", NULL, 0);
	assert_int_equal(n->type, YAML_LIST);
	assert_int_equal(n->n, 2);
	assert_int_equal(n->line, 4);
	assert_int_equal(n->column, 3);
	const struct yaml_node *words = yaml_get(n->items[0], "mots", NULL, 0);
	assert_int_equal(words->n, 3);
	assert_true(slice_is(words->items[0]->text, "connard"));
	assert_false(words->items[0]->quoted);
	assert_true(slice_is(words->items[1]->text, "fils de pute"));
	assert_true(words->items[1]->quoted);
	assert_int_equal(words->items[1]->line, 5);
	assert_int_equal(words->items[1]->column, 21);
	assert_true(slice_is(words->items[2]->text, "l'eau"));
	assert_true(slice_is(n->items[1]->text, "deux\nlignes\n"));
	assert_true(n->items[1]->quoted);

	n = yaml_get(f.root, "vide", NULL, 0);
	assert_true(n->text.n == 0 && !n->quoted);
	n = yaml_get(f.root, "cité", NULL, 0);
	assert_true(n->text.n == 0 && n->quoted);
	/* a column counts characters: é is one */
	n = yaml_get(f.root, "é", NULL, 0);
	assert_int_equal(n->column, 4);
	assert_true(slice_is(yaml_get(n, "oui", NULL, 0)->text, "no"));
	assert_null(yaml_get(f.root, "absente", NULL, 0));
	assert_null(yaml_get(n->items[0], "oui", NULL, 0));
	assert_null(yaml_get(NULL, "oui", NULL, 0));
	yaml_release(&f);
	yaml_release(&f);
}

static void test_empty(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "\n\n", "# rien\n", "---\n...\n"};
	for (size_t i = 0; i < 3; i++) {
		struct yaml_file f;
		struct problems p = {0};
		assert_int_equal(yaml_read_text("f", slice_of(texts[i]), &f, &p), 0);
		assert_null(f.root);
		yaml_release(&f);
	}
}

static void test_byte_order_mark_and_crlf(void **state)
{
	(void)state;
	struct yaml_file f;
	struct problems p = {0};
	assert_int_equal(yaml_read_text("f",
				 SLICE("\xEF\xBB\xBF"
				       "a: 1\r\nb: 2\r\n"),
				 &f, &p),
		0);
	assert_true(slice_is(yaml_get(f.root, "a", NULL, 0)->text, "1"));
	assert_int_equal(yaml_get(f.root, "b", NULL, 0)->line, 2);
	yaml_release(&f);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *place, *why;
	} cases[] = {
		{"a: &x 1\n", "f.yaml:1:4: ", "ancre"},
		{"a: *x\n", "f.yaml:1:4: ", "renvoi"},
		{"<<: {a: 1}\n", "f.yaml:1:1: ", "fusion"},
		{"a: !!str 1\n", "f.yaml:1:4: ", "étiquette"},
		{"a: !x 1\n", "f.yaml:1:4: ", "étiquette"},
		{"a: 1\n---\nb: 2\n", "f.yaml:2:1: ", "un seul document"},
		{"a: 1\nb: 2\na: 3\n", "f.yaml:3:1: ", "« a » en double (déjà ligne 1)"},
		{"a: {b: 1, b: 2}\n", "f.yaml:1:11: ", "« b » en double"},
		{"a:\n\tb: 1\n", "f.yaml:2:1: ", "tabulation"},
		{"a: @x\n", "f.yaml:1:4: ", "ne peut pas commencer"},
		{"? [a]\n: 1\n", "f.yaml:1:3: ", "une clé ne peut être"},
		{"a: b: c\n", "f.yaml:1:5: ", "deux-points inattendus"},
		{"a: 1\n  b: 2\n", "f.yaml:2:4: ", "deux-points inattendus"},
		{"a: [1, 2\nb: 3\n", "f.yaml:2:2: ", "virgule ou crochet"},
		{"a: 1\nb: \"x\nc: 2\n", "f.yaml:2:4: ", "guillemet jamais fermé"},
		{"a: \"\\bmot\\b\"\n", "f.yaml:1:4: ", "U+0008"},
		{"a: \"\\0\"\n", "f.yaml:1:4: ", "U+0000"},
		{"a: \"\\d+\"\n", "f.yaml:1:5: ", "échappement inconnu"},
		{"a: \x01\n", "f.yaml:1:1: ", "caractère de contrôle"},
		{"a: 1\nb: caf\xE9\n", "f.yaml:2:7: ", "pas en UTF-8"},
		{"é: caf\xE9\n", "f.yaml:1:7: ", "pas en UTF-8"},
	};
	_buf_ struct buf out = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *said = problems_of(slice_of(cases[i].text), &out);
		if (!strstr(said, cases[i].place) &&
			strcmp(cases[i].why, "caractère de contrôle") != 0)
			fail_msg("%s\n: no place %s in %s", cases[i].text, cases[i].place, said);
		if (!strstr(said, cases[i].why))
			fail_msg("%s\n: no « %s » in %s", cases[i].text, cases[i].why, said);
	}
}

/* What libyaml does not stop at is all said at once. */
static void test_every_problem(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	const char *said =
		problems_of(SLICE("a: &x 1\nb: !y 2\na: 3\nc: \"\\e\"\nd: [*z]\n"), &out);
	for (int line = 1; line <= 5; line++) {
		char place[32];
		snprintf(place, sizeof(place), "f.yaml:%d:", line);
		assert_non_null(strstr(said, place));
	}
}

static void test_hint_says_simple_quotes(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	assert_non_null(
		strstr(problems_of(SLICE("r: \"\\bmot\"\n"), &out), "guillemets simples, '\\b'"));
	assert_non_null(strstr(problems_of(SLICE("r: \"\\d\"\n"), &out), "guillemets simples"));
}

static void test_depth(void **state)
{
	(void)state;
	_buf_ struct buf text = {0}, out = {0};
	for (int levels = YAML_DEPTH - 1; levels <= YAML_DEPTH + 1; levels++) {
		buf_clear(&text);
		for (int i = 0; i < levels; i++)
			buf_add_char(&text, '[');
		for (int i = 0; i < levels; i++)
			buf_add_char(&text, ']');
		const char *said = problems_of(buf_slice(&text), &out);
		if (levels <= YAML_DEPTH)
			assert_string_equal(said, "");
		else
			assert_non_null(strstr(said, "f.yaml:1:33: error: trop de niveaux"));
	}
	static const char *const bombs[] = {"[", "{a: ", "- ", "? ", "[{a: "};
	for (size_t i = 0; i < 5; i++) {
		buf_clear(&text);
		for (int j = 0; j < 100000; j++)
			buf_add_string(&text, bombs[i]);
		assert_non_null(strstr(problems_of(buf_slice(&text), &out), "trop de niveaux"));
	}
}

static void test_bounds(void **state)
{
	(void)state;
	_buf_ struct buf text = {0}, out = {0};
	buf_add_char(&text, '[');
	for (int i = 0; i < 300000; i++)
		buf_add_string(&text, "a,");
	buf_add_char(&text, ']');
	assert_non_null(strstr(problems_of(buf_slice(&text), &out), "trop de valeurs"));
	buf_clear(&text);
	memset(buf_reserve(&text, YAML_MAX + 1), '#', YAML_MAX + 1);
	text.n = YAML_MAX;
	assert_string_equal(problems_of(buf_slice(&text), &out), "");
	text.n++;
	assert_non_null(strstr(problems_of(buf_slice(&text), &out), "octets"));
}

static void test_file(void **state)
{
	(void)state;
	char path[] = "/tmp/test-yaml-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	struct yaml_file f;
	struct problems p = {0};
	assert_int_equal(file_write_atomic(path, SLICE("a: 1\n"), 0600, NULL), 0);
	assert_int_equal(yaml_read(path, &f, &p), 0);
	assert_string_equal(f.path, path);
	yaml_release(&f);
	unlink(path);
	assert_int_equal(yaml_read(path, &f, &p), -ENOENT);
	assert_int_equal(p.errors, 1);
	assert_string_equal(p.list[0].path, path);
	assert_null(f.root);
	yaml_release(&f);
	assert_int_equal(yaml_read("/tmp", &f, &p), -EISDIR);
	yaml_release(&f);
	problems_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_byte_order_mark_and_crlf),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_problem),
		cmocka_unit_test(test_hint_says_simple_quotes),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_file),
	};
	return cmocka_run_group_tests_name("yaml read", tests, NULL, NULL);
}
