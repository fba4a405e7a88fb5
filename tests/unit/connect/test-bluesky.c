/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <tocsin/base/clock.h>
#include <tocsin/json/tame.h>

#include "../../../src/connect/bluesky/bluesky.h"
#include "../../../src/connect/bluesky/mark.h"
#include "../../../src/connect/deed.h"

#define WHO "did:plc:abcdefghijklmnopqrstuvwx"
#define OURS "did:plc:ville3456789012345678901"
#define POST(key) "at://" WHO "/app.bsky.feed.post/" key
#define AUTHOR \
	"\"author\":{\"did\":\"" WHO "\",\"handle\":\"odile.example\",\"displayName\":\"Odile\"}"
#define VIEW(more, record) \
	"{\"uri\":\"" POST( \
		"3l") "\",\"cid\":\"c\"," AUTHOR ",\"indexedAt\":\"2026-11-24T10:00:00Z\"" more \
		      ",\"record\":{\"text\":\"Bonjour\",\"createdAt\":\"2026-11-24T09:59:00.5Z\"" record \
		      "}}"

/* What becomes of a post, as a line; "none" when it is none. */
static void expect_post(const char *view, const char *line)
{
	struct json_reader *json = json_reader_new(1 << 20);
	_buf_ struct buf text = {0}, out = {0};
	struct post p = {0};
	struct json_value v;

	assert_true(bluesky_parse(json, slice_of(view), &text, &v));
	if (bluesky_post(v, &p))
		comment_to_json(&out, &p.comment);
	else
		buf_add_string(&out, "none");
	assert_string_equal(buf_string(&out), line);
	bluesky_post_release(&p);
	json_reader_free(json);
}

#define COUNTED(text, more, counts) \
	"{\"id\":\"" POST("3l") "\",\"text\":\"" text "\",\"author\":\"" WHO \
				"\",\"author_name\":\"Odile (@odile.example)\",\"url\":" \
				"\"https://bsky.app/profile/" WHO "/post/3l\"" more \
				",\"created_at\":\"2026-11-24T09:59:00.500Z\"" counts "}"
#define LINE(text, more) COUNTED(text, more, "")
#define ALONE ",\"thread\":\"https://bsky.app/profile/" WHO "/post/3l\""

static void posts(void **state)
{
	(void)state;
	expect_post(VIEW(",\"likeCount\":3,\"repostCount\":2,\"quoteCount\":4",
			    ",\"langs\":[\"fr\",\"en\"]"),
		COUNTED("Bonjour", ALONE ",\"lang\":\"fr\",\"kind\":\"post\"",
			",\"likes\":3,\"shares\":6"));
	expect_post(VIEW("",
			    ",\"reply\":{\"root\":{\"uri\":\"at://" OURS
			    "/app.bsky.feed.post/3a\",\"cid\":\"r\"},"
			    "\"parent\":{\"uri\":\"" POST("3b") "\",\"cid\":\"p\"}}"),
		LINE("Bonjour",
			",\"thread\":\"https://bsky.app/profile/" OURS
			"/post/3a\",\"parent\":\"" POST("3b") "\",\"kind\":\"reply\""));
	expect_post(
		VIEW("",
			",\"embed\":{\"$type\":\"app.bsky.embed.record\",\"record\":{\"uri\":\"x\"}}"),
		LINE("Bonjour", ALONE ",\"kind\":\"quote\""));
	/* half an answer, and languages that are none */
	expect_post(VIEW("", ",\"reply\":{\"root\":{\"uri\":\"x\"}},\"langs\":[7]"),
		LINE("Bonjour", ALONE ",\"kind\":\"post\""));
}

static void what_a_reader_sees(void **state)
{
	(void)state;
	expect_post(
		VIEW("",
			",\"facets\":[{\"features\":[{\"$type\":\"app.bsky.richtext.facet#link\",\"uri\":\"https://piege.example/\"}]},"
			"{\"features\":[{\"$type\":\"app.bsky.richtext.facet#mention\",\"did\":\"x\"}]},7]"),
		LINE("Bonjour\\nhttps://piege.example/", ALONE ",\"kind\":\"post\""));
	expect_post(
		"{\"uri\":\"" POST(
			"3l") "\"," AUTHOR
			      ",\"record\":{\"text\":\"voir piege.example/a\",\"facets\":[{\"features\":["
			      "{\"$type\":\"app.bsky.richtext.facet#link\",\"uri\":\"https://piege.example/a\"}]}]}}",
		"{\"id\":\"" POST(
			"3l") "\",\"text\":\"voir piege.example/a\",\"author\":\"" WHO
			      "\",\"author_name\":\"Odile (@odile.example)\",\"url\":\"https://bsky.app/profile/" WHO
			      "/post/3l\"" ALONE ",\"kind\":\"post\"}");
	expect_post(
		VIEW("",
			",\"embed\":{\"images\":[{\"alt\":\"Un maire en prison\"},{\"alt\":\"\"},{}]}"),
		LINE("Bonjour\\nUn maire en prison", ALONE ",\"kind\":\"post\""));
	expect_post(
		VIEW("",
			",\"embed\":{\"record\":{\"record\":{}},\"media\":{\"external\":{\"title\":\"Titre\",\"uri\":\"https://x.example\"}}}"),
		LINE("Bonjour\\nTitre\\nhttps://x.example", ALONE ",\"kind\":\"quote\""));
}

