/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two bundles are held; one that is absent, broken or not what its name says is never used. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include "bundles.h"

static char folder[] = "/tmp/tocsin-bundles-XXXXXX";
static unsigned char hashes[3][BUS_BUNDLE];

static void write_file(const char *path, const char *text)
{
	struct error e;
	if (file_write_atomic(path, slice_of(text), 0600, &e) < 0)
		fail_msg("%s", e.text);
}

static int make(void **state)
{
	struct problems p = {0};
	struct error e;
	(void)state;
	assert_non_null(mkdtemp(folder));
	_free_ char *source = xasprintf("%s/source", folder),
		    *bundles = xasprintf("%s/bundles", folder);
	_free_ char *pack = xasprintf("%s/p.yaml", source);
	assert_int_equal(file_make_folder(source, 0700, &e), 0);
	for (int i = 0; i < 3; i++) {
		char text[128], hex[DIGEST_HEX];
		snprintf(text, sizeof(text),
			"tocsin: 1\npack: p\nsujets:\n  - {id: t%d, titre: T, quand: {mots: [mot]}}\n",
			i);
		write_file(pack, text);
		assert_int_equal(file_make_folder(bundles, 0700, &e), 0);
		assert_int_equal(ruleset_publish(source, bundles, hex, &p), 0);
		assert_int_equal(digest_unhex(slice_of(hex), hashes[i], BUS_BUNDLE), 0);
	}
	problems_release(&p);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	return file_remove_tree(folder);
}

static void two_are_held(void **state)
{
	struct bundles b = {.state_dir = folder};
	struct bundle *first, *second, *again;
	const struct ruleset *rules;
	struct error e;
	(void)state;
	assert_int_equal(bundles_get(&b, hashes[0], &first, &e), 0);
	rules = first->rules;
	assert_true(slice_is(ruleset_info(rules, 0).id, "t0"));
	assert_int_equal(bundles_get(&b, hashes[1], &second, &e), 0);
	assert_ptr_not_equal(first, second);
	assert_int_equal(bundles_get(&b, hashes[0], &again, &e), 0);
	assert_ptr_equal(again->rules, rules); /* not loaded anew */
	assert_int_equal(bundles_get(&b, hashes[2], &again, &e), 0);
	assert_ptr_equal(again, second); /* the one used least lately made room */
	assert_ptr_equal(first->rules, rules);
	bundles_release(&b);
}

static void what_is_absent_is_not_replaced(void **state)
{
	struct bundles b = {.state_dir = folder};
	struct bundle *found = NULL;
	unsigned char hash[BUS_BUNDLE] = {1};
	struct error e = {""};
	(void)state;
	assert_int_equal(bundles_get(&b, hash, &found, &e), -ENOENT);
	assert_null(found);
	assert_non_null(strstr(e.text, "absentes"));
	bundles_release(&b);
}

static void what_was_changed_is_refused(void **state)
{
	struct bundles b = {.state_dir = folder};
	struct bundle *found = NULL;
	struct error e = {""};
	char hex[DIGEST_HEX];
	(void)state;
	_free_ char *pack =
		xasprintf("%s/bundles/%s/p.yaml", folder, digest_hex(hashes[0], BUS_BUNDLE, hex));
	write_file(pack, "tocsin: 1\npack: p\n");
	assert_int_equal(bundles_get(&b, hashes[0], &found, &e), -EINVAL);
	assert_non_null(strstr(e.text, "une autre empreinte"));
	write_file(pack, "tocsin: 1\npack: [\n");
	assert_int_equal(bundles_get(&b, hashes[0], &found, &e), -EINVAL);
	assert_null(found);
	bundles_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_are_held),
		cmocka_unit_test(what_is_absent_is_not_replaced),
		cmocka_unit_test(what_was_changed_is_refused),
	};
	return cmocka_run_group_tests(tests, make, drop);
}
