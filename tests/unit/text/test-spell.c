/* SPDX-License-Identifier: GPL-3.0-or-later
 * SMS spelling written out: the table, the glue, the sounds, the places, and what is left as it is. */
#include "testing.h"
#include <tocsin/base/wordhash.h>
#include <tocsin/text/near.h>
#include <tocsin/text/sound.h>
#include <tocsin/text/spell.h>

#include "sms.h"

struct desk {
	struct wordset *french;
	struct spelling *spelling;
	struct text_views *from, *to;
};

static int open_desk(void **state)
{
	static const char *const french[] = {"je", "vais", "vas", "va", "te", "tu", "les", "payer",
		"paye", "allez", "aller", "famille", "regretter", "regrette", "regrettez", "vous",
		"le", "la", "habite", "argent", "peu", "plu", "ramasser", "maire", "tous",
		"bientot", "est", "ecole", "defoncer", "defonce", "de", "un", "on", "ta", "il",
		"ont"};
	static const char *const rules[] = {"payer", "payé", "allez", "aller", "famille",
		"familles", "regretter", "regretté", "regrettez", "ramasser", "défoncer", "défoncé",
		"connard"};
	static struct desk d;

	d.french = wordset_new();
	for (size_t i = 0; i < sizeof(french) / sizeof(*french); i++)
		wordset_add(d.french, slice_of(french[i]));
	d.spelling = spelling_new(d.french);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		spelling_add(d.spelling, slice_of(rules[i]));
	spelling_seal(d.spelling);
	d.from = text_views_new();
	d.to = text_views_new();
	*state = &d;
	return 0;
}

static int close_desk(void **state)
{
	struct desk *d = *state;

	text_views_free(d->from);
	text_views_free(d->to);
	spelling_free(d->spelling);
	wordset_free(d->french);
	return 0;
}

static bool spell(struct desk *d, const char *text)
{
	text_views_make(d->from, slice_of(text));
	return text_views_repair(d->to, d->from, d->spelling, NULL, 0);
}

static void words_are_written_out(void **state)
{
	static const struct {
		const char *text, *written;
	} cases[] = {
		{"jvé te defoncé", "je vais te défoncer"},
		{"Jve te payé", "je vais te payer"},
		{"Ta famil va le regrété", "Ta famille va le regretter"},
		{"vous alé payé", "vous allez payer"},
		{"vou regrété, jte paye", "vous regrettez, je te paye"},
		{"il ont regrété bcp", "il ont regretté beaucoup"},
		{"on c ou tabite !", "on sait où tu habites !"},
		{"jen peu plu", "j'en peux plus"},
		{"tlm  pk ?", "tout le monde  pourquoi ?"},
		{"c est la maire", "c'est la maire"},
		{"dargent et lécole", "d'argent et l'école"},
		{"jpaye é jpaye", "je paye et je paye"},
		{"vou ramasé", "vous ramasser"},
		/* marked in the table: only beside others */
		{"ki pa", "qui pas"},
		{"ki va la payé, lé maire", "qui va la payer, les maire"},
		{"on va te payé", "on va te payer"},
		{"🙂 pcq é jvé", "🙂 parce que et je vais"},
		{"a\xcc\x81 jve\xcc\x81", "a\xcc\x81 je vais"},
	};
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice written;

		if (!spell(d, cases[i].text))
			fail_msg("« %s » is left", cases[i].text);
		written = text_original(d->to);
		if (!slice_is(written, cases[i].written))
			fail_msg("« %s »: « %.*s »", cases[i].text, (int)written.n, written.p);
		assert_false(text_has_accents(d->to));
	}
}

static void the_rest_is_left(void **state)
{
	static const char *const texts[] = {"", "je vais te payer", "il va plu un peu", "pa",
		"l'argent", "le PR et le TS", "pk@exemple.fr", "#pk", "voir www.bcp.fr/tjs",
		"Monsieur Famil", "Saint-famil", "the council said that there would be some alé",
		"va-t-il", "c'est d'un", "jean", "pa vs mm"};
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (spell(d, texts[i]))
			fail_msg("« %s »: « %.*s »", texts[i], (int)text_original(d->to).n,
				text_original(d->to).p);
}

