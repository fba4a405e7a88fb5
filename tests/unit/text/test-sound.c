/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/text/sound.h>

static void assert_key(const char *text, const char *expected)
{
	char key[SOUND_MAX];
	size_t n = sound_key(key, slice_of(text));
	if (!slice_is((struct slice){key, n}, expected))
		fail_msg("« %s » sounds « %.*s », not « %s »", text, (int)n, key, expected);
}

static void same(const char *a, const char *b, bool expected)
{
	char x[SOUND_MAX], y[SOUND_MAX];
	size_t n = sound_key(x, slice_of(a)), m = sound_key(y, slice_of(b));
	if (slice_equal((struct slice){x, n}, (struct slice){y, m}) != expected)
		fail_msg("« %s » is « %.*s », « %s » is « %.*s »", a, (int)n, x, b, (int)m, y);
}

static void typed_sounds_meet_their_words(void **state)
{
	static const char *const pairs[][2] = {{"konar", "connard"}, {"konnar", "connard"},
		{"conar", "connard"}, {"konnard", "connards"}, {"enkulé", "enculé"},
		{"ankulé", "enculé"}, {"enkuler", "enculé"}, {"ankulai", "enculé"},
		{"batar", "bâtard"}, {"ta geule", "ta gueule"}, {"ta gueul", "ta gueule"},
		{"sal putte", "sale pute"}, {"jvé te niké", "je vais te niquer"},
		{"salau", "salaud"}, {"saleau", "salaud"}, {"abrutti", "abruti"},
		{"débille", "débile"}, {"anmerde", "emmerde"}, {"anmerdé", "emmerder"},
		{"buffon", "bufon"}, {"boufon", "bouffon"}, {"kréten", "crétan"},
		{"fotographe", "photographe"}, {"mairde", "merde"}, {"pouffiace", "pouffiasse"},
		{"grognace", "grognasse"}, {"conace", "connasse"}, {"filce", "filse"},
		{"encule", "ankul"}, {"va te fer foutre", "va te faire foutre"}, {"chyé", "chier"},
		{"racaye", "racaille"}};
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		same(pairs[i][0], pairs[i][1], true);
}

static void other_words_do_not(void **state)
{
	static const char *const pairs[][2] = {{"connard", "canard"}, {"connard", "cornard"},
		{"enculé", "en colère"}, {"bâtard", "bavard"}, {"salaud", "saloon"},
		{"merde", "mère"}, {"racaille", "rocaille"}, {"abruti", "abrité"},
		{"salope", "salade"}, {"bouffon", "buffet"}};
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		same(pairs[i][0], pairs[i][1], false);
}

static void keys_are_as_documented(void **state)
{
	char key[SOUND_MAX];
	(void)state;
	assert_key("connard", "konar");
	assert_key("gueule", "g2l");
	assert_key("chien", "CiI");
	assert_key("montagne", "mOtaN");
	assert_key("oiseau", "wazo");
	assert_key("ça", "sa");
	assert_key("", "");
	assert_key("...", "");
	assert_int_equal(sound_key(key, SLICE("日本")), 0);
	assert_int_equal(sound_key(key, SLICE("caf\xff")), 0);
	static const char longer[] = "batabatabatabatabatabatabatabatabatabatabatabatabatabatabata";
	assert_int_equal(sound_key(key, (struct slice){longer, 48}), 48);
	assert_int_equal(sound_key(key, (struct slice){longer, 50}), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed_sounds_meet_their_words),
		cmocka_unit_test(other_words_do_not),
		cmocka_unit_test(keys_are_as_documented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
