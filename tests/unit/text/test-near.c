/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <stdio.h>
#include <tocsin/base/wordhash.h>
#include <tocsin/text/near.h>

static bool is_slip(const char *a, const char *b)
{
	assert_int_equal(
		near_is_slip(slice_of(a), slice_of(b)), near_is_slip(slice_of(b), slice_of(a)));
	return near_is_slip(slice_of(a), slice_of(b));
}

static void slips_are_one_edit(void **state)
{
	(void)state;
	assert_true(is_slip("connrad", "connard"));
	assert_true(is_slip("cnonard", "connard"));
	assert_true(is_slip("conard", "connard"));
	assert_true(is_slip("connard", "connards"));
	assert_true(is_slip("connarq", "connard"));
	assert_true(is_slip("xonnard", "connard"));
	assert_true(is_slip("ocnnard", "connard"));
	assert_false(is_slip("connard", "connard"));
	assert_false(is_slip("conrad", "connard"));
	assert_false(is_slip("cnonrad", "connard"));
	assert_false(is_slip("dconnar", "connard"));
	assert_false(is_slip("", "ab"));
	assert_true(is_slip("", "a"));
}

/* Damerau-Levenshtein (optimal string alignment) by the book. */
static unsigned distance(struct slice a, struct slice b)
{
	unsigned d[16][16];
	for (size_t i = 0; i <= a.n; i++)
		for (size_t j = 0; j <= b.n; j++) {
			if (!i || !j) {
				d[i][j] = (unsigned)(i + j);
				continue;
			}
			d[i][j] = d[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]);
			if (d[i - 1][j] + 1 < d[i][j])
				d[i][j] = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < d[i][j])
				d[i][j] = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				a.p[i - 2] == b.p[j - 1] && d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[a.n][b.n];
}

/* The index finds what a walk over the whole lexicon finds. Three letters, so that slips are frequent. */
static void index_finds_every_slip(void **state)
{
	enum { WORDS = 300, LONGEST = 12 };
	static char words[WORDS][LONGEST];
	static size_t lengths[WORDS];
	struct near *n = near_new();
	uint64_t seed = 3;
	size_t found = 0;
	(void)state;
	for (size_t i = 0; i < WORDS; i++) {
		lengths[i] = 5 + i % 6;
		for (size_t k = 0; k < lengths[i]; k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			words[i][k] = (char)('a' + (seed >> 40) % 3);
		}
		near_add(n, (struct slice){words[i], lengths[i]}, (uint32_t)i);
	}
	for (size_t i = 0; i < WORDS; i++) {
		struct slice a = {words[i], lengths[i]};
		uint32_t ids[WORDS];
		size_t count = near_find(n, a, ids, WORDS), expected = 0;
		for (size_t j = 0; j < WORDS; j++) {
			struct slice b = {words[j], lengths[j]};
			bool slip = distance(a, b) == 1;
			assert_int_equal(near_is_slip(a, b), slip);
			if (!slip || b.n < NEAR_MIN)
				continue;
			expected++;
			size_t k = 0;
			while (k < count && ids[k] != j)
				k++;
			assert_true(k < count);
		}
		assert_int_equal(count, expected);
		found += count;
	}
	assert_true(found > 100);
	near_free(n);
}

static void index_keeps_its_limits(void **state)
{
	struct near *n = near_new();
	uint32_t ids[2];
	(void)state;
	near_add(n, SLICE("salop"), 1); /* too short */
	near_add(n, SLICE("salope"), 2);
	near_add(n, SLICE("salope"), 3);
	near_add(n, SLICE("salopa"), 4);
	assert_int_equal(near_find(n, SLICE("saloe"), ids, 2), 2);
	assert_int_equal(near_find(n, SLICE("saloqe"), ids, 2), 2);
	assert_int_equal(near_find(n, SLICE("saloqe"), ids, 0), 0);
	assert_int_equal(near_find(n, SLICE("bonjour"), ids, 2), 0);
	assert_int_equal(near_find(n, SLICE(""), ids, 2), 0);
	assert_null(near_free(n));
	assert_null(near_free(NULL));
}

