/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/base/utf8.h>

static void plain_keeps_accents(void **state)
{
	static const char *const cases[][2] = {
		{"Espèce d’ÉLU", "espèce d'élu"},
		{"ŒUVRE Ægir cœur", "oeuvre aegir coeur"},
		{"e\u0301te\u0301 C\u0327a", "été ça"},
		{"con\u200bn\u00adard \ufeffoui\u2060 \u202eici", "connard oui ici"},
		{"\uff43\uff4f\uff4e !", "con !"},
		{"\U0001d41c\U0001d428\U0001d427 \U0001d4ec", "con c"},
		{"\u0441onn\u0430rd \u0395\u039d\u0421", "connard enc"},
		{"a\u00a0b\u202fc\td  e", "a b c d e"},
		{"l´eau l`eau lʼeau", "l'eau l'eau l'eau"},
		{"« Bien » “oui” …", "« bien » \"oui\" ..."},
		{"Straße ﬁn", "strasse fin"},
		{"a\u0335b\u0336c", "abc"},
		{"🤡 👨\u200d👩 1\ufe0f\u20e3", "🤡 👨👩 1"},
		{"ligne\nsuite\r\n", "ligne\nsuite\n\n"},
		{"x\x01y\x7fz", "xyz"},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_view(*state, cases[i][0], TEXT_PLAIN, cases[i][1]);
	/* a script that nobody takes for Latin goes through */
	assert_view(*state, "日本 اللغة", TEXT_PLAIN, "日本 اللغة");
}

static void folded_drops_accents(void **state)
{
	static const char *const cases[][2] = {
		{"Élève à l'Hôtel, ça çà ÿ ñ", "eleve a l'hotel, ca ca y n"},
		{"Łódź Ørsted đ", "lodz orsted d"},
		{"e\u0301 E\u0302", "e e"},
		{"Việt Nam", "viet nam"},
		{"sale SALÉ", "sale sale"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_view(*state, cases[i][0], TEXT_FOLDED, cases[i][1]);
}

static void accents_are_noticed(void **state)
{
	static const struct {
		const char *text;
		bool accents;
	} cases[] = {{"sale", false}, {"salé", true}, {"e\u0301", true}, {"cœur", false},
		{"5 € à", true}, {"« non »", false}, {"日本", false}, {"Ç", true}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		text_views_make(*state, slice_of(cases[i].text));
		if (text_has_accents(*state) != cases[i].accents)
			fail_msg("accents of « %s »", cases[i].text);
	}
}

static void borders_stand_beside_letters(void **state)
{
	struct slice s = SLICE("l'été 12.");
	(void)state;
	assert_true(text_is_border(s, 0));
	assert_true(text_is_border(s, 1));
	assert_true(text_is_border(s, 2));
	assert_false(text_is_border(s, 4)); /* é|t */
	assert_true(text_is_border(s, 7));
	assert_true(text_is_border(s, 8));
	assert_true(text_is_border(s, 10));
	assert_false(text_is_border(s, 11));
	assert_false(text_is_word(SLICE("🤡"), 0));
	assert_false(text_is_word(SLICE("🤡"), 2));
	assert_true(text_is_word(SLICE("é"), 1));
	assert_false(text_is_border(SLICE("_-"), 1));
}

/* The views of a view are itself: terms and texts meet whichever way they come. */
static void views_are_stable(void **state)
{
	static const char *const texts[] = {"Espèce d’ÉLU cœur",
		"\uff43\uff4f\uff4e \u0441onn\u0430rd", "a\u0335b e\u0301", "½ ² ™ № ﬁ ǆ",
		"ΑΒΓ αβγ ЖШЩ жшщ", "𝔸𝕓 ⓐⓑ ⅷ"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (int which = TEXT_PLAIN; which <= TEXT_FOLDED; which++) {
			char copy[256];
			text_views_make(*state, slice_of(texts[i]));
			struct slice once = text_view(*state, (enum text_view)which);
			assert_true(once.n < sizeof(copy));
			memcpy(copy, once.p, once.n);
			copy[once.n] = 0;
			assert_true(utf8_valid(once));
			assert_view(*state, copy, (enum text_view)which, copy);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_keeps_accents),
		cmocka_unit_test(folded_drops_accents),
		cmocka_unit_test(accents_are_noticed),
		cmocka_unit_test(borders_stand_beside_letters),
		cmocka_unit_test(views_are_stable),
	};
	return cmocka_run_group_tests(tests, make_views, free_views);
}
