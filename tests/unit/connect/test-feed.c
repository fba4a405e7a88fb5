/* SPDX-License-Identifier: GPL-3.0-or-later
 * Feeds as comments, dates as they are written, what was seen, and how long a server is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/clock.h>

#include "../../../src/connect/date.h"
#include "../../../src/connect/feed.h"
#include "../../../src/connect/rest.h"
#include "../../../src/connect/seen.h"

static void collect(void *user, const struct comment *c)
{
	comment_to_json(user, c);
	buf_add_char(user, '\n');
}

static void expect(const char *document, const char *lines)
{
	_buf_ struct buf out = {0}, next = {0};
	struct error e;

	if (feed_read(slice_of(document), collect, &out, &next, &e) < 0)
		fail_msg("%s: %s", document, e.text);
	if (strcmp(buf_string(&out), lines) != 0)
		fail_msg("%s\n gave %s\n not  %s", document, buf_string(&out), lines);
}

#define RSS(items) \
	"<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' " \
	"xmlns:dc='http://purl.org/dc/elements/1.1/' " \
	"xmlns:thr='http://purl.org/syndication/thread/1.0' " \
	"xmlns:media='http://search.yahoo.com/mrss/'><channel><title>T</title>" \
	"<item_count>3</item_count>" items "</channel></rss>"
#define ATOM(entries) \
	"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr' " \
	"xmlns:thr='http://purl.org/syndication/thread/1.0' " \
	"xmlns:at='http://purl.org/atompub/tombstones/1.0'><title>T</title><id>urn:f</id>" entries \
	"</feed>"

static void rss_articles(void **state)
{
	(void)state;
	expect(RSS(""), "");
	expect(RSS("<item><guid>g1</guid><title>Piscine &amp;amp; bain</title><link>https://v.example/p</link>"
		   "<description>&lt;p>Elle rouvre.&lt;/p></description>"
		   "<pubDate>Tue, 24 Nov 2026 10:05:00 +0100</pubDate></item>"),
		"{\"id\":\"g1\",\"text\":\"Piscine & bain\\nElle rouvre.\",\"url\":\"https://v.example/p\","
		"\"kind\":\"article\",\"created_at\":\"2026-11-24T09:05:00Z\"}\n");
	/* its content rather than a summary, however long; a title of its own beside another vocabulary's */
	expect(RSS("<item><guid>g</guid><title>Titre</title><media:title>photo.jpg</media:title>"
		   "<description>Un résumé qui a des &amp;lt;b&amp;gt; en toutes lettres</description>"
		   "<content:encoded><![CDATA[<p>Bien plus long</p>]]></content:encoded></item>"),
		"{\"id\":\"g\",\"text\":\"Titre\\nBien plus long\",\"kind\":\"article\"}\n");
	/* a title that only repeats the text */
	expect(RSS("<item><guid>g</guid><title>Le marché est…</title>"
		   "<description>Le marché est annulé samedi</description></item>"),
		"{\"id\":\"g\",\"text\":\"Le marché est annulé samedi\",\"kind\":\"article\"}\n");
	/* no guid: the link; no link: a hash */
	expect(RSS("<item><link>https://v.example/p</link><title>T</title></item>"),
		"{\"id\":\"https://v.example/p\",\"text\":\"T\",\"url\":\"https://v.example/p\","
		"\"kind\":\"article\"}\n");
	expect(RSS("<item><link>javascript:alert(1)</link></item><item/>"), "");
	expect(RSS("<item><guid>g</guid><author>od@v.example (Odile)</author><title>T</title></item>"),
		"{\"id\":\"g\",\"text\":\"T\",\"author\":\"od@v.example\",\"author_name\":\"Odile\","
		"\"kind\":\"article\"}\n");
}

static void same_item_same_name(void **state)
{
	_buf_ struct buf one = {0}, two = {0}, other = {0}, next = {0};
	struct error e;

	(void)state;
	assert_int_equal(feed_read(slice_of(RSS("<item><title>Sans nom</title></item>")), collect,
				 &one, &next, &e),
		0);
	assert_int_equal(feed_read(slice_of(RSS("<item><title>Sans nom</title></item>")), collect,
				 &two, &next, &e),
		0);
	assert_int_equal(feed_read(slice_of(RSS("<item><title>Sans non</title></item>")), collect,
				 &other, &next, &e),
		0);
	assert_true(slice_begins(buf_slice(&one), "{\"id\":\"sha256:"));
	assert_true(slice_equal(buf_slice(&one), buf_slice(&two)));
	assert_false(slice_equal(buf_slice(&one), buf_slice(&other)));
}

