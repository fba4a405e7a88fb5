/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Graph API's comments, errors, dates and quotas: shapes of developers.facebook.com/docs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tocsin/base/clock.h>

#include "../../../src/connect/meta/meta.h"
#include "../../../src/connect/meta/posts.h"

#define PAGE "1142469655832956"
#define POST PAGE "_1164870100259578"

static const struct source_config facebook = {.network = "facebook"},
				  instagram = {.network = "instagram"};

#define assert_slice(s, want) \
	do { \
		struct slice is_ = (s); \
		assert_int_equal(is_.n, strlen(want)); \
		assert_memory_equal(is_.p, want, is_.n); \
	} while (0)

static struct json_value parse(struct json_reader *json, const char *text)
{
	struct json_value v;

	assert_int_equal(json_parse(json, slice_of(text), &v, NULL), 0);
	return v;
}

static bool map(struct json_reader *json, const struct source_config *source, const char *text,
	struct comment *ret)
{
	return meta_comment(meta_words(source), parse(json, text), SLICE(POST), SLICE(PAGE), ret);
}

static void comments(void **state)
{
	struct json_reader *json = json_reader_new(1 << 16);
	struct comment c;

	(void)state;
	assert_true(map(json, &facebook,
		"{\"id\":\"1164870100259578_77\",\"message\":\"C'est nul\",\"created_time\":\"2026-11-29T10:00:00+0100\","
		"\"from\":{\"id\":\"90\",\"name\":\"Odile\"},\"parent\":{\"id\":\"1164870100259578_70\"},"
		"\"permalink_url\":\"https://www.facebook.example/1\",\"like_count\":3}",
		&c));
	assert_slice(c.id, "1164870100259578_77");
	assert_slice(c.text, "C'est nul");
	assert_slice(c.author, "90");
	assert_slice(c.author_name, "Odile");
	assert_slice(c.parent, "1164870100259578_70");
	assert_slice(c.thread, POST);
	assert_slice(c.kind, "reply");
	assert_int_equal(c.likes, 3);
	assert_true(c.created_at == meta_time(SLICE("2026-11-29T09:00:00Z")));
	assert_true(map(json, &instagram,
		"{\"id\":\"17\",\"text\":\"Bravo\",\"timestamp\":\"2026-11-29T10:00:00+0000\",\"username\":\"odile\",\"like_count\":-1}",
		&c));
	assert_slice(c.author_name, "odile");
	assert_slice(c.kind, "comment");
	assert_int_equal(c.author.n, 0);
	assert_int_equal(c.likes, 0);
	static const char *const none[] = {"{}", "[]", "{\"id\":17,\"message\":\"x\"}",
		"{\"id\":\"../x\",\"message\":\"x\"}",
		"{\"id\":\"1\",\"message\":\"x\",\"from\":{\"id\":\"" PAGE "\"}}"};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(map(json, &facebook, none[i], &c));
	json_reader_free(json);
}

static void errors(void **state)
{
	static const struct {
		const char *text;
		enum meta_error error;
	} cases[] = {
		{"{\"data\":[]}", META_NONE},
		{"{\"error\":{\"code\":190,\"error_subcode\":463,\"message\":\"expired\"}}",
			META_EXPIRED},
		{"{\"error\":{\"code\":4}}", META_BUSY},
		{"{\"error\":{\"code\":80001}}", META_BUSY},
		{"{\"error\":{\"code\":2,\"is_transient\":true}}", META_LATER},
		{"{\"error\":{\"code\":100,\"error_subcode\":33}}", META_GONE},
		{"{\"error\":{\"code\":100}}", META_OTHER},
		{"{\"error\":{\"code\":10}}", META_RIGHT},
		{"{\"error\":{\"code\":200}}", META_RIGHT},
		{"{\"error\":{}}", META_OTHER},
		{"{\"error\":4}", META_NONE},
	};
	struct json_reader *json = json_reader_new(1 << 16);
	struct slice why;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(meta_error(parse(json, cases[i].text), &why), cases[i].error);
	json_reader_free(json);
}

