/* SPDX-License-Identifier: GPL-3.0-or-later
 * The property that the engine stands on: what it finds is what PCRE2 finds in a loop over the same view. */
#include "testing.h"

static const char *const leaves[] = {"a", "b", "ab", "ba", "con", "sale", "e", "é", "è", "k", "s",
	"i", "[ab]", "[a4@]", "[^a]", "[éèe]", "[à-ü]", "\\b", "\\b", "\\B", "\\w", "\\W", "\\s",
	"\\s+", " ", "\\S", "\\d", "[\\W_]{0,2}", "a\\.b", "'", "-", "_", "^", "$", "K", "ſ", "ß",
	"(?i)", "(?-i)B", "\\p{L}", "[[:alpha:]]", "[^[:alpha:]]", "\\x{e9}", "\\x41", "(?=a)",
	"(?!b)", "(?<=s)", "(?<!k)", "🙂", "ж", "\\1", "(a)", "(?>a|ab)", "n", "o", "c", ".",
	"\\h", "xyz", "kwz", "xyz", "[\\s.]", "[^\\w]", "ı", "ς", "σ"};
static const char *const quantifiers[] = {
	"", "", "", "", "?", "{0,2}", "{1,3}", "??", "{2}", "+", "*", "+?", "++", "{2,}", "{0,20}"};
static const char *const words[] = {"a", "b", "ab", "con", "c", "o", "n", "–", "sale", " ", " ",
	"  ", "é", "É", "e\xcc\x81", "è", "К", "\xe2\x84\xaa", "ſ", "s", "ss", "ß", "İ", "ı", "i",
	"ς", "σ", "Σ", "œ", "\xc2\xa0", "\xe2\x80\xaf", "_", "'", "’", "-", ".", "🙂", "ж",
	"жcon", "4", "@", "aab", "A", "CON", "\xe2\x80\x8b", "\n", "\xcc\x88", "k", "K", "²", "ﬁ",
	"ab ab", "sale con", "xyz", "kwz"};

#define COUNT(list) (unsigned)(sizeof(list) / sizeof(*(list)))

/* A random pattern of the permitted kind, over a small alphabet so that it matches often. */
static void random_pattern(struct buf *b, unsigned depth)
{
	unsigned parts = 1 + below(4);

	for (unsigned i = 0; i < parts; i++) {
		const char *leaf = leaves[below(COUNT(leaves))];

		if (depth && below(3) == 0) {
			buf_add_string(b, "(?:");
			random_pattern(b, depth - 1);
			for (unsigned k = below(3); k; k--) {
				buf_add_char(b, '|');
				if (below(6))
					random_pattern(b, depth - 1);
			}
			buf_add_char(b, ')');
			leaf = "";
		}
		buf_add_string(b, leaf);
		buf_add_string(b, quantifiers[below(COUNT(quantifiers))]);
	}
}

static void random_text(struct buf *b, unsigned pieces)
{
	buf_clear(b);
	while (pieces--)
		buf_add_string(b, words[below(COUNT(words))]);
}

static void random_patterns_find_what_pcre2_finds(void **state)
{
	unsigned ways[3] = {0}, found = 0, used = 0;

	(void)state;
	for (unsigned round = 0; round < 8000; round++) {
		_buf_ struct buf pattern = {0}, text = {0};
		struct match_fault f;
		struct probe p;

		random_pattern(&pattern, 2);
		if (!probe_open(&p, buf_slice(&pattern), &f))
			continue;
		used++;
		for (unsigned k = 0; k < 30; k++) {
			unsigned n;

			random_text(&text, 1 + below(14));
			n = probe_compare(&p, buf_slice(&pattern), buf_slice(&text));
			found += n;
			ways[p.way] += n > 0;
		}
		probe_close(&p);
	}
	/* the comparison is worth something: many expressions, many matches, each way */
	assert_in_range(used, 2000, 8000);
	assert_in_range(found, 10000, UINT32_MAX);
	for (unsigned i = 0; i < 3; i++)
		assert_in_range(ways[i], 300, UINT32_MAX);
}

