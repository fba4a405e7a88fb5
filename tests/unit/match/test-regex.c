/* SPDX-License-Identifier: GPL-3.0-or-later
 * Required literals; and the oracle: a regex behind its literals finds what PCRE2 alone finds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include "regex.h"

static void literals_are_required(void **state)
{
	static const struct {
		const char *pattern, *literals;
	} cases[] = {
		{"abc", "abc"},
		{"abcd?", "abc"},
		{"abcd*ef", "abc"},
		{"ab+c", "ab"},
		{"a{0,3}bcd", "bcd"},
		{"a{2}bc", "bc"},
		{"abc|def", "abc def"},
		{"abc|d", ""},
		{"x(?:abc|defg)y", "abc defg"},
		{"x(?:abc|defg)?yz", "yz"},
		{"(?:abc|)xyz", "xyz"},
		{"\\babc\\b", "abc"},
		{"ab\\.cd", "ab"},
		{"[abc]def", "def"},
		{"[]abc]def", "def"},
		{"[^\\]]def", "def"},
		{"(?=abc)d", ""},
		{"(?i)abc", "abc"},
		{"(?x)a b c", ""},
		{"\\d{4}", ""},
		{"\\x{e9}abc", "abc"},
		{"(abc)", "abc"},
		{"(?<n>abc)de", "de"},
		{".abc.", "abc"},
		{"^abc$", "abc"},
		{"ab", "ab"},
		{"démolir", "démolir"},
		{"a|bc(?:d|e", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice list[ANNOUNCE_MAX];
		_buf_ struct buf b = {0};
		size_t n = required_literals(slice_of(cases[i].pattern), 2, list);
		for (size_t k = 0; k < n; k++)
			buf_printf(&b, "%s%.*s", k ? " " : "", (int)list[k].n, list[k].p);
		if (strcmp(buf_string(&b), cases[i].literals) != 0)
			fail_msg("%s: « %s », not « %s »", cases[i].pattern, buf_string(&b),
				cases[i].literals);
	}
}

static uint64_t seed = 7;
static unsigned below(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* A random pattern of the permitted kind, over a small alphabet so that it matches often. */
static void random_pattern(struct buf *b, unsigned depth)
{
	unsigned parts = 1 + below(4);
	for (unsigned i = 0; i < parts; i++) {
		static const char *const leaves[] = {"a", "b", "ab", "ba", "aab", "[ab]", "\\b",
			"\\w", " ", "bb", "[^a]", "a\\.b"};
		static const char *const quantifiers[] = {
			"", "", "", "?", "{0,2}", "{1,3}", "??", "{2}"};
		const char *leaf = leaves[below(12)];
		if (depth && below(4) == 0) {
			buf_add_string(b, "(?:");
			random_pattern(b, depth - 1);
			if (below(2)) {
				buf_add_char(b, '|');
				random_pattern(b, depth - 1);
			}
			buf_add_char(b, ')');
			leaf = "";
		}
		buf_add_string(b, leaf);
		if (strcmp(leaf, "\\b") != 0)
			buf_add_string(b, quantifiers[below(8)]);
	}
}

static bool oracle(const struct matcher *m, const pcre2_code *code, struct slice text,
	size_t *start, size_t *end)
{
	int r = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, *end,
		PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, m->data, NULL);
	if (r < 0)
		return false;
	*start = pcre2_get_ovector_pointer(m->data)[0];
	*end = pcre2_get_ovector_pointer(m->data)[1];
	return true;
}

/* A set with one atom, the pattern. */
static struct match_set *one(struct slice pattern)
{
	struct match_builder *b = match_builder_new();
	struct match_set *set;
	struct match_fault fault;
	struct error e;

	if (match_add_regex(b, match_add_atom(b, 0), pattern, &fault) != 0)
		fail_msg("%s", fault.text);
	if (match_compile(b, &set, &e) < 0)
		fail_msg("%s", e.text);
	match_builder_free(b);
	return set;
}

/* All that PCRE2 alone finds in the text against what the scan finds. Returns their number. */
static unsigned compare(struct match_scratch *s, const struct matcher *m, const pcre2_code *re,
	struct slice pattern, struct slice text)
{
	struct match_spans found = {0};
	size_t start = 0, end = 0, n = 0;

	match_scan(s, text);
	match_collect(s, 0, &found);
	for (; oracle(m, re, text, &start, &end); n++)
		if (n >= found.n || found.list[n].start != start || found.list[n].end != end)
			fail_msg("/%.*s/ on « %.*s »: not %zu–%zu", (int)pattern.n, pattern.p,
				(int)text.n, text.p, start, end);
	assert_int_equal(found.n, n);
	free(found.list);
	return (unsigned)n;
}

static void announced_regexes_find_what_pcre2_finds(void **state)
{
	unsigned compared = 0, found = 0;

	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		_buf_ struct buf pattern = {0};
		struct slice list[ANNOUNCE_MAX];
		random_pattern(&pattern, 2);
		if (!required_literals(buf_slice(&pattern), 2, list))
			continue;
		struct match_set *set = one(buf_slice(&pattern));
		struct match_scratch *s = match_scratch_new(set);
		struct matcher m;
		int code;
		PCRE2_SIZE at;
		pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
			PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS, &code, &at, NULL);
		assert_non_null(re);
		matcher_init(&m);
		for (unsigned k = 0; k < 40; k++, compared++) {
			char text[32];
			size_t n = 1 + below(20);
			for (size_t i = 0; i < n; i++) {
				text[i] = "aabb .c"[below(7)];
				if (i && text[i] == ' ' && text[i - 1] == ' ')
					text[i] = 'a'; /* blanks are one in a view */
			}
			found += compare(s, &m, re, buf_slice(&pattern), (struct slice){text, n});
		}
		matcher_release(&m);
		pcre2_code_free(re);
		match_scratch_free(s);
		match_set_free(set);
	}
	/* the comparison is worth something: many texts, many matches */
	assert_true(compared > 4000);
	assert_true(found > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals_are_required),
		cmocka_unit_test(announced_regexes_find_what_pcre2_finds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
