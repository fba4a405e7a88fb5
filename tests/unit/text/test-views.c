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
		{"İstanbul dİt Iİ", "istanbul dit ii"},
		{"I\u0307ci i\u0307", "ici i"},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_view(*state, cases[i][0], TEXT_PLAIN, cases[i][1]);
	/* a script that nobody takes for Latin goes through */
	assert_view(*state, "日本 اللغة", TEXT_PLAIN, "日本 اللغة");
}

/* A letter of another script is Latin in the company of Latin letters, or where the whole word looks Latin and
 * nothing in the text says otherwise. */
static void look_alikes_need_company(void **state)
{
	static const char *const cases[][2] = {
		{"\u0441onnard", "connard"}, /* Cyrillic с */
		{"s\u0430l\u043ep\u0435", "salope"},
		{"\u0441\u043en", "con"},
		{"\u0421\u041e\u041d", "coh"}, /* СОН: nothing but look-alikes, and alone */
		{"le \u0441\u043e\u0441\u043e", "le coco"},
		{"я вижу \u0441\u043e\u043d", "я вижу \u0441\u043e\u043d"}, /* Russian stays */
		{"Привет, Париж !", "привет, париж !"},
		{"Καλημέρα Ελλάδα", "καλημέρα ελλάδα"},
		{"\u039f\u03a7\u0399 στο νερό", "οχι στο νερό"},
		{"я иду, \u0441onnard", "я иду, connard"},
		{"ИUL", "nul"}, /* faux Cyrillic, only among Latin letters */
		{"\u13dfonn\u13aard", "connard"}, /* Cherokee */
		{"\u0585\u0578", "on"}, /* Armenian */
		{"c\u200b\u043e\u200bn", "con"},
		{"c\u0456\u0308d", "cïd"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_view(*state, cases[i][0], TEXT_PLAIN, cases[i][1]);
}

static void letters_in_dress_are_letters(void **state)
{
	static const char *const cases[][2] = {
		{"\u24d2\u24de\u24dd", "con"}, /* circled */
		{"\U0001f152\U0001f15e\U0001f15d", "con"}, /* on a black disc */
		{"\U0001f132\U0001f13e\U0001f13d", "con"}, /* squared */
		{"\U0001f172\U0001f17e\ufe0f\U0001f17d", "con"}, /* on a black square */
		{"\u1d04\u1d0f\u0274", "con"}, /* small capitals */
		{"\u1d9c\u1d52\u207f", "con"}, /* superscript */
		{"\U0001d554\U0001d560\U0001d55f", "con"},
		{"\U0001f1e8 \U0001f1f4 \U0001f1f3", "c o n"}, /* regional indicators apart */
		{"\U0001f1e8\U0001f1f4\U0001f1f3\U0001f1f3\U0001f1e6", "conna"},
		{"\U0001f1eb\U0001f1f7 \U0001f1e7\U0001f1ea\U0001f1ee\U0001f1f9",
			"\U0001f1eb\U0001f1f7 \U0001f1e7\U0001f1ea\U0001f1ee\U0001f1f9"}, /* flags */
		{"co\U000e0061n\U000e007f", "con"}, /* tags */
		{"c\u202eo\u2066n\u061c", "con"},
		{"c\u0336\u0489\u0353o\u0336\u033dn\u0336", "con"}, /* paint */
		{"e\u0301\u0301\u0301\u0353t", "ét"},
		{"\ufb01n \ufb03", "fin ffi"},
		{"\u2588\u25cf", "**"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_view(*state, cases[i][0], TEXT_PLAIN, cases[i][1]);
	assert_view(*state, "\u00d8\u0142\u0266", TEXT_FOLDED, "olh");
}

/* Every length and every place within the bytes of a step goes the same way. */
static void place_does_not_matter(void **state)
{
	static const char piece[] = "Été à L'\u0153uvre,\u00a0 \u200bC\u041en. `X\x01\t ";
	static const char seen[] = "été à l'oeuvre, con. 'x ";
	for (size_t before = 0; before < 170; before++) {
		_buf_ struct buf text = {0}, expected = {0};
		for (size_t i = 0; i < before; i++) {
			buf_add_char(&text, i % 7 == 6 ? 'Z' : 'a');
			buf_add_char(&expected, i % 7 == 6 ? 'z' : 'a');
		}
		buf_add_string(&text, " ");
		buf_add_string(&expected, " ");
		for (size_t i = 0; i < 3; i++) {
			buf_add_string(&text, piece);
			buf_add_string(&expected, seen);
		}
		assert_view(*state, buf_string(&text), TEXT_PLAIN, buf_string(&expected));
	}
}

/* Other bytes than UTF-8 give valid views, whatever they say. */
static void wrong_bytes_are_shown_as_such(void **state)
{
	static const char *const texts[] = {"a\xff", "\xc3", "caf\xe9 noir", "\xe2\x82",
		"\xf0\x9f\x98", "\xed\xa0\x80", "\xc0\xaf", "\xf8\x88\x80\x80\x80", "\x80\x80",
		"a\xf4\x90\x80\x80z"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (int which = TEXT_PLAIN; which < TEXT_VIEWS; which++) {
			text_views_make(*state, slice_of(texts[i]));
			assert_true(utf8_valid(text_view(*state, (enum text_view)which)));
		}
	assert_view(*state, "caf\xe9 noir", TEXT_PLAIN, "caf\ufffd noir");
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

static void an_accent_that_french_has_not_changes_nothing(void **state)
{
	assert_view(*state, "cønnard coñard łâché", TEXT_PLAIN, "connard conard lâché");
	assert_view(*state, "débile Noël sûr", TEXT_PLAIN, "débile noël sûr");
	text_views_make(*state, SLICE("cønnard coñard"));
	assert_false(text_has_accents(*state));
}

static void a_capital_i_among_small_letters_is_an_l(void **state)
{
	assert_view(*state, "débiIe, saIaud", TEXT_FOLDED, "debile, salaud");
	assert_view(*state, "imbéciIe éIu", TEXT_FOLDED, "imbecile elu");
	assert_view(*state, "Il lit DÉBILITÉ, WIFI, I", TEXT_FOLDED, "il lit debilite, wifi, i");
	assert_view(*state, "l’Isère, «\u00a0Ici », 😀Il, l'Indre", TEXT_FOLDED,
		"l'isere, « ici », 😀il, l'indre");
	assert_view(*state, "DébiIe SaIaud", TEXT_FOLDED, "debile salaud");
	assert_view(*state, "#stopIncendie #StopIslam @paulIci #StopIci StopIncendie JeSuisIci",
		TEXT_FOLDED, "#stopincendie #stopislam @paulici #stopici stopincendie jesuisici");
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
		cmocka_unit_test(look_alikes_need_company),
		cmocka_unit_test(letters_in_dress_are_letters),
		cmocka_unit_test(place_does_not_matter),
		cmocka_unit_test(wrong_bytes_are_shown_as_such),
		cmocka_unit_test(folded_drops_accents),
		cmocka_unit_test(an_accent_that_french_has_not_changes_nothing),
		cmocka_unit_test(a_capital_i_among_small_letters_is_an_l),
		cmocka_unit_test(accents_are_noticed),
		cmocka_unit_test(borders_stand_beside_letters),
		cmocka_unit_test(views_are_stable),
	};
	return cmocka_run_group_tests(tests, make_views, free_views);
}
