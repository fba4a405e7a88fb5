/* SPDX-License-Identifier: GPL-3.0-or-later
 * Nouns, adjectives and terms, with the system's dictionary. Expected forms: the grammar, not the dictionary. */
#include "testing.h"

struct words {
	const char *term;
	int outcome;
	const char *forms;
};

static void check(struct inflect *i, const struct words *table, size_t n)
{
	for (size_t at = 0; at < n; at++)
		assert_words(i, table[at].term, table[at].outcome, table[at].forms);
}

static void words_take_gender_and_number(void **state)
{
	static const struct words table[] = {
		{"abruti", 0, "abruti|abrutie|abruties|abrutis"},
		{"menteur", 0, "menteur|menteurs|menteuse|menteuses"},
		{"vieux", 0, "vieil|vieille|vieilles|vieux"},
		{"chacal", 0, "chacal|chacals"},
		{"cheval", 0, "cheval|chevaux"},
		{"travail", 0, "travail|travaux"},
		{"municipal", 0, "municipal|municipale|municipales|municipaux"},
		{"beau", 0, "beau|beaux|bel|belle|belles|bels"},
		{"fou", 0, "fol|folle|folles|fols|fou|fous"},
		{"doux", 0, "douce|douces|doux"},
		{"faux", 0, "fausse|fausses|faux"},
		{"gros", 0, "gros|grosse|grosses"},
		{"blanc", 0, "blanc|blanche|blanches|blancs"},
		{"sec", 0, "sec|secs|sèche|sèches"},
		{"grec", 0, "grec|grecque|grecques|grecs"},
		{"public", 0, "public|publics|publique|publiques"},
		{"long", 0, "long|longs|longue|longues"},
		{"naïf", 0, "naïf|naïfs|naïve|naïves"},
		{"actif", 0, "actif|actifs|active|actives"},
		{"con", 0, "con|conne|connes|cons"},
		{"chien", 0, "chien|chienne|chiennes|chiens"},
		{"sale", 0, "sale|sales"},
		{"nul", 0, "nul|nulle|nulles|nuls"},
		{"incapable", 0, "incapable|incapables"},
		{"directeur", 0, "directeur|directeurs|directrice|directrices"},
		{"étranger", 0, "étranger|étrangers|étrangère|étrangères"},
		{"jumeau", 0, "jumeau|jumeaux|jumelle|jumelles"},
		{"bijou", 0, "bijou|bijoux"},
		{"pneu", 0, "pneu|pneus"},
		{"maître", 0, "maître|maîtres|maîtresse|maîtresses"},
		{"souris", 0, "souris"},
		{"gaz", 0, "gaz"},
		{"connard", 0, "connard|connarde|connardes|connards|connasse|connasses"},
		{"salaud", 0, "salaud|salauds|salope|salopes"},
		{"enculé", 0, "enculé|enculée|enculées|enculés"},
		{"pourri", 0, "pourri|pourrie|pourries|pourris"},
		{"ciel", 0, "ciel|ciels|cieux"},
		{"monsieur", 0, "messieurs|monsieur"},
		{"arc-en-ciel", 0, "arc-en-ciel|arcs-en-ciel"},
		{"sœur", 0, "soeur|soeurs"},
	};

	check(*state, table, COUNT(table));
}

static void a_feminine_or_a_plural_stays(void **state)
{
	static const struct words table[] = {
		{"ordures", 0, "ordures"},
		{"sales", 0, "sales"},
		{"menteuse", 0, "menteuse|menteuses"},
		{"menteuses", 0, "menteuses"},
		{"élus", 0, "élues|élus"},
		{"chevaux", 0, "chevaux"},
		{"voleurs", 0, "voleurs|voleuses"},
	};

	check(*state, table, COUNT(table));
}

static void words_agree(void **state)
{
	static const struct words table[] = {
		{"sale con", 0, "sale con|sale conne|sales connes|sales cons"},
		{"gros porc", 0, "gros porc|gros porcs"},
		{"grosse merde", 0, "grosse merde|grosses merdes"},
		{"ta gueule", 0, "ta gueule"},
		{"ferme ta gueule", 0, "ferme ta gueule"},
		{"fils de pute", 0, "fils de pute|fils de putes"},
		{"trou du cul", 0, "trou du cul|trous du cul"},
		{"bande de sales cons", 0,
			"bande de sales connes|bande de sales cons|bandes de sales connes|"
			"bandes de sales cons"},
		{"l’abruti", 0, "l'abruti|l'abrutie"},
		{"espèce d'idiot", 0,
			"espèce d'idiot|espèce d'idiote|espèce d'idiotes|espèce d'idiots|"
			"espèces d'idiot|espèces d'idiote|espèces d'idiotes|espèces d'idiots"},
		{"les élus", 0, "les élues|les élus"},
		{"très con", 0, "très con|très conne|très connes|très cons"},
		{"barre HLM", 0, "barre hlm|barres hlm"},
		{"con et méchant", 0,
			"con et méchant|conne et méchante|connes et méchantes|cons et méchants"},
	};

	check(*state, table, COUNT(table));
}