/* How a letter is asked for, and how it is written. */
static const struct disguise {
	char letter;
	const char *asked[4], *written[4];
} disguises[] = {{'a', {"[a4@]", "[a4@àâ]", "a+", "a"}, {"a", "@", "4", "à"}},
	{'e', {"[e3éè]", "[e3]", "e+", "e?"}, {"e", "3", "é", "E"}},
	{'i', {"[i1!]", "[i1!|]", "i+", "i{1,2}"}, {"i", "1", "!", "I"}},
	{'o', {"[o0]", "o+", "o", "[oô0ø]"}, {"o", "0", "O", "ø"}},
	{'s', {"[s5$]", "s+", "[s$]{1,2}", "s"}, {"s", "$", "5", "ss"}},
	{'l', {"l+", "[l|]", "l", "[l1]"}, {"l", "|", "L", "1"}},
	{'p', {"p", "p+", "(?:p)", "p{1,}"}, {"p", "P", "p", "pp"}},
	{'n', {"n", "n+", "[nñ]", "n{1,2}"}, {"n", "N", "ñ", "nn"}}};
static const char *const gaps[] = {"", "", "", "[\\W_]{0,2}", "[\\W_]{0,2}", "[\\W_]{0,2}", "\\W?",
	"\\s*", "[\\W_!]{0,3}", "[-. ]?", "\\W*", "[^\\w]?", "!?", "[\\W\\d]?", "(?=.)",
	"[\\W_–]{0,5}"};
static const char *const fillers[] = {"", "", "", "", "", " ", "!", "@", "$", "|", "_", "-", "!!",
	". ", "–", "\xe2\x80\x8b", "ā", "!@", "ж", "'"};

static const struct disguise *disguise_of(char letter)
{
	const struct disguise *d = disguises;

	while (d->letter != letter)
		d++;
	return d;
}

static void add_disguised(struct buf *text, const char *word)
{
	for (; *word; word++) {
		unsigned n = below(8) ? 1 : 2;

		for (unsigned k = 0; k < n; k++) {
			buf_add_string(text, disguise_of(*word)->written[below(3) ? 0 : below(4)]);
			buf_add_string(text, below(3) ? "" : fillers[below(COUNT(fillers))]);
		}
	}
}

/* Expressions against disguise, which are announced by their gist. */
static void disguised_words_are_found(void **state)
{
	static const char *const befores[] = {"", "", "sale ", "é", "s", "!", "« ", "a 2", "ā"};
	static const char *const list[] = {
		"salope", "assassin", "piano", "nosil", "epilepsie", "lisse", "polonais", "aiaia"};
	unsigned found = 0, by_gist = 0;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		const char *word = list[below(COUNT(list))];
		_buf_ struct buf pattern = {0}, text = {0};
		struct match_fault f;
		struct probe p;
		bool gist;

		buf_add_string(&pattern, below(2) ? "\\b" : "");
		for (const char *c = word; *c; c++) {
			buf_add_string(&pattern, disguise_of(*c)->asked[below(4)]);
			buf_add_string(&pattern, gaps[below(COUNT(gaps))]);
		}
		if (!probe_open(&p, buf_slice(&pattern), &f))
			continue;
		gist = p.way == MATCH_BY_SHARED_SCAN && !p.set->shared[0].n && !p.set->shared[1].n;
		for (unsigned k = 0; k < 40; k++) {
			unsigned n;

			buf_clear(&text);
			buf_add_string(&text, befores[below(COUNT(befores))]);
			add_disguised(&text, below(4) ? word : list[below(COUNT(list))]);
			buf_add_string(&text, below(2) ? " " : "s!");
			n = probe_compare(&p, buf_slice(&pattern), buf_slice(&text));
			found += n;
			by_gist += gist ? n : 0;
		}
		probe_close(&p);
	}
	assert_in_range(found, 3000, UINT32_MAX);
	assert_in_range(by_gist, 1000, UINT32_MAX);
}

