/* SPDX-License-Identifier: GPL-3.0-or-later
 * By which reading of the text a term is found. */
#include "scratch.h"
#include "testing.h"

/* The finds as « text/by », in the order of the text. */
static void describe(struct match_scratch *s, struct slice text, struct buf *out)
{
	struct match_spans found = {0};

	buf_clear(out);
	match_scan(s, text);
	match_collect(s, 0, &found);
	for (size_t i = 0; i < found.n; i++) {
		struct match_span span = found.list[i];
		struct slice view = text_view(match_views(s), TEXT_FOLDED);

		assert_true(span.squeezed == (span.by != MATCH_BY_TEXT));
		buf_printf(out, "%s%.*s/%u", out->n ? " " : "", (int)(span.end - span.start),
			view.p + span.start, span.by);
	}
	free(found.list);
}

static void readings_are_told(void **state)
{
	static const struct {
		const char *text, *found;
	} cases[] = {
		{"un connard", "connard/0"},
		{"des connards !", "connards/0"},
		{"un c0nn@rd", "c0nn@rd/1"},
		{"un connnnard", "connnnard/1"},
		{"#connarddemaire", "connard/2"},
		{"ConnardDeMaire", "connard/2"},
		{"les ConnardsDeLaMairie", "connards/2"},
		{"#lesconnards", "connards/2"},
		{"un c*****d", "c*****d/3"},
		{"un c******d", ""},
		{"un conn*rd", "conn*rd/3"},
		{"des conn*rds", "conn*rds/3"},
		{"un c*n", "c*n/3"},
		{"ta g*eule", "ta g*eule/3"},
		{"*con* de merde", "con/0"},
		{"connardise", ""},
		{"sconnard", ""},
		{"#concours", ""},
		{"#leconcours", ""},
		{"c'est beau*", ""},
		{"ReconnardIse", ""},
		{"le c.", ""},
		{"xConnards", "connards/2"},
	};
	struct match_builder *b = match_builder_new();
	uint32_t atom = match_add_atom(b, 0);
	static const char *const terms[] = {"connard", "con", "ta gueule"};
	_buf_ struct buf says = {0};
	struct match_scratch *s;
	struct match_set *set;
	struct error e;
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(
			match_add_term(b, atom, slice_of(terms[i]), MATCH_WHOLE | MATCH_DISGUISED,
				MATCH_E | MATCH_S | MATCH_ES),
			0);
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	s = match_scratch_new(set);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		describe(s, slice_of(cases[i].text), &says);
		if (!slice_is(buf_slice(&says), cases[i].found)) {
			print_error("« %s »: « %s », not « %s »\n", cases[i].text,
				buf_string(&says), cases[i].found);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	match_scratch_free(s);
	match_set_free(set);
}

static void who_is_not_disguised_stands_there(void **state)
{
	static const char *const texts[] = {
		"c0nn@rd", "#connarddemaire", "conn*rd", "ConnardDeMaire"};
	struct match_builder *b = match_builder_new();
	uint32_t atom = match_add_atom(b, 0);
	_buf_ struct buf says = {0};
	struct match_scratch *s;
	struct match_set *set;
	struct error e;

	(void)state;
	assert_int_equal(match_add_term(b, atom, SLICE("connard"), MATCH_WHOLE, 0), 0);
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	s = match_scratch_new(set);
	for (size_t i = 0; i < 4; i++) {
		describe(s, slice_of(texts[i]), &says);
		assert_int_equal(says.n, 0);
	}
	describe(s, SLICE("Connard"), &says);
	assert_true(slice_is(buf_slice(&says), "connard/0"));
	match_scratch_free(s);
	match_set_free(set);
}

/* The same terms found where they stand by the index of starts and, as the engine did before, by looking everywhere. */
static size_t stands(struct slice text, struct slice term)
{
	size_t n = 0;

	for (size_t at = 0; at + term.n <= text.n; at++)
		n += memcmp(text.p + at, term.p, term.n) == 0 &&
			(!at || text.p[at - 1] == ' ' || text.p[at - 1] == '\n') &&
			(at + term.n == text.n || text.p[at + term.n] == ' ' ||
				text.p[at + term.n] == '\n');
	return n;
}

static void terms_that_begin_alike_are_all_found(void **state)
{
	enum { TERMS = 400, LETTERS = 9, TEXTS = 2000, LENGTH = 60 };
	struct match_builder *b = match_builder_new();
	static char terms[TERMS][LETTERS + 1];
	struct match_scratch *s;
	struct match_set *set;
	struct error e;
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < TERMS; i++) {
		for (size_t k = 0, n = 1 + below(LETTERS); k < n; k++)
			terms[i][k] = (k && k + 1 < n && !below(4)) ? ' ' : (char)('a' + below(3));
		assert_int_equal(match_add_term(b, match_add_atom(b, (uint32_t)i),
					 slice_of(terms[i]), MATCH_WHOLE, 0),
			0);
	}
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	s = match_scratch_new(set);
	for (size_t i = 0; i < TEXTS; i++) {
		char text[LENGTH];
		struct slice view;

		for (size_t k = 0; k < LENGTH; k++)
			text[k] = below(3) ? (char)('a' + below(3)) : below(9) ? ' ' : '\n';
		match_scan(s, (struct slice){text, LENGTH});
		view = text_view(match_views(s), TEXT_FOLDED);
		for (uint32_t t = 0; t < TERMS; t++) {
			struct match_spans spans = {0};

			if (strstr(terms[t], "  "))
				continue; /* blanks are one in the view */
			match_collect(s, t, &spans);
			assert_int_equal(spans.n, stands(view, slice_of(terms[t])));
			found += spans.n;
			free(spans.list);
		}
	}
	assert_true(found > TEXTS);
	match_scratch_free(s);
	match_set_free(set);
}