static void no_posts(void **state)
{
	(void)state;
	expect_post("{}", "none");
	expect_post("{\"uri\":\"" POST("3l") "\"," AUTHOR "}", "none");
	/* an address in somebody else's name, of something else, of nothing */
	expect_post("{\"uri\":\"at://" OURS "/app.bsky.feed.post/3l\"," AUTHOR
		    ",\"record\":{\"text\":\"x\"}}",
		"none");
	expect_post("{\"uri\":\"at://" WHO "/app.bsky.feed.like/3l\"," AUTHOR
		    ",\"record\":{\"text\":\"x\"}}",
		"none");
	expect_post("{\"uri\":\"at://" WHO "/app.bsky.feed.post/3l/x\"," AUTHOR
		    ",\"record\":{\"text\":\"x\"}}",
		"none");
	expect_post("{\"uri\":\"at://" WHO "/app.bsky.feed.post/3 l\"," AUTHOR
		    ",\"record\":{\"text\":\"x\"}}",
		"none");
	expect_post("{\"uri\":\"https://x/\"," AUTHOR ",\"record\":{\"text\":\"x\"}}", "none");
}

/* Its author's clock is believed for what lies before the server's. */
static void dates(void **state)
{
	(void)state;
	expect_post(
		"{\"uri\":\"" POST(
			"3l") "\"," AUTHOR
			      ",\"indexedAt\":\"2026-11-24T10:00:00Z\",\"record\":{\"text\":\"\",\"createdAt\":\"2091-01-01T00:00:00Z\"}}",
		"{\"id\":\"" POST(
			"3l") "\",\"text\":\"\",\"author\":\"" WHO
			      "\",\"author_name\":\"Odile (@odile.example)\","
			      "\"url\":\"https://bsky.app/profile/" WHO "/post/3l\"" ALONE
			      ",\"kind\":\"post\",\"created_at\":\"2026-11-24T10:00:00Z\"}");
	assert_int_equal(bluesky_key_time(SLICE("3jzfcijpj2z2a")) / CLOCK_SECOND, 1688137381);
	assert_int_equal(bluesky_key_time(SLICE("3jzfcijpj2z21")), 0);
	assert_int_equal(bluesky_key_time(SLICE("zjzfcijpj2z2a")), 0);
	assert_int_equal(bluesky_key_time(SLICE("self")), 0);
}

static void expect_tame(const char *document, const char *tamed)
{
	_buf_ struct buf out = {0};

	json_tame(slice_of(document), &out);
	assert_string_equal(buf_string(&out), tamed);
}

static void hostile_strings(void **state)
{
	struct json_reader *json = json_reader_new(1 << 20);
	_buf_ struct buf deep = {0}, out = {0};
	struct json_value v;

	(void)state;
	expect_tame("{\"a\":\"x\\u0000y\"}", "{\"a\":\"x\\ufffdy\"}");
	expect_tame("[\"\\ud800\",\"\\udc00x\",\"\\ud83d\\ude00\",\"\\\\u0000\"]",
		"[\"\\ufffd\",\"\\ufffdx\",\"\\ud83d\\ude00\",\"\\\\u0000\"]");
	expect_tame("\"\xff\"", "\"\xef\xbf\xbd\"");
	expect_tame("\"a\\", "\"a\\"); /* cut off: malformed still */
	expect_tame("[}", "[}");
	for (int i = 0; i < 40; i++)
		buf_add_string(&deep, "{\"a\":[\"]\",");
	buf_add_string(&deep, "1");
	for (int i = 0; i < 40; i++)
		buf_add_string(&deep, "]}");
	assert_true(json_parse(json, buf_slice(&deep), &v, NULL) < 0);
	json_tame(buf_slice(&deep), &out);
	assert_int_equal(json_parse(json, buf_slice(&out), &v, NULL), 0);
	json_reader_free(json);
}

