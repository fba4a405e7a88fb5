/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cells that a spreadsheet does not calculate; files that come piece by piece; the proof of an archive, and of none that anybody
 * changed by one byte. */
#include "../db/single.h"

#include <tocsin/archive/archive.h>
#include <tocsin/json/json.h>

static void cells(void **state)
{
	static const struct {
		const char *text, *cell;
	} table[] = {
		{"", "\"\""},
		{"bonjour", "\"bonjour\""},
		{"il dit \"non\", et part", "\"il dit \"\"non\"\", et part\""},
		{"deux\nlignes", "\"deux\nlignes\""},
		{"=1+1", "\"'=1+1\""},
		{"+33", "\"'+33\""},
		{"-2", "\"'-2\""},
		{"@SUM(A1)", "\"'@SUM(A1)\""},
		{"\t=1", "\"'\t=1\""},
		{"\r\n=1", "\"'\r\n=1\""},
		{" \xc2\xa0\xe3\x80\x80=1", "\"' \xc2\xa0\xe3\x80\x80=1\""},
		{"\xe2\x80\x8b=1", "\"'\xe2\x80\x8b=1\""},
		{"\xef\xbc\x9d"
		 "1",
			"\"'\xef\xbc\x9d"
			"1\""},
		{"\xe2\x88\x92"
		 "1",
			"\"'\xe2\x88\x92"
			"1\""},
		{"1=1", "\"1=1\""},
		{"a-b", "\"a-b\""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		_buf_ struct buf out = {0};

		csv_cell(&out, slice_of(table[i].text), true);
		assert_string_equal(buf_string(&out), table[i].cell);
	}
}

/* What a French Excel parts cells by; a text's own is inside the quotes. */
static void cells_in_a_row(void **state)
{
	_buf_ struct buf out = {0};

	(void)state;
	csv_cell(&out, SLICE("bonjour, monsieur"), true);
	csv_cell(&out, SLICE("oui;=1+1"), false);
	csv_cell(&out, SLICE(""), false);
	csv_end(&out);
	assert_string_equal(buf_string(&out), "\"bonjour, monsieur\";\"oui;=1+1\";\"\"\r\n");
}

/* Comments of every kind, some wiped, some flagged. */
static void plant(void)
{
	for (int i = 0; i < 60; i++) {
		_buf_ struct buf text = {0};
		char id[16];

		snprintf(id, sizeof(id), "%d", i);
		for (int k = 0; k <= i * i; k++)
			buf_printf(&text, "mot \"%d\" \\ é %c", k, k % 7 ? ' ' : '\n');
		feed(&f,
			&(struct comment){.source = SLICE("forum"),
				.id = slice_of(id),
				.text = buf_slice(&text),
				.author = i % 3 ? SLICE("luc") : SLICE(""),
				.author_name = i % 5 ? SLICE("Luc \"L\"") : SLICE(""),
				.extra = i % 4 ? SLICE("") : SLICE("{\"x\":[1,{\"y\":\"z\"}]}"),
				.likes = (uint64_t)i,
				.created_at = i % 2 ? DAY0 + i : 0},
			&(struct verdict){.level = i % 2 ? VERDICT_QUEUE : VERDICT_NONE});
	}
	fixture_commit(&f);
}

static void write_all(enum archive_kind kind, struct buf *out)
{
	const struct archive_spec spec = {kind, SLICE("Valmont"), DAY0, NULL};
	struct archive *a = archive_new(&spec);
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	int code, pieces = 0;

	do {
		const size_t before = out->n;

		code = archive_next(a, r, out, &e);
		check(code, &e);
		/* the last row of a piece may be long */
		assert_true(out->n - before < (32u << 10) + 400000);
		pieces++;
	} while (code != ARCHIVE_END);
	assert_true(pieces > 3 || kind == ARCHIVE_AUDIT);
	archive_free(a);
	reader_close(r);
}

static int prove(struct slice archive, struct proof *p)
{
	struct json_reader *json = json_reader_new(ARCHIVE_LINE_MAX);
	struct error e = {""};
	int r = 0;

	*p = (struct proof){.chain = {0}};
	while (r == 0 && archive.n) {
		const char *end = memchr(archive.p, '\n', archive.n);
		const size_t n = end ? (size_t)(end - archive.p) : archive.n;

		r = proof_line(p, json, (struct slice){archive.p, n}, &e);
		archive = (struct slice){
			archive.p + n + (end != NULL), archive.n - n - (end != NULL)};
	}
	json_reader_free(json);
	return r ? r : proof_end(p, &e);
}

static void an_archive_is_proved(void **state)
{
	_buf_ struct buf out = {0};
	struct proof p;

	(void)state;
	plant();
	write_all(ARCHIVE_EVIDENCE, &out);
	assert_int_equal(prove(buf_slice(&out), &p), 0);
	assert_true(p.links == 30 && p.proven == 30 && p.wiped == 0);
	assert_int_equal(prove(SLICE(""), &p), -EINVAL);
	assert_int_equal(prove((struct slice){out.p, out.n / 2}, &p), -EINVAL);
}

/* But for the head's own words, nothing can be another. */
static void one_byte_breaks_it(void **state)
{
	_buf_ struct buf out = {0};
	struct proof p;
	size_t head;

	(void)state;
	feed(&f,
		&(struct comment){.source = SLICE("forum"),
			.id = SLICE("1"),
			.text = SLICE("une injure"),
			.author = SLICE("luc")},
		&(struct verdict){.level = VERDICT_QUEUE});
	feed_text(&f, "2", "rien");
	fixture_commit(&f);
	const struct archive_spec spec = {ARCHIVE_EVIDENCE, SLICE("V"), DAY0, NULL};
	struct archive *a = archive_new(&spec);
	struct reader *r = fixture_reader(&f);
	struct error e = {""};
	assert_int_equal(archive_next(a, r, &out, &e), ARCHIVE_END);
	assert_int_equal(archive_rows(a), 1);
	archive_free(a);
	reader_close(r);
	assert_int_equal(prove(buf_slice(&out), &p), 0);
	head = (size_t)((char *)memchr(out.p, '\n', out.n) - out.p) + 1;
	for (size_t i = head; i + 1 < out.n; i++) {
		out.p[i] ^= 1;
		assert_int_equal(prove(buf_slice(&out), &p), -EINVAL);
		out.p[i] ^= 1;
	}
	assert_int_equal(prove(buf_slice(&out), &p), 0);
}

static void every_text_comes_once(void **state)
{
	_buf_ struct buf json = {0}, csv = {0}, account = {0};
	struct json_reader *reader = json_reader_new(ARCHIVE_LINE_MAX);
	struct error e = {""};
	int n = 0;

	(void)state;
	plant();
	write_all(ARCHIVE_JSON, &json);
	for (const char *p = json.p; p < json.p + json.n; n++) {
		const char *end = memchr(p, '\n', (size_t)(json.p + json.n - p));
		struct json_value v, comment, id;
		char number[16];

		assert_non_null(end);
		check(json_parse(reader, (struct slice){p, (size_t)(end - p)}, &v, &e), &e);
		assert_true(json_get(v, SLICE("comment"), &comment));
		assert_true(json_get(comment, SLICE("id"), &id));
		snprintf(number, sizeof(number), "%d", n);
		assert_true(slice_is(json_string(id), number));
		p = end + 1;
	}
	assert_int_equal(n, 60);
	write_all(ARCHIVE_CSV, &csv);
	assert_true(slice_begins(buf_slice(&csv), "\xef\xbb\xbf\"num"));
	write_all(ARCHIVE_AUDIT, &account);
	assert_true(slice_begins(buf_slice(&account), "\xef\xbb\xbf\"num"));
	json_reader_free(reader);
}

static void kinds_by_name(void **state)
{
	(void)state;
	assert_int_equal(archive_kind_of(SLICE("csv")), ARCHIVE_CSV);
	assert_int_equal(archive_kind_of(SLICE("preuves")), ARCHIVE_EVIDENCE);
	assert_int_equal(archive_kind_of(SLICE("personne")), ARCHIVE_KINDS); /* not by name */
	assert_int_equal(archive_kind_of(SLICE("")), ARCHIVE_KINDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),
		cmocka_unit_test(cells_in_a_row),
		cmocka_unit_test(kinds_by_name),
		TEST(an_archive_is_proved),
		TEST(one_byte_breaks_it),
		TEST(every_text_comes_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
