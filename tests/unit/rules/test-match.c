/* SPDX-License-Identifier: GPL-3.0-or-later
 * What each condition finds, and where. */
#include "testing.h"

struct expectation {
	const char *text, *matches;
};

static void check(const char *when, const char *more, const struct expectation *list)
{
	struct ruleset *r = one_rule(when, more);
	struct scorer *s = scorer_new(r);
	for (; list->text; list++)
		assert_matches(s, list->text, list->matches);
	scorer_free(s);
	ruleset_free(r);
}
#define CHECK(when, more, ...) \
	check(when, more, (const struct expectation[]){__VA_ARGS__, {NULL, NULL}})

static void words_are_whole_and_inflected(void **state)
{
	(void)state;
	CHECK("{words: [connard, con]}", NULL, {"quel CONNARD !", "r[CONNARD]"},
		{"des connardes", "r[connardes]"}, {"connard·e·s", "r[connard·e·s]"},
		{"connard(e)s", "r[connard(e)s]"}, {"l'connard", "r[connard]"},
		{"l’connard", "r[connard]"}, {"le concours", ""}, {"conseil, calcul", ""},
		{"con-tact", "r[con]"}, {"PUTAIN", ""}, {"connardement", ""},
		{"un con, une conne, des cons", "r[con] r[conne] r[cons]"}, {"", ""},
		{"con", "r[con]"});
	CHECK("{words: [menteur, heureux, élu, PLU, bateau, municipal]}", NULL,
		{"menteuse menteurs", "r[menteuse] r[menteurs]"}, {"heureuses", "r[heureuses]"},
		{"ÉLUES élue", "r[ÉLUES] r[élue]"}, {"plus de plu", "r[plu]"},
		{"bateaux", "r[bateaux]"},
		{"municipaux municipale", "r[municipaux] r[municipale]"});
}

/* If the comment has accents at all, accents count; capitals may lack theirs. */
static void accents_carry_meaning(void **state)
{
	(void)state;
	CHECK("{words: [attardé, taré]}", NULL, {"un attardé", "r[attardé]"},
		{"un attarde", "r[attarde]"}, {"il s'attarde à midi", ""},
		{"on s'attarde", "r[attarde]"}, {"à midi, ATTARDE", "r[ATTARDE]"},
		{"à midi, attardés", "r[attardés]"}, {"la tare du marché", ""},
		{"la tare", "r[tare]"});
	CHECK("{words: [sale, tue]}", NULL, {"c'est sale", "r[sale]"}, {"c'est salé", ""},
		{"sales à midi", "r[sales]"}, {"il a tué", ""}, {"salés", ""});
	CHECK("{words: [École, démolir]}", NULL, {"Ecole à vendre", "r[Ecole]"},
		{"ecole à vendre", ""}, {"ecole", "r[ecole]"}, {"DÉMOLIR", "r[DÉMOLIR]"},
		{"de\u0301molir", "r[de\u0301molir]"});
}

static void disguises_are_seen_through(void **state)
{
	(void)state;
	CHECK("{words: [connard, salope, 'fils de pute', fdp]}", NULL, {"c0nn@rd", "r[c0nn@rd]"},
		{"c o n n a r d !", "r[c o n n a r d]"}, {"connaaaard", "r[connaaaard]"},
		{"CONNNNARD", "r[CONNNNARD]"}, {"s@l0pe", "r[s@l0pe]"}, {"f.d.p", "r[f.d.p]"},
		{"f i l s d e p u t e", "r[f i l s d e p u t e]"},
		{"con\u200bnard", "r[con\u200bnard]"}, {"\u0441onnard", "r[\u0441onnard]"},
		{"\uff43\uff4f\uff4e\uff4e\uff41\uff52\uff44",
			"r[\uff43\uff4f\uff4e\uff4e\uff41\uff52\uff44]"},
		{"connard!", "r[connard]"}, {"connard c0nnard", "r[connard] r[c0nnard]"},
		{"c o n n a r d o u i", "r[c o n n a r d]"});
	CHECK("{words: [con]}", "", {"l e c o n c o u r s", ""}, {"c o n t e s", ""});
	CHECK("{words: [connard]}", "    disguise: no\n", {"c0nnard", ""},
		{"connard", "r[connard]"});
}

static void phrases_and_contains(void **state)
{
	(void)state;
	CHECK("{phrase: [\"m'a traité de\", 'en finir']}", NULL,
		{"il m’a  traité\u00a0de nul", "r[m’a  traité\u00a0de]"}, {"en finirons", ""},
		{"ven finir", ""}, {"EN FINIR.", "r[EN FINIR]"});
	CHECK("{contains: ['poubelle', '🤡', '?']}", NULL, {"lespoubelles", "r[poubelle]"},
		{"c🤡nnard", "r[🤡]"}, {"ou ?", "r[?]"});
}

