/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guard.h"

struct framing {
	unsigned hosts, lengths, codings, expects;
	struct slice host, length, coding, expect;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool guard_same(struct slice a, const char *b)
{
	size_t i = 0;
	for (; i < a.n && b[i]; i++)
		if (lower(a.p[i]) != lower(b[i]))
			return false;
	return i == a.n && !b[i];
}

/* RFC 9110, 5.6.2 */
static bool is_token(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool alnum = (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
		if (!alnum && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return s.n > 0;
}

static bool is_visible(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e)
			return false;
	return true;
}

static bool is_host(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("/\\@?#,<>\"{}|^`", s.p[i]))
			return false;
	return s.n > 0 && is_visible(s);
}

/* Digits only, and few enough not to overflow. */
static bool read_length(struct slice s, uint64_t *ret)
{
	uint64_t v = 0;
	if (s.n == 0 || s.n > 18)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(s.p[i] - '0');
	}
	*ret = v;
	return true;
}

static void note(struct framing *f, const struct guard_field *field)
{
	struct {
		const char *name;
		unsigned *count;
		struct slice *value;
	} const known[] = {{"host", &f->hosts, &f->host},
		{"content-length", &f->lengths, &f->length},
		{"transfer-encoding", &f->codings, &f->coding},
		{"expect", &f->expects, &f->expect}};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (guard_same(field->name, known[i].name)) {
			++*known[i].count;
			*known[i].value = field->value;
		}
}

/* The next line without its CRLF. Everything but CRLF, tab and 0x20 to 0xff (not 0x7f) is malformed. */
static int next_line(struct slice raw, size_t *at, struct slice *ret)
{
	for (size_t i = *at; i < raw.n; i++) {
		unsigned char c = (unsigned char)raw.p[i];
		if (c == '\r') {
			if (i + 1 == raw.n)
				return GUARD_MORE;
			if (raw.p[i + 1] != '\n')
				return GUARD_MALFORMED;
			*ret = (struct slice){raw.p + *at, i - *at};
			*at = i + 2;
			return 0;
		}
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return GUARD_MALFORMED;
	}
	return GUARD_MORE;
}

static bool read_request_line(struct slice line, struct guard_head *head)
{
	const char *first = memchr(line.p, ' ', line.n);
	const char *last = memrchr(line.p, ' ', line.n);
	if (!first || first == last)
		return false;
	head->method = (struct slice){line.p, (size_t)(first - line.p)};
	head->target = (struct slice){first + 1, (size_t)(last - first - 1)};
	head->version = (struct slice){last + 1, line.n - (size_t)(last + 1 - line.p)};
	return is_token(head->method) && head->target.n > 0 && head->target.p[0] == '/' &&
		is_visible(head->target) && !memchr(head->target.p, '#', head->target.n) &&
		head->version.n == 8 && memcmp(head->version.p, "HTTP/", 5) == 0;
}

static bool read_field(struct slice line, struct guard_field *field)
{
	const char *colon = memchr(line.p, ':', line.n);
	if (!colon)
		return false;
	field->name = (struct slice){line.p, (size_t)(colon - line.p)};
	const char *p = colon + 1, *end = line.p + line.n;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	field->value = (struct slice){p, (size_t)(end - p)};
	return is_token(field->name);
}

int guard_read(struct slice raw, size_t max, struct guard_field *fields, struct guard_head *ret,
	size_t *ret_n)
{
	struct guard_head head = {.fields = fields};
	struct slice line;
	size_t at = 0;
	bool cut = raw.n > max;
	if (cut)
		raw.n = max;
	int r = next_line(raw, &at, &line);
	if (r == 0 && !read_request_line(line, &head))
		return GUARD_MALFORMED;
	while (r == 0) {
		r = next_line(raw, &at, &line);
		if (r || line.n == 0)
			break;
		if (head.n_fields == GUARD_FIELDS_MAX)
			return GUARD_TOO_LARGE;
		if (!read_field(line, &fields[head.n_fields++]))
			return GUARD_MALFORMED;
	}
	if (r == GUARD_MORE && (cut || raw.n == max))
		return GUARD_TOO_LARGE;
	if (r)
		return r;
	*ret = head;
	*ret_n = at;
	return 0;
}

/* Does everybody who reads this request see it end at the same byte? */
static unsigned check_framing(bool http11, const struct framing *f, struct guard_verdict *v)
{
	if (f->hosts > 1 || (http11 && f->hosts == 0) || (f->hosts && !is_host(f->host)))
		return 400;
	if (f->lengths > 1 || f->codings > 1 || (f->lengths && f->codings) ||
		(f->codings && !http11))
		return 400;
	if (f->lengths && !read_length(f->length, &v->length))
		return 400;
	if (f->codings && !guard_same(f->coding, "chunked"))
		return 501;
	v->chunked = f->codings > 0;
	v->framed = true;
	if (f->expects > 1 || (f->expects && !guard_same(f->expect, "100-continue")))
		return 417;
	v->waits = f->expects && http11;
	return 0;
}

static unsigned check_body(const struct guard_head *head, const struct guard_limits *limits,
	const struct framing *f, const struct guard_verdict *v)
{
	bool known = false;
	for (size_t i = 0; limits->methods[i]; i++)
		known |= slice_is(head->method, limits->methods[i]);
	if (!known)
		return 405;
	if (slice_is(head->method, "POST") || slice_is(head->method, "PUT") ||
		slice_is(head->method, "PATCH")) {
		if (!f->lengths && !f->codings)
			return 411;
	} else if (v->length || v->chunked) {
		return 400;
	}
	return v->length > limits->body_bytes ? 413 : 0;
}

const char *guard_key(unsigned status)
{
	switch (status) {
	case 0: return NULL;
	case 405: return "method_not_allowed";
	case 411: return "length_required";
	case 413: return "too_large";
	case 417: return "expectation_failed";
	case 431: return "header_too_large";
	case 503: return "busy";
	case 501: return "not_implemented";
	case 505: return "version_not_supported";
	default: return "bad_request";
	}
}

struct guard_verdict guard_check(const struct guard_head *head, const struct guard_limits *limits)
{
	struct guard_verdict v = {0};
	struct framing f = {0};
	bool http11 = slice_is(head->version, "HTTP/1.1");
	if (!http11 && !slice_is(head->version, "HTTP/1.0"))
		v.status = 505;
	for (size_t i = 0; i < head->n_fields; i++)
		note(&f, &head->fields[i]);
	if (!v.status)
		v.status = check_framing(http11, &f, &v);
	if (!v.status)
		v.status = check_body(head, limits, &f, &v);
	v.key = guard_key(v.status);
	return v;
}
