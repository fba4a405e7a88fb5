/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/json/tame.h>

#include <tocsin/base/utf8.h>

/* The number of a \uXXXX that stands at i, or -1. */
static int unit_at(struct slice s, size_t i)
{
	int n = 0;

	if (s.n - i < 6 || s.p[i] != '\\' || s.p[i + 1] != 'u')
		return -1;
	for (size_t k = 2; k < 6; k++) {
		char c = s.p[i + k], lower = (char)(c | 0x20);
		int digit = c >= '0' && c <= '9'       ? c - '0'
			: lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
						       : -1;

		if (digit < 0)
			return -1;
		n = 16 * n + digit;
	}
	return n;
}

/* An escape of a string: how many bytes it takes. */
static size_t escape(struct slice s, size_t i, struct buf *out)
{
	int unit = unit_at(s, i), low;
	size_t n = unit >= 0 ? 6 : s.n - i > 1 ? 2 : 1;

	if (unit >= 0xD800 && unit < 0xDC00) {
		low = i + 6 < s.n ? unit_at(s, i + 6) : -1;
		if (low >= 0xDC00 && low < 0xE000)
			n = 12;
		else
			unit = 0;
	} else if (unit >= 0xDC00 && unit < 0xE000) {
		unit = 0;
	}
	if (unit == 0)
		buf_add_string(out, "\\ufffd");
	else
		buf_add(out, s.p + i, n);
	return n;
}

/* A string, from its quotation mark on: how many bytes it takes. */
static size_t string(struct slice s, size_t start, struct buf *out)
{
	size_t i = start + 1;

	buf_add_char(out, '"');
	while (i < s.n && s.p[i] != '"') {
		size_t plain = i;

		while (i < s.n && s.p[i] != '"' && s.p[i] != '\\')
			i++;
		buf_add(out, s.p + plain, i - plain);
		if (i < s.n && s.p[i] == '\\')
			i += escape(s, i, out);
	}
	if (i < s.n) {
		buf_add_char(out, '"');
		i++;
	}
	return i - start;
}

static void tame(struct slice s, struct buf *out)
{
	_buf_ struct buf unseen = {0};
	size_t level = 0, i = 0;

	while (i < s.n) {
		struct buf *to = level > JSON_DEPTH ? &unseen : out;
		char c = s.p[i];

		buf_clear(&unseen);
		if (c == '"') {
			i += string(s, i, to);
			continue;
		}
		if (c == '{' || c == '[') {
			level++;
			if (level > JSON_DEPTH) {
				if (level == JSON_DEPTH + 1)
					buf_add_string(out, "null");
				i++;
				continue;
			}
		}
		buf_add_char(to, c);
		if ((c == '}' || c == ']') && level)
			level--;
		i++;
	}
}

void json_tame(struct slice document, struct buf *out)
{
	_buf_ struct buf text = {0};

	if (utf8_valid(document)) {
		tame(document, out);
		return;
	}
	utf8_repair(&text, document);
	tame(buf_slice(&text), out);
}
