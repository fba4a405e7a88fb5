/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows and fields, encodings, the names of columns, dates as French people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/comment.h>

#include "../../../src/connect/table/csv.h"
#include "../../../src/connect/date.h"
#include "../../../src/connect/table/folder.h"

static const struct source_config table = {
	.columns = {[SOURCE_ID] = "Numéro", [SOURCE_TEXT] = "Texte", [SOURCE_CREATED_AT] = "Date"}};

static void rows(void **state)
{
	static const struct {
		const char *in;
		bool at_end;
		enum csv_found found;
		const char *raw;
		size_t used;
		unsigned lines;
	} cases[] = {
		{"", true, CSV_MORE, NULL, 0, 0},
		{"a;b\nc", false, CSV_ROW, "a;b", 4, 1},
		{"a;b\r\nc", false, CSV_ROW, "a;b", 5, 1},
		{"a;b", false, CSV_MORE, NULL, 0, 0},
		{"a;b", true, CSV_ROW, "a;b", 3, 1},
		{"\"a\nb\";c\nd", false, CSV_ROW, "\"a\nb\";c", 8, 2},
		{"\"a\"\"b\"\n", false, CSV_ROW, "\"a\"\"b\"", 7, 1},
		{"\"a\"", false, CSV_MORE, NULL, 0, 0}, /* perhaps the first of two quotes */
		{"\"a\"", true, CSV_ROW, "\"a\"", 3, 1},
		{"\"a\"\r", true, CSV_ROW, "\"a\"", 4, 1},
		{"\"a", false, CSV_MORE, NULL, 0, 0},
		{"\"a\nb;c\n", true, CSV_BAD, NULL, 0, 0},
		{"\"a\" b;c\n", false, CSV_BAD, NULL, 0, 0},
		{"a \"b\" c;d\n", false, CSV_ROW, "a \"b\" c;d", 10,
			1}, /* a quote inside is a quote */
		{"\n", false, CSV_ROW, "", 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct csv_row row = {0};

		assert_int_equal(csv_next(slice_of(cases[i].in), ';', cases[i].at_end, &row),
			cases[i].found);
		if (cases[i].found == CSV_BAD)
			assert_int_equal(*row.odd, '"');
		if (cases[i].found != CSV_ROW)
			continue;
		assert_true(slice_is(row.raw, cases[i].raw));
		assert_int_equal(row.used, cases[i].used);
		assert_int_equal(row.lines, cases[i].lines);
	}
}

static void endless_quote(void **state)
{
	char *text = malloc(CSV_QUOTED_MAX + 2);
	struct csv_row row;

	(void)state;
	memset(text, 'a', CSV_QUOTED_MAX + 2);
	text[0] = '"';
	assert_int_equal(
		csv_next((struct slice){text, CSV_QUOTED_MAX}, ';', false, &row), CSV_MORE);
	assert_int_equal(
		csv_next((struct slice){text, CSV_QUOTED_MAX + 1}, ';', false, &row), CSV_BAD);
	free(text);
}

/* The comment that a row becomes; its id, text and date, or the reason in text. */
static void check_row(const char *head, const struct source_config *source, const char *raw,
	size_t n, const char *expected)
{
	struct json_reader *json = json_reader_new(1u << 20);
	_buf_ struct buf line = {0}, extra = {0}, got = {0};
	struct csv_form form;
	struct json_value v;
	struct comment c = {0};
	struct error e = {0};
	size_t used;
	unsigned lines, down;
	const char *odd;

	assert_int_equal(csv_form_read(slice_of(head), true, source, &form, &used, &lines, &e), 0);
	assert_int_equal(used, strlen(head));
	if (!csv_line(&form, (struct slice){raw, n}, &line, &odd)) {
		buf_add_string(&got, "no row");
	} else {
		enum comment_refusal why;

		assert_int_equal(json_parse(json, buf_slice(&line), &v, NULL), 0);
		why = comment_from_json(v, SLICE("s"), true, &c, &extra, NULL);
		if (why == COMMENT_OK)
			buf_printf(&got, "%.*s|%.*s|%lld", (int)c.id.n, c.id.p, (int)c.text.n,
				c.text.p, (long long)c.created_at / 1000);
		else
			buf_add_string(&got, comment_refusal_key(why));
	}
	if (odd)
		buf_printf(&got, " :%u", csv_place((struct slice){raw, n}, odd, &down));
	if (odd && down)
		buf_printf(&got, " +%u", down);
	assert_string_equal(buf_string(&got), expected);
	json_reader_free(json);
}
#define ROW(head, source, raw, expected) check_row(head, source, raw, sizeof(raw) - 1, expected)

static void comments(void **state)
{
	static const char head[] = "Numéro;Date;Sexe;Texte\n";
	struct source_config old = table, any = table, commas = table, bare = table;

	(void)state;
	old.encoding = SOURCE_WINDOWS_1252;
	any.encoding = SOURCE_AUTO;
	commas.separator = ",";
	bare.columns[SOURCE_ID] = bare.columns[SOURCE_CREATED_AT] = NULL;
	ROW(head, &table, "7;24/11/2026 14:05;F;L'été", "7|L'été|1795525500");
	ROW(head, &table, " 7 ;;F;\"Un \"\"mot\"\"\nsur deux lignes ; oui\"",
		"7|Un \"mot\"\nsur deux lignes ; oui|0");
	ROW(head, &table, "7;;F;Un ; de trop", "no row :10");
	ROW(head, &table, "7;;F;Rien de trop;;", "7|Rien de trop|0");
	ROW(head, &table, "7;;F", "no row :5");
	ROW(head, &table, "é;;F;L'\xe9t\xe9", "no row :8");
	ROW(head, &table, "7;hier;F;a", "bad_date :3");
	ROW("Texte;Numéro;Date\n", &table, "\"a\nbé\";7;hier", "bad_date :7 +1");
	ROW(head, &table, "7;;F;=HYPERLINK(\"http://x\")", "7|=HYPERLINK(\"http://x\")|0");
	ROW(head, &table, ";;F;a", "bad_value :1");
	ROW("Num\xe9ro;Date;Sexe;Texte\r\n", &old, "7;;F;L'\xe9t\xe9 \x80 \x9c\x81",
		"7|L'été € œ�|0");
	ROW(head, &any, "7;;F;L'\xe9t\xe9", "7|L'été|0");
	ROW(head, &any, "7;;F;L'été", "7|L'été|0");
	ROW("\xef\xbb\xbfNuméro;Date;Sexe;Texte\n", &old, "7;;F;L'été", "7|L'été|0");
	ROW("Texte,Numéro,Date\n", &table, "\"a, b\",7,", "7|a, b|0");
	ROW("Texte\tNuméro\tDate\n", &table, "a;b\t7\t", "7|a;b|0");
	ROW("Texte,Numéro,Date\n", &commas, "a;b,7,", "7|a;b|0");
	ROW("\"Le\nlieu\";Texte\n", &bare, "Foch;a", "39018585c9cc1db432e71ab72b2cff9c|a|0");
}

static void refused_heads(void **state)
{
	static const struct {
		const char *head, *say;
	} cases[] = {
		{"", "pas de première ligne avec les noms des colonnes"},
		{"Numero;Texte;Date\n",
			"pas de colonne « Numéro » ; la première ligne est : Numero;Texte;Date"},
		{"Numéro;Text;Date\n",
			"pas de colonne « Texte » ; la première ligne est : Numéro;Text;Date"},
		{"\xff\xfeN", "fichier en UTF-16 : à enregistrer en « CSV UTF-8 »"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct csv_form form;
		struct error e = {0};
		size_t used;
		unsigned lines;

		assert_true(csv_form_read(slice_of(cases[i].head), true, &table, &form, &used,
				    &lines, &e) < 0);
		assert_string_equal(e.text, cases[i].say);
	}
}

static void dates(void **state)
{
	static const struct {
		const char *text, *at; /* NULL: none */
	} cases[] = {
		{"24/11/2026 14:05", "2026-11-24T13:05:00Z"},
		{"24/11/2026 14:05:09", "2026-11-24T13:05:09Z"},
		{"24/07/2026 14h05", "2026-07-24T12:05:00Z"},
		{"24.11.26", "2026-11-23T23:00:00Z"},
		{"4-7-2026", "2026-07-03T22:00:00Z"},
		{"2026-11-24 14:05", "2026-11-24T13:05:00Z"},
		{"2026/11/24 à 14 h", "2026-11-24T13:00:00Z"},
		{"mardi 24 novembre 2026 à 14h05", "2026-11-24T13:05:00Z"},
		{"Mardi 24 Novembre 2026, 14:05", "2026-11-24T13:05:00Z"},
		{"1er août 2026", "2026-07-31T22:00:00Z"},
		{"24 nov. 2026 à 14 h 05 min", "2026-11-24T13:05:00Z"},
		{"24 déc. 2026 09:00", "2026-12-24T08:00:00Z"},
		{"2026-11-24T14:05:00Z", "2026-11-24T14:05:00Z"},
		{"2026-11-24T14:05:00+01:00", "2026-11-24T13:05:00Z"},
		{"Tue, 24 Nov 2026 14:05:00 +0100", "2026-11-24T13:05:00Z"},
		{"1795525500", "2026-11-24T13:05:00Z"},
		{"1795525500000", "2026-11-24T13:05:00Z"},
		{"25/10/2026 02:30", "2026-10-25T00:30:00Z"}, /* comes twice: the first */
		{"11/24/2026", NULL},
		{"31/02/2026", NULL},
		{"24/11/2026 25:00", NULL},
		{"24/11/2026 14:05 environ", NULL},
		{"2026", NULL},
		{"20261124", NULL},
		{"hier", NULL},
		{"24/11/2026 <b>", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t ms = date_read_local(slice_of(cases[i].text));
		char text[CLOCK_TEXT] = "none";

		if (ms)
			clock_format(ms, text);
		assert_string_equal(text, cases[i].at ? cases[i].at : "none");
	}
}

static void states(void **state)
{
	struct states a = {0}, b = {0};
	struct stat st = {.st_size = 3};
	_buf_ struct buf text = {0};

	(void)state;
	states_add(&a, state_key("a.csv", &st));
	states_add(&a, state_key("a.csv", &st));
	states_add(&a, state_key("b.csv", &st));
	assert_int_equal(a.n, 2);
	states_print(&text, &a);
	assert_true(states_parse(buf_slice(&text), &b));
	assert_true(states_have(&b, state_key("b.csv", &st)));
	st.st_size = 4;
	assert_false(states_have(&b, state_key("b.csv", &st)));
	states_release(&b);
	assert_false(states_parse(SLICE("0123456789abcdeg"), &b));
	assert_false(states_parse(SLICE("0123"), &b));
	assert_int_equal(b.n, 0);
	states_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(rows), cmocka_unit_test(endless_quote),
		cmocka_unit_test(comments), cmocka_unit_test(refused_heads),
		cmocka_unit_test(dates), cmocka_unit_test(states)};

	if (clock_zone_set("Europe/Paris") < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
