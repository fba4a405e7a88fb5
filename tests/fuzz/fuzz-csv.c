/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a table: each row ends somewhere, its line of JSON is one that our reader reads; any bytes as a date. */
#include <stdint.h>
#include <stdlib.h>

#include <tocsin/json/json.h>

#include "table/csv.h"
#include "date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void rows(struct json_reader *json, const struct csv_form *form, struct slice in)
{
	struct csv_row row;
	struct json_value v;
	const char *odd;
	unsigned down;

	while (in.n) {
		enum csv_found found = csv_next(in, form->separator, true, &row);
		const char *end = memchr(in.p, '\n', in.n);
		_buf_ struct buf line = {0};

		if (found == CSV_BAD) { /* its first line is passed by */
			row.used = end ? (size_t)(end - in.p) + 1 : in.n;
			row.raw.n = 0;
		}
		require(found != CSV_MORE && row.used > 0 && row.used <= in.n &&
			row.raw.n <= row.used);
		require(found == CSV_ROW || (row.odd >= in.p && *row.odd == '"'));
		if (found == CSV_ROW) {
			bool good = csv_line(form, row.raw, &line, &odd);

			require(odd ? odd >= row.raw.p && odd <= row.raw.p + row.raw.n : good);
			require(!odd || (csv_place(row.raw, odd, &down) > 0 && down < row.lines));
			require(!good || memchr(row.raw.p, 0, row.raw.n) ||
				json_parse(json, buf_slice(&line), &v, NULL) == 0);
		}
		in = (struct slice){in.p + row.used, in.n - row.used};
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct json_reader *json;
	struct source_config source = {
		.columns = {[SOURCE_TEXT] = "t", [SOURCE_CREATED_AT] = "d", [SOURCE_LIKES] = "l"}};
	struct slice in = {(const char *)data, n};
	struct csv_form form;
	struct error e = {0};
	size_t used = 0;
	unsigned lines = 0;

	if (!json)
		json = json_reader_new(64u << 20);
	require(date_read_local(in) >= 0);
	for (int k = SOURCE_UTF8; k <= SOURCE_AUTO; k++) {
		source.encoding = (enum source_encoding)k;
		if (csv_form_read(in, true, &source, &form, &used, &lines, &e) == 0)
			rows(json, &form, (struct slice){in.p + used, in.n - used});
		else
			require(e.text[0] != 0);
	}
	return 0;
}