static void comments_of_wordpress(void **state)
{
	(void)state;
	expect(RSS("<item><title>Par : Odile</title><link>https://v.example/p/#comment-12</link>"
		   "<dc:creator><![CDATA[Odile]]></dc:creator><guid isPermaLink='false'>https://v.example/?p=1#comment-12</guid>"
		   "<description>Trop cher !</description>"
		   "<content:encoded><![CDATA[<p>Trop cher !</p>]]></content:encoded></item>"),
		"{\"id\":\"https://v.example/?p=1#comment-12\",\"text\":\"Trop cher !\",\"author\":\"Odile\","
		"\"author_name\":\"Odile\",\"url\":\"https://v.example/p/#comment-12\","
		"\"thread\":\"https://v.example/p/\",\"kind\":\"comment\"}\n");
	expect(ATOM("<entry><title>Par : Odile</title><id>c2</id><author><name>Odile</name>"
		    "<uri>https://odile.example</uri></author><published>2026-11-24T10:00:00Z</published>"
		    "<updated>2026-11-24T11:00:00Z</updated><link rel='alternate' href='https://v.example/p/#comment-2'/>"
		    "<content type='html'>&lt;p>Moi aussi&lt;/p></content>"
		    "<thr:in-reply-to ref='c1' href='https://v.example/p/#comment-1'/></entry>"),
		"{\"id\":\"c2\",\"text\":\"Moi aussi\",\"author\":\"https://odile.example\","
		"\"author_name\":\"Odile\",\"url\":\"https://v.example/p/#comment-2\","
		"\"thread\":\"https://v.example/p/\",\"parent\":\"c1\",\"lang\":\"fr\",\"kind\":\"comment\","
		"\"created_at\":\"2026-11-24T10:00:00Z\",\"edited_at\":\"2026-11-24T11:00:00Z\"}\n");
	/* an answer to the article itself has no parent */
	expect(ATOM("<entry><id>c3</id><content>Bravo &lt;3</content>"
		    "<thr:in-reply-to ref='urn:a' href='https://v.example/p/'/></entry>"),
		"{\"id\":\"c3\",\"text\":\"Bravo <3\",\"thread\":\"https://v.example/p/\",\"lang\":\"fr\","
		"\"kind\":\"comment\"}\n");
}

/* A subject is words of the public too; what a feed says of its own is not. */
static void subjects(void **state)
{
	static const struct {
		const char *title, *text;
	} all[] = {{"Bande de nuls", "Bande de nuls\\nTrop cher !"}, {"Par : Odile", "Trop cher !"},
		{"Commentaires sur Piscine par Odile", "Trop cher !"},
		{"Comment on Piscine by Odile", "Trop cher !"}, {"Odile", "Trop cher !"},
		{"Odile est nulle", "Odile est nulle\\nTrop cher !"},
		{"Bande de nuls : Odile", "Bande de nuls : Odile\\nTrop cher !"},
		{"Re: La piscine", "Re: La piscine\\nTrop cher !"},
		{"RE : Bande de nuls", "RE : Bande de nuls\\nTrop cher !"},
		{"Trop…", "Trop cher !"}, {"", "Trop cher !"}};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		_buf_ struct buf item = {0}, line = {0};

		buf_printf(&item,
			"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item><guid>g</guid>"
			"<title>%s</title><link>https://v.example/p/#comment-1</link><dc:creator>Odile</dc:creator>"
			"<description>Trop cher !</description></item></channel></rss>",
			all[i].title);
		buf_printf(&line,
			"{\"id\":\"g\",\"text\":\"%s\",\"author\":\"Odile\",\"author_name\":\"Odile\","
			"\"url\":\"https://v.example/p/#comment-1\",\"thread\":\"https://v.example/p/\","
			"\"kind\":\"comment\"}\n",
			all[i].text);
		expect(buf_string(&item), buf_string(&line));
	}
}