/* The bytes of the original that a word of the written text stands for. */
static void assert_place(struct desk *d, const char *text, const char *word, const char *origin)
{
	struct slice view;
	const char *at;
	uint32_t start, end;

	assert_true(spell(d, text));
	view = text_view(d->to, TEXT_FOLDED);
	at = memmem(view.p, view.n, word, strlen(word));
	assert_non_null(at);
	text_view_origin(d->to, TEXT_FOLDED, (size_t)(at - view.p),
		(size_t)(at - view.p) + strlen(word), &start, &end);
	if (!slice_is((struct slice){text + start, end - start}, origin))
		fail_msg(
			"« %s » of « %s »: « %.*s »", word, text, (int)(end - start), text + start);
}

static void places_are_whole_words(void **state)
{
	struct desk *d = *state;

	assert_place(d, "é jvé te payé", "vais te", "jvé te");
	assert_place(d, "é jvé te payé", "je", "jvé");
	assert_place(d, "é jvé te payé", "te", "te");
	assert_place(d, "é  jvé   te payé", "te payer", "te payé");
	assert_place(d, "🙂 on c ou tabite ici", "habites", "tabite");
	assert_place(d, "🙂 on c ou tabite ici", "sait ou tu", "on c ou tabite");
	assert_place(d, "🙂 on c ou tabite ici", "ici", "ici");
	assert_place(d, "Où ? pcq É", "parce", "pcq");
	assert_place(d, "jve\xcc\x81 te", "vais", "jve\xcc\x81");
}

static enum spell_trust trust(struct desk *d, const char *text, const char *words)
{
	struct slice view;
	const char *at;

	assert_true(spell(d, text));
	view = text_view(d->to, TEXT_FOLDED);
	at = memmem(view.p, view.n, words, strlen(words));
	assert_non_null(at);
	return text_spell_trust(
		d->to, (size_t)(at - view.p), (size_t)(at - view.p) + strlen(words));
}

static void guesses_are_told_from_what_is_sure(void **state)
{
	struct desk *d = *state;

	assert_int_equal(trust(d, "jvé te payer", "te payer"), SPELL_UNTOUCHED);
	assert_int_equal(trust(d, "jvé te payer", "vais te"), SPELL_SINGLE);
	assert_int_equal(trust(d, "jvé te payer bcp", "vais te"), SPELL_SURE);
	assert_int_equal(trust(d, "la regrété du maire", "la regrett"), SPELL_GUESSED);
	assert_int_equal(
		trust(d, "la famil du maire, il va tous les voir", "la famille"), SPELL_GUESSED);
	assert_int_equal(trust(d, "ta famil va le regrété", "famille va le regretter"), SPELL_SURE);
	assert_int_equal(trust(d, "ta famil va le regrété", "regretter"), SPELL_GUESSED);
	/* a text that is full of it */
	assert_int_equal(trust(d, "tlm pk la famil bcp", "la famille"), SPELL_SURE);
}

/* « l'c0nard jvé te payé », of which 2 to 8 says another word. */
static void repairs_are_written_out(void **state)
{
	static const struct {
		bool sms;
		const char *says, *written;
		enum spell_trust trust;
	} cases[] = {
		{false, "maire", "l'maire jvé te payé", SPELL_REPAIRED},
		{true, "maire", "l'maire je vais te payer", SPELL_REPAIRED},
		{true, "conar", "l'connard je vais te payer", SPELL_GUESSED}, /* as it sounds */
		{false, "conar", "l'conar jvé te payé", SPELL_REPAIRED},
	};
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text_repair r = {2, 8, slice_of(cases[i].says)};
		uint32_t start, end;

		text_views_make(d->from, SLICE("l'c0nard jvé te payé"));
		assert_true(text_views_repair(
			d->to, d->from, cases[i].sms ? d->spelling : NULL, &r, 1));
		assert_true(slice_is(text_original(d->to), cases[i].written));
		assert_int_equal(text_spell_trust(d->to, 2, 6), cases[i].trust);
		assert_true(text_has_accents(d->to) == !cases[i].sms);
		text_view_origin(d->to, TEXT_FOLDED, 3, 4, &start, &end);
		assert_true(start == 2 && end == 8);
	}
	assert_false(text_views_repair(d->to, d->from, NULL, NULL, 0));
}