static void marks(void **state)
{
	struct bluesky_mark m = {.floor = 1,
				    .until = 2,
				    .down = 3,
				    .swept = 4,
				    .searched = 5,
				    .turn = 6},
			    back;
	_buf_ struct buf text = {0}, uri = {0}, again = {0};
	const int64_t now = 1688137381 * CLOCK_SECOND + CLOCK_HOUR;

	(void)state;
	buf_add_string(&m.walk, "&cursor=a%3Ab");
	m.fed = true;
	bluesky_own_read(&m, SLICE("3a"), 7);
	bluesky_own_read(&m, SLICE("3b"), 1);
	bluesky_own_read(&m, SLICE("3a"), 8);
	bluesky_know(&m, slice_of(POST("3jzfcijpj2z2a")), now);
	bluesky_know(&m, slice_of(POST("3jzfcijpj2z2a")), now); /* known */
	bluesky_know(&m, slice_of(POST("3jzfcijpj2z2b")), now);
	bluesky_know(&m, slice_of(POST("3jzfcijpj2z2c")), now + 8 * 24 * CLOCK_HOUR); /* too old */
	bluesky_know(&m, slice_of(POST("self")), now);
	assert_int_equal(m.n_known, 2);
	bluesky_known_next(&m, false);
	bluesky_mark_print(&m, &text);
	assert_string_equal(buf_string(&text),
		"1 1 2 3 4 5 6 &cursor=a%3Ab = 3b:1,3a:8 plc:abcdefghijklmnopqrstuvwx/3jzfcijpj2z2b,plc:abcdefghijklmnopqrstuvwx/3jzfcijpj2z2a");
	assert_true(bluesky_mark_read(buf_slice(&text), &back));
	bluesky_mark_print(&back, &again);
	assert_string_equal(buf_string(&again), buf_string(&text));
	assert_int_equal(bluesky_own_replies(&back, SLICE("3a")), 8);
	assert_int_equal(bluesky_own_replies(&back, SLICE("3c")), -1);
	bluesky_known_uri(back.known[1], &uri);
	assert_string_equal(buf_string(&uri), POST("3jzfcijpj2z2a"));
	bluesky_known_next(&back, true);
	assert_int_equal(back.n_known, 1);
	bluesky_mark_release(&m);
	bluesky_mark_release(&back);
	assert_false(bluesky_mark_read(SLICE("test"), &back));
	assert_false(bluesky_mark_read(SLICE(""), &back));
	assert_true(bluesky_mark_read(SLICE("1 x - 7"), &back));
	bluesky_mark_release(&back);
}

/* An action, answer by answer: what is asked, or how it ends. */
struct act {
	struct leased_action action;
	struct deed deed;
	struct error e;
};
static const struct source_config source = {.url = "https://s.example/", .user = "ville"};

static void act_begin(struct act *a, enum outward what)
{
	*a = (struct act){.action = {.action = what,
				  .mark = SLICE("m"),
				  .item = SLICE(POST("3l")),
				  .seen = SLICE("Bonjour"),
				  .text = SLICE("Voir https://v.example/a.")}};
	a->deed = (struct deed){.action = &a->action,
		.source = &source,
		.who = SLICE(OURS),
		.now = 1795000000000,
		.json = json_reader_new(1 << 20)};
}

static void act_end(struct act *a)
{
	json_reader_free(a->deed.json);
	buf_release(&a->deed.url);
	buf_release(&a->deed.body);
	buf_release(&a->deed.memo);
}

static void step(struct act *a, long status, const char *body, int outcome, const char *says)
{
	struct page page = {.body = slice_of(body), .status = status};

	buf_clear(&a->deed.url);
	buf_clear(&a->deed.body);
	a->e.text[0] = 0;
	assert_int_equal(bluesky_deed(&a->deed, body ? &page : NULL, &a->e), outcome);
	if (outcome == DEED_ASK)
		assert_string_equal(buf_string(&a->deed.url), says);
	else if (outcome == DEED_WRITE)
		assert_string_equal(buf_string(&a->deed.body), says);
	else
		assert_string_equal(a->e.text, says);
}

#define ASKS \
	"https://s.example/xrpc/app.bsky.feed.getPosts?uris=at%3A%2F%2Fdid%3Aplc%3Aabcdefghijklmnopqrstuvwx%2Fapp.bsky.feed.post%2F3l&"
