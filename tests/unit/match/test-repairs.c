/* SPDX-License-Identifier: GPL-3.0-or-later
 * Disguised words written out for a second look: expressions find them, and what they find stands on the original. And terms
 * that have lost their accents. */
#include "testing.h"

struct set {
	struct match_set *set;
	struct match_scratch *scratch;
};

/* Atom 0: an expression; atom 1: terms. */
static void open_set(struct set *s)
{
	static const char *const terms[] = {
		"connardissime", "connard", "débile", "taré", "crève", "démolition"};
	static const char *const words[] = {"tare", "taré", "débile", "connard", "crève", "crevé",
		"maire", "démolition", "cassé"};
	struct match_builder *b = match_builder_new();
	uint32_t atom = match_add_atom(b, 0);
	struct match_fault f;
	struct error e;

	assert_int_equal(match_add_regex(b, atom, SLICE("tu es un (?:connard|debile)"), &f), 0);
	atom = match_add_atom(b, 0);
	for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++)
		assert_int_equal(match_add_term(b, atom, slice_of(terms[i]),
					 MATCH_WHOLE | MATCH_DISGUISED, 0),
			0);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		match_add_known(b, slice_of(words[i]));
	assert_int_equal(match_compile(b, &s->set, &e), 0);
	match_builder_free(b);
	s->scratch = match_scratch_new(s->set);
}

static void close_set(struct set *s)
{
	match_scratch_free(s->scratch);
	match_set_free(s->set);
}

/* What the atom has in the text, of the original. */
static void describe(struct set *s, const char *text, uint32_t atom, bool written, struct buf *out)
{
	struct match_spans found = {0};

	buf_clear(out);
	match_scan(s->scratch, slice_of(text));
	if (!written || match_scan_spelled(s->scratch))
		match_collect(s->scratch, atom, &found);
	for (size_t i = 0; i < found.n; i++) {
		uint32_t start, end;

		text_view_origin(match_views(s->scratch), TEXT_FOLDED, found.list[i].start,
			found.list[i].end, &start, &end);
		buf_printf(out, "%s%.*s", out->n ? "|" : "", (int)(end - start), text + start);
	}
	free(found.list);
}

static void expressions_find_what_was_disguised(void **state)
{
	static const char *const cases[][2] = {
		{"Ah, tu es un c0nn4rd, toi", "tu es un c0nn4rd"},
		{"tu es un (c o n n a r d)", ""}, /* the bracket is no part of it */
		{"tu es un c o n n a r d !", "tu es un c o n n a r d"},
		{"Été : tu es un 𝐜onn@rd.", "tu es un 𝐜onn@rd"},
		{"é tu es un conn*rd é", "tu es un conn*rd"},
		{"tu es un connrad", "tu es un connrad"},
		{"tu es un d3b1l3", "tu es un d3b1l3"},
		{"tu es un con nard", "tu es un con nard"},
		{"tu es un dé-bile", "tu es un dé-bile"},
		{"tu es un connard", ""}, /* nothing is to be written out */
		{"tu es un maire", ""},
		{"le P.L.U. et la Z.A.C.", ""},
	};
	_buf_ struct buf says = {0};
	struct set s;

	(void)state;
	open_set(&s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		describe(&s, cases[i][0], 0, true, &says);
		if (!slice_is(buf_slice(&says), cases[i][1]))
			fail_msg("« %s »: « %s », not « %s »", cases[i][0], buf_string(&says),
				cases[i][1]);
	}
	close_set(&s);
}

static void lost_accents_are_forgiven_where_nothing_else_is_meant(void **state)
{
	static const char *const cases[][2] = {
		{"un debile cassé", "debile"}, {"une demolition cassée", "demolition"},
		{"un tare cassé", ""}, /* another word */
		{"il creve cassé", ""}, /* crève or crevé */
		{"cassé par Jean Debile", ""}, /* a name */
		{"un dëbïlë cassé", "dëbïlë"}, {"un tαrε cassé", "tαrε"}, {"un tàre cassé", ""},
		{"un tare", "tare"}, /* nobody minds accents here */
	};
	_buf_ struct buf says = {0};
	struct set s;

	(void)state;
	open_set(&s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		describe(&s, cases[i][0], 1, false, &says);
		if (!slice_is(buf_slice(&says), cases[i][1]))
			fail_msg("« %s »: « %s », not « %s »", cases[i][0], buf_string(&says),
				cases[i][1]);
	}
	close_set(&s);
}

static void a_long_text_with_a_slip_is_no_disguise(void **state)
{
	_buf_ struct buf text = {0};
	struct set s;

	(void)state;
	open_set(&s);
	buf_add_string(&text, "tu es un connrad.");
	for (unsigned i = 0; i < 2; i++) {
		match_scan(s.scratch, buf_slice(&text));
		assert_true(match_scan_spelled(s.scratch) == !i);
		for (unsigned k = 0; k < 120; k++)
			buf_add_string(&text, " maire");
	}
	close_set(&s);
}

/* Any signs: spans stay in the view, and their origin in the text. */
static void any_text_is_safe(void **state)
{
	static const char *const pieces[] = {"c", "o", "n", "nard", "0", "@", "$", "!", "€", "|",
		"4", "*", ".", " ", " ", "-", "_", "'", "d'", "é", "ë", "ο", "𝐜", "\u200b",
		"\u0301", "l", "I", "i", "İ", "1", "connrad", "tu es un ", "debile", "🤡", "\xff",
		"\xe2", "Z"};
	struct set s;

	(void)state;
	open_set(&s);
	for (unsigned n = 0; n < 20000; n++) {
		_buf_ struct buf text = {0};

		for (unsigned k = below(40); k; k--)
			buf_add_string(&text, pieces[below(sizeof(pieces) / sizeof(*pieces))]);
		match_scan(s.scratch, buf_slice(&text));
		for (unsigned round = 0; round < 2; round++) {
			struct match_spans found = {0};
			size_t view = text_view(match_views(s.scratch), TEXT_FOLDED).n;

			match_collect(s.scratch, 0, &found);
			match_collect(s.scratch, 1, &found);
			for (size_t i = 0; i < found.n; i++) {
				uint32_t start, end;

				assert_true(found.list[i].start < found.list[i].end &&
					found.list[i].end <= view);
				text_view_origin(match_views(s.scratch), TEXT_FOLDED,
					found.list[i].start, found.list[i].end, &start, &end);
				assert_true(start < end && end <= text.n);
			}
			free(found.list);
			if (!match_scan_spelled(s.scratch))
				break;
		}
	}
	close_set(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_find_what_was_disguised),
		cmocka_unit_test(lost_accents_are_forgiven_where_nothing_else_is_meant),
		cmocka_unit_test(a_long_text_with_a_slip_is_no_disguise),
		cmocka_unit_test(any_text_is_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
