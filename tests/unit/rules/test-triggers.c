/* SPDX-License-Identifier: GPL-3.0-or-later
 * What wakes a rule loses no match: who explains tries every rule of which anything is there, and must come to the same
 * verdict. And it sleeps through what is in every text. */
#include "testing.h"

#include <tocsin/rules/explain.h>

#include "loader.h"
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
								       " unless: {phrase: [bec]}}\n" RULE(
									       "k",
									       "{clues: {at_least: 4, of: [{worth: 2, when: {phrase: [$articles]}}, {worth: 1, when: {phrase: [du]}}, "
									       "{worth: 2, when: {any: [{phrase: [zouave]}, {phrase: [bec]}]}}, {worth: 3, when: {phrase: [quai]}}, "
									       "{worth: -2, when: {phrase: [port]}}]}}");

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
	enum { A = 1, B = 2, C = 4, D = 8, F = 16, G = 32, H = 64, J = 256, K = 512 };
	struct ruleset *r = load(pack);
	struct scorer *s = scorer_new(r);

	(void)state;
	/* the articles and « du » of k come to 3 of 4 points */
	assert_int_equal(woken(s, "un"), F | G);
	assert_int_equal(woken(s, "la"), F | G);
	assert_int_equal(woken(s, "zouave"), A | B | H | K);
	assert_int_equal(woken(s, "quai"), D | J | K);
	assert_int_equal(woken(s, "port"), 0);
	scorer_free(s);
	ruleset_free(r);
}

/* What is left out cannot suffice, and of all such sets none is found more often. */
static void assert_required(const int8_t *worth, const double *often, size_t n, uint32_t at_least)
{
	uint64_t required = required_clues(worth, often, n, at_least);
	double most = 0, ours = 0;
	uint32_t left = 0;

	for (size_t i = 0; i < n; i++) {
		bool counts = worth[i] > 0;

		assert_true(counts || !(required >> i & 1));
		left += counts && !(required >> i & 1) ? (uint32_t)worth[i] : 0;
		ours += counts && !(required >> i & 1) ? often[i] : 0;
	}
	assert_true(left < at_least);
	for (uint64_t set = 0; set < UINT64_C(1) << n; set++) {
		double sum = 0;
		uint32_t points = 0;

		for (size_t i = 0; i < n; i++)
			if (set >> i & 1 && worth[i] > 0) {
				points += (uint32_t)worth[i];
				sum += often[i];
			}
		most = points < at_least && sum > most ? sum : most;
	}
	assert_true(ours == most);
}

static void the_required_clues_are_the_rarest(void **state)
{
	(void)state;
	/* il, nous, a future, a weapon: the first three come to 4 at most */
	assert_int_equal(
		required_clues((int8_t[]){1, 2, 1, 4}, (double[]){8, 7, 6, 1}, 4, 5), 1u << 3);
	assert_int_equal(required_clues((int8_t[]){1, 2, 1, 4}, (double[]){8, 7, 6, 1}, 4, 4),
		1u << 2 | 1u << 3);
	/* a common clue that suffices by itself wakes; what speaks against wakes never */
	assert_int_equal(required_clues((int8_t[]){5, -3, 0, 1}, (double[]){9, 9, 9, 1}, 4, 5), 1);
	assert_int_equal(required_clues((int8_t[]){1, 1}, (double[]){1, 2}, 2, 1), 3);
	/* two that are common before one that is more so, if there is room for only these */
	assert_int_equal(required_clues((int8_t[]){4, 2, 2}, (double[]){5, 4, 4}, 3, 5), 1);
	for (unsigned i = 0; i < 300; i++) {
		int8_t worth[8];
		double often[8];
		unsigned sum = 0;

		for (size_t k = 0; k < 8; k++) {
			worth[k] = (int8_t)((int)below(21) - 10);
			often[k] = below(1000);
			sum += worth[k] > 0 ? (unsigned)worth[k] : 0;
		}
		assert_required(worth, often, 8, 1 + below(sum + 1));
	}
}

/* As many clues as a rule may have, at their highest, up to a threshold beyond them. */
static void the_required_clues_of_many(void **state)
{
	int8_t worth[CLUES_MAX];
	double often[CLUES_MAX];

	(void)state;
	for (size_t k = 0; k < CLUES_MAX; k++) {
		worth[k] = 10;
		often[k] = (double)(CLUES_MAX - k);
	}
	assert_true(required_clues(worth, often, CLUES_MAX, 1) == UINT64_MAX);
	assert_true(required_clues(worth, often, CLUES_MAX, 640) == UINT64_C(1) << 63);
	assert_true(required_clues(worth, often, CLUES_MAX, 21) == UINT64_MAX << 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_match_is_slept_through),
		cmocka_unit_test(the_rarest_wakes),
		cmocka_unit_test(the_required_clues_are_the_rarest),
		cmocka_unit_test(the_required_clues_of_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
