/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/json/json.h>
#include <tocsin/base/utf8.h>
#include <inttypes.h>
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

static void quote(struct buf *out, struct slice s)
{
	static const char hex[] = "0123456789abcdef";
	_buf_ struct buf repaired = {0};
	if (!utf8_valid(s)) {
		utf8_repair(&repaired, s);
		s = buf_slice(&repaired);
	}
	char *p = buf_reserve(out, 6 * s.n + 2), *start = p;
	*p++ = '"';
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		char letter;
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
			*p++ = (char)c;
		} else if ((letter = escape(c))) {
			*p++ = '\\', *p++ = letter;
		} else {
			memcpy(p, "\\u00", 4);
			p[4] = hex[c >> 4], p[5] = hex[c & 15];
			p += 6;
		}
	}
	*p++ = '"';
	out->n += (size_t)(p - start);
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
	separate(w);
	quote(w->out, key);
	buf_add_char(w->out, ':');
	w->comma = false;
}

void json_w_key(struct json_writer *w, const char *key)
{
	json_w_name(w, slice_of(key));
}

void json_w_string(struct json_writer *w, struct slice s)
{
	separate(w);
	quote(w->out, s);
}

void json_w_int(struct json_writer *w, int64_t v)
{
	separate(w);
	buf_printf(w->out, "%" PRId64, v);
}

void json_w_double(struct json_writer *w, double v)
{
	char text[32];
	if (!isfinite(v)) {
		json_w_null(w);
		return;
	}
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
	buf_add_string(w->out, v ? "true" : "false");
}

void json_w_null(struct json_writer *w)
{
	separate(w);
	buf_add_string(w->out, "null");
}

void json_w_raw(struct json_writer *w, struct slice json)
{
	separate(w);
	buf_add_slice(w->out, json);
}
