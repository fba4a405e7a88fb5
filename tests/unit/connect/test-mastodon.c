/* SPDX-License-Identifier: GPL-3.0-or-later
 * Statuses as comments, Link headers, what is watched, events of a stream: shapes of docs.joinmastodon.org. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../../src/connect/mastodon/mastodon.h"

#define ACCOUNT \
	"\"account\":{\"id\":\"7\",\"username\":\"odile\",\"acct\":\"odile@ailleurs.example\"," \
	"\"display_name\":\"\",\"url\":\"https://ailleurs.example/@odile\"}"

struct mapped {
	struct json_reader *json;
	struct buf text;
	struct comment c;
	enum mastodon_kind kind;
};

static struct mapped map(const char *text, const char *me)
{
	struct mapped m = {.json = json_reader_new(1 << 20)};
	struct json_value v;

	assert_int_equal(json_parse(m.json, slice_of(text), &v, NULL), 0);
	m.kind = mastodon_status(v, slice_of(me), &m.text, &m.c);
	return m;
}

static void done(struct mapped *m)
{
	json_reader_free(m->json);
	buf_release(&m->text);
}

#define assert_slice(s, want) \
	do { \
		struct slice is_ = (s); \
		assert_int_equal(is_.n, strlen(want)); \
		assert_memory_equal(is_.p, want, is_.n); \
	} while (0)

static void whole(void **state)
{
	struct mapped m = map(
		"{\"id\":\"103270115826048975\",\"created_at\":\"2019-12-08T03:48:33.901Z\","
		"\"in_reply_to_id\":\"103186038209478945\",\"spoiler_text\":\"Politique\","
		"\"visibility\":\"unlisted\",\"language\":\"fr\",\"uri\":\"https://a.example/1\","
		"\"url\":null,\"favourites_count\":11,\"reblogs_count\":6,\"replies_count\":-4,"
		"\"edited_at\":\"2019-12-08T04:00:00.000Z\",\"reblog\":null,"
		"\"media_attachments\":[{\"description\":\"La mairie en feu\"},{\"description\":null}],"
		"\"content\":\"<p>C'est <b>nul</b> &amp; cher</p>\"," ACCOUNT "}",
		"1");

	(void)state;
	assert_int_equal(m.kind, MASTODON_COMMENT);
	assert_slice(m.c.id, "103270115826048975");
	assert_slice(m.c.text, "Politique\n\nC'est nul & cher\nLa mairie en feu");
	assert_slice(m.c.author, "odile@ailleurs.example");
	assert_slice(m.c.author_name, "odile");
	assert_slice(m.c.url, "https://a.example/1");
	assert_slice(m.c.parent, "103186038209478945");
	assert_slice(m.c.kind, "reply");
	assert_slice(m.c.lang, "fr");
	assert_int_equal(m.c.likes, 11);
	assert_int_equal(m.c.shares, 6);
	assert_true(m.c.created_at == INT64_C(1575776913901));
	assert_true(m.c.edited_at == INT64_C(1575777600000));
	done(&m);
}

static void kinds(void **state)
{
	static const struct {
		const char *text;
		enum mastodon_kind kind;
	} cases[] = {
		{"{\"id\":\"1\",\"visibility\":\"public\",\"content\":\"x\"," ACCOUNT "}",
			MASTODON_COMMENT},
		{"{\"id\":\"1\",\"visibility\":\"private\",\"content\":\"x\"," ACCOUNT "}",
			MASTODON_PRIVATE},
		{"{\"id\":\"1\",\"visibility\":\"direct\",\"content\":\"x\"," ACCOUNT "}",
			MASTODON_PRIVATE},
		{"{\"id\":\"1\",\"visibility\":\"local\",\"content\":\"x\"," ACCOUNT "}",
			MASTODON_PRIVATE},
		{"{\"id\":\"1\",\"visibility\":\"public\",\"reblog\":{\"id\":\"2\"}," ACCOUNT "}",
			MASTODON_OTHER},
		{"{\"id\":\"1\",\"content\":\"x\"," ACCOUNT "}", MASTODON_STRANGE},
		{"{\"id\":1,\"visibility\":\"public\"," ACCOUNT "}", MASTODON_STRANGE},
		{"{\"id\":\"../1\",\"visibility\":\"public\"," ACCOUNT "}", MASTODON_STRANGE},
		{"{\"id\":\"1\",\"visibility\":\"public\"}", MASTODON_STRANGE},
		{"[]", MASTODON_STRANGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mapped m = map(cases[i].text, "1");

		assert_int_equal(m.kind, cases[i].kind);
		done(&m);
	}
	struct mapped own = map(cases[0].text, "7");

	assert_int_equal(own.kind, MASTODON_OTHER);
	done(&own);
}

static void links(void **state)
{
	static const char header[] =
		"<https://m.example/api/v1/x?limit=2&max_id=34975535>; rel=\"next\", "
		"<https://m.example/api/v1/x?min_id=34975861&limit=2>; rel=\"prev\"";
	static const char *const bad[] = {"", "<", "<>", "<a?max_id=1", "<a?max_id=>; rel=\"next\"",
		"<a?max_id=1&2>; rel=\"prev\"", "rel=\"next\"", "<a?xmax_id=1>; rel=\"next\"",
		"<a?max_id=../x>; rel=\"next\"", "<a>; rel=\"next\", <b?max_id=4>; rel=\"prev\""};
	_buf_ struct buf out = {0};

	(void)state;
	assert_true(mastodon_link(slice_of(header), "next", "max_id", &out));
	assert_slice(buf_slice(&out), "34975535");
	buf_clear(&out);
	assert_true(mastodon_link(slice_of(header), "prev", "min_id", &out));
	assert_slice(buf_slice(&out), "34975861");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(mastodon_link(slice_of(bad[i]), "next", "max_id", &out));
}

static void watched(void **state)
{
	struct watch *w = calloc(1, sizeof(*w));
	char id[WATCH_ID];

	(void)state;
	for (unsigned i = 0; i < WATCH_MAX + 5; i++) {
		snprintf(id, sizeof(id), "%u", 100 + i);
		watch_add(w, slice_of(id), SLICE("1"));
		watch_add(w, slice_of(id), SLICE("2"));
	}
	assert_int_equal(w->n, WATCH_MAX);
	assert_null(watch_find(w, SLICE("104")));
	assert_non_null(watch_find(w, SLICE("105")));
	watch_add(w, SLICE("99"), SLICE("1"));
	assert_null(watch_find(w, SLICE("99")));
	watch_remove(w, SLICE("105"));
	watch_remove(w, SLICE("105"));
	assert_int_equal(w->n, WATCH_MAX - 1);
	snprintf(id, sizeof(id), "%s", w->list[2].id);
	watch_turn(w, 2);
	assert_string_equal(w->list[0].id, id);
	watch_turn(w, WATCH_MAX);
	assert_string_equal(w->list[0].id, id);
	free(w);
}

static void overlap(void **state)
{
	static const struct {
		const char *top, *from;
	} cases[] = {{"108914327388663000", "108914091459063000"}, /* an hour << 16 */
		{"34975535", "34975535"}, {"AbCdEf0123", "AbCdEf0123"}, {"", ""},
		{"99999999999999999999999", "99999999999999999999999"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};

		mastodon_overlap(slice_of(cases[i].top), &out);
		assert_slice(buf_slice(&out), cases[i].from);
	}
	assert_true(mastodon_is_newer(SLICE("1000"), SLICE("999")));
	assert_false(mastodon_is_newer(SLICE("999"), SLICE("1000")));
	assert_true(mastodon_is_newer(SLICE("Ab"), SLICE("Zb")));
}