static bool has_sound(const struct desk *d, const char *folded, const char *plain)
{
	char key[SOUND_MAX];
	size_t n = sound_key(key, slice_of(plain));

	return spelling_has_sound(
		d->spelling, slice_of(folded), slice_of(plain), (struct slice){key, n});
}

static void the_table_is_sound(void **state)
{
	struct desk *d = *state;

	for (size_t i = 0; i < sms_count; i++) {
		size_t words = 1;

		for (const char *p = sms_table[i].sms; *p; p++)
			words += *p == ' ';
		assert_in_range(words, 1, SMS_WORDS_MAX);
		if (strcmp(sms_table[i].sms, sms_table[i].french) == 0)
			fail_msg("« %s » is itself", sms_table[i].sms);
		text_views_make(d->from, slice_of(sms_table[i].sms));
		if (!slice_is(text_view(d->from, TEXT_PLAIN), sms_table[i].sms))
			fail_msg("« %s » is no plain text", sms_table[i].sms);
		for (size_t k = 0; k < i; k++)
			if (strcmp(sms_table[i].sms, sms_table[k].sms) == 0)
				fail_msg("« %s » stands twice", sms_table[i].sms);
	}
	assert_true(spelling_has_sms(d->spelling, wordhash(SLICE("bcp"))));
	assert_false(spelling_has_sms(d->spelling, wordhash(SLICE("pa"))));
	assert_true(has_sound(d, "regrete", "regrété"));
	assert_true(has_sound(d, "dargent", "dargent"));
	assert_false(has_sound(d, "village", "village"));
}

/* A comment of which each place of the written text lies in it, in order. Whether there is such a text. */
static bool keeps_places(struct desk *d, const char *text, size_t length)
{
	uint32_t last = 0;

	if (!spell(d, text))
		return false;
	for (size_t i = 0; i < text_view(d->to, TEXT_FOLDED).n; i += 997) {
		uint32_t start, end;

		text_view_origin(d->to, TEXT_FOLDED, i, i + 1, &start, &end);
		assert_true(start >= last && start < end && end <= length);
		last = start;
	}
	return true;
}

/* No table of the world holds such words. What is not linear does not end within the test's time: the last are a
 * megabyte of short words without a blank between them. */
static void hostile_texts(void **state)
{
	static const struct {
		const char *before, *unit;
		size_t length;
		bool spelled;
	} cases[] = {{"", "j", 100000, false}, {"", "c ", 100000, false},
		{"", "jve ", 100000, true}, {"", "\xc3", 100000, false}, {"", "é", 100000, false},
		{"", "t un", 100000, false}, {"", "jte", 100000, false},
		{"", "k\xff", 100000, false}, {"", "'c ", 100000, false},
		{"jvais pa ", "on•", 1000000, true}, {"jvais pa ", "on🙂", 1000000, true},
		{"jvais pa ", "les’", 1000000, true}, {"jvais pa ", "é", 1000000, true}};
	static char text[1000001];

	for (size_t k = 0; k < sizeof(cases) / sizeof(*cases); k++) {
		size_t begun = strlen(cases[k].before), n = strlen(cases[k].unit);

		memcpy(text, cases[k].before, begun);
		for (size_t i = begun; i < cases[k].length; i++)
			text[i] = cases[k].unit[(i - begun) % n];
		text[cases[k].length] = '\0';
		if (keeps_places(*state, text, cases[k].length) != cases[k].spelled)
			fail_msg("%s%s…", cases[k].before, cases[k].unit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_written_out),
		cmocka_unit_test(the_rest_is_left),
		cmocka_unit_test(places_are_whole_words),
		cmocka_unit_test(guesses_are_told_from_what_is_sure),
		cmocka_unit_test(repairs_are_written_out),
		cmocka_unit_test(the_table_is_sound),
		cmocka_unit_test(hostile_texts),
	};

	return cmocka_run_group_tests(tests, open_desk, close_desk);
}