static void the_unknown_is_regular(void **state)
{
	static const struct words table[] = {
		{"teubé", INFLECT_REGULAR, "teubé|teubée|teubées|teubés"},
		{"zgroumard", INFLECT_REGULAR,
			"zgroumard|zgroumarde|zgroumardes|zgroumards|zgroumasse|zgroumasses"},
		{"zgroumeur", INFLECT_REGULAR, "zgroumeur|zgroumeurs|zgroumeuse|zgroumeuses"},
		{"sale zgroumé", INFLECT_REGULAR,
			"sale zgroumé|sale zgroumée|sales zgroumées|sales zgroumés"},
		{"fdp", INFLECT_REGULAR, "fdp|fdps"},
	};

	check(*state, table, COUNT(table));
}

static void some_things_stay(void **state)
{
	static const struct words table[] = {
		{"PLU", INFLECT_FIXED, "plu"},
		{"HLM", INFLECT_FIXED, "hlm"},
		{"toujours", INFLECT_FIXED, "toujours"},
		{"démolissent", INFLECT_FIXED, "démolissent"},
		{"tu pues", INFLECT_FIXED, "tu pues"},
		{"va", INFLECT_FIXED, "va"},
		{"va te faire foutre", INFLECT_FIXED, "va te faire foutre"},
		{"49-3", INFLECT_FIXED, "49-3"},
		{"", INFLECT_FIXED, ""},
	};

	check(*state, table, COUNT(table));
}

static void long_terms_end(void **state)
{
	_buf_ struct buf b = {0};
	struct inflect_forms f;

	/* four groups of eight forms are beyond the bound: the first alone inflects */
	assert_int_equal(
		inflect_words(*state, SLICE("beau con de beau con de beau con de beau con"), &f),
		0);
	assert_in_range(f.n, 2, INFLECT_FORMS_MAX);
	for (size_t n = 0; n < f.n; n++)
		assert_non_null(memmem(
			f.list[n].p, f.list[n].n, " de beau con de beau con de beau con", 36));
	for (int n = 0; n < 40; n++)
		buf_add_string(&b, "con ");
	assert_int_equal(inflect_words(*state, buf_slice(&b), &f), INFLECT_FIXED);
	for (int n = 0; n < 40; n++)
		buf_add_string(&b, "con ");
	assert_int_equal(inflect_words(*state, buf_slice(&b), &f), INFLECT_FIXED);
	assert_int_equal(f.n, 1);
	assert_int_equal(inflect_words(*state, SLICE("\xFF\xFE"), &f), INFLECT_FIXED);
	assert_int_equal(inflect_words(*state, SLICE("- ' --''  -"), &f), INFLECT_FIXED);
}

static void kinds_are_told(void **state)
{
	static const struct {
		const char *word;
		unsigned kinds;
	} table[] = {
		{"démolir", INFLECT_VERB},
		{"démolition", INFLECT_NOUN},
		{"pouvoir", INFLECT_NOUN | INFLECT_VERB},
		{"démolissent", INFLECT_FORM},
		{"toujours", INFLECT_FORM},
		{"Menteuses", INFLECT_FORM},
		{"zgroum", 0},
		{"", 0},
	};

	for (size_t n = 0; n < COUNT(table); n++)
		assert_int_equal(inflect_kinds(*state, slice_of(table[n].word)), table[n].kinds);
}

static void answers_are_remembered(void **state)
{
	struct inflect_forms a, b;

	assert_int_equal(inflect_words(*state, SLICE("crapule"), &a), 0);
	assert_int_equal(inflect_words(*state, SLICE("crapule"), &b), 0);
	assert_ptr_equal(a.list, b.list);
}

/* Without a dictionary the room still works, and says so. */
static void without_a_dictionary(void **state)
{
	struct inflect *i;

	(void)state;
	assert_int_equal(inflect_open("/nonexistent/fr", &i, NULL), INFLECT_ABSENT);
	assert_words(i, "abruti", INFLECT_REGULAR, "abruti|abrutie|abruties|abrutis");
	assert_words(i, "sale con", INFLECT_REGULAR, "sale con|sale conne|sale connes|sale cons");
	assert_words(i, "PLU", INFLECT_FIXED, "plu");
	assert_int_equal(inflect_kinds(i, SLICE("abruti")), 0);
	assert_false(inflect_is_word(i, SLICE("abruti"), INFLECT_PLAIN));
	assert_int_equal(inflect_count(i), 0);
	inflect_close(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_take_gender_and_number),
		cmocka_unit_test(a_feminine_or_a_plural_stays),
		cmocka_unit_test(words_agree),
		cmocka_unit_test(the_unknown_is_regular),
		cmocka_unit_test(some_things_stay),
		cmocka_unit_test(long_terms_end),
		cmocka_unit_test(kinds_are_told),
		cmocka_unit_test(answers_are_remembered),
		cmocka_unit_test(without_a_dictionary),
	};

	return cmocka_run_group_tests(tests, open_system, close_handle);
}
