/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hostile text in a page: nothing of it is markup, nothing of it is hidden, marks fall where they should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <tocsin/base/utf8.h>
#include <tocsin/html/html.h>

#define N(table) (sizeof(table) / sizeof(*(table)))

static void escapes(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},
		{"Bonjour, l'été", "Bonjour, l&#39;été"},
		{"<script>alert(\"x\")</script>&amp;",
			"&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;amp;"},
		{"a\nb\tc\rd", "a\nb\tc‹U+000D›d"},
		{"\xe2\x80\xae"
		 "evil",
			"‹U+202E›evil"},
		{"a\xe2\x80\x8b"
		 "b\xc2\xad"
		 "c",
			"a‹U+200B›b‹U+00AD›c"},
		{"\xef\xbb\xbfx", "‹U+FEFF›x"},
		{"\x01\x7f\xc2\x85", "‹U+0001›‹U+007F›‹U+0085›"},
		{"\xf3\xa0\x81\xa1", "‹U+E0061›"},
		/* a family, a heart: the joiners belong to them */
		{"👩‍👧", "👩‍👧"},
		{"❤️", "❤️"},
		{"a\xe2\x80\x8d"
		 "b",
			"a‹U+200D›b"},
		/* six marks upon one letter */
		{"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86!",
			"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84‹+2›!"},
		{"\xff<", "\xef\xbf\xbd&lt;"},
	};
	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		_buf_ struct buf out = {0};
		html_string(&out, cases[i].text);
		assert_string_equal(buf_string(&out), cases[i].want);
	}
}

static void is_shown_apart(void **state)
{
	_buf_ struct buf out = {0};
	(void)state;
	html_shown(&out, SLICE("<b>\xe2\x80\xae"));
	assert_string_equal(
		buf_string(&out), "<bdi>&lt;b&gt;<span class=\"inv\">‹U+202E›</span></bdi>");
}

static void marks(void **state)
{
	static const struct {
		const char *text;
		struct html_span spans[3];
		size_t n;
		const char *want;
	} cases[] = {
		{"un abruti !", {{3, 9, {0}}}, 1, "<bdi>un <mark>abruti</mark> !</bdi>"},
		{"abcdef", {{4, 5, {0}}, {0, 2, {0}}}, 2,
			"<bdi><mark>ab</mark>cd<mark>e</mark>f</bdi>"},
		{"abcdef", {{1, 4, {"x", 1}}, {2, 5, {"y", 1}}}, 2,
			"<bdi>a<mark title=\"x\">bcde</mark>f</bdi>"},
		{"été", {{1, 3, {0}}}, 1, "<bdi><mark>ét</mark>é</bdi>"},
		{"abc", {{2, 99, {0}}, {7, 9, {0}}, {2, 2, {0}}}, 3, "<bdi>ab<mark>c</mark></bdi>"},
		{"a<b>c", {{1, 4, {"\"<'", 3}}}, 1,
			"<bdi>a<mark title=\"&quot;&lt;&#39;\">&lt;b&gt;</mark>c</bdi>"},
		{"\xff"
		 "abc",
			{{1, 2, {0}}}, 1,
			"<bdi>\xef\xbf\xbd"
			"abc</bdi>"},
	};
	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		_buf_ struct buf out = {0};
		html_marked(&out, slice_of(cases[i].text), cases[i].spans, cases[i].n);
		assert_string_equal(buf_string(&out), cases[i].want);
	}
}

/* Whatever comes, what stands between our own tags holds no markup, and every tag that opens closes. */
static void anything(void **state)
{
	unsigned seed = 1;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[64];
		struct html_span spans[4];
		_buf_ struct buf out = {0};
		size_t n = (size_t)rand_r(&seed) % sizeof(text);
		int depth = 0;
		for (size_t i = 0; i < n; i++)
			text[i] = "<>&\"'a\xc3\xa9\xe2\x80\xae\xf0\x9f"[rand_r(&seed) % 13];
		for (size_t i = 0; i < N(spans); i++)
			spans[i] = (struct html_span){(size_t)rand_r(&seed) % 70,
				(size_t)rand_r(&seed) % 70, SLICE("<\">")};
		html_marked(&out, (struct slice){text, n}, spans, N(spans));
		assert_true(utf8_valid(buf_slice(&out)));
		for (const char *p = buf_string(&out); (p = strchr(p, '<')); p++) {
			assert_true(strncmp(p, "<bdi>", 5) == 0 || strncmp(p, "</bdi>", 6) == 0 ||
				strncmp(p, "<mark title=\"&lt;&quot;&gt;\">", 29) == 0 ||
				strncmp(p, "</mark>", 7) == 0 ||
				strncmp(p, "<span class=\"inv\">", 18) == 0 ||
				strncmp(p, "</span>", 7) == 0);
			depth += p[1] == '/' ? -1 : 1;
			assert_in_range(depth, 0, 3);
		}
		assert_int_equal(depth, 0);
	}
}

/* What a form brings back is what was in it. */
static void comes_back(void **state)
{
	_buf_ struct buf out = {0};
	(void)state;
	html_kept(&out, SLICE("a\n  - '<\"&>'\xe2\x80\xae\t\xff"));
	assert_string_equal(
		buf_string(&out), "a\n  - '&lt;&quot;&amp;&gt;'\xe2\x80\xae\t\xef\xbf\xbd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(escapes),
		cmocka_unit_test(is_shown_apart), cmocka_unit_test(marks),
		cmocka_unit_test(anything), cmocka_unit_test(comes_back)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