static void dates(void **state)
{
	(void)state;
	assert_true(meta_time(SLICE("2026-11-29T10:00:00+0000")) ==
		meta_time(SLICE("2026-11-29T10:00:00Z")));
	assert_true(meta_time(SLICE("2026-11-29T10:00:00-0130")) ==
		meta_time(SLICE("2026-11-29T11:30:00Z")));
	assert_true(meta_time(SLICE("2026-11-29T10:00:00+00:00")) > 0);
	static const char *const none[] = {"", "+0000", "0", "-----------",
		"2026-11-29T10:00:00+0000+0000",
		"2026-11-29T10:00:00.0000000000000000000000000000000000000000+0000"};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_true(meta_time(slice_of(none[i])) == 0);
}

static void quotas(void **state)
{
	struct json_reader *json = json_reader_new(1 << 16);
	int64_t ms = 0;

	(void)state;
	assert_int_equal(
		meta_usage(json,
			SLICE("{\"call_count\":28,\"total_time\":25,\"total_cputime\":90}"), &ms),
		90);
	assert_int_equal(ms, 0);
	assert_int_equal(
		meta_usage(json,
			SLICE("{\"112130216863063\":[{\"type\":\"pages\",\"call_count\":100,\"total_cputime\":25,"
			      "\"total_time\":25,\"estimated_time_to_regain_access\":19}]}"),
			&ms),
		100);
	assert_int_equal(ms, 19 * CLOCK_MINUTE);
	assert_int_equal(meta_usage(json, SLICE(""), &ms), 0);
	assert_int_equal(meta_usage(json, SLICE("[{\"call_count\":99}]"), &ms), 0);
	assert_int_equal(meta_usage(json, SLICE("{"), &ms), 0);
	json_reader_free(json);
}

/* A page of the feed: posts first, first - 1 … */
static void show(struct posts *k, int first, size_t n)
{
	struct post page[POSTS_PAGE] = {0};

	for (size_t i = 0; i < n; i++)
		snprintf(page[i].id, sizeof(page[i].id), "%d", first - (int)i);
	for (size_t i = n; i-- > 0;)
		posts_know(k, page, n, i);
	posts_turn_page(k, page, n);
}

static void assert_posts(const struct posts *k, int first, size_t n)
{
	assert_int_equal(k->n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(atoi(k->list[i].id), first - (int)i);
}

/* What is before us comes from the newest back, and what is new stands in front: the newest hundred, in order. */
static void posts(void **state)
{
	static struct posts k, other;

	(void)state;
	for (int first = 130; first > 0; first -= 25)
		show(&k, first, first < 25 ? (size_t)first : 25);
	assert_posts(&k, 130, 100);
	k.start = 0; /* three new ones; then two whole pages of them */
	show(&k, 133, 25);
	assert_posts(&k, 133, 100);
	k.start = 0;
	show(&k, 190, 25);
	show(&k, 165, 25);
	show(&k, 140, 25);
	assert_posts(&k, 190, 100);
	/* a page that was begun before: its younger posts find their places */
	show(&other, 20, 10);
	show(&other, 25, 25);
	assert_posts(&other, 25, 25);
	/* what the feed does not show any more is forgotten */
	for (size_t i = 0; i < other.n; i++)
		other.list[i].met = i >= 5;
	posts_tidy(&other);
	assert_posts(&other, 20, 20);
}

static void posts_as_text(void **state)
{
	_buf_ struct buf out = {0};
	struct json_writer w = {.out = &out};
	struct json_reader *json = json_reader_new(1 << 16);
	static struct posts k, back;

	(void)state;
	show(&k, 9, 9);
	k.list[4].count = 12;
	posts_print(&k, &w);
	posts_read(&back, parse(json, buf_string(&out)));
	assert_posts(&back, 9, 9);
	assert_int_equal(back.list[4].count, 12);
	memset(&back, 0, sizeof(back));
	posts_read(&back, parse(json, "[4,\"\",\" 3\",\"7\",\"7 x\",\"8 2\"]"));
	assert_posts(&back, 8, 1);
	json_reader_free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments),
		cmocka_unit_test(errors),
		cmocka_unit_test(dates),
		cmocka_unit_test(quotas),
		cmocka_unit_test(posts),
		cmocka_unit_test(posts_as_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
