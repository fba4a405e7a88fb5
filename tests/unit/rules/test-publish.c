/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/inflect/inflect.h>
#include <unistd.h>

static const char pack[] =
	"tocsin: 1\npack: p\nsujets:\n  - {id: t, titre: T, quand: {mots: [x]}}\n";

static void bundles_are_named_by_their_hash(void **state)
{
	char *folder = make_folder(pack), *bundles = make_folder("");
	char hash[DIGEST_HEX], again[DIGEST_HEX];
	struct problems p = {0};
	struct ruleset *r = NULL;
	(void)state;
	assert_int_equal(ruleset_publish(folder, bundles, hash, &p), 0);
	assert_int_equal(strlen(hash), DIGEST_HEX - 1);
	_free_ char *path = xasprintf("%s/%s", bundles, hash);
	/* with the forms of its words: a machine with another dictionary reads the same rules */
	_free_ char *forms = xasprintf("%s/formes.bin", path);
	assert_int_equal(access(forms, R_OK), 0);
	assert_int_equal(ruleset_load(path, &r, &p), 0);
	assert_string_equal(ruleset_hash(r), hash);
	ruleset_free(r);
	assert_int_equal(ruleset_publish(folder, bundles, again, &p), 0);
	assert_string_equal(again, hash);
	assert_int_equal(p.n, 0);
	problems_release(&p);
	drop_folder(folder);
	drop_folder(bundles);
}

/* The forms are part of what rules mean: other forms, another hash. */
static void other_forms_are_another_bundle(void **state)
{
	char *folder = make_folder("tocsin: 1\npack: p\nsujets:\n"
				   "  - {id: t, titre: T, quand: {mots: [cheval]}}\n");
	_free_ char *forms = xasprintf("%s/formes.bin", folder);
	struct problems p = {0};
	struct ruleset *regular = NULL, *known = NULL;
	struct inflect *i;
	struct error e;
	(void)state;
	assert_int_equal(ruleset_load(folder, &regular, &p), 0);
	assert_int_equal(unlink(forms), 0);
	assert_true(inflect_open(NULL, &i, &e) >= 0);
	struct inflect_forms list;
	bool same = inflect_words(i, SLICE("cheval"), &list) == INFLECT_REGULAR;
	inflect_close(i);
	assert_int_equal(ruleset_load(folder, &known, &p), 0);
	assert_int_equal(strcmp(ruleset_hash(regular), ruleset_hash(known)) == 0, same);
	ruleset_free(regular);
	ruleset_free(known);
	problems_release(&p);
	drop_folder(folder);
}

static void another_text_is_another_bundle(void **state)
{
	char *folder = make_folder(pack), *bundles = make_folder("");
	char first[DIGEST_HEX], second[DIGEST_HEX];
	struct problems p = {0};
	struct error e;
	(void)state;
	assert_int_equal(ruleset_publish(folder, bundles, first, &p), 0);
	_free_ char *more = xasprintf("%s/q.yaml", folder);
	assert_int_equal(file_write_atomic(more, SLICE("tocsin: 1\npack: q\n"), 0600, &e), 0);
	assert_int_equal(ruleset_publish(folder, bundles, second, &p), 0);
	assert_string_not_equal(first, second);
	problems_release(&p);
	drop_folder(folder);
	drop_folder(bundles);
}

static void broken_rules_are_not_published(void **state)
{
	char *folder = make_folder("tocsin: 1\npack: p\nsujets:\n  - {id: t}\n"),
	     *bundles = make_folder("");
	char hash[DIGEST_HEX] = "unchanged";
	struct problems p = {0};
	(void)state;
	assert_int_equal(ruleset_publish(folder, bundles, hash, &p), -EINVAL);
	assert_true(p.errors > 0);
	assert_string_equal(hash, "unchanged");
	problems_release(&p);
	drop_folder(folder);
	drop_folder(bundles);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bundles_are_named_by_their_hash),
		cmocka_unit_test(other_forms_are_another_bundle),
		cmocka_unit_test(another_text_is_another_bundle),
		cmocka_unit_test(broken_rules_are_not_published),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
