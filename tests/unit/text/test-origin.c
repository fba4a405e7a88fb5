/* SPDX-License-Identifier: GPL-3.0-or-later
 * A highlight falls on the original text, whichever view a match was found in. */
#include "testing.h"
#include <tocsin/base/utf8.h>

static void assert_origin(struct text_views *v, const char *text, enum text_view which,
	const char *part, const char *expected)
{
	uint32_t start, end;
	text_views_make(v, slice_of(text));
	struct slice view = text_view(v, which);
	const char *found = memmem(view.p, view.n, part, strlen(part));
	if (!found)
		fail_msg("« %s » is not in « %.*s »", part, (int)view.n, view.p);
	size_t at = (size_t)(found - view.p);
	text_view_origin(v, which, at, at + strlen(part), &start, &end);
	if (!slice_is((struct slice){text + start, end - start}, expected))
		fail_msg("« %s » of « %s » comes from « %.*s », not « %s »", part, text,
			(int)(end - start), text + start, expected);
}

static void parts_are_found_again(void **state)
{
	struct text_views *v = *state;
	assert_origin(v, "Il est ÉNERVÉ ici", TEXT_PLAIN, "énervé", "ÉNERVÉ");
	assert_origin(v, "Il est ÉNERVÉ ici", TEXT_FOLDED, "enerve", "ÉNERVÉ");
	assert_origin(v, "à l'été, sale temps", TEXT_FOLDED, "sale", "sale");
	assert_origin(v, "un con\u200bnard là", TEXT_FOLDED, "connard", "con\u200bnard");
	assert_origin(v, "\u200b\u200bcon\u200b !", TEXT_FOLDED, "con", "con");
	assert_origin(v, "e\u0301te\u0301 fini", TEXT_FOLDED, "ete", "e\u0301te\u0301");
	assert_origin(v, "été \uff43\uff4f\uff4e !", TEXT_FOLDED, "con", "\uff43\uff4f\uff4e");
	assert_origin(v, "du cœur net", TEXT_FOLDED, "coeur", "cœur");
	assert_origin(v, "cœur", TEXT_FOLDED, "co", "cœ");
	assert_origin(v, "é c o n n a r d !", TEXT_SQUEEZED, "connard", "c o n n a r d");
	assert_origin(v, "là, c0nn@@@rd!", TEXT_SQUEEZED, "rd", "rd");
	assert_origin(v, "ça connaaaard va", TEXT_SQUEEZED, "conard", "connaaaard");
	assert_origin(v, "en_cu_lé !", TEXT_SQUEEZED, "encule", "en_cu_lé");
	assert_origin(v, "a   b", TEXT_FOLDED, "b", "b");
	assert_origin(v, "un menteur·euse !", TEXT_SQUEEZED, "menteur", "menteur");
	assert_origin(v, "un élu(e)s !", TEXT_SQUEEZED, "elues", "élu(e)s");
	assert_origin(v, "la m€rde !", TEXT_SQUEEZED, "merde", "m€rde");
	assert_origin(v, "la m€rde !", TEXT_SQUEEZED, "e", "€");
	assert_origin(v, "un \u0441\u043en !", TEXT_FOLDED, "con", "\u0441\u043en");
}

/* A letter goes with all its paint, an emoji with all its parts, and nothing else does. */
static void characters_stay_whole(void **state)
{
	struct text_views *v = *state;
	assert_origin(v, "un c\u0336o\u0336n\u0336\u0489 !", TEXT_FOLDED, "con",
		"c\u0336o\u0336n\u0336\u0489");
	assert_origin(v, "un c\u0336o\u0336n\u0336 !", TEXT_FOLDED, "o", "o\u0336");
	assert_origin(v, "e\u0301\u0301t", TEXT_FOLDED, "e", "e\u0301\u0301");
	assert_origin(v, "ô 👍🏽 !", TEXT_PLAIN, "👍", "👍🏽");
	assert_origin(v, "👩\u200d🚒 va", TEXT_PLAIN, "👩", "👩\u200d🚒");
	assert_origin(v, "👩\u200d🚒 va", TEXT_PLAIN, "🚒", "👩\u200d🚒");
	assert_origin(v, "❤\ufe0f va", TEXT_PLAIN, "❤", "❤\ufe0f");
	assert_origin(v, "🇫🇷🇧🇪", TEXT_PLAIN, "🇧", "🇧🇪");
	assert_origin(v, "🇫🇷🇧🇪", TEXT_PLAIN, "🇷", "🇫🇷");
	assert_origin(v, "con\u200b\u200b fini", TEXT_FOLDED, "con", "con");
}

/* The view of the piece that a place comes from is the piece of the view, word by word. */
static void pieces_read_the_same(void **state)
{
	static const char *const pieces[] = {"a", "é", "e\u0301", "\u200b", " ", "œ", "🤡", "c0n",
		"\uff43", "n\u0336", "ß", "日", "l’", "\u0441on", "Bb", "\u24d2", ", ", "№"};
	struct text_views *whole = *state, *part = text_views_new();
	uint64_t seed = 7;
	for (unsigned round = 0; round < 2000; round++) {
		_buf_ struct buf text = {0}, seen = {0};
		const struct text_word *words;
		for (unsigned i = 0; i < 25; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			buf_add_string(
				&text, pieces[(seed >> 40) % (sizeof(pieces) / sizeof(*pieces))]);
		}
		text_views_make(whole, buf_slice(&text));
		size_t n = text_words(whole, &words);
		struct slice view = text_view(whole, TEXT_FOLDED);
		for (size_t i = 0; i < n; i++) {
			uint32_t start, end;
			struct slice word = {
				view.p + words[i].start, words[i].end - words[i].start};
			text_view_origin(
				whole, TEXT_FOLDED, words[i].start, words[i].end, &start, &end);
			text_views_make(part, (struct slice){text.p + start, end - start});
			struct slice again = text_view(part, TEXT_FOLDED);
			if (!slice_equal(again, word))
				fail_msg("« %.*s » of « %.*s » reads « %.*s »", (int)word.n, word.p,
					(int)text.n, text.p, (int)again.n, again.p);
		}
	}
	text_views_free(part);
}

