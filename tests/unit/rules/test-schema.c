/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules/schema.json (SCHEMA) is what the table of keys says, and the reader accepts and refuses the files of
 * tests/data/rules (CORPUS). A file to refuse says with what: « # dit: place: erreur: texte » and « # conseil: … » in its first lines.
 * test-schema --write writes the schema. */
#include "testing.h"
#include "keys.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

static void the_schema_is_up_to_date(void **state)
{
	_buf_ struct buf made = {0}, there = {0};
	struct error e;
	(void)state;
	ruleset_schema(&made);
	if (file_read(getenv("SCHEMA"), 1 << 20, &there, &e) < 0)
		fail_msg("%s", e.text);
	if (!slice_equal(buf_slice(&made), buf_slice(&there)))
		fail_msg("rules/schema.json is not what the keys say: "
			 "SCHEMA=rules/schema.json test-rules-schema --write");
}

/* The page for authors (README) has every key. */
static void every_key_is_explained(void **state)
{
	_buf_ struct buf page = {0};
	struct error e;
	(void)state;
	if (file_read(getenv("README"), 1 << 20, &page, &e) < 0)
		fail_msg("%s", e.text);
	for (size_t t = 0; t < KEY_TABLES; t++)
		for (size_t i = 0; i < key_tables[t]->n; i++) {
			const struct yaml_key *key = &key_tables[t]->keys[i];
			_free_ char *shown =
				xasprintf("`%s`", key->french ? key->french : key->english);
			if (!strstr(buf_string(&page), shown))
				fail_msg("%s (%s) is not in rules/README.md", shown,
					key_tables[t]->docs[i].text);
		}
}

static void copy(const char *folder, const char *from, const char *name)
{
	_free_ char *source = xasprintf("%s/%s", from, name),
		    *target = xasprintf("%s/%s", folder, name);
	_buf_ struct buf bytes = {0};
	struct error e;
	if (file_read(source, 1 << 20, &bytes, &e) < 0 ||
		file_write_atomic(target, buf_slice(&bytes), 0600, &e) < 0)
		fail_msg("%s", e.text);
}

/* What the reader says of a file, beside the shipped words of the language. */
static int say(const char *bytes, struct buf *said)
{
	char *folder = make_folder(bytes);
	struct problems p = {0};
	struct ruleset *r = NULL;
	copy(folder, getenv("LANGUAGE"), "langue.yaml");
	copy(folder, getenv("LANGUAGE"), "lexique.yaml");
	int status = ruleset_load(folder, &r, &p);
	for (size_t i = 0; i < p.n; i++)
		problem_print(said, &p.list[i], "erreur", "avertissement", "conseil");
	ruleset_free(r);
	problems_release(&p);
	drop_folder(folder);
	return status;
}

/* Each « # dit: » or « # conseil: » of the file is in what was said. */
static void check_said(const char *name, const char *bytes, const char *said, struct buf *wrong)
{
	static const char *const signs[] = {"# dit: ", "# conseil: "};
	unsigned n = 0;
	for (size_t i = 0; i < 2; i++)
		for (const char *at = bytes; (at = strstr(at, signs[i])); n++) {
			_free_ char *wanted = NULL;
			at += strlen(signs[i]);
			wanted = strndup(at, strcspn(at, "\n"));
			if (!strstr(said, wanted))
				buf_printf(wrong, "%s: « %s » is not in:\n%s", name, wanted, said);
		}
	if (!n)
		buf_printf(wrong, "%s does not say with what it is refused\n", name);
}

static void check_corpus(const char *kind, bool accept)
{
	_free_ char *path = xasprintf("%s/%s", getenv("CORPUS"), kind);
	struct dirent *entry;
	_buf_ struct buf wrong = {0};
	unsigned n = 0;
	DIR *d = opendir(path);
	assert_non_null(d);
	while ((entry = readdir(d))) {
		_free_ char *file = xasprintf("%s/%s", path, entry->d_name);
		_buf_ struct buf bytes = {0}, said = {0};
		struct error e;
		if (entry->d_name[0] == '.')
			continue;
		if (file_read(file, 1 << 20, &bytes, &e) < 0)
			fail_msg("%s", e.text);
		int status = say(buf_string(&bytes), &said);
		if (accept && (status < 0 || said.n))
			buf_printf(&wrong, "%s:\n%s", entry->d_name, buf_string(&said));
		if (!accept && status == 0)
			buf_printf(&wrong, "%s is accepted\n", entry->d_name);
		if (!accept)
			check_said(entry->d_name, buf_string(&bytes), buf_string(&said), &wrong);
		n++;
	}
	closedir(d);
	if (wrong.n)
		fail_msg("%s", buf_string(&wrong));
	assert_true(n > 5);
}

static void what_is_right_is_accepted(void **state)
{
	(void)state;
	check_corpus("accept", true);
}

static void what_is_wrong_is_refused_with_a_cure(void **state)
{
	(void)state;
	check_corpus("refuse", false);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schema_is_up_to_date),
		cmocka_unit_test(every_key_is_explained),
		cmocka_unit_test(what_is_right_is_accepted),
		cmocka_unit_test(what_is_wrong_is_refused_with_a_cure),
	};
	if (argc > 1 && strcmp(argv[1], "--write") == 0) {
		_buf_ struct buf made = {0};
		struct error e;
		ruleset_schema(&made);
		return file_write_atomic(getenv("SCHEMA"), buf_slice(&made), 0644, &e) < 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