/* The same property of the view in which SMS spelling is written out. */
static void written_texts_too(void **state)
{
	static const char *const patterns[] = {"\\bje vais\\b", "je vais (?:te|vous) \\w+",
		"c'est (?:un|une) con", "é", "pourquoi|parce que", "vous allez payer",
		"[bcp]{0,2}eaucoup", "(?<=qu)oi", "\\bt'es\\b", "sale\\s+con", "\\w+$",
		"où tu habites"};
	static const char *const pieces[] = {"jvé", "jve te", "c un con", "koi", "pk", "pcq", "bcp",
		"vous", "alé", "payé", "sal", "sale con", "tabite", "on c ou", " ", "  ", ".", "é",
		"É", "e\xcc\x81", "🙂", "’", "jte", "xyz", "\xe2\x80\x8b", "T UN", "kiki", "\n"};
	unsigned found = 0, spelled = 0;

	(void)state;
	for (unsigned round = 0; round < 12; round++)
		for (size_t i = 0; i < COUNT(patterns); i++) {
			_buf_ struct buf text = {0};
			struct match_fault f;
			struct probe p;

			assert_true(probe_open_knowing(&p, slice_of(patterns[i]), &f));
			for (unsigned k = 0; k < 180; k++) {
				bool is;

				buf_clear(&text);
				for (unsigned n = 1 + below(9); n; n--) {
					buf_add_string(&text, pieces[below(COUNT(pieces))]);
					buf_add_string(&text, below(5) ? " " : "");
				}
				found += probe_compare_spelled(
					&p, slice_of(patterns[i]), buf_slice(&text), &is);
				spelled += is;
			}
			probe_close(&p);
		}
	assert_in_range(spelled, 10000, UINT32_MAX);
	assert_in_range(found, 3000, UINT32_MAX);
}

