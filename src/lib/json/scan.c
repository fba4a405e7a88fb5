/* SPDX-License-Identifier: GPL-3.0-or-later
 * Over valid documents only. */
#include "scan.h"

enum { LONG_INTEGER = 18 }; /* digits: 18 always fit in int64_t */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the token that starts at p. */
static const char *token_end(const char *p, const char *end)
{
	if (strchr("{}[]:,", *p))
		return p + 1;
	if (*p == '"') {
		for (p++; *p != '"'; p++)
			p += *p == '\\';
		return p + 1;
	}
	while (p < end && !is_blank(*p) && !strchr("{}[]:,", *p))
		p++;
	return p;
}

static bool is_key(const char *behind, const char *end)
{
	while (behind < end && is_blank(*behind))
		behind++;
	return behind < end && *behind == ':';
}

void json_scan_print(struct buf *out, struct slice document, uint32_t at)
{
	const char *p = document.p, *end = p + document.n;
	uint32_t seen = 0; /* values that began */
	int64_t level = 0;
	while (p < end) {
		if (is_blank(*p)) {
			p++;
			continue;
		}
		const char *behind = token_end(p, end);
		bool opens = *p == '{' || *p == '[', closes = *p == '}' || *p == ']';
		bool value =
			!closes && *p != ',' && *p != ':' && !(*p == '"' && is_key(behind, end));
		seen += value;
		if (seen > at) {
			buf_add(out, p, (size_t)(behind - p));
			level += opens - closes;
			if (level == 0)
				return;
		}
		p = behind;
	}
}

static bool is_long_integer(const char *p, const char *end)
{
	const char *start = p;
	p += *p == '-';
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p == end && end - start > LONG_INTEGER;
}

void json_scan_widen(struct buf *out, struct slice document)
{
	const char *p = document.p, *end = p + document.n;
	while (p < end) {
		const char *behind = is_blank(*p) ? p + 1 : token_end(p, end);
		buf_add(out, p, (size_t)(behind - p));
		if (*p != '"' && is_long_integer(p, behind))
			buf_add(out, "e0", 2);
		p = behind;
	}
}