static void answer(const char *before, const char *title, const char *link, const char *text)
{
	_buf_ struct buf feed = {0}, line = {0}, out = {0}, next = {0};
	struct error e;

	buf_printf(&feed,
		"<rss version='2.0'><channel>%s<item><guid>g</guid><title>%s</title>"
		"<link>%s#comment-1</link><description>Trop cher !</description></item></channel></rss>",
		before, title, link);
	assert_int_equal(feed_read(buf_slice(&feed), collect, &out, &next, &e), 0);
	buf_printf(&line, "{\"id\":\"g\",\"text\":\"%s\",\"url\":\"%s#comment-1\",", text, link);
	assert_non_null(strstr(buf_string(&out), buf_string(&line)));
}

/* "Re:" stands before a title that the feed knows otherwise, or before words of who answers; so does a title when nobody is named. */
static void subjects_of_answers(void **state)
{
	static const char page[] = "https://v.example/p/", slug[] = "https://v.example/la-piscine/";
	static const char channel[] = "<title>Commentaires sur : La piscine</title>";
	static const char article[] =
		"<item><guid>a</guid><title>La  Piscine</title><description>Elle ferme.</description></item>";

	(void)state;
	answer(channel, "Re: La piscine", page, "Trop cher !");
	answer(article, "Re: La piscine", page, "Trop cher !");
	answer("", "RE: Re: la piscine", slug, "Trop cher !");
	answer("", "Re:", page, "Trop cher !");
	answer(channel, "Re: bande de nuls", page, "Re: bande de nuls\\nTrop cher !");
	answer(article, "Re: on sait où tu habites", slug,
		"Re: on sait où tu habites\\nTrop cher !");
	answer("", "Reste chez toi", page, "Reste chez toi\\nTrop cher !");
	answer("", "Bande de nuls", page, "Bande de nuls\\nTrop cher !");
	answer("", "Comment osez-vous ?", page, "Comment osez-vous ?\\nTrop cher !");
	answer("", "Commentaires sur La piscine", page, "Trop cher !");
	answer("", "Comment on La piscine", page, "Trop cher !");
	answer("", "Par :", page, "Trop cher !");
}

static void atom_and_rdf(void **state)
{
	(void)state;
	expect(ATOM("<entry xml:lang='en'><id>e</id><title type='html'>&lt;i>T&lt;/i></title>"
		    "<summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>un</p><p>deux</p></div></summary>"
		    "<updated>2026-11-24T10:00:00+01:00</updated></entry>"),
		"{\"id\":\"e\",\"text\":\"T\\nun\\n\\ndeux\",\"lang\":\"en\",\"kind\":\"article\","
		"\"created_at\":\"2026-11-24T09:00:00Z\"}\n");
	expect(ATOM("<at:deleted-entry ref='e' when='2026-11-24T10:00:00Z'/>"),
		"{\"id\":\"e\",\"edited_at\":\"2026-11-24T10:00:00Z\",\"deleted\":true}\n");
	expect("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
	       "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='u'><title>T</title></channel>"
	       "<item rdf:about='https://v.example/1'><title>Un</title><link>https://v.example/1</link>"
	       "<dc:date>2026-11-24T10:00:00Z</dc:date></item></rdf:RDF>",
		"{\"id\":\"https://v.example/1\",\"text\":\"Un\",\"url\":\"https://v.example/1\","
		"\"kind\":\"article\",\"created_at\":\"2026-11-24T10:00:00Z\"}\n");
}

static void the_next_page(void **state)
{
	_buf_ struct buf out = {0}, next = {0};
	struct error e;

	(void)state;
	assert_int_equal(
		feed_read(slice_of(ATOM("<link rel='self' href='https://v.example/f'/>"
					"<link rel='next' href='https://v.example/f?page=2'/>")),
			collect, &out, &next, &e),
		0);
	assert_string_equal(buf_string(&next), "https://v.example/f?page=2");
	assert_int_equal(feed_read(slice_of("<html/>"), collect, &out, &next, &e), -22);
}

