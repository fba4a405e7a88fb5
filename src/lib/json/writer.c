/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/json/json.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/lanes.h>
#include <tocsin/base/utf8.h>
#include <math.h>

static void separate(struct json_writer *w)
{
	if (w->comma)
		buf_add_char(w->out, ',');
	w->comma = true;
}

/* The letter behind the backslash, or 0 when \\u00xx is needed. */
static char escape(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\': return (char)c;
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	default: return 0;
	}
}

/* Bytes from s[i] on that need no escape. */
static size_t plain_run(const char *s, size_t i, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	size_t start = i;
	for (; n - i >= 8; i += 8) {
		uint64_t w;
		memcpy(&w, s + i, 8);
		uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\', delete = w ^ ones * 0x7f;
		/* A high bit for each byte below 0x20, or zero after the exclusive or. Carries can only
		 * add false alarms behind a true one. */
		uint64_t hit = ((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) |
			((slash - ones) & ~slash) | ((delete - ones) & ~delete);
		if (hit & highs)
			break;
	}
	for (; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
			break;
	}
	return i - start;
}

static void add_escaped(struct buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char letter = escape(c);
	if (letter)
		buf_add(out, (char[]){'\\', letter}, 2);
	else
		buf_add(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
}

/* What is no ASCII, or needs an escape. */
static lanes is_odd(lanes v)
{
	return (v < lanes_all(' ')) | (v == lanes_all('"')) | (v == lanes_all('\\')) |
		(v == lanes_all(0x7f));
}

/* Whether all of it is ASCII without escapes: most strings are. */
static bool is_plain(struct slice s)
{
	lanes odd = {0};
	size_t i = 0;

	for (; s.n - i >= LANES; i += LANES)
		odd |= is_odd(lanes_load(s.p + i));
	if (i && i < s.n) { /* the end, with bytes that were looked at already */
		odd |= is_odd(lanes_load(s.p + s.n - LANES));
		i = s.n;
	}
	for (; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x20 || c == '"' || c == '\\' || c >= 0x7f)
			return false;
	}
	return !lanes_bits(odd);
}

/* With the comma before it where one is due, and a colon behind a key; a line of a verdict has fifty of them. */
static inline void quote_plain(struct json_writer *w, struct slice s, bool key)
{
	char *start = buf_reserve(w->out, s.n + 4), *p = start;

	*p = ',';
	p += w->comma;
	*p++ = '"';
	if (s.n)
		memcpy(p, s.p, s.n);
	p += s.n;
	*p++ = '"';
	*p = ':';
	p += key;
	w->out->n += (size_t)(p - start);
	w->comma = !key;
}

static void quote_odd(struct json_writer *w, struct slice s)
{
	struct buf *out = w->out;
	_buf_ struct buf repaired = {0};
	separate(w);
	if (!utf8_valid(s)) {
		utf8_repair(&repaired, s);
		s = buf_slice(&repaired);
	}
	buf_reserve(out, s.n + 2);
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		size_t run = plain_run(s.p, i, s.n);
		buf_add(out, s.p + i, run);
		i += run;
		if (i < s.n)
			add_escaped(out, (unsigned char)s.p[i]);
	}
	buf_add_char(out, '"');
}

static void quote(struct json_writer *w, struct slice s)
{
	if (is_plain(s))
		quote_plain(w, s, false);
	else
		quote_odd(w, s);
}

void json_w_begin(struct json_writer *w, char bracket)
{
	separate(w);
	buf_add_char(w->out, bracket);
	w->comma = false;
}

void json_w_end(struct json_writer *w, char bracket)
{
	buf_add_char(w->out, bracket);
	w->comma = true;
}

void json_w_name(struct json_writer *w, struct slice key)
{
	quote(w, key);
	buf_add_char(w->out, ':');
	w->comma = false;
}

void json_w_key(struct json_writer *w, const char *key)
{
	quote_plain(w, slice_of(key), true);
}

void json_w_string(struct json_writer *w, struct slice s)
{
	quote(w, s);
}

void json_w_strings(struct json_writer *w, const char *key, const struct slice *list, size_t n)
{
	json_w_key(w, key);
	json_w_begin(w, '[');
	for (size_t i = 0; i < n; i++)
		json_w_string(w, list[i]);
	json_w_end(w, ']');
}

void json_w_int(struct json_writer *w, int64_t v)
{
	separate(w);
	char digits[20], *p = digits + sizeof(digits);
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	do {
		*--p = (char)('0' + rest % 10);
	} while (rest /= 10);
	if (v < 0)
		*--p = '-';
	buf_add(w->out, p, (size_t)(digits + sizeof(digits) - p));
}

/* Scores and the like: a few figures with two behind the point at most, which printf takes a microsecond for. */
static bool write_hundredths(struct json_writer *w, double v)
{
	int64_t hundredths;
	unsigned rest;
	if (!(v >= 0 && v < 1e9) || signbit(v))
		return false;
	hundredths = (int64_t)(v * 100 + 0.5);
	if ((double)hundredths / 100 != v)
		return false;
	json_w_int(w, hundredths / 100);
	rest = (unsigned)(hundredths % 100);
	if (rest)
		buf_add(w->out, (char[]){'.', (char)('0' + rest / 10), (char)('0' + rest % 10)},
			rest % 10 ? 3 : 2);
	return true;
}

void json_w_double(struct json_writer *w, double v)
{
	char text[32];
	if (!isfinite(v)) {
		json_w_null(w);
		return;
	}
	if (write_hundredths(w, v))
		return;
	separate(w);
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (digits == 17 || strtod(text, NULL) == v)
			break;
	}
	buf_add_string(w->out, text);
}

void json_w_bool(struct json_writer *w, bool v)
{
	separate(w);
	buf_add_slice(w->out, v ? SLICE("true") : SLICE("false"));
}

void json_w_null(struct json_writer *w)
{
	separate(w);
	buf_add_slice(w->out, SLICE("null"));
}

void json_w_raw(struct json_writer *w, struct slice json)
{
	separate(w);
	buf_add_slice(w->out, json);
}

void json_w_text(struct json_writer *w, const char *key, struct slice s)
{
	json_w_key(w, key);
	json_w_string(w, s);
}

void json_w_number(struct json_writer *w, const char *key, int64_t v)
{
	json_w_key(w, key);
	json_w_int(w, v);
}

void json_w_time(struct json_writer *w, const char *key, int64_t ms)
{
	char text[CLOCK_TEXT];
	json_w_key(w, key);
	if (ms > 0)
		json_w_string(w, slice_of(clock_format(ms, text)));
	else
		json_w_null(w);
}