static void near_counts_words_in_one_sentence(void **state)
{
	(void)state;
	CHECK("{near: {within: 2 words, ordered: true, all: [{words: [gros]}, {words: [nul]}]}}",
		NULL, {"gros nul", "r[gros nul]"}, {"gros et vieux nul", "r[gros et vieux nul]"},
		{"gros et vieux et nul", ""}, {"nul gros", ""}, {"gros ! nul", ""},
		{"gros.\nnul", ""}, {"gros M. nul", "r[gros M. nul]"},
		{"gros gros nul nul", "r[gros gros nul]"});
	CHECK("{near: {within: 3 mots, all: [{words: [raser]}, {words: [tour]}]}}", NULL,
		{"raser la tour", "r[raser la tour]"}, {"la tour, à raser", "r[tour, à raser]"},
		{"tour a b c d raser", ""});
	CHECK("{near: {within: 1, ordered: yes, all: [{words: [a]}, {any: [{words: [b]}, {phrase: 'x y'}]}, {words: [c]}]}}",
		NULL, {"a b c", "r[a b c]"}, {"a z x y z c", "r[a z x y z c]"}, {"a c b", ""},
		{"a b", ""});
}

static void conditions_combine(void **state)
{
	(void)state;
	CHECK("{any: [{words: $l}, {words: [trois]}]}", NULL, {"un trois", "r[un] r[trois]"},
		{"quatre", ""});
	CHECK("{all: [{words: $l}, {words: [trois]}]}", NULL, {"un trois", "r[un] r[trois]"},
		{"un", ""}, {"trois", ""});
	CHECK("{words: $l, not: {words: [trois]}}", NULL, {"un", "r[un]"}, {"un trois", ""});
	CHECK("{words: [[zero], $l]}", NULL, {"zero deux", "r[zero] r[deux]"});
}

static void unless_clears_one_sentence(void **state)
{
	(void)state;
	CHECK("{words: [nul]}", "    unless: [{words: [match]}, {phrase: 'personne n a dit'}]\n",
		{"match nul", ""}, {"match nul. Le maire est nul !", "r[nul]"}, {"nul", "r[nul]"},
		{"match\nnul", "r[nul]"}, {"nul ! match nul, nul", "r[nul]"});
}

static void the_longest_match_stands(void **state)
{
	(void)state;
	CHECK("{words: [con, 'gros con', pute, 'fils de pute']}", NULL, {"gros con", "r[gros con]"},
		{"fils de pute et con", "r[fils de pute] r[con]"});
}

static void long_texts_are_searched_whole(void **state)
{
	struct ruleset *r = one_rule("{any: [{regex: 'abc\\d{3}xyz'}, {words: [fin]}]}", NULL);
	struct scorer *s = scorer_new(r);
	(void)state;
	for (size_t pad = 8100; pad < 8300; pad++) {
		_buf_ struct buf text = {0};
		const struct verdict *v;
		for (size_t i = 0; i < pad; i++)
			buf_add_string(&text, i % 7 == 6 ? " " : "é");
		size_t at = text.n;
		buf_add_string(&text, " abc123xyz é fin");
		v = score(s, buf_string(&text));
		assert_int_equal(v->n_matches, 2);
		assert_int_equal(v->unscored, UNSCORED_NOT);
		assert_int_equal(v->matches[0].start, at + 1);
		assert_int_equal(v->matches[0].end, at + 10);
		pad += 6;
	}
	scorer_free(s);
	ruleset_free(r);
}

/* A pattern that runs away at run time makes the comment unscored, never clean. */
static void a_limit_is_for_a_human(void **state)
{
	struct ruleset *r = one_rule("{regex: 'zq(?:[a-f]{1,9}[a-f]{1,9}){1,9}[a-f]{1,9}x'}", NULL);
	struct scorer *s = scorer_new(r);
	const struct verdict *v;
	(void)state;
	/* longer than the pattern may be: the scan that announces it counts less far than PCRE2 */
	v = score(s,
		"zq"
		"abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef"
		"abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef"
		"abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef"
		"x");
	assert_int_equal(v->unscored, UNSCORED_LIMIT);
	assert_int_equal(v->level, VERDICT_QUEUE);
	assert_int_equal(v->lanes, LANE_MODERATION);
	scorer_free(s);
	ruleset_free(r);
}

static void accents_in_a_pattern_count(void **state)
{
	struct ruleset *r =
		one_rule("{any: [{regex: 'sal[ée]s? con'}, {regex: 'elus? pour'}]}", NULL);
	struct scorer *s = scorer_new(r);
	(void)state;
	assert_matches(s, "Été SALÉ CON", "r[SALÉ CON]");
	assert_matches(s, "été sàle con", "");
	assert_matches(s, "les ÉLUS pourris", "r[ÉLUS pour]");
	scorer_free(s);
	ruleset_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_whole_and_inflected),
		cmocka_unit_test(accents_carry_meaning),
		cmocka_unit_test(disguises_are_seen_through),
		cmocka_unit_test(phrases_and_contains),
		cmocka_unit_test(near_counts_words_in_one_sentence),
		cmocka_unit_test(conditions_combine),
		cmocka_unit_test(unless_clears_one_sentence),
		cmocka_unit_test(the_longest_match_stands),
		cmocka_unit_test(long_texts_are_searched_whole),
		cmocka_unit_test(a_limit_is_for_a_human),
		cmocka_unit_test(accents_in_a_pattern_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