static void dates(void **state)
{
	static const struct {
		const char *text, *means;
	} cases[] = {
		{"Tue, 24 Nov 2026 10:05:00 +0000", "2026-11-24T10:05:00Z"},
		{"Tue, 24 Nov 2026 10:05:00 +0130", "2026-11-24T08:35:00Z"},
		{"24 Nov 2026 10:05 GMT", "2026-11-24T10:05:00Z"},
		{"Tue, 24 Nov 26 10:05:00 EST", "2026-11-24T15:05:00Z"},
		{"Tue,24 Nov 99 10:05:00 pdt", "1999-11-24T17:05:00Z"},
		{"Tue, 24 November 2026 10:05:00 CEST", "2026-11-24T08:05:00Z"},
		{"24 nov. 2026 1:05:60 Z", "2026-11-24T01:05:59Z"},
		{"  2026-11-24T10:05:00+02:00\n", "2026-11-24T08:05:00Z"},
		{"Tue, 24 Nov 126 10:05:00 A", "2026-11-24T10:05:00Z"},
		{"Tue, 31 Feb 2026 10:05:00 +0000", NULL},
		{"Tue, 24 Nov 2026 25:05:00 +0000", NULL},
		{"Tue, 24 Nov 1926 10:05:00 +0000", NULL},
		{"24 Nov 2126 10:05:00", NULL},
		{"demain", NULL},
		{"", NULL},
		{"24", NULL},
		{"Tue, 24 Nov 2026", NULL},
		{"Tue, 24 Nov 2026 1:2:3:4", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t want = 0, got = date_read(slice_of(cases[i].text));

		if (cases[i].means)
			assert_int_equal(clock_parse(slice_of(cases[i].means), &want), 0);
		if (got != want)
			fail_msg("%s: %lld, not %lld", cases[i].text, (long long)got,
				(long long)want);
	}
}

static void what_was_seen(void **state)
{
	static struct seen s, back;
	_buf_ struct buf text = {0};
	char id[32];

	(void)state;
	assert_true(seen_add(&s, SLICE("a"), SLICE("x")));
	assert_false(seen_add(&s, SLICE("a"), SLICE("x")));
	assert_true(seen_add(&s, SLICE("a"), SLICE("y")));
	assert_false(seen_add(&s, SLICE("a"), SLICE("y")));
	for (int i = 0; i < 3000; i++) {
		snprintf(id, sizeof(id), "%d", i);
		assert_true(seen_add(&s, slice_of(id), SLICE("x")));
	}
	assert_int_equal(s.n, SEEN_MAX);
	seen_address(&s, SLICE("https://v.example/"));
	snprintf(s.etag, sizeof(s.etag), "W/\"é\"");
	seen_print(&text, &s);
	assert_true(text.n < SEEN_BYTES);
	assert_true(seen_parse(buf_slice(&text), &back));
	assert_true(back.begun);
	assert_string_equal(back.etag, s.etag);
	assert_false(seen_add(&back, SLICE("2999"), SLICE("x")));
	assert_false(seen_add(&back, SLICE("952"), SLICE("x")));
	assert_true(
		seen_add(&back, SLICE("951"), SLICE("x"))); /* the oldest are forgotten first … */
	assert_true(seen_add(&back, SLICE("952"), SLICE("x"))); /* … also by what was parsed */
	seen_address(&back, SLICE("https://v.example/"));
	assert_string_equal(back.etag, s.etag);
	seen_address(&back, SLICE("https://v.example/2"));
	assert_string_equal(back.etag, "");
	for (size_t n = 0; n < text.n; n += 997)
		assert_false(seen_parse((struct slice){text.p, n}, &back));
	assert_false(back.begun);
}

static void rests(void **state)
{
	struct rest r = {.every_ms = 300000};

	(void)state;
	assert_int_equal(rest_good(&r, 0), 300000);
	assert_int_equal(rest_good(&r, UINT32_MAX), 270000); /* never later than was said */
	r.least_ms = 290000;
	assert_int_equal(rest_good(&r, UINT32_MAX), 290000); /* nor before it was promised */
	r.least_ms = 300000;
	assert_int_equal(rest_good(&r, UINT32_MAX / 2), 300000);
	r.least_ms = 0;
	assert_int_equal(rest_bad(&r, 0, 0), 5000);
	assert_int_equal(rest_bad(&r, 0, 0), 10000);
	assert_int_equal(rest_bad(&r, 0, UINT32_MAX), 10000);
	assert_int_equal(rest_bad(&r, 60000, 0), 60000); /* not before it is asked to */
	for (int i = 0; i < 20; i++)
		assert_true(rest_bad(&r, 0, 0) <= REST_MAX_MS);
	assert_int_equal(rest_bad(&r, 0, 0), REST_MAX_MS);
	rest_good(&r, 0);
	assert_int_equal(rest_bad(&r, 0, 0), 5000);
	r = (struct rest){.every_ms = 1000};
	assert_int_equal(rest_bad(&r, 0, 0), 1000);
	assert_int_equal(rest_wish(0), 1);
	assert_int_equal(rest_wish(INT64_MIN), 1);
	assert_int_equal(rest_wish(60000), 60000);
	assert_int_equal(rest_wish(INT64_MAX), 86400000); /* a clock in 2036 */
	assert_int_equal(rest_asked(403, 0, 60000), 60000);
	assert_int_equal(rest_asked(404, 0, 60000), 60000);
	assert_int_equal(rest_asked(429, 0, 60000), 60000);
	assert_int_equal(rest_asked(429, 4000, 60000), 4000);
	assert_int_equal(rest_asked(503, 0, 60000), 0);
	assert_int_equal(rest_asked(0, 0, 60000), 0);
}

static void actions_rest(void **state)
{
	static const struct {
		uint32_t attempt;
		int64_t asked, pause;
	} cases[] = {{1, 0, 5000}, {2, 0, 10000}, {1, 7000, 7000}, {3, 7000, 20000}, {7, 0, 320000},
		{8, 0, 600000}, {100, 0, 600000}, {UINT32_MAX, 0, 600000}, {1, 3600000, 3600000},
		{100, 3600000, 3600000}, {1, 86400000, 86400000}, {1, INT64_MAX, 86400000},
		{0, 0, 5000}, {1, -1, 5000}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(rest_act(cases[i].attempt, cases[i].asked), cases[i].pause);
}

/* What it has added is not known from before, neither to itself nor to the next one. */
static void a_look_that_failed(void **state)
{
	_cleanup_(seen_release) struct seen s = {0}, back;
	_buf_ struct buf text = {0}, first = {0};

	(void)state;
	s.failed = 1;
	seen_add(&s, SLICE("a"), SLICE("x"));
	seen_print_before(&first, &s);
	assert_true(seen_parse(buf_slice(&first), &back));
	assert_false(back.begun); /* the next one is the first again */
	assert_int_equal(back.failed, 1);
	assert_false(seen_before(&back, SLICE("a")));
	s.failed = 0;
	s.pages = 5;
	s.again = 2;
	seen_print(&text, &s);
	assert_true(seen_parse(buf_slice(&text), &back));
	assert_true(back.begun && back.pages == 5 && back.again == 2);
	seen_add(&back, SLICE("a"), SLICE("y"));
	seen_add(&back, SLICE("b"), SLICE("x"));
	assert_true(seen_before(&back, SLICE("a")));
	assert_false(seen_before(&back, SLICE("b")));
	snprintf(back.etag, sizeof(back.etag), "\"v2\"");
	back.failed = 2;
	buf_clear(&text);
	seen_print_before(&text, &back);
	assert_true(seen_parse(buf_slice(&text), &back));
	assert_true(back.begun && !back.etag[0]);
	assert_int_equal(back.failed, 2);
	assert_true(seen_before(&back, SLICE("a")));
	assert_true(seen_add(&back, SLICE("b"), SLICE("x")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rss_articles),
		cmocka_unit_test(same_item_same_name),
		cmocka_unit_test(comments_of_wordpress),
		cmocka_unit_test(subjects),
		cmocka_unit_test(subjects_of_answers),
		cmocka_unit_test(atom_and_rdf),
		cmocka_unit_test(the_next_page),
		cmocka_unit_test(dates),
		cmocka_unit_test(what_was_seen),
		cmocka_unit_test(a_look_that_failed),
		cmocka_unit_test(rests),
		cmocka_unit_test(actions_rest),
	};

	return cmocka_run_group_tests_name("connect feed", tests, NULL, NULL);
}
