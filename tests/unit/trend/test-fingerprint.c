/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"

#define TRACT \
	"Habitants de la Louvière, le bois des Chênes va perdre quarante arbres pour un parking dont personne n'a besoin. " \
	"Nous demandons une réunion publique et la publication de l'étude d'impact."

static void test_the_same(void **state)
{
	static const char *const copies[] = {TRACT, TRACT " 🌳🌳", "   " TRACT "!!!",
		"HABITANTS DE LA LOUVIÈRE, LE BOIS DES CHÊNES VA PERDRE QUARANTE ARBRES POUR UN PARKING DONT PERSONNE N'A BESOIN. "
		"NOUS DEMANDONS UNE RÉUNION PUBLIQUE ET LA PUBLICATION DE L'ÉTUDE D'IMPACT.",
		"habitants de la louviere le bois des chenes va perdre quarante arbres pour un parking dont personne n’a besoin "
		"nous demandons une reunion publique et la publication de l’etude d’impact"};
	uint64_t first = trend_fingerprint(slice_of(TRACT));
	(void)state;
	assert_int_not_equal(first, 0);
	for (size_t i = 0; i < sizeof(copies) / sizeof(*copies); i++)
		assert_int_equal(trend_fingerprint(slice_of(copies[i])), first);
}

static void test_others(void **state)
{
	(void)state;
	uint64_t first = trend_fingerprint(slice_of(TRACT));
	assert_int_not_equal(first,
		trend_fingerprint(slice_of(
			"Bonjour, pouvez-vous me dire si la collecte des bacs jaunes est maintenue lundi ?")));
	/* too short to be called a copy */
	assert_int_equal(trend_fingerprint(SLICE("Merci beaucoup !")), 0);
	assert_int_equal(
		trend_fingerprint(SLICE("Joyeux anniversaire Odette, bisous de nous tous")), 0);
	assert_int_equal(trend_fingerprint((struct slice){NULL, 0}), 0);
	assert_int_equal(trend_fingerprint(SLICE("a b c d e f g h i j k l m n")), 0);
}

/* A copy with one word changed keeps its print more often than not: the runs beside that word stay. */
static void test_one_word_changed(void **state)
{
	static const char *const words[] = {"Habitants", "du", "quartier", "nous", "refusons",
		"ensemble", "la", "vente", "de", "notre", "vieille", "halle", "aux", "grains",
		"que", "personne", "ici", "ne", "veut", "voir", "partir", "venez", "samedi",
		"matin", "devant", "mairie", "avec", "vos", "enfants", "merci"};
	enum { N = sizeof(words) / sizeof(*words) };
	uint64_t whole = 0;
	int same = 0;
	(void)state;
	for (int changed = -1; changed < N; changed++) {
		_buf_ struct buf b = {0};
		for (int i = 0; i < N; i++)
			buf_printf(&b, "%s ", i == changed ? "xylophone" : words[i]);
		uint64_t print = trend_fingerprint(buf_slice(&b));
		if (changed < 0)
			whole = print;
		else
			same += print == whole;
	}
	assert_true(same >= N / 2); /* 19 of 31 runs are common: three in five */
	assert_true(same < N); /* the run that names it is somewhere */
}

/* Whatever bytes come, it ends within them. */
static void test_bytes(void **state)
{
	(void)state;
	uint32_t seed = 7;
	for (int round = 0; round < 2000; round++) {
		size_t n = seed % 300;
		char *text = xmalloc(n + 1);
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1103515245u + 12345u;
			text[i] = (char)(seed >> 16);
		}
		struct slice s = {text, n};
		assert_int_equal(trend_fingerprint(s), trend_fingerprint(s));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_same),
		cmocka_unit_test(test_others), cmocka_unit_test(test_one_word_changed),
		cmocka_unit_test(test_bytes)};
	return cmocka_run_group_tests_name("trend fingerprint", tests, NULL, NULL);
}