#define UNDER(who) \
	",\"reply\":{\"root\":{\"uri\":\"at://" who \
	"/app.bsky.feed.post/3a\",\"cid\":\"r\"},\"parent\":{\"uri\":\"at://" who \
	"/app.bsky.feed.post/3a\",\"cid\":\"r\"}}"
#define SHOWN(under) "{\"posts\":[" VIEW("", under) "]}"
#define GATE \
	"https://s.example/xrpc/com.atproto.repo.getRecord?repo=did%3Aplc%3Aville3456789012345678901&collection=app.bsky.feed.threadgate&rkey=3a&"
#define ABSENT "{\"error\":\"RecordNotFound\",\"message\":\"Could not locate record\"}"
#define PUT \
	"{\"repo\":\"" OURS \
	"\",\"collection\":\"app.bsky.feed.threadgate\",\"rkey\":\"3a\",\"swapRecord\":"
#define RECORD \
	",\"record\":{\"$type\":\"app.bsky.feed.threadgate\",\"post\":\"at://" OURS \
	"/app.bsky.feed.post/3a\","

static void hides(void **state)
{
	struct act a;

	(void)state;
	act_begin(&a, ACTION_HIDE);
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(OURS)), DEED_ASK, GATE);
	step(&a, 200,
		"{\"cid\":\"g\",\"value\":{\"$type\":\"app.bsky.feed.threadgate\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"allow\":[],\"hiddenReplies\":[\"x\"],\"later\":{\"a\":1}}}",
		DEED_WRITE,
		PUT
		"\"g\"" RECORD
		"\"createdAt\":\"2026-01-01T00:00:00Z\",\"allow\":[],\"later\":{\"a\":1},\"hiddenReplies\":[\"x\",\"" POST(
			"3l") "\"]}}");
	step(&a, 200, "{\"uri\":\"x\"}", DEED_DONE, "");
	act_end(&a);
	act_begin(&a, ACTION_HIDE); /* no gate yet; then one is put there meanwhile */
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(OURS)), DEED_ASK, GATE);
	step(&a, 400, ABSENT, DEED_WRITE,
		PUT
		"null" RECORD
		"\"createdAt\":\"2026-11-18T11:06:40Z\",\"hiddenReplies\":[\"" POST("3l") "\"]}}");
	step(&a, 400, "{\"error\":\"InvalidSwap\"}", DEED_LATER,
		"la publication vient d'être réglée autrement");
	act_end(&a);
	act_begin(&a, ACTION_HIDE); /* hidden already */
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(OURS)), DEED_ASK, GATE);
	step(&a, 200, "{\"cid\":\"g\",\"value\":{\"hiddenReplies\":[\"" POST("3l") "\"]}}",
		DEED_DONE, "");
	act_end(&a);
	act_begin(&a, ACTION_HIDE); /* under somebody else's post */
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(WHO)), DEED_REFUSED,
		"cette publication n'est pas une réponse sous une publication de la ville : Bluesky ne permet pas de la masquer");
	act_end(&a);
	act_begin(&a, ACTION_SHOW);
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(OURS)), DEED_ASK, GATE);
	step(&a, 200,
		"{\"cid\":\"g\",\"value\":{\"createdAt\":\"c\",\"hiddenReplies\":[\"" POST(
			"3l") "\",\"x\"]}}",
		DEED_WRITE, PUT "\"g\"" RECORD "\"createdAt\":\"c\",\"hiddenReplies\":[\"x\"]}}");
	act_end(&a);
	act_begin(&a, ACTION_SHOW); /* nothing was hidden */
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(OURS)), DEED_ASK, GATE);
	step(&a, 400, ABSENT, DEED_DONE, "");
	act_end(&a);
}

#define REPORT(type) \
	"{\"reasonType\":\"com.atproto.moderation.defs#" type \
	"\",\"subject\":{\"$type\":\"com.atproto.repo.strongRef\",\"uri\":\"" POST( \
		"3l") "\",\"cid\":\"c\"}}"

