/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/rules/merge.h>
#include <unistd.h>

enum { BASE, FOLDER, ACTIVE, FORMER, INTO, FOLDERS };
static const char *const names[FOLDERS] = {"base", "folder", "active", "former", "into"};

struct trees {
	char top[32], *of[FOLDERS];
};

static void trees_make(struct trees *t)
{
	struct error e;
	snprintf(t->top, sizeof(t->top), "/tmp/test-merge-XXXXXX");
	assert_non_null(mkdtemp(t->top));
	for (int i = 0; i < FOLDERS; i++) {
		t->of[i] = xasprintf("%s/%s", t->top, names[i]);
		assert_int_equal(file_make_folder(t->of[i], 0700, &e), 0);
	}
}

static void trees_drop(struct trees *t)
{
	assert_int_equal(file_remove_tree(t->top), 0);
	for (int i = 0; i < FOLDERS; i++)
		free(t->of[i]);
}

/* NULL: it is not there. */
static void put(struct trees *t, int where, const char *text)
{
	_free_ char *path = xasprintf("%s/a.yaml", t->of[where]);
	struct error e;
	(void)unlink(path);
	if (text)
		assert_int_equal(file_write_atomic(path, slice_of(text), 0600, &e), 0);
}

static void say(void *user, const char *file, enum pack_outcome outcome, bool there)
{
	buf_printf(user, "%s %d%s", file, (int)outcome, there ? "" : " -");
}

static const struct row {
	const char *base, *folder, *active, *expected;
	int outcome; /* -1: nobody is asked */
} rows[] = {
	{"1", "1", "1", "1", PACK_SAME},
	{"1", "2", "1", "2", PACK_TAKEN}, /* only the folder changed it */
	{"1", NULL, "1", NULL, PACK_TAKEN},
	{NULL, "2", NULL, "2", PACK_TAKEN},
	{"1", "1", "2", "2", PACK_KEPT}, /* only somebody else did */
	{"1", "1", NULL, NULL, PACK_KEPT},
	{NULL, NULL, "2", "2", PACK_KEPT},
	{"1", "2", "2", "2", PACK_SAME}, /* both the same */
	{"1", "2", "3", "3", PACK_DISPUTED},
	{"1", NULL, "3", "3", PACK_DISPUTED},
	{"1", "2", NULL, NULL, PACK_DISPUTED},
	{NULL, "2", "3", "3", PACK_DISPUTED},
	{"1", NULL, NULL, NULL, -1},
};

static void assert_merged(
	struct trees *t, const struct row *row, const struct pack_sides *s, int outcome)
{
	_free_ char *path = xasprintf("%s/a.yaml", t->of[INTO]);
	_buf_ struct buf said = {0}, expected = {0}, text = {0};
	struct error e;
	put(t, INTO, NULL);
	assert_int_equal(packs_merge(s, t->of[INTO], say, &said, &e), 0);
	if (outcome >= 0)
		buf_printf(&expected, "a.yaml %d%s", outcome, row->expected ? "" : " -");
	assert_string_equal(buf_string(&said), buf_string(&expected));
	assert_int_equal(access(path, F_OK) == 0, row->expected != NULL);
	if (row->expected) {
		assert_int_equal(file_read(path, 100, &text, &e), 0);
		assert_string_equal(buf_string(&text), row->expected);
	}
}

static void each_pack_goes_by_who_changed_it(void **state)
{
	struct trees t;
	(void)state;
	trees_make(&t);
	const struct pack_sides s = {
		.base = t.of[BASE], .folder = t.of[FOLDER], .active = t.of[ACTIVE]};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		put(&t, BASE, rows[i].base);
		put(&t, FOLDER, rows[i].folder);
		put(&t, ACTIVE, rows[i].active);
		assert_merged(&t, &rows[i], &s, rows[i].outcome);
	}
	trees_drop(&t);
}

/* What the folder says was in force and somebody went on from there: he knew it. */
static void a_folder_that_is_behind_disputes_nothing(void **state)
{
	static const struct row row = {"1", "2", "3", "3", 0};
	struct trees t;
	(void)state;
	trees_make(&t);
	const char *const since[] = {"/nowhere", t.of[FORMER]};
	const struct pack_sides s = {t.of[BASE], t.of[FOLDER], t.of[ACTIVE], since, 2};
	put(&t, BASE, row.base);
	put(&t, FOLDER, row.folder);
	put(&t, ACTIVE, row.active);
	assert_merged(&t, &row, &s, PACK_DISPUTED);
	put(&t, FORMER, row.folder);
	assert_merged(&t, &row, &s, PACK_KEPT);
	trees_drop(&t);
}

static void without_a_base_nothing_goes(void **state)
{
	static const struct row unknown[] = {
		{NULL, "1", "1", "1", PACK_SAME},
		{NULL, NULL, "2", "2", PACK_KEPT},
		{NULL, "2", NULL, "2", PACK_TAKEN},
		{NULL, "2", "3", "3", PACK_DISPUTED},
	};
	struct trees t;
	(void)state;
	trees_make(&t);
	const struct pack_sides s = {.folder = t.of[FOLDER], .active = t.of[ACTIVE]};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		put(&t, FOLDER, unknown[i].folder);
		put(&t, ACTIVE, unknown[i].active);
		assert_merged(&t, &unknown[i], &s, unknown[i].outcome);
	}
	trees_drop(&t);
}

static void packs_agree_to_the_byte(void **state)
{
	struct trees t;
	(void)state;
	trees_make(&t);
	assert_true(packs_agree("a.yaml", t.of[FOLDER], t.of[ACTIVE]));
	put(&t, FOLDER, "1");
	assert_false(packs_agree("a.yaml", t.of[FOLDER], t.of[ACTIVE]));
	put(&t, ACTIVE, "2");
	assert_false(packs_agree("a.yaml", t.of[FOLDER], t.of[ACTIVE]));
	put(&t, ACTIVE, "1");
	assert_true(packs_agree("a.yaml", t.of[FOLDER], t.of[ACTIVE]));
	trees_drop(&t);
}

static void what_still_differs_is_said(void **state)
{
	_buf_ struct buf said = {0};
	struct trees t;
	(void)state;
	trees_make(&t);
	put(&t, FOLDER, "1");
	put(&t, ACTIVE, "1");
	packs_differing(SLICE("a.yaml\nb.yaml\n"), t.of[FOLDER], t.of[ACTIVE], &said);
	assert_string_equal(buf_string(&said), "");
	put(&t, ACTIVE, "2");
	packs_differing(SLICE("b.yaml\na.yaml\na.yaml"), t.of[FOLDER], t.of[ACTIVE], &said);
	assert_string_equal(buf_string(&said), "a, a");
	trees_drop(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_pack_goes_by_who_changed_it),
		cmocka_unit_test(a_folder_that_is_behind_disputes_nothing),
		cmocka_unit_test(without_a_base_nothing_goes),
		cmocka_unit_test(packs_agree_to_the_byte),
		cmocka_unit_test(what_still_differs_is_said),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