/* Room that was made before changes nothing but where things lie: what is one slip away comes in the order in which it
 * was added. */
static void room_changes_no_answer(void **state)
{
	struct near *plain = near_new(), *roomy = near_new();
	struct wordset *w = wordset_new();
	uint64_t hashes[50];
	char word[16];

	(void)state;
	near_reserve(roomy, 20000);
	wordset_reserve(w, 10);
	for (uint32_t i = 0; i < 2000; i++) {
		snprintf(word, sizeof(word), "mot%04u", i % 500);
		near_add(plain, slice_of(word), i);
		near_add(roomy, slice_of(word), i);
		hashes[i % 50] = wordhash(slice_of(word));
		if (i % 50 == 49)
			wordset_add_hashes(w, hashes, 50);
	}
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t some[8], same[8];
		size_t n;

		snprintf(word, sizeof(word), "mot%04u", i);
		assert_int_equal(wordset_has(w, slice_of(word)), i < 500);
		snprintf(word, sizeof(word), "mots%04u", i);
		n = near_find(plain, slice_of(word), some, 8);
		assert_int_equal(n, i < 500 ? 4 : 0);
		assert_int_equal(near_find(roomy, slice_of(word), same, 8), n);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(some[k], i + 500 * k);
			assert_int_equal(same[k], i + 500 * k);
		}
	}
	near_free(plain);
	near_free(roomy);
	wordset_free(w);
}

static void sets_hold_words(void **state)
{
	struct wordset *w = wordset_new();
	char word[16];
	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(word, sizeof(word), "mot%u", i * 7);
		wordset_add(w, slice_of(word));
	}
	for (unsigned i = 0; i < 35000; i++) {
		snprintf(word, sizeof(word), "mot%u", i);
		assert_int_equal(wordset_has(w, slice_of(word)), i % 7 == 0);
	}
	wordset_add(w, SLICE("sale"));
	wordset_add(w, SLICE("con"));
	assert_true(wordset_cover(w, SLICE("salecon"), 3));
	assert_true(wordset_cover(w, SLICE("consalecon"), 3));
	assert_false(wordset_cover(w, SLICE("salecon"), 4));
	assert_false(wordset_cover(w, SLICE("saleco"), 3));
	assert_false(wordset_cover(w, SLICE("balcon"), 3));
	wordset_seal(w);
	for (unsigned i = 0; i < 35000; i++) {
		snprintf(word, sizeof(word), "mot%u", i);
		assert_int_equal(wordset_has(w, slice_of(word)), i % 7 == 0);
	}
	assert_true(wordset_cover(w, SLICE("salecon"), 3));
	assert_true(wordset_cover(w, SLICE(""), 3));
	assert_null(wordset_free(w));
	assert_null(wordset_free(NULL));
}

/* Both ways to a word's hash agree, whatever stands behind the word; and letters more are another word. */
static void a_hash_is_of_the_word_alone(void **state)
{
	char text[64 + WORDHASH_SLACK], other[sizeof(text)];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t n = 0; n <= 64; n++) {
		uint64_t hash = wordhash((struct slice){text, n});

		memset(other, '?', sizeof(other));
		memcpy(other, text, n);
		assert_true(wordhash_fast(text, n) == hash);
		assert_true(wordhash_fast(other, n) == hash);
		assert_true(hash && hash != wordhash((struct slice){text, n + 1}));
		if (n)
			other[n - 1] = 'b';
		assert_true(!n || wordhash_fast(other, n) != hash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slips_are_one_edit),
		cmocka_unit_test(index_finds_every_slip),
		cmocka_unit_test(index_keeps_its_limits),
		cmocka_unit_test(sets_hold_words),
		cmocka_unit_test(room_changes_no_answer),
		cmocka_unit_test(a_hash_is_of_the_word_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