static void authors(void **state)
{
	struct watch *w = calloc(1, sizeof(*w)), *back = calloc(1, sizeof(*back));
	struct json_reader *json = json_reader_new(1 << 16);
	_buf_ struct buf out = {0};
	struct json_writer writer = {.out = &out};
	struct json_value v;

	(void)state;
	watch_add(w, SLICE("100"), SLICE("90"));
	watch_add(w, SLICE("101"), SLICE("101"));
	watch_author(w, SLICE("101"), SLICE("7"));
	watch_author(w, SLICE("102"), SLICE("8"));
	watch_print(w, &writer, 1 << 16);
	assert_string_equal(buf_string(&out), "[\"100 90\",\"101 101 7\"]");
	assert_int_equal(json_parse(json, buf_slice(&out), &v, NULL), 0);
	watch_read(back, v);
	assert_int_equal(back->n, 2);
	assert_string_equal(back->list[0].root, "90");
	assert_string_equal(back->list[0].by, "");
	assert_string_equal(back->list[1].root, "101");
	assert_string_equal(back->list[1].by, "7");
	json_reader_free(json);
	free(w);
	free(back);
}

static void count(void *user, struct slice name, struct slice data)
{
	struct buf *out = user;

	buf_printf(out, "[%.*s|%.*s]", (int)name.n, name.p, (int)data.n, data.p);
}

static void events(void **state)
{
	static const char text[] =
		":thump\n\nevent: update\ndata: {\"a\":1}\n\nevent:delete\r\ndata:12\r\n\r\n"
		"data: a\ndata: b\n\nevent: x\n\nevent: y\rdata: z\r\rdata: cut";

	(void)state;
	for (size_t step = 1; step < sizeof(text); step++) {
		_buf_ struct buf out = {0};
		struct sse s = {0};

		for (size_t at = 0; at < sizeof(text) - 1; at += step) {
			size_t n = sizeof(text) - 1 - at;

			assert_true(sse_feed(
				&s, (struct slice){text + at, n < step ? n : step}, count, &out));
		}
		assert_string_equal(buf_string(&out), "[update|{\"a\":1}][delete|12][|a\nb][y|z]");
		sse_release(&s);
	}
	struct sse s = {0};
	char *big = calloc(1, SSE_MAX + 1);

	assert_false(sse_feed(&s, (struct slice){big, SSE_MAX + 1}, count, NULL));
	free(big);
	sse_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(kinds),
		cmocka_unit_test(links),
		cmocka_unit_test(watched),
		cmocka_unit_test(authors),
		cmocka_unit_test(overlap),
		cmocka_unit_test(events),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
