/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime.h"
#include <time.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include <tocsin/digest/digest.h>

#define LINE 76u

/* Valid UTF-8 without control characters: what comes from outside cannot begin a line of its own. */
static void clean(struct buf *out, struct slice text)
{
	utf8_repair(out, text);
	for (size_t i = 0; i < out->n; i++)
		if ((unsigned char)out->p[i] < ' ' || out->p[i] == 0x7f)
			out->p[i] = ' ';
}

static bool plain(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x7f)
			return false;
	/* what looks like an encoded word must become one, or it would be decoded */
	return !s.n || !memmem(s.p, s.n, "=?", 2);
}

void mime_base64(struct buf *out, struct slice bytes)
{
	for (size_t i = 0; i < bytes.n; i += LINE / 4 * 3) {
		size_t left = bytes.n - i;
		digest_base64(out,
			(struct slice){bytes.p + i, left < LINE / 4 * 3 ? left : LINE / 4 * 3});
		buf_add_string(out, "\r\n");
	}
}

static void encoded_word(struct buf *out, struct slice s)
{
	buf_add_string(out, "=?UTF-8?B?");
	digest_base64(out, s);
	buf_add_string(out, "?=");
}

/* Encoded words of at most 75 characters, 45 bytes of text each, one a line. */
static void encode(struct buf *out, struct slice text)
{
	bool first = true;
	while (text.n) {
		struct slice part = utf8_cut(text, first ? 36 : 45);
		if (!first)
			buf_add_string(out, "\r\n ");
		encoded_word(out, part);
		text = (struct slice){text.p + part.n, text.n - part.n};
		first = false;
	}
}

/* Folds plain text at blanks. */
static void fold(struct buf *out, struct slice text, size_t column)
{
	while (text.n) {
		const char *blank = text.n > 1 ? memchr(text.p + 1, ' ', text.n - 1) : NULL;
		size_t n = blank ? (size_t)(blank - text.p) : text.n;
		if (column + n > LINE && text.p[0] == ' ' && n > 1) {
			buf_add_string(out, "\r\n");
			column = 0;
		}
		buf_add(out, text.p, n);
		column += n;
		text = (struct slice){text.p + n, text.n - n};
	}
}

#define PLAIN_WORD_MAX 60u /* a longer one could not be folded */

static bool long_word(struct slice s)
{
	size_t run = 0;
	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == ' ' ? 0 : run + 1;
		if (run > PLAIN_WORD_MAX)
			return true;
	}
	return false;
}

void mime_header(struct buf *out, const char *name, struct slice text)
{
	_buf_ struct buf value = {0};
	clean(&value, text);
	struct slice v = buf_slice(&value);
	while (v.n && v.p[0] == ' ')
		v = (struct slice){v.p + 1, v.n - 1};
	while (v.n && v.p[v.n - 1] == ' ')
		v.n--;
	buf_printf(out, "%s: ", name);
	if (plain(v) && !long_word(v))
		fold(out, v, strlen(name) + 2);
	else
		encode(out, v);
	buf_add_string(out, "\r\n");
}

void mime_mailbox(struct buf *out, const char *name, struct slice phrase, const char *address)
{
	_buf_ struct buf value = {0};
	clean(&value, phrase);
	struct slice v = utf8_cut(buf_slice(&value), 200);
	buf_printf(out, "%s: ", name);
	if (!v.n) {
		buf_printf(out, "%s\r\n", address);
		return;
	}
	if (plain(v) && v.n < 60) {
		buf_add_char(out, '"');
		for (size_t i = 0; i < v.n; i++) {
			if (v.p[i] == '"' || v.p[i] == '\\')
				buf_add_char(out, '\\');
			buf_add_char(out, v.p[i]);
		}
		buf_add_char(out, '"');
	} else {
		encode(out, v);
	}
	buf_printf(out, "\r\n <%s>\r\n", address);
}

void mime_date(struct buf *out, int64_t ms)
{
	static const char days[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char months[12][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct local_time l = clock_local(ms);
	struct tm as_utc = {.tm_year = l.year - 1900,
		.tm_mon = l.month - 1,
		.tm_mday = l.day,
		.tm_hour = l.hour,
		.tm_min = l.minute,
		.tm_sec = l.second};
	long east = (long)(timegm(&as_utc) - ms / CLOCK_SECOND) / 60;
	long away = east < 0 ? -east : east;
	buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d %c%02ld%02ld\r\n", days[l.weekday],
		l.day, months[l.month - 1], l.year, l.hour, l.minute, l.second,
		east < 0 ? '-' : '+', away / 60, away % 60);
}

static bool must_encode(struct slice text, size_t i, size_t column)
{
	unsigned char c = (unsigned char)text.p[i];
	bool ends = i + 1 == text.n || text.p[i + 1] == '\n';
	if (c == ' ')
		return ends;
	if (column == 0 && (c == '.' || (text.n - i >= 5 && memcmp(text.p + i, "From ", 5) == 0)))
		return true;
	return c < 0x21 || c > 0x7e || c == '=';
}

void mime_quoted_printable(struct buf *out, struct slice text)
{
	size_t column = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n') {
			buf_add_string(out, "\r\n");
			column = 0;
			continue;
		}
		if (column > LINE - 4) { /* room for three and the soft break */
			buf_add_string(out, "=\r\n");
			column = 0;
		}
		if (must_encode(text, i, column)) {
			buf_printf(out, "=%02X", (unsigned)(unsigned char)text.p[i]);
			column += 3;
		} else {
			buf_add_char(out, text.p[i]);
			column++;
		}
	}
	if (column)
		buf_add_string(out, "\r\n");
}
