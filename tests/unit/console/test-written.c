/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small changes of a pack as people wrote it: each of its forms, and that nothing else changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/base/buf.h>

#include "../../../src/console/rules/written.h"

#define WORDS SLICE("mots")
#define HEAD "tocsin: 1\nlistes:\n  autres: [un]\n"

struct example {
	const char *before, *word;
	int r;
	const char *after;
};

static void each(const struct example *list, size_t n,
	int (*change)(struct slice text, struct slice list, struct slice word, struct buf *ret))
{
	for (size_t i = 0; i < n; i++) {
		const struct example *x = &list[i];
		_buf_ struct buf out = {0};
		const int r = change(slice_of(x->before), WORDS, slice_of(x->word), &out);

		if (r != x->r || (r == 0 && !slice_is(buf_slice(&out), x->after)))
			fail_msg("%s + %s: %d\n%s", x->before, x->word, r, buf_string(&out));
	}
}

static void a_word_more(void **state)
{
	static const struct example list[] = {
		{HEAD "  mots: [a, b]\n", "c", 0, HEAD "  mots: ['c', a, b]\n"},
		{HEAD "  mots: []\n", "c", 0, HEAD "  mots: ['c']\n"},
		{HEAD "  mots: # été\n    - a\n    - b\n", "l'été", 0,
			HEAD "  mots: # été\n    - 'l''été'\n    - a\n    - b\n"},
		{HEAD "  mots:\n  - a\n", "oui", 0, HEAD "  mots:\n  - 'oui'\n  - a\n"},
		{"listes: {é: [à], mots: [\"a, ]\",\n  b]}\n", "x: y", 0,
			"listes: {é: [à], mots: ['x: y', \"a, ]\",\n  b]}\n"},
		{"lists:\n  mots: [a]\n", "b", 0, "lists:\n  mots: ['b', a]\n"},
		{HEAD "  mots: [a, b]\n", "b", -EEXIST, NULL},
		{HEAD, "b", -ENOENT, NULL},
		{HEAD "  mots: a\n", "b", -ENOENT, NULL},
		{HEAD "  mots: [a\n", "b", -ENOTSUP, NULL},
		{"", "b", -ENOTSUP, NULL},
		{"[]", "b", -ENOENT, NULL},
		{HEAD "  mots: [a]\n", "b\nc", -ENOTSUP, NULL},
	};

	(void)state;
	each(list, sizeof(list) / sizeof(*list), written_add_word);
}

static void a_word_less(void **state)
{
	static const struct example list[] = {
		{HEAD "  mots: [a, b, c]\n", "a", 0, HEAD "  mots: [b, c]\n"},
		{HEAD "  mots: [a, b, c]\n", "b", 0, HEAD "  mots: [a, c]\n"},
		{HEAD "  mots: [a, b, c]\n", "c", 0, HEAD "  mots: [a, b]\n"},
		{HEAD "  mots: [a, 'c''est, ]' ]\n", "c'est, ]", 0, HEAD "  mots: [a ]\n"},
		{HEAD "  mots: [a, \"\\\"]\"]\n", "\"]", 0, HEAD "  mots: [a]\n"},
		{HEAD "  mots: [a,\n    é,\n    b]\nrègles: []\n", "b", 0,
			HEAD "  mots: [a,\n    é]\nrègles: []\n"},
		{HEAD "  mots:\n    - a # un\n    # deux\n    - b\n", "a", 0,
			HEAD "  mots:\n    # deux\n    - b\n"},
		{HEAD "  mots:\n    - a\n    - b", "b", 0, HEAD "  mots:\n    - a\n"},
		{HEAD "  mots:\n    - a\n    - b\n      c\n", "b c", -ENOTSUP, NULL},
		{HEAD "  mots: [a]\n", "a", -EPERM, NULL},
		{HEAD "  mots: [a, b]\n", "c", -ENOENT, NULL},
		{HEAD, "a", -ENOENT, NULL},
	};

	(void)state;
	each(list, sizeof(list) / sizeof(*list), written_remove_word);
}

#define RULE "règles:\n  - id: mots\n    titre: é\n"
#define OTHER "  - id: b\n    exemples: {oui: [x]}\n"

static void a_test_more(void **state)
{
	static const struct example list[] = {
		{RULE "    exemples:\n      oui: ['a']\n      non: [b]\n" OTHER, "c", 0,
			RULE "    exemples:\n      oui: ['c', 'a']\n      non: [b]\n" OTHER},
		{RULE "    exemples: {oui: [a]}\n" OTHER, "c", 0,
			RULE "    exemples: {oui: ['c', a]}\n" OTHER},
		{RULE "    tests:\n      match:\n        - {text: a}\n" OTHER, "c", 0,
			RULE
			"    tests:\n      match:\n        - 'c'\n        - {text: a}\n" OTHER},
		{RULE OTHER, "c", 0, RULE "    exemples:\n      oui:\n        - 'c'\n" OTHER},
		{"topics:\n- id: mots\n  title: a", "c", 0,
			"topics:\n- id: mots\n  title: a\n  exemples:\n    oui:\n      - 'c'\n"},
		{"règles:\r\n  - id: mots\r\n    titre: é\r\n\r\n    score: 5\r\n  - id: b\r\n",
			"c", 0,
			"règles:\r\n  - id: mots\r\n    titre: é\r\n\r\n    score: 5\r\n"
			"    exemples:\n      oui:\n        - 'c'\n  - id: b\r\n"},
		{RULE "    exemples: {oui: [{texte: c}]}\n", "c", -EEXIST, NULL},
		{RULE "    exemples: {non: [a]}\n", "c", -ENOTSUP, NULL},
		{"règles:\n  - {id: mots, titre: a}\n" OTHER, "c", -ENOTSUP, NULL},
		{"règles: [{id: b}]\n", "c", -ENOENT, NULL},
	};

	(void)state;
	each(list, sizeof(list) / sizeof(*list), written_add_test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_more),
		cmocka_unit_test(a_word_less),
		cmocka_unit_test(a_test_more),
	};

	return cmocka_run_group_tests_name("written", tests, NULL, NULL);
}