static void tells_the_moderation(void **state)
{
	struct act a;

	(void)state;
	act_begin(&a, ACTION_SPAM);
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(OURS)), DEED_ASK, GATE);
	step(&a, 400, ABSENT, DEED_WRITE, REPORT("reasonSpam"));
	assert_string_equal(a.e.text, "aurait été signalé à Bluesky");
	step(&a, 200, "{\"id\":1}", DEED_ASK, GATE);
	step(&a, 400, ABSENT, DEED_WRITE,
		PUT
		"null" RECORD
		"\"createdAt\":\"2026-11-18T11:06:40Z\",\"hiddenReplies\":[\"" POST("3l") "\"]}}");
	step(&a, 200, "<html></html>", DEED_LATER, "ce n'est pas un serveur de Bluesky");
	step(&a, 200, "{}", DEED_LATER, "ce n'est pas un serveur de Bluesky");
	step(&a, 200, "{\"uri\":\"x\"}", DEED_DONE,
		"signalé à Bluesky, et masqué sous la publication de la ville");
	act_end(&a);
	act_begin(&a, ACTION_TRASH);
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(""), DEED_WRITE, REPORT("reasonRude"));
	step(&a, 200, "<html></html>", DEED_LATER, "ce n'est pas un serveur de Bluesky");
	step(&a, 200, "{\"id\":1}", DEED_DONE,
		"signalé à Bluesky ; la ville ne peut pas masquer ce qui n'est pas sous ses publications");
	act_end(&a);
}

#define MINE \
	"https://s.example/xrpc/com.atproto.repo.listRecords?repo=did%3Aplc%3Aville3456789012345678901&collection=app.bsky.feed.post&limit=100"

static void replies(void **state)
{
	struct act a;

	(void)state;
	act_begin(&a, ACTION_REPLY);
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(UNDER(WHO)), DEED_ASK, MINE);
	step(&a, 200, "{\"records\":[{\"value\":{\"text\":\"Voir https://v.example/a.\"}}]}",
		DEED_WRITE,
		"{\"repo\":\"" OURS
		"\",\"collection\":\"app.bsky.feed.post\",\"record\":{\"$type\":\"app.bsky.feed.post\",\"text\":\"Voir https://v.example/a.\","
		"\"facets\":[{\"index\":{\"byteStart\":5,\"byteEnd\":24},\"features\":[{\"$type\":\"app.bsky.richtext.facet#link\",\"uri\":\"https://v.example/a\"}]}],"
		"\"langs\":[\"fr\"],\"reply\":{\"root\":{\"uri\":\"at://" WHO
		"/app.bsky.feed.post/3a\",\"cid\":\"r\"},\"parent\":{\"uri\":\"" POST(
			"3l") "\",\"cid\":\"c\"}},"
			      "\"createdAt\":\"2026-11-18T11:06:40Z\"}}");
	step(&a, 400,
		"{\"error\":\"InvalidRequest\",\"message\":\"grapheme too big (maximum 300, got 400) at $.record.text\"}",
		DEED_DEAD, "cette réponse est trop longue pour Bluesky : 300 signes au plus");
	act_end(&a);
	act_begin(&a, ACTION_REPLY); /* it has arrived before */
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, SHOWN(""), DEED_ASK, MINE);
	step(&a, 200,
		"{\"records\":[{\"value\":{\"text\":\"Voir https://v.example/a.\",\"reply\":{\"parent\":{\"uri\":\"" POST(
			"3l") "\"}}}}]}",
		DEED_DONE, "");
	act_end(&a);
}

static void leaves_alone(void **state)
{
	struct act a;

	(void)state;
	act_begin(&a, ACTION_HIDE);
	step(&a, 0, NULL, DEED_ASK, ASKS);
	step(&a, 200, "{\"posts\":[]}", DEED_REFUSED,
		"cette publication n'est plus là à la source");
	a.action.seen = SLICE("Autre chose");
	step(&a, 200, SHOWN(UNDER(OURS)), DEED_REFUSED,
		"cette publication a été modifiée à la source depuis la décision");
	step(&a, 200, "<html>", DEED_LATER, "ce n'est pas un serveur de Bluesky");
	step(&a, 502, "<html>", DEED_LATER, "Bluesky répond HTTP 502");
	step(&a, 403, "<html>", DEED_LATER, "Bluesky répond HTTP 403");
	step(&a, 401, "{\"error\":\"AuthMissing\"}", DEED_DEAD,
		"Bluesky n'accepte plus ce compte (HTTP 401)");
	step(&a, 400, "{\"error\":\"Odd\"}", DEED_DEAD, "Bluesky refuse : Odd (HTTP 400)");
	a.action.item = SLICE("12");
	step(&a, 0, NULL, DEED_DEAD, "adresse de publication illisible");
	act_end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts),
		cmocka_unit_test(what_a_reader_sees),
		cmocka_unit_test(no_posts),
		cmocka_unit_test(dates),
		cmocka_unit_test(hostile_strings),
		cmocka_unit_test(marks),
		cmocka_unit_test(hides),
		cmocka_unit_test(tells_the_moderation),
		cmocka_unit_test(replies),
		cmocka_unit_test(leaves_alone),
	};

	return cmocka_run_group_tests_name("connect bluesky", tests, NULL, NULL);
}