static void traps_are_no_traps(void **state)
{
	static const struct {
		const char *pattern, *text;
		unsigned n; /* matches */
	} cases[] = {
		{"c[\\W_]{0,2}o[\\W_]{0,2}n", "quel c–o–n", 1},
		{"\\bc[\\W_]{0,2}o[\\W_]{0,2}n+s?\\b", "c\xe2\x80\xa2o\xe2\x80\xa2nn", 1},
		{"\\Bcon", "жcon con", 1},
		{"\\bcon\\b", "жcon", 0},
		{"\\bcon\\b", "🙂con🙂", 1},
		{"\\bcon\\b", "_con con_ con", 1},
		{"con\\S", "con🙂", 1},
		{"\\Scon", "écon", 1},
		{"k", "\xe2\x84\xaa", 1},
		{"\\bsale\\b",
			"\xc5\xbf"
			"ale",
			1},
		{"stra[s]{2}e", "straße", 1},
		{"(?:con|)nard", "connard nard", 2},
		{"(?:|con)nard", "connard", 1},
		{"\\b(?:sale|sale con)\\b", "sale con", 1},
		{"\\b(?:sale con|con sale)\\b", "sale con sale", 1},
		{"a b a", "a b a b a", 1},
		{"\\bmise\\s+en\\s+examen\\b", "mise \n en  examen", 1},
		{"démolition", "une démolition et une demolition", 1},
		{"\\bd[ée]moli\\b", "démoli demoli DE\xcc\x81MOLI", 3},
		{"(?<=sale )con", "sale con", 1},
		{"(?<!sale )con", "sale con con", 1},
		{"con(?!cours)", "concours con", 1},
		{"a\\s{2}b", "a  b", 0},
		{"[^a]con",
			"\xc3\xa9"
			"con",
			1},
		{"fin\\.$", "c'est la fin.", 1},
		{"^sale", "sale sale", 1},
		{"(\\w)\\1{2,}", "ouiii", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice pattern = slice_of(cases[i].pattern), text = slice_of(cases[i].text);
		struct match_fault f;
		struct probe p;
		unsigned n;

		if (!probe_open(&p, pattern, &f))
			fail_msg("/%s/: %s", cases[i].pattern, f.text);
		n = probe_compare(&p, pattern, text);
		if (n != cases[i].n)
			fail_msg("/%s/ on « %s »: %u", cases[i].pattern, cases[i].text, n);
		probe_close(&p);
	}
}

/* Of long texts PCRE2 sees slices; what it finds is what it would find in the whole. */
static void slices_lose_nothing(void **state)
{
	static const char *const patterns[] = {"\\bab{1,3}a\\b", "(?<=sale )con",
		"a[^a]{0,40}b[^b]{0,60}con", "con(?! sale)", "\\Bcon", "con$",
		"\\w{1,30} sale \\w{1,30}", "(?:ab|ba){3,9}", "\\bé\\w{0,9} con"};
	_buf_ struct buf text = {0};
	unsigned found = 0;

	(void)state;
	for (unsigned round = 0; round < 12; round++) {
		buf_clear(&text);
		while (text.n < 30000)
			buf_add_string(&text,
				below(3) ? words[below(COUNT(words))]
					 : (const char *[]){"ab", "ba", "sale con", " "}[below(4)]);
		for (size_t i = 0; i < COUNT(patterns); i++) {
			struct match_fault f;
			struct probe p;

			if (!probe_open(&p, slice_of(patterns[i]), &f))
				fail_msg("/%s/: %s", patterns[i], f.text);
			found += probe_compare(&p, slice_of(patterns[i]), buf_slice(&text));
			assert_false(match_is_limited(p.scratch));
			probe_close(&p);
		}
	}
	assert_in_range(found, 1000, UINT32_MAX);
}

/* A set in which each « ab » is as many hits as atoms. */
static struct match_set *set_of_many(uint32_t n_atoms)
{
	struct match_builder *b = match_builder_new();
	struct match_set *set;
	struct error e;

	for (uint32_t i = 0; i < n_atoms; i++) {
		char other[8];

		match_add_atom(b, i);
		snprintf(other, sizeof(other), "xyz%u", i);
		assert_int_equal(match_add_term(b, i, SLICE("ab"), MATCH_WHOLE, 0), 0);
		assert_int_equal(match_add_term(b, i, slice_of(other), MATCH_WHOLE, 0), 0);
	}
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	return set;
}

static void too_many_hits_are_a_limit(void **state)
{
	struct match_set *set = set_of_many(8);
	struct match_scratch *s = match_scratch_new(set);
	_buf_ struct buf text = {0};

	(void)state;
	while (text.n < 4 * MATCH_HITS_MAX)
		buf_add_string(&text, "ab ");
	match_scan(s, buf_slice(&text)); /* 8 hits in 3 bytes */
	assert_true(match_is_limited(s));
	match_scan(s, SLICE("ab ab"));
	assert_false(match_is_limited(s));
	/* the limit is the text's, not that of the long one before */
	match_scan(s, (struct slice){text.p, MATCH_HITS_MAX - 1});
	assert_true(match_is_limited(s));
	match_scratch_free(s);
	match_set_free(set);
}

/* A megabyte of hits and of words that nobody knows: what looks at each for each does not end within the test's time. */
static void a_hostile_text_is_read_too(void **state)
{
	enum { LENGTH = 1 << 20 };
	_buf_ struct buf text = {0};
	struct match_fault f;
	struct probe p;

	(void)state;
	while (text.n < LENGTH / 2)
		buf_add_string(&text, "con ");
	while (text.n < LENGTH)
		buf_add_string(&text, "xqzw ");
	assert_true(probe_open_knowing(&p, SLICE("con"), &f));
	match_scan(p.scratch, buf_slice(&text));
	assert_false(match_is_limited(p.scratch));
	probe_close(&p);
}

static void a_long_text_is_read_whole(void **state)
{
	static const char *const patterns[] = {"ab", "a[bc]", "[ab][ab]{0,1}"};
	_buf_ struct buf text = {0};

	(void)state;
	while (text.n < 16 * MATCH_HITS_MAX)
		buf_add_string(&text, "ab ");
	for (size_t i = 0; i < COUNT(patterns); i++) {
		struct match_spans found = {0};
		struct match_fault f;
		struct probe p;

		assert_true(probe_open(&p, slice_of(patterns[i]), &f));
		match_scan(p.scratch, buf_slice(&text));
		match_collect(p.scratch, 0, &found);
		assert_false(match_is_limited(p.scratch));
		assert_int_equal(found.n, text.n / 3);
		free(found.list);
		probe_close(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traps_are_no_traps),
		cmocka_unit_test(random_patterns_find_what_pcre2_finds),
		cmocka_unit_test(disguised_words_are_found),
		cmocka_unit_test(written_texts_too),
		cmocka_unit_test(slices_lose_nothing),
		cmocka_unit_test(too_many_hits_are_a_limit),
		cmocka_unit_test(a_long_text_is_read_whole),
		cmocka_unit_test(a_hostile_text_is_read_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
