/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/inflect/inflect.h>

/* The forms of a machine without a dictionary: these tests hold anywhere, and need not read one each time. */
static void write_forms(const char *folder)
{
	static struct buf packed = {0};
	_free_ char *path = xasprintf("%s/formes.bin", folder);
	struct error e;
	if (!packed.n) {
		struct inflect *none;
		assert_int_equal(inflect_open("/nonexistent/fr", &none, &e), INFLECT_ABSENT);
		assert_int_equal(inflect_pack(none, &packed, &e), 0);
		inflect_close(none);
	}
	assert_int_equal(file_write_atomic(path, buf_slice(&packed), 0600, &e), 0);
}

char *make_folder(const char *pack)
{
	char *folder = xstrdup("/tmp/tocsin-rules-XXXXXX");
	struct error e;
	assert_non_null(mkdtemp(folder));
	_free_ char *path = xasprintf("%s/p.yaml", folder);
	if (file_write_atomic(path, slice_of(pack), 0600, &e) < 0)
		fail_msg("%s", e.text);
	write_forms(folder);
	return folder;
}

void drop_folder(char *folder)
{
	assert_int_equal(file_remove_tree(folder), 0);
	free(folder);
}

void problems_of(const char *pack, struct buf *out)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	char *folder = make_folder(pack);
	int status = ruleset_load(folder, &r, &p);
	for (size_t i = 0; i < p.n; i++) {
		problem_print(out, &p.list[i], "erreur", "avertissement", "conseil");
	}
	assert_int_equal(status == 0, p.errors == 0);
	ruleset_free(r);
	problems_release(&p);
	drop_folder(folder);
}

struct ruleset *load(const char *pack)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	char *folder = make_folder(pack);
	_buf_ struct buf out = {0};
	if (ruleset_load(folder, &r, &p) < 0) {
		for (size_t i = 0; i < p.n; i++)
			problem_print(&out, &p.list[i], "erreur", "avertissement", "conseil");
		fail_msg("%s", buf_string(&out));
	}
	problems_release(&p);
	drop_folder(folder);
	return r;
}

const struct verdict *score(struct scorer *s, const char *text)
{
	static struct verdict v;
	const struct comment c = {.source = SLICE("s"), .id = SLICE("1"), .text = slice_of(text)};
	scorer_score(s, &c, &v);
	return &v;
}

void matches_of(struct scorer *s, const char *text, struct buf *out)
{
	const struct verdict *v = score(s, text);
	for (uint32_t i = 0; i < v->n_matches; i++) {
		const struct verdict_match *m = &v->matches[i];
		assert_true(m->start < m->end && m->end <= strlen(text));
		buf_printf(out, "%s%.*s[%.*s]", i ? " " : "", (int)m->rule.n, m->rule.p,
			(int)(m->end - m->start), text + m->start);
	}
}

void assert_matches(struct scorer *s, const char *text, const char *expected)
{
	_buf_ struct buf b = {0};
	matches_of(s, text, &b);
	if (strcmp(buf_string(&b), expected) != 0)
		fail_msg("« %s » gives « %s », not « %s »", text, buf_string(&b), expected);
}

struct ruleset *one_rule(const char *when, const char *more)
{
	_buf_ struct buf b = {0};
	buf_printf(&b,
		"tocsin: 1\npack: p\nlists: {l: [un, deux]}\nrules:\n  - id: r\n    title: R\n    category: injure_publique\n"
		"    score: 5\n    when: %s\n%s",
		when, more ? more : "");
	return load(buf_string(&b));
}
