/* SPDX-License-Identifier: GPL-3.0-or-later
 * What wakes a rule loses no match: who explains tries every rule of which anything is there, and must come to the same
 * verdict. And it sleeps through what is in every text. */
#include "testing.h"

#include <tocsin/rules/explain.h>

#include "scorer.h"

static const char pack[] =
	"tocsin: 1\npack: essai\nlists: {articles: [le, la, les, un, une]}\nrules:\n"
#define RULE(id, when) \
	"  - {id: " id ", title: Essai, category: vulgarite, score: 3, when: " when "}\n"
	RULE("a", "{near: {within: 3, all: [{phrase: [$articles]}, {phrase: [zouave]}]}}") RULE("b",
		"{all: [{phrase: [$articles]}, {any: [{phrase: [zouave]}, {phrase: [bec]}]}]}") RULE("c",
		"{any: [{phrase: [bec]}, {all: [{phrase: [les]}, {not: {phrase: [zouave]}}]}]}") RULE("d",
		"{all: [{any: [{not: {phrase: [bec]}}, {phrase: [la]}]}, {phrase: [quai]}]}") RULE("f",
		"{phrase: [$articles], source: [site]}") RULE("g",
		"{count: {of: {phrase: [$articles]}, at_least: 3}}") RULE("h",
		"{regex: 'zou\\w+\\s+(?:du|de)'}") RULE("i",
		"{all: [{regex: '\\bb[aeiou]c\\b'}, {phrase: [le]}]}") "  - {id: j, title: Essai, category: vulgarite, score: 3, when: {phrase: [quai]},"
								       " unless: {phrase: [bec]}}\n";

static void ignore(void *user, const struct explained *e)
{
	(void)user;
	(void)e;
}

static unsigned below(unsigned n)
{
	static uint64_t seed = 7;

	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static void no_match_is_slept_through(void **state)
{
	static const char *const words[] = {"le ", "la ", "les ", "un ", "zouave ", "bec ", "quai ",
		"du ", "port ", ". ", "! ", "zouaves "};
	struct ruleset *r = load(pack);
	struct scorer *s = scorer_new(r);
	_buf_ struct buf text = {0}, told = {0}, scored = {0};
	size_t matches = 0;

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		struct comment c = {.source = below(2) ? SLICE("site") : SLICE("courriel")};
		struct verdict v;

		buf_clear(&text);
		for (unsigned k = below(12); k; k--)
			buf_add_string(&text, words[below(sizeof(words) / sizeof(*words))]);
		c.text = buf_slice(&text);
		buf_clear(&told);
		buf_clear(&scored);
		scorer_explain(s, &c, ignore, NULL, &v);
		verdict_encode(&told, &v);
		scorer_score(s, &c, &v);
		verdict_encode(&scored, &v);
		assert_true(slice_equal(buf_slice(&told), buf_slice(&scored)));
		matches += v.n_matches;
	}
	assert_true(matches > 5000);
	scorer_free(s);
	ruleset_free(r);
}

/* The rules that the text wakes, as bits. */
static uint64_t woken(struct scorer *s, const char *text)
{
	const struct comment c = {.text = slice_of(text)};
	uint64_t rules = 0;

	begin(s, &c);
	for (size_t i = 0; i < s->r->n_rules; i++)
		rules |= (uint64_t)is_woken(s, s->r->rules[i].clauses) << i;
	return rules;
}

static void the_rarest_wakes(void **state)
{
	enum { A = 1, B = 2, C = 4, D = 8, F = 16, G = 32, H = 64, J = 256 };
	struct ruleset *r = load(pack);
	struct scorer *s = scorer_new(r);

	(void)state;
	assert_int_equal(woken(s, "un"), F | G);
	assert_int_equal(woken(s, "la"), F | G);
	assert_int_equal(woken(s, "zouave"), A | B | H);
	assert_int_equal(woken(s, "quai"), D | J);
	assert_int_equal(woken(s, "port"), 0);
	scorer_free(s);
	ruleset_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_match_is_slept_through),
		cmocka_unit_test(the_rarest_wakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