/* What is said to stand in both views as it is does; how many of the folded bytes. */
static size_t count_unchanged(const struct text_views *v)
{
	struct slice plain = text_view(v, TEXT_PLAIN), folded = text_view(v, TEXT_FOLDED);
	size_t n = 0;
	for (size_t at = 0; at < folded.n; at++)
		for (size_t end = at + 1; end <= folded.n && end <= at + 70; end++) {
			size_t from, to;
			if (text_is_changed(v, at, end))
				continue;
			text_view_below(v, TEXT_FOLDED, at, end, &from, &to);
			n += end == at + 1;
			/* from whole characters */
			if ((folded.p[at] & 0x80) || (folded.p[end - 1] & 0x80))
				continue;
			if (to - from != end - at ||
				memcmp(plain.p + from, folded.p + at, end - at) != 0)
				fail_msg("« %.*s » at %zu of « %.*s »", (int)(end - at),
					folded.p + at, at, (int)folded.n, folded.p);
		}
	return n;
}

/* Every place of every view of random text maps to whole characters, in order, within the text. */
static void places_stay_in_order(void **state)
{
	static const char *const pieces[] = {"a", "é", "e\u0301", "\u200b", " ", "  ", "œ", "🤡",
		"c o n", "c.o.n", "aaa", "0n@", "\uff43", "\u0336", "_", "\n", "ß", "日", "l’", "3",
		"№", "½", "\u0301", "\u0441", "\u0434", "🇫", "(e)s", "·e", "€", "👍🏽", "\xff",
		"$b"};
	uint64_t seed = 42;
	size_t unchanged = 0;
	for (unsigned round = 0; round < 3000; round++) {
		char text[256];
		size_t n = 0;
		while (n < 200 && (seed >> 33) % 31 != 30) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			const char *piece =
				pieces[(seed >> 40) % (sizeof(pieces) / sizeof(*pieces))];
			memcpy(text + n, piece, strlen(piece));
			n += strlen(piece);
		}
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		struct slice original = {text, n};
		text_views_make(*state, original);
		unchanged += count_unchanged(*state);
		for (int which = 0; which < TEXT_VIEWS; which++) {
			struct slice view = text_view(*state, (enum text_view)which);
			uint32_t last = 0;
			assert_true(utf8_valid(view));
			for (size_t i = 0; i < view.n; i++) {
				uint32_t start, end;
				text_view_origin(
					*state, (enum text_view)which, i, i + 1, &start, &end);
				assert_true(start < end && end <= n);
				if (start < last)
					fail_msg("view %d at %zu of « %.*s »: %u behind %u: %.*s",
						which, i, (int)view.n, view.p, start, last, (int)n,
						text);
				assert_true(utf8_valid(original) <=
					utf8_valid((struct slice){text + start, end - start}));
				last = start;
			}
		}
	}
	assert_true(unchanged > 100000);
}

/* Plain places that begin a character come back from the folded view. */
static void plain_maps_to_folded_and_back(void **state)
{
	text_views_make(*state, SLICE("été à l'hôtel « là »"));
	struct slice plain = text_view(*state, TEXT_PLAIN);
	for (size_t i = 0; i <= plain.n; i++) {
		size_t start, end, folded;
		if (i < plain.n && ((unsigned char)plain.p[i] & 0xc0) == 0x80)
			continue;
		folded = text_plain_to_folded(*state, i);
		text_view_below(*state, TEXT_FOLDED, folded, folded, &start, &end);
		assert_int_equal(start, i);
	}
}

/* A blank behind a blank goes, wherever it stands in the steps of a pass, and what follows keeps its place. */
static void what_is_dropped_moves_nothing(void **state)
{
	for (size_t before = 0; before < 170; before++) {
		_buf_ struct buf text = {0};
		uint32_t start, end;
		size_t n;

		for (size_t i = 0; i < before; i++)
			buf_add_char(&text, (char)('a' + i % 7));
		buf_add_string(&text, "\u00e9 \u200bx\u2019\U0001f92e \u2000ici");
		text_views_make(*state, buf_slice(&text));
		n = text_view(*state, TEXT_FOLDED).n;
		text_view_origin(*state, TEXT_FOLDED, n - 3, n, &start, &end);
		assert_int_equal(start, text.n - 3);
		assert_int_equal(end, text.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_found_again),
		cmocka_unit_test(characters_stay_whole),
		cmocka_unit_test(pieces_read_the_same),
		cmocka_unit_test(places_stay_in_order),
		cmocka_unit_test(plain_maps_to_folded_and_back),
		cmocka_unit_test(what_is_dropped_moves_nothing),
	};
	return cmocka_run_group_tests(tests, make_views, free_views);
}
