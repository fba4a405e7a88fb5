/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/archive/archive.h>

/* What makes a spreadsheet calculate, also in its wide forms, also behind blanks. */
static bool is_formula(struct slice text)
{
	static const char *const starts[] = {"=", "+", "-", "@", "|", "%", "\xef\xbc\x9d",
		"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0", "\xe2\x88\x92"};

	while (text.n) {
		size_t blank = strchr(" \t\r\n\v\f", text.p[0]) ? 1
			: slice_begins(text, "\xc2\xa0")        ? 2
			: slice_begins(text, "\xef\xbb\xbf") ||
				slice_begins(text, "\xe3\x80\x80") ||
				slice_begins(text, "\xe2\x80\x8b")
			? 3
			: 0;

		if (!blank)
			break;
		text = (struct slice){text.p + blank, text.n - blank};
	}
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (slice_begins(text, starts[i]))
			return true;
	return false;
}

void csv_cell(struct buf *out, struct slice text, bool first)
{
	if (!first)
		buf_add_char(out, ';');
	buf_add_char(out, '"');
	if (is_formula(text))
		buf_add_char(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '"');
}

void csv_end(struct buf *out)
{
	buf_add_string(out, "\r\n");
}
