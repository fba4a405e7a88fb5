/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decidim's comments, and what is known of a source that is read whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../../src/connect/decidim/decidim.h"
#include "../../../src/connect/known.h"

static void tell(void *user, const struct comment *c)
{
	buf_printf(user, "%.*s|%.*s|%.*s|%.*s|%.*s;", (int)c->id.n, c->id.p, (int)c->parent.n,
		c->parent.p, (int)c->text.n, c->text.p, (int)c->author.n, c->author.p,
		(int)c->extra.n, c->extra.p);
}

static bool map(const char *text, struct buf *out)
{
	struct json_reader *json = json_reader_new(1 << 16);
	struct json_value v;
	bool whole;

	buf_clear(out);
	assert_int_equal(json_parse(json, slice_of(text), &v, NULL), 0);
	whole = decidim_comments(v, SLICE("https://v.example/1"), tell, out);
	json_reader_free(json);
	return whole;
}

static void comments(void **state)
{
	_buf_ struct buf out = {0};

	(void)state;
	assert_true(map(
		"{\"comments\":[{\"id\":\"9\",\"body\":\"Plus de <3\",\"alignment\":-1,"
		"\"author\":{\"nickname\":\"@o\"},\"comments\":[{\"id\":\"10\",\"body\":{\"translations\":["
		"{\"locale\":\"en\",\"text\":\"Yes\"},{\"locale\":\"fr\",\"text\":\"<p>Oui</p>\"}]},"
		"\"author\":{\"nickname\":\"@x\",\"deleted\":true},\"comments\":[]}]}]}",
		&out));
	assert_string_equal(buf_string(&out), "9||Plus de <3|@o|{\"alignment\":-1};10|9|Oui||;");
	/* what cannot be read whole proves nothing of what is not there */
	assert_false(map("{\"comments\":null}", &out));
	assert_false(map("{\"comments\":[null]}", &out));
	assert_false(map("{\"comments\":[{\"id\":\"9\",\"body\":\"x\"}]}", &out));
	assert_false(map("{\"comments\":[{\"id\":\"-9\",\"body\":\"x\",\"comments\":[]}]}", &out));
	assert_true(map("{\"comments\":[]}", &out));
}

static void spaces(void **state)
{
	_buf_ struct buf q = {0};

	(void)state;
	decidim_spaces_query(&q, DECIDIM_ASSEMBLIES);
	assert_string_equal(buf_string(&q),
		"{\"query\":\"{ assemblies { id slug components { id __typename } } }\"}");
	buf_clear(&q);
	decidim_initiative_query(&q, SLICE("7\"){x}"), false);
	assert_non_null(strstr(buf_string(&q), "commentable(id: \\\"7\\\\\\\"){x}\\\", type: "));
	assert_true(decidim_has_none(DECIDIM_INITIATIVES,
		SLICE("API : Field 'initiatives' doesn't exist on type 'Query'")));
	assert_false(decidim_has_none(
		DECIDIM_INITIATIVES, SLICE("Field 'assemblies' doesn't exist on type 'Query'")));
	assert_false(decidim_has_none(
		DECIDIM_ASSEMBLIES, SLICE("Field 'assemblies' doesn't exist on type 'Component'")));
	assert_int_equal(decidim_type(SLICE("Accountability")), DECIDIM_RESULTS);
	assert_int_equal(decidim_type(SLICE("Pages")), DECIDIM_TYPES);
}

static void count(void *user, int64_t id)
{
	buf_printf(user, "%lld;", (long long)id);
}

static void rounds(void **state)
{
	struct known k = {0}, back = {0};
	_buf_ struct buf gone = {0}, text = {0};

	(void)state;
	assert_true(known_add(&k, 7, SLICE("a")));
	assert_true(known_add(&k, 3, SLICE("b")));
	assert_false(known_add(&k, 7, SLICE("a")));
	assert_true(known_add(&k, 7, SLICE("c")));
	assert_false(known_add(&k, 0, SLICE("c")));
	known_round(&k, count, &gone);
	assert_false(known_add(&k, 3, SLICE("b")));
	known_round(&k, count, &gone);
	assert_int_equal(gone.n, 0); /* once is not enough */
	known_print(&k, 1000, &text);
	known_parse(&back, buf_slice(&text));
	assert_int_equal(back.n, 2);
	assert_false(known_add(&back, 3, SLICE("b")));
	known_round(&back, count, &gone);
	assert_string_equal(buf_string(&gone), "7;");
	assert_int_equal(back.n, 1);
	known_release(&k);
	known_release(&back);
}

static void bounds(void **state)
{
	struct known k = {0}, back = {0};
	_buf_ struct buf gone = {0}, text = {0};

	(void)state;
	for (int64_t i = 1; i <= KNOWN_MAX + 10; i++)
		assert_true(known_add(&k, i, SLICE("a")));
	assert_int_equal(k.n, KNOWN_MAX);
	assert_true(
		known_add(&k, 5, SLICE("a"))); /* the first round is not over: nothing is lost */
	known_round(&k, count, &gone);
	assert_int_equal(gone.n, 0);
	assert_false(known_add(&k, 5, SLICE("other"))); /* then it is not followed any more */
	assert_true(known_add(&k, KNOWN_MAX, SLICE("other")));
	known_print(&k, 8000, &text);
	assert_true(text.n <= 8000);
	known_parse(&back, buf_slice(&text));
	assert_true(back.n == k.n && back.n > 500);
	assert_int_equal(back.list[back.n - 1].id, KNOWN_MAX + 10);
	known_release(&k);
	known_release(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments),
		cmocka_unit_test(spaces),
		cmocka_unit_test(rounds),
		cmocka_unit_test(bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
