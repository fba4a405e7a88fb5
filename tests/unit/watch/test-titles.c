/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <tocsin/watch/titles.h>

static void check(enum words_lang lang, struct observation o, const char *excerpt,
	const char *source, const char *expected)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct slice title = title_of(lang, &o, slice_of(excerpt), slice_of(source), &arena);
	assert_string_equal(arena_string(&arena, title), expected);
	arena_release(&arena);
}

static void test_titles(void **state)
{
	(void)state;
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_TOPIC,
			.topic = SLICE("eau"),
			.title = SLICE("L'eau potable")},
		"", "", "L'eau potable");
	/* without the rules a topic is called by its id */
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_TOPIC,
			.topic = SLICE("neige_intemperies"),
			.title = SLICE("neige_intemperies")},
		"", "", "Neige intemperies");
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_TOPIC,
			.topic = SLICE("categorie:injure_publique"),
			.title = SLICE("x")},
		"", "", "Injure publique (possible, à qualifier)");
	check(WORDS_FR,
		(struct observation){
			.kind = INCIDENT_RAID, .topic = SLICE("raid"), .facts.authors = 4},
		"", "", "Raid : 4 comptes");
	check(WORDS_EN,
		(struct observation){
			.kind = INCIDENT_RAID, .topic = SLICE("raid"), .facts.authors = 4},
		"", "", "Raid: 4 accounts");
	check(WORDS_FR, (struct observation){.kind = INCIDENT_CAMPAIGN, .topic = SLICE("texte:00")},
		"Non au parking", "", "Texte recopié : « Non au parking »");
	/* cut at a word and at a character, on one line */
	check(WORDS_FR, (struct observation){.kind = INCIDENT_CAMPAIGN, .topic = SLICE("texte:00")},
		"Habitants de la Louvière,\nle bois des Chênes va perdre quarante arbres", "",
		"Texte recopié : « Habitants de la Louvière, le bois des Chênes va perdre… »");
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_EMERGENT,
			.topic = SLICE("emergent:passerelle des Halles"),
			.title = SLICE("passerelle des Halles")},
		"", "", "Sujet émergent : « passerelle des Halles »");
	check(WORDS_EN,
		(struct observation){.kind = INCIDENT_EMERGENT,
			.topic = SLICE("emergent:passerelle des Halles")},
		"", "", "Emerging topic: “passerelle des Halles”");
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_GREY, .topic = SLICE("source:facebook")}, "",
		"Page Facebook", "Source muette : Page Facebook");
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_GREY, .topic = SLICE("source:facebook")}, "",
		"", "Source muette : facebook");
	check(WORDS_FR, (struct observation){.kind = INCIDENT_WHOLE, .topic = SLICE("whole")}, "",
		"", "Beaucoup de messages");
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_WHOLE, .topic = SLICE("volume:facebook")}, "",
		"Page Facebook", "Beaucoup de messages : Page Facebook");
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_WHOLE, .topic = SLICE("fil:0a1b2c3d")},
		"la doyenne fête ses cent ans", "Page Facebook",
		"Beaucoup de messages sous la publication « la doyenne fête ses cent ans » (Page Facebook)");
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_WHOLE, .topic = SLICE("fil:0a1b2c3d")}, "",
		"Page Facebook", "Beaucoup de messages sous une même publication (Page Facebook)");
	/* what would show which is gone */
	check(WORDS_FR,
		(struct observation){.kind = INCIDENT_WHOLE, .topic = SLICE("fil:0a1b2c3d")}, "",
		"", "Beaucoup de messages sous une même publication");
	check(WORDS_EN,
		(struct observation){.kind = INCIDENT_WHOLE, .topic = SLICE("fil:0a1b2c3d")}, "",
		"Facebook page", "Many messages below one post (Facebook page)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_titles)};
	return cmocka_run_group_tests_name("trend titles", tests, NULL, NULL);
}