/* The owners that the text wakes, as bits. */
static uint64_t woken(struct match_scratch *s, const char *text)
{
	size_t words;

	match_scan(s, slice_of(text));
	return *match_owners(s, &words);
}

static void what_is_asked_twice_is_found_once(void **state)
{
	/* 0 and 2 ask for the same; 1 for less, 3 in another way; 4 for the same as 1, and wakes nobody */
	static const struct {
		const char *terms[2];
		uint32_t owner;
		uint8_t flags;
	} atoms[] = {{{"le", "la"}, 0, MATCH_WHOLE}, {{"le", NULL}, 1, MATCH_WHOLE},
		{{"la", "le"}, 2, MATCH_WHOLE}, {{"le", "la"}, 3, 0},
		{{"le", NULL}, MATCH_NOBODY, MATCH_WHOLE}};
	struct match_builder *b = match_builder_new();
	struct match_scratch *s;
	struct match_set *set;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(atoms) / sizeof(*atoms); i++) {
		uint32_t atom = match_add_atom(b, atoms[i].owner);

		for (size_t k = 0; k < 2 && atoms[i].terms[k]; k++)
			assert_int_equal(match_add_term(b, atom, slice_of(atoms[i].terms[k]),
						 atoms[i].flags, 0),
				0);
	}
	assert_true(match_frequency(b, 0) > match_frequency(b, 1));
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	s = match_scratch_new(set);
	assert_int_equal(woken(s, "le chat"), 1 | 2 | 4 | 8);
	assert_int_equal(s->n_hits, 3);
	for (uint32_t i = 0; i < sizeof(atoms) / sizeof(*atoms); i++) {
		struct match_spans spans = {0};

		assert_true(match_is_possible(s, i));
		match_collect(s, i, &spans);
		assert_int_equal(spans.n, 1);
		free(spans.list);
	}
	assert_int_equal(woken(s, "la chatte"), 1 | 4 | 8);
	assert_int_equal(woken(s, "plateau"), 8);
	assert_int_equal(woken(s, "chat"), 0);
	match_scratch_free(s);
	match_set_free(set);
}

static void a_letter_may_be_a_word(void **state)
{
	struct match_builder *b = match_builder_new();
	struct match_scratch *s;
	struct match_set *set;
	struct error e;

	(void)state;
	assert_int_equal(match_add_term(b, match_add_atom(b, 0), SLICE("a"),
				 MATCH_WHOLE | MATCH_DISGUISED, 0),
		0);
	assert_int_equal(match_add_term(b, match_add_atom(b, 1), SLICE("g"), 0, 0), 0);
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	s = match_scratch_new(set);
	assert_int_equal(woken(s, "il y a"), 1);
	assert_int_equal(woken(s, "A ?"), 1);
	assert_int_equal(woken(s, "d'a-b"), 1);
	assert_int_equal(woken(s, "la bas aa a1 été"), 0);
	assert_int_equal(woken(s, "manger"), 2); /* no word: anywhere */
	assert_int_equal(woken(s, "#aBas"), 1);
	assert_int_equal(woken(s, "#abas"), 0);
	match_scratch_free(s);
	match_set_free(set);
}

static size_t spans_of(struct match_scratch *s, uint32_t atom)
{
	struct match_spans found = {0};

	match_collect(s, atom, &found);
	free(found.list);
	return found.n;
}

static void add(struct match_builder *b, uint32_t atom, const char *text)
{
	assert_int_equal(
		match_add_term(b, atom, slice_of(text), MATCH_WHOLE | MATCH_DISGUISED, 0), 0);
}

/* What was added between two marks is the other atom's too, and nothing else of the first one's. */
static void terms_are_added_again(void **state)
{
	struct match_builder *b = match_builder_new();
	uint32_t first = match_add_atom(b, 0), again = match_add_atom(b, 1),
		 anew = match_add_atom(b, 2);
	struct match_set *set;
	struct match_scratch *s;
	struct error e;
	size_t from, to;

	(void)state;
	add(b, first, "sale");
	from = match_mark(b);
	add(b, first, "abruti");
	add(b, first, "bande de nullards");
	to = match_mark(b);
	add(b, first, "vendu");
	match_add_again(b, again, from, to);
	add(b, anew, "abruti");
	add(b, anew, "bande de nullards");
	assert_true(match_frequency(b, again) == match_frequency(b, anew));
	assert_int_equal(match_compile(b, &set, &e), 0);
	match_builder_free(b);
	s = match_scratch_new(set);
	match_scan(s, SLICE("sale vendu"));
	assert_int_equal(spans_of(s, first), 2);
	assert_int_equal(spans_of(s, again), 0);
	match_scan(s, SLICE("un a.b.r.u.t.i, bande de nullards"));
	assert_int_equal(spans_of(s, first), 2);
	assert_int_equal(spans_of(s, again), 2);
	assert_int_equal(spans_of(s, anew), 2);
	match_scratch_free(s);
	match_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readings_are_told),
		cmocka_unit_test(who_is_not_disguised_stands_there),
		cmocka_unit_test(terms_that_begin_alike_are_all_found),
		cmocka_unit_test(what_is_asked_twice_is_found_once),
		cmocka_unit_test(a_letter_may_be_a_word),
		cmocka_unit_test(terms_are_added_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
