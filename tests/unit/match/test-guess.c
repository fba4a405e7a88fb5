/* SPDX-License-Identifier: GPL-3.0-or-later
 * The last readings: what is a slip, a sound, fragments or glued words of a term, and what is a word or a name. */
#include "testing.h"

struct set {
	struct match_set *set;
	struct match_scratch *scratch;
};

static void open_set(struct set *s, bool knows)
{
	static const char *const terms[] = {"connard", "abruti", "enculé", "salope", "ta gueule",
		"sale con", "pute", "débile", "incapable", "larve", "pétasse", "naze", "une merde"};
	static const char *const words[] = {"canard", "pote", "salopette", "con", "nard", "maire",
		"geste", "aujourd'hui", "abris", "trouver", "connaître", "Saint-Étienne",
		"village"};
	struct match_builder *b = match_builder_new();
	uint32_t atom = match_add_atom(b, 0);
	struct error e;

	for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++)
		assert_int_equal(match_add_term(b, atom, slice_of(terms[i]),
					 MATCH_WHOLE | MATCH_DISGUISED, 0),
			0);
	atom = match_add_atom(b, 0);
	assert_int_equal(match_add_term(b, atom, SLICE("imbécile"), MATCH_WHOLE, 0), 0);
	for (size_t i = 0; knows && i < sizeof(words) / sizeof(*words); i++)
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

/* The finds of both atoms as « text/by ». */
static void describe(struct match_scratch *s, const char *text, struct buf *out)
{
	struct match_spans found = {0};

	buf_clear(out);
	match_scan(s, slice_of(text));
	match_collect(s, 0, &found);
	match_collect(s, 1, &found);
	for (size_t i = 0; i < found.n; i++) {
		struct match_span span = found.list[i];
		struct slice view = text_view(match_views(s), TEXT_FOLDED);

		assert_true(span.squeezed == (span.by != MATCH_BY_TEXT));
		buf_printf(out, "%s%.*s/%s", out->n ? " " : "", (int)(span.end - span.start),
			view.p + span.start,
			span.by == MATCH_BY_JOINING         ? "joined"
				: span.by == MATCH_BY_SLIP  ? "slip"
				: span.by == MATCH_BY_SOUND ? "sound"
				: span.by == MATCH_BY_GLUE  ? "glue"
							    : "other");
	}
	free(found.list);
}

static const struct {
	const char *text, *found;
} guessed[] =
	{
		{"un connrad", "connrad/slip"}, {"un connar", "connar/slip"},
		{"un connarrd", "connarrd/slip"}, {"Connrad !", "connrad/slip"},
		{"CONNRAD", "connrad/slip"}, {"tu es un konar", "konar/sound"},
		{"ankulé va", "ankule/sound"}, {"ta geule", "ta geule/sound"},
		{"TA GEUULE", "ta geuule/slip"}, {"vous, abru ti", "abru ti/joined"},
		{"en-cu-lé", "en-cu-le/joined"}, {"con-nard", "con-nard/joined"},
		{"pu-te", "pu-te/joined"}, {"mairedeconnard", "connard/glue"},
		{"con nard", "con nard/joined"}, /* words, but too short a one to say so */
		{"un na ze", "na ze/joined"}, {"salo pe !", "salo pe/joined"},
		{"une mer de", "une mer de/joined"}, {"kon ar", "kon ar/sound"},
		{"t'es déblle", "deblle/other"}, /* i for l, and l for i */
		{"un abrutl", "abrutl/other"}, {"cette Iarve", "iarve/other"},
		{"un 4bru71", "4bru71/other"}, /* signs at the edges */
		{"abrut!", "abrut!/other"}, {"abrut!!", "abrut!/other"},
		{"une petas", "petas/sound"}, /* the last letter is heard */
		{"une larv", "larv/sound"}, {"la Larv", ""}, /* so it is without its e */
		{"dincpable", "incpable/slip"},
		{"dlncapable", "lncapable/other"}, /* an article without its apostrophe */
},
  left_alone[] = {
	  {"un canard", ""}, /* words */
	  {"mon pote", ""},
	  {"une salopette", ""},
	  {"con Nard", ""}, /* a name */
	  {"con, nard", ""},
	  {"canard maire", ""},
	  {"@bruti", ""}, /* somebody's name */
	  {"4bru71@exemple.fr", ""},
	  {"le n4ze9 et 4 71", ""},
	  {"p173 a173 1 000 €", ""},
	  {"une petal", ""},
	  {"il faut trouver un abris", ""},
	  {"la rue Connar", ""}, /* names */
	  {"chez Monsieur Konar", ""},
	  {"M. Bonnard", ""},
	  {"bonnard", ""}, /* another first letter */
	  {"konnardville", ""},
	  {"Connardvillage", ""}, /* a capitalised word is a name, whatever is in it */
	  {"connar@exemple.fr", ""}, /* addresses */
	  {"@connar", ""},
	  {"www.connar.fr", ""},
	  {"puet", ""}, /* too short */
	  {"slaope", ""}, /* as short as villages */
	  {"con-nard-sur-mer", ""}, /* more hangs on */
	  {"viviers-sur-konar", ""}, /* parts of names */
	  {"konar-en-montagne", ""},
	  {"geule", ""}, /* the other word of the term is missing */
	  {"gueuel ta", ""},
	  {"imbecil", ""}, /* a term without disguises */
	  {"imbécil", ""},
	  {"un connard", "connard/other"},
};

