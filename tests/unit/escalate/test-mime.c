/* SPDX-License-Identifier: GPL-3.0-or-later
 * Headers that nothing can break out of; quoted-printable; dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <tocsin/base/clock.h>
#include "mime.h"

static void headers(void **state)
{
	static const struct {
		const char *text, *header;
	} cases[] = {
		{"tocsin ORANGE", "Subject: tocsin ORANGE\r\n"},
		{"", "Subject: \r\n"},
		{"a\r\nBcc: x@y", "Subject: a  Bcc: x@y\r\n"},
		{"a\nb\x01"
		 "c\x7f",
			"Subject: a b c\r\n"},
		{"é", "Subject: =?UTF-8?B?w6k=?=\r\n"},
		{"=?UTF-8?B?w6k=?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP3c2az0/PQ==?=\r\n"},
		{"\xff", "Subject: =?UTF-8?B?77+9?=\r\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		mime_header(&out, "Subject", slice_of(cases[i].text));
		assert_string_equal(buf_string(&out), cases[i].header);
	}
}

static void no_line_is_too_long(struct slice s, size_t limit)
{
	size_t column = 0;
	for (size_t i = 0; i < s.n; i++) {
		assert_true((unsigned char)s.p[i] < 0x80);
		if (s.p[i] == '\n')
			assert_true(i > 0 && s.p[i - 1] == '\r');
		column = s.p[i] == '\n' ? 0 : column + 1;
		assert_true(column <= limit);
	}
}

static void long_headers(void **state)
{
	(void)state;
	for (int form = 0; form < 3; form++) {
		_buf_ struct buf text = {0}, out = {0};
		for (int i = 0; i < 400; i++)
			buf_add_string(&text, form == 0 ? "mot " : form == 1 ? "x" : "é ");
		mime_header(&out, "Subject", buf_slice(&text));
		no_line_is_too_long(buf_slice(&out), 78);
		/* one header: each line but the first begins with a blank */
		for (size_t i = 0; i + 1 < out.n; i++)
			if (out.p[i] == '\n')
				assert_int_equal(out.p[i + 1], ' ');
	}
}

static void mailboxes(void **state)
{
	static const struct {
		const char *phrase, *header;
	} cases[] = {
		{"", "To: a@b\r\n"},
		{"A. Roche", "To: \"A. Roche\"\r\n <a@b>\r\n"},
		{"A \"x\" \\ <c@d>", "To: \"A \\\"x\\\" \\\\ <c@d>\"\r\n <a@b>\r\n"},
		{"a\r\nBcc: x@y", "To: \"a  Bcc: x@y\"\r\n <a@b>\r\n"},
		{"Zoé", "To: =?UTF-8?B?Wm/DqQ==?=\r\n <a@b>\r\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		mime_mailbox(&out, "To", slice_of(cases[i].phrase), "a@b");
		assert_string_equal(buf_string(&out), cases[i].header);
	}
}

static void dates(void **state)
{
	static const struct {
		const char *zone;
		int64_t at;
		const char *header;
	} cases[] = {
		{"Europe/Paris", INT64_C(1795518600000),
			"Date: Tue, 24 Nov 2026 12:10:00 +0100\r\n"},
		{"Europe/Paris", INT64_C(1783160405000),
			"Date: Sat, 4 Jul 2026 12:20:05 +0200\r\n"},
		{"America/Guadeloupe", INT64_C(1795518600000),
			"Date: Tue, 24 Nov 2026 07:10:00 -0400\r\n"},
		{"Asia/Kolkata", INT64_C(1795518600000),
			"Date: Tue, 24 Nov 2026 16:40:00 +0530\r\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		assert_int_equal(clock_zone_set(cases[i].zone), 0);
		mime_date(&out, cases[i].at);
		assert_string_equal(buf_string(&out), cases[i].header);
	}
}

static void quoted_printable(void **state)
{
	static const struct {
		const char *text, *encoded;
	} cases[] = {
		{"a=b é", "a=3Db =C3=A9\r\n"},
		{"fin \nsuite\t\n", "fin=20\r\nsuite=09\r\n"},
		{".\n..\nFrom moi\nFin", "=2E\r\n=2E.\r\n=46rom moi\r\nFin\r\n"},
		{"a\r\nb", "a=0D\r\nb\r\n"},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_buf_ struct buf out = {0};
		mime_quoted_printable(&out, slice_of(cases[i].text));
		assert_string_equal(buf_string(&out), cases[i].encoded);
	}
	_buf_ struct buf text = {0}, out = {0};
	for (int i = 0; i < 3000; i++)
		buf_add_string(&text, i % 7 ? "x" : "é");
	mime_quoted_printable(&out, buf_slice(&text));
	no_line_is_too_long(buf_slice(&out), 77); /* 76 and CR */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(headers),
		cmocka_unit_test(long_headers), cmocka_unit_test(mailboxes),
		cmocka_unit_test(dates), cmocka_unit_test(quoted_printable)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
