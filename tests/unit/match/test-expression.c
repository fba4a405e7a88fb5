/* SPDX-License-Identifier: GPL-3.0-or-later
 * What finds an expression, and what is refused. */
#include "testing.h"

#include "opening.h"

static void describe(struct match_builder *b, uint32_t atom, struct buf *out)
{
	struct match_cost cost;

	match_cost(b, atom, &cost);
	buf_clear(out);
	buf_add_string(out,
		cost.way == MATCH_BY_WORDS              ? "words"
			: cost.way == MATCH_BY_LITERALS ? "literals"
							: "shared");
	for (size_t i = 0; i < cost.n_literals; i++)
		buf_printf(out, " %.*s", (int)cost.literals[i].n, cost.literals[i].p);
}

static void the_best_literals_are_required(void **state)
{
	static const struct {
		const char *pattern, *way;
	} cases[] = {
		{"abricot", "words abricot"},
		{"\\bconnards?\\b", "words connard connards"},
		{"\\b(?:sale|gros)\\s+con\\b", "words sale con gros con"},
		{"\\bsale\\s*con\\b", "words sale con salecon"},
		{"\\bd[ée]moli\\b", "words demoli demoli"},
		{"(?:sale|sale con)", "literals sale"},
		{"abricots?", "literals abricot"},
		{"(?i)connard", "words connard"},
		{"(?-i)connard", "literals connard"},
		{"connard(?!s)", "literals connard"},
		{"(?:sale|sale con)s", "words sales sale cons"},
		{"(?=connard)c\\w+", "shared"},
		{"connar[a-f]*efg", "literals connar"},
		{"co(?:nnar)+dx", "literals nnardx"},
		{"x(?:demoli|ecroul)y\\w", "literals xdemoliy xecrouly"},
		{"(?:demoli|ecroul|)xyzk\\d", "literals xyzk"},
		{"b{0,2}dzfg\\d", "literals dzfg"},
		{"zk{3}\\w", "literals zkkk"},
		{"\\w+zxk\\w+", "literals zxk"},
		{"[xz]kw[yj]\\d", "literals xkwj xkwy zkwj zkwy"},
		{"\\d{4}", "shared"},
		{"c[\\W_]{0,2}o[\\W_]{0,2}n", "shared"},
		{"p+u+t+e+", "shared"},
		{"(?<nom>connard)\\d", "literals connard"},
		{"ab\\.cdx\\d", "literals ab.cdx"},
		{"\\x6bzyx\\d", "literals kzyx"},
		{"a|bcdefgh\\d", "shared"},
		{"\\x00bricot", "literals bricot"},
		/* 81 strings are too many to look for, 9 are not */
		{"(?:zinzolin|quokka|wapiti|xylope|kinkajou|yatagan|jujube|zymase|whisky)k[a-i][a-i]",
			"literals zinzolink quokkak wapitik xylopek kinkajouk yatagank jujubek zymasek whiskyk"},
	};
	struct match_builder *b = match_builder_new();
	_buf_ struct buf says = {0};

	(void)state;
	for (uint32_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct match_fault f;
		uint32_t atom = match_add_atom(b, i);

		if (match_add_regex(b, atom, slice_of(cases[i].pattern), &f) != 0)
			fail_msg("/%s/: %s", cases[i].pattern, f.text);
		describe(b, atom, &says);
		if (!slice_is(buf_slice(&says), cases[i].way))
			fail_msg("/%s/: « %.*s », not « %s »", cases[i].pattern, (int)says.n,
				says.p, cases[i].way);
	}
	match_builder_free(b);
}

/* An expression that many ask for is compiled once; each of those who ask hears of it. */
static void an_expression_is_shared(void **state)
{
	static const char *const patterns[] = {
		"connar[a-f]*efg", "\\d{4}", "\\bsale\\s*con\\b", "sale(?!s)\\w{0,9}con"};
	enum { PATTERNS = sizeof(patterns) / sizeof(*patterns) };
	struct match_builder *b = match_builder_new();
	struct match_set *set;
	struct match_scratch *s;
	struct match_fault f;
	struct error e;

	(void)state;
	for (uint32_t i = 0; i < 2 * PATTERNS; i++)
		assert_int_equal(match_add_regex(b, match_add_atom(b, i),
					 slice_of(patterns[i % PATTERNS]), &f),
			0);
	for (uint32_t i = 0; i < PATTERNS; i++)
		assert_true(match_frequency(b, i) == match_frequency(b, i + PATTERNS));
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	assert_int_equal(set->n_regexes, PATTERNS + 1); /* all but the one that a cover announces */
	s = match_scratch_new(set);
	match_scan(s, SLICE("connardefg 2024 salecon sale_con"));
	for (uint32_t i = 0; i < PATTERNS; i++) {
		struct match_spans one = {0}, other = {0};
		size_t words;

		assert_int_equal(match_owners(s, &words)[0] & (1u << i | 1u << (i + PATTERNS)),
			1u << i | 1u << (i + PATTERNS));
		match_collect(s, i, &one);
		match_collect(s, i + PATTERNS, &other);
		assert_true(one.n > 0);
		assert_int_equal(one.n, other.n);
		assert_memory_equal(one.list, other.list, one.n * sizeof(*one.list));
		free(one.list);
		free(other.list);
	}
	match_scratch_free(s);
	match_set_free(set);
}

