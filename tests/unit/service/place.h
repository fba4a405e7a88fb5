/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder with a tocsin.yaml, what is read of it, and what is said of it. */
#ifndef TESTS_SERVICE_PLACE_H
#define TESTS_SERVICE_PLACE_H
#include <tocsin/service/config.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

struct place {
	char folder[64];
	char *file;
};

static int make_place(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));
	strcpy(p->folder, "/tmp/tocsin-config-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	p->file = xasprintf("%s/tocsin.yaml", p->folder);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	assert_int_equal(file_remove_tree(p->folder), 0);
	free(p->file);
	free(p);
	return 0;
}

static void put(const char *path, const char *text)
{
	assert_int_equal(file_write_atomic(path, slice_of(text), 0600, NULL), 0);
}

/* Replaces the folder by "DIR" so that the golden text is the same everywhere. */
static char *neutral(struct place *p, const char *text)
{
	_buf_ struct buf out = {0};
	size_t n = strlen(p->folder);
	for (const char *at = text; *at;)
		if (strncmp(at, p->folder, n) == 0) {
			buf_add_string(&out, "DIR");
			at += n;
		} else {
			buf_add_char(&out, *at++);
		}
	return xstrdup(buf_string(&out));
}

static void expect_problems(struct place *p, const char *yaml, const char *golden)
{
	struct problems problems = {0};
	struct config c;
	_buf_ struct buf out = {0};
	put(p->file, yaml);
	int r = config_load(p->file, &c, &problems);
	for (size_t i = 0; i < problems.n; i++)
		problem_print(&out, &problems.list[i], "erreur", "avertissement", "conseil");
	_free_ char *text = neutral(p, buf_string(&out));
	assert_string_equal(text, golden);
	assert_int_equal(r, -EINVAL);
	problems_release(&problems);
}

static void load(struct place *p, const char *yaml, struct config *c)
{
	struct problems problems = {0};
	_buf_ struct buf out = {0};
	put(p->file, yaml);
	int r = config_load(p->file, c, &problems);
	for (size_t i = 0; i < problems.n; i++)
		problem_print(&out, &problems.list[i], "erreur", "avertissement", "conseil");
	assert_string_equal(buf_string(&out), "");
	assert_int_equal(r, 0);
	problems_release(&problems);
}
#endif