static void what_is_no_word_is_guessed(void **state)
{
	_buf_ struct buf says = {0};
	struct set s;

	(void)state;
	open_set(&s, true);
	for (size_t i = 0; i < sizeof(guessed) / sizeof(*guessed); i++) {
		describe(s.scratch, guessed[i].text, &says);
		if (!slice_is(buf_slice(&says), guessed[i].found))
			fail_msg("« %s »: « %s », not « %s »", guessed[i].text, buf_string(&says),
				guessed[i].found);
	}
	close_set(&s);
}

static void words_and_names_are_left_alone(void **state)
{
	_buf_ struct buf says = {0};
	struct set s;

	(void)state;
	open_set(&s, true);
	for (size_t i = 0; i < sizeof(left_alone) / sizeof(*left_alone); i++) {
		describe(s.scratch, left_alone[i].text, &says);
		if (!slice_is(buf_slice(&says), left_alone[i].found))
			fail_msg("« %s »: « %s », not « %s »", left_alone[i].text,
				buf_string(&says), left_alone[i].found);
	}
	close_set(&s);
}

static void nothing_is_guessed_without_a_language(void **state)
{
	_buf_ struct buf says = {0};
	struct set s;

	(void)state;
	open_set(&s, false);
	for (size_t i = 0; i < sizeof(guessed) / sizeof(*guessed); i++) {
		describe(s.scratch, guessed[i].text, &says);
		if (says.n)
			fail_msg("« %s »: « %s »", guessed[i].text, buf_string(&says));
	}
	close_set(&s);
}

/* Garbage neither finds nor breaks anything, at any length of a word. */
static void any_bytes_are_safe(void **state)
{
	static const char letters[] = "abcdenrltuosé -.'@A\xc3";
	struct set s;

	(void)state;
	open_set(&s, true);
	for (unsigned n = 0; n < 20000; n++) {
		char text[120];
		size_t length = below(sizeof(text));
		struct match_spans found = {0};

		for (size_t i = 0; i < length; i++)
			text[i] = letters[below(n % 2 ? 12 : sizeof(letters) - 1)];
		match_scan(s.scratch, (struct slice){text, length});
		match_collect(s.scratch, 0, &found);
		for (size_t i = 0; i < found.n; i++)
			assert_true(found.list[i].start < found.list[i].end &&
				found.list[i].end <=
					text_view(match_views(s.scratch), TEXT_FOLDED).n);
		free(found.list);
	}
	close_set(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_word_is_guessed),
		cmocka_unit_test(words_and_names_are_left_alone),
		cmocka_unit_test(nothing_is_guessed_without_a_language),
		cmocka_unit_test(any_bytes_are_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
