/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages as text, documents as trees, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <tocsin/base/utf8.h>
#include <tocsin/markup/markup.h>

static void pages(void **state)
{
	static const struct {
		const char *html, *text;
	} cases[] = {
		{"", ""},
		{"Bonjour", "Bonjour"},
		{"  deux   mots \n ici ", "deux mots ici"},
		{"5 < 6 & 7 > 2", "5 < 6 & 7 > 2"},
		{"L&#8217;&eacute;t&eacute; &lt;3 &amp;amp;", "L’été <3 &amp;"},
		{"<p>un</p><p>deux</p>", "un\n\ndeux"},
		{"un<br>deux<br/><br/>trois", "un\ndeux\n\ntrois"},
		{"<div>un</div><div>deux</div>trois", "un\ndeux\ntrois"},
		{"<ul><li>pain</li><li>lait</li></ul>", "- pain\n- lait"},
		{"con<b>nar</b>d", "connard"},
		{"con<wbr>nard", "connard"},
		{"un<!-- deux -->trois", "untrois"},
		{"a<script>alert(1)</script>b<style>p{}</style>c", "abc"},
		{"<img src=x alt='un chat'> dort", "un chat dort"},
		{"<img src=x onerror=alert(1)>", ""},
		{"<a href='https://x.example/a'>ici</a>", "ici (https://x.example/a)"},
		{"<a href='https://x.example/'>x.example</a>", "x.example"},
		{"<a href='https://x.example/a'>https://x.example/a</a>", "https://x.example/a"},
		{"<a class='mention' href='https://s.example/@maire'>@<span>maire</span></a> !",
			"@maire !"},
		{"<a href='https://s.example/t/x'>#piscine</a>", "#piscine"},
		{"<a href='javascript:alert(1)'>clic</a>", "clic"},
		{"voir <a href='https://x.example/a'></a>.", "voir https://x.example/a."},
		{"<a href='https://x.example/a'>un</a> et <a href='https://x.example/b'>deux</a>",
			"un (https://x.example/a) et deux (https://x.example/b)"},
		{"<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"},
		{"<blockquote><p>cité</p></blockquote><p>réponse</p>", "cité\n\nréponse"},
		{"</p></div>fermé<p>ouvert", "fermé\n\nouvert"},
		{"\x01"
		 "a\x02"
		 "b",
			"ab"},
		{"caf\xe9", "caf\xef\xbf\xbd"},
		{"&#0;&#1;&#x110000;x", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		html_text(slice_of(cases[i].html), &out);
		assert_true(utf8_valid(buf_slice(&out)));
		if (cases[i].text && strcmp(buf_string(&out), cases[i].text) != 0)
			fail_msg("%s\n gave «%s»\n not  «%s»", cases[i].html, buf_string(&out),
				cases[i].text);
	}
}

static void deep_and_long(void **state)
{
	_buf_ struct buf html = {0}, out = {0};
	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add_string(&html, i % 2 ? "<div>" : "<a href='https://x.example'>");
	buf_add_string(&html, "fond");
	html_text(buf_slice(&html), &out);
	assert_true(out.n < 8u << 20);
	assert_non_null(strstr(buf_string(&out), "fond"));
}

/* Nobody hides his words behind tags: at no depth and at no length, with a tree or without. */
static void no_word_is_lost(void **state)
{
	static const struct {
		const char *tag;
		int times;
		const char *words, *text;
	} cases[] = {
		{"<b>", 260, "menace</b> fond", "avant menace fond"},
		{"<b>", 20000, "men<i>a</i>ce</b> fond", "avant menace fond"},
		{"<a href='https://x.example'>", 200, "fond", NULL},
		{"<b>", 30000,
			"men<i>a</i>ce</b> 5 < 6 &amp;&eacute;&#233;&#xE9; & &rien; <p>fond</p> bas",
			"avant menace 5 < 6 &ééé & &rien;\nfond\nbas"},
		{"<b >", 300000, "menace <fond", "avant menace <fond"},
		{"<!-- > -->", 200000, "fond <!-- bas", "avant fond <!-- bas"},
		{"<b", 600000, " fond", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf html = {0}, out = {0};
		buf_add_string(&html, "avant ");
		for (int n = 0; n < cases[i].times; n++)
			buf_add_string(&html, cases[i].tag);
		buf_add_string(&html, cases[i].words);
		html_text(buf_slice(&html), &out);
		if (cases[i].text ? strcmp(buf_string(&out), cases[i].text) != 0
				  : !strstr(buf_string(&out), "fond"))
			fail_msg("%zu: «%.200s»", i, buf_string(&out));
	}
}

static const char *refusal(struct slice document)
{
	static struct error e;
	struct xml *x;
	int r = xml_parse(document, &x, &e);
	if (r == 0) {
		xml_free(x);
		return NULL;
	}
	return e.text;
}

/* One author's depths are flattened: the others are heard, and he is too. */
static void no_depth_is_too_deep(void **state)
{
	static const int depths[] = {
		1, MARKUP_DEPTH - 2, MARKUP_DEPTH - 1, MARKUP_DEPTH, 256, 5000};
	(void)state;
	for (size_t i = 0; i < sizeof(depths) / sizeof(*depths); i++) {
		_buf_ struct buf page = {0}, text = {0};
		struct error e = {0};
		struct xml *x;
		buf_add_string(&page, "<feed><entry>");
		for (int k = 0; k < depths[i]; k++)
			buf_add_string(&page, k % 3 ? "<div>" : "<b a='/>' c=\"<\" >");
		buf_add_string(&page, "fond<br/><!-- <i> --><![CDATA[<u>]]><i z='1'/>");
		for (int k = depths[i]; k-- > 0;)
			buf_add_string(&page, k % 3 ? "</div>" : "</b >");
		buf_add_string(&page, "</entry><entry>suivant</entry></feed>");
		char *attribute;
		while ((attribute = strstr(buf_string(&page), "c=\"<\"")))
			memcpy(attribute, "c=\"x\"", 5); /* "<" is not allowed there */
		assert_int_equal(xml_parse(buf_slice(&page), &x, &e), 0);
		const struct xml_node *entry = xml_first(xml_root(x));
		xml_text(entry, &text);
		assert_string_equal(buf_string(&text), "fond<u>");
		assert_non_null(xml_next(entry));
		buf_clear(&text);
		xml_text(xml_next(entry), &text);
		assert_string_equal(buf_string(&text), "suivant");
		xml_free(x);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *document, *say;
	} cases[] = {
		{"", "vide"},
		{"bonjour", "mal formé"},
		{"<a>", "coupé, ligne 1"},
		{"<a>\n<b></a>", "ligne 2"},
		{"<a></a><b/>", "mal formé"},
		{"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "entités"},
		{"<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1/'> %x;]><a/>", "entités"},
		{"<!DOCTYPE a [<!ENTITY l 'l'><!ENTITY l2 '&l;&l;'>]><a>&l2;</a>", "entités"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *said = refusal(slice_of(cases[i].document));
		if (!said || !strstr(said, cases[i].say))
			fail_msg("%s: %s", cases[i].document, said ? said : "accepted");
	}
	_buf_ struct buf big = {0};
	memset(buf_reserve(&big, MARKUP_MAX + 1), ' ', MARKUP_MAX + 1);
	big.n = MARKUP_MAX + 1;
	assert_non_null(strstr(refusal(buf_slice(&big)), "gros"));
}

static void repeat(struct buf *out, const char *begin, const char *part, const char *end)
{
	const size_t most = 8u << 20, n = strlen(part);
	buf_add_string(out, begin);
	while (out->n + n + strlen(end) < most)
		buf_add_string(out, part);
	buf_add_string(out, end);
}

static size_t in_use(void)
{
	return mallinfo2().uordblks + mallinfo2().hblkhd;
}

/* Eight megabytes of the smallest things are no hundreds of megabytes of nodes. */
static void many_nodes(void **state)
{
	static const struct {
		const char *begin, *part, *end, *say;
	} cases[] = {
		{"<r>", "<a/>", "</r>", "éléments"},
		{"<r>", "<a b='' c=''/>", "</r>", "éléments"},
		{"<r>", "<a xmlns='x'/>", "</r>", "éléments"},
		{"<r>", "<!---->", "</r>", NULL},
		{"<r>", "<?a?>", "</r>", NULL},
		{"<r>", "<![CDATA[]]>", "</r>", NULL},
		{"<r>", "&lt;&nbsp;", "</r>", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf document = {0};
		struct xml *x;
		struct error e;
		repeat(&document, cases[i].begin, cases[i].part, cases[i].end);
		const size_t before = in_use();
		const int r = xml_parse(buf_slice(&document), &x, &e);
		if (cases[i].say ? r != -EFBIG || !strstr(e.text, cases[i].say) : r != 0)
			fail_msg("%s: %d %s", cases[i].part, r, r ? e.text : "");
		if (r == 0) {
			if (in_use() > before + (96u << 20))
				fail_msg("%s: %zu MiB", cases[i].part, (in_use() - before) >> 20);
			xml_free(x);
		}
	}
}

/* What feeds get wrong, and what is read all the same. */
static void forgiven(void **state)
{
	static const struct {
		const char *document, *text;
	} cases[] = {
		{"<a>&lt;b&gt; l&nbsp;&eacute;t&eacute; &lt;</a>", "<b> l\u00a0été <"},
		{"<a>&inconnu; &lt;</a>", "&inconnu; <"},
		{"<a>\x08x&#8;y&#x1F;z&#xD800;&lt;</a>", "xyz<"},
		{"<a>caf\xe9 &lt;</a>", "caf\ufffd <"},
		{"<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xe9</a>", "café"},
		{"<?xml version='1.0' encoding='windows-1252'?><a>\x80 &eacute;</a>", "€ é"},
		{"<a><![CDATA[<b>&amp;</b>]]></a>", "<b>&amp;</b>"},
		{"<n:a>x</n:a>", "x"},
		{"<!DOCTYPE rss PUBLIC '-//x' 'http://127.0.0.1/rss.dtd'><a>x</a>", "x"},
		{"\xef\xbb\xbf<a>x</a>", "x"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		struct xml *x;
		struct error e;
		if (xml_parse(slice_of(cases[i].document), &x, &e) < 0)
			fail_msg("%s: %s", cases[i].document, e.text);
		xml_text(xml_root(x), &out);
		xml_free(x);
		if (strcmp(buf_string(&out), cases[i].text) != 0)
			fail_msg("%s\n gave «%s»", cases[i].document, buf_string(&out));
	}
}

/* The same entities within an attribute, where libxml2 takes one byte of what they stand for. */
static void entities_of_attributes(void **state)
{
	static const struct {
		const char *document, *value;
	} cases[] = {
		{"<a k='d&eacute;chets&nbsp;&euro;&amp;&lt;&quot;'/>", "déchets\u00a0€&<\""},
		{"<a k='&inconnu; &'/>", NULL},
		{"<a k='&inconnu;'/>", "&inconnu;"},
		{"<?xml version='1.0' encoding='ISO-8859-1'?><a k='\xe9&eacute;'/>", "éé"},
		{"<a><!-- <![CDATA[ --><b/></a>", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct xml *x;
		struct error e;
		const int r = xml_parse(slice_of(cases[i].document), &x, &e);
		if ((r == 0) != (cases[i].value != NULL))
			fail_msg("%s: %d", cases[i].document, r);
		if (r < 0)
			continue;
		const struct slice got = xml_attribute(xml_root(x), "k");
		if (!slice_is(got, cases[i].value))
			fail_msg("%s\n gave «%.*s»", cases[i].document, (int)got.n, got.p);
		xml_free(x);
	}
	/* as it was written in a CDATA section, and in UTF-16 where one byte cannot stand for more */
	_buf_ struct buf out = {0};
	struct xml *x;
	struct error e;
	assert_int_equal(
		xml_parse(SLICE("<a>&eacute;<![CDATA[&eacute;&rien;]]>&eacute;</a>"), &x, &e), 0);
	xml_text(xml_root(x), &out);
	assert_string_equal(buf_string(&out), "é&eacute;&rien;é");
	xml_free(x);
	static const char wide[] = "\xff\xfe<\0a\0 \0k\0=\0'\0&\0e\0u\0r\0o\0;\0'\0/\0>";
	assert_int_equal(xml_parse((struct slice){wide, sizeof(wide)}, &x, &e), 0);
	assert_true(utf8_valid(xml_attribute(xml_root(x), "k")));
	xml_free(x);
}

static void a_tree(void **state)
{
	struct xml *x;
	struct error e;
	(void)state;
	assert_int_equal(
		xml_parse(SLICE("<r xmlns:d='urn:d'>t<d:x k='v&amp;w'/><!-- --><y><p>un</p>"
				"<p>deux</p></y></r>"),
			&x, &e),
		0);
	const struct xml_node *n = xml_first(xml_root(x));
	assert_true(xml_is(n, "x") && strcmp(xml_space(n), "urn:d") == 0);
	assert_true(slice_is(xml_attribute(n, "k"), "v&w"));
	assert_int_equal(xml_attribute(n, "none").n, 0);
	n = xml_next(n);
	assert_true(xml_is(n, "y") && !*xml_space(n));
	assert_null(xml_next(n));
	_buf_ struct buf out = {0};
	xml_page_text(n, &out);
	assert_string_equal(buf_string(&out), "un\n\ndeux");
	xml_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages),
		cmocka_unit_test(deep_and_long),
		cmocka_unit_test(no_word_is_lost),
		cmocka_unit_test(no_depth_is_too_deep),
		cmocka_unit_test(refused),
		cmocka_unit_test(many_nodes),
		cmocka_unit_test(forgiven),
		cmocka_unit_test(entities_of_attributes),
		cmocka_unit_test(a_tree),
	};
	return cmocka_run_group_tests_name("markup", tests, NULL, NULL);
}