static void what_is_not_understood_is_refused(void **state)
{
	static const struct {
		const char *pattern, *says;
	} cases[] = {
		{"", "octets"},
		{"a(", "caractère 3 : il manque une parenthèse fermante"},
		{"a)", "caractère 2 : une parenthèse fermante de trop"},
		{"(?:a", "parenthèse fermante"},
		{"[a", "crochet"},
		{"a{2,1}", "à l'envers"},
		{"[b-a]", "à l'envers"},
		{"*a", "rien à répéter"},
		{"(?|a|b)(?R)", "récursion"},
		{"(a)(?-1)", "récursion"},
		{"(?x)a b", "l'option (?x)"},
		{"(?(1)a)", "conditionnels"},
		{"a(?#b)", "commentaires"},
		{"(*SKIP)a", "verbes"},
		{"\\Qa\\E", "\\Q"},
		{"a\\Kb", "\\K"},
		{"a\\Cb", "\\C"},
		{"\\Ga", "\\G"},
		{"(a)\\g1", "\\g"},
		{"(a)\\12", "ambigu"},
		{"a{,3}", "ambiguë"},
		{"a{1, 3}", "ambiguë"},
		{"a*", "texte vide"},
		{"(?=a)", "texte vide"},
		{"a.*b", "sans fin au caractère 2"},
		{"a[^b]+", "sans fin"},
		{"a\\D{3,}", "sans fin"},
		{"a(?:\\w+ )*b", "sans fin"},
		{"a(?:b|.)*c", "sans fin"},
		{"(?:.{1,99}x){99}", "octets"},
		{"(\\w+\\s?)+xyz", "coûteuse"},
		{"cœur", "œ"},
		{"l’an", "apostrophe"},
		{"[[:<:]]a", "interdits"},
		{"a\x08", "contrôle"},
		{"\xff", "UTF-8"},
		{"\\p{Klingon}", "propriété inconnue"},
	};
	struct match_builder *b = match_builder_new();
	uint32_t atom = match_add_atom(b, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct match_fault f;

		if (match_add_regex(b, atom, slice_of(cases[i].pattern), &f) != MATCH_REGEX_REFUSED)
			fail_msg("/%s/ is not refused", cases[i].pattern);
		if (!strstr(f.text, cases[i].says))
			fail_msg("/%s/: « %s », not « %s »", cases[i].pattern, f.text,
				cases[i].says);
	}
	match_builder_free(b);
}

/* An escaped sign means nothing: what is refused by its form must be that form. */
static void look_alikes_are_not_refused(void **state)
{
	static const char *const patterns[] = {"\\\\Qa", "\\(?R", "[(*]ab", "\\(\\*", "a{", "a{b}",
		"x{2}", "[]a]b", "[^]a]b", "[a\\]]b", "[a-]b", "\\W+a", "\\S+ a", "(?:ha ?)+",
		"[[:alpha:]]+ x", "[[]a", "(?P<n>a)(?P=n)", "(a)\\1", "(?s:a.b)", "(?i-s)ab",
		"\\o{101}b", "\\cAb", "\\.\\*"};
	struct match_builder *b = match_builder_new();

	(void)state;
	for (uint32_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		struct match_fault f;

		if (match_add_regex(b, match_add_atom(b, i), slice_of(patterns[i]), &f) != 0 &&
			!strstr(patterns[i], "\\cA"))
			fail_msg("/%s/: %s", patterns[i], f.text);
	}
	match_builder_free(b);
}

/* Each of the expressions is asked for where a match may begin, and hardly elsewhere. */
static void only_what_may_begin_is_asked_for(void **state)
{
	static const char pronouns[] = "\\b(?:tu|vous) (?:vas?|peux)\\b";
	static const struct {
		const char *pattern, *text;
		bool asked;
	} cases[] = {
		{pronouns, "et tu vas", true},
		{pronouns, "tu dors", false},
		{pronouns, "statu va", false},
		{pronouns, "vous parlez", true}, /* four characters say no more */
		{pronouns, "vous", true},
		{pronouns, "v", false},
		{"\\bc'est", "l'a, c'est", true},
		{"\\d{1,2} ?h", "à 9 h", true},
		{"\\d{1,2} ?h", "à neuf heures", false},
		{"a?b?c?d", "d", true},
		{"a?b?c?d", "xyz", false},
		{"(?:ab){3,}", "ababab", true},
		{"(?:ab){3,}", "abba", false},
		{"(?:a?){6}b", "ab", true},
		{"[éa]b", "été", true}, /* what is behind a character of several bytes is open */
		{"[éa]b", "ac", false},
		{"(a)\\1x", "aax", true},
		{"(?=x)x", "x", true},
		{"(?<!a)\\Bx", "bx", true},
		{"x$", "y", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct opening *o = opening_new();
		struct match_fault f;
		struct arena a;
		struct tree tree;
		uint64_t asked;

		arena_init(&a, 0);
		assert_true(tree_parse(&a, slice_of(cases[i].pattern), &tree, &f));
		opening_add(o, 63, &tree);
		asked = opening_find(o, slice_of(cases[i].text));
		if (asked != (cases[i].asked ? UINT64_C(1) << 63 : 0))
			fail_msg("/%s/ in « %s »", cases[i].pattern, cases[i].text);
		opening_free(o);
		arena_release(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_literals_are_required),
		cmocka_unit_test(an_expression_is_shared),
		cmocka_unit_test(what_is_not_understood_is_refused),
		cmocka_unit_test(look_alikes_are_not_refused),
		cmocka_unit_test(only_what_may_begin_is_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
