/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plain checker, run only on what simdjson refused: to say where and what. */
#include "scan.h"
#include <tocsin/base/utf8.h>

struct scan {
	const char *p, *end;
};

static void blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool take(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* The value of four hexadecimal digits, or -1. */
static int hex4(const char *p, const char *end)
{
	int v = 0;
	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : -1;
		if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			digit = (c | 0x20) - 'a' + 10;
		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

/* Behind a backslash. */
static const char *escape(struct scan *s)
{
	static const char unknown[] = "échappement inconnu";
	if (s->p == s->end)
		return "chaîne non fermée";
	if (*s->p != 'u') {
		if (!*s->p || !strchr("\"\\/bfnrt", *s->p))
			return unknown;
		s->p++;
		return NULL;
	}
	int v = hex4(s->p + 1, s->end);
	if (v < 0)
		return unknown;
	if (v >= 0xDC00 && v <= 0xDFFF)
		return "moitié de caractère isolée (\\udcxx)";
	if (v >= 0xD800 && v <= 0xDBFF) {
		int low = s->end - s->p >= 11 && s->p[5] == '\\' && s->p[6] == 'u'
			? hex4(s->p + 7, s->end)
			: -1;
		if (low < 0xDC00 || low > 0xDFFF)
			return "moitié de caractère isolée (\\ud8xx)";
		s->p += 6;
	}
	s->p += 5;
	return NULL;
}

/* Behind the opening quote. */
static const char *string(struct scan *s)
{
	while (s->p < s->end) {
		unsigned char c = (unsigned char)*s->p;
		if (c < 0x20)
			return "caractère de contrôle dans une chaîne";
		s->p++;
		if (c == '"')
			return NULL;
		const char *fault = c == '\\' ? escape(s) : NULL;
		if (fault)
			return fault;
	}
	return "chaîne non fermée";
}

static bool digits(struct scan *s)
{
	const char *start = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > start;
}

static const char *number(struct scan *s)
{
	static const char wrong[] = "nombre mal écrit";
	take(s, '-');
	if (!take(s, '0') && !digits(s))
		return wrong;
	if (take(s, '.') && !digits(s))
		return wrong;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		if (!digits(s))
			return wrong;
	}
	if (s->p < s->end && !strchr(" \t\n\r,]}", *s->p))
		return wrong;
	return s->p < s->end && !*s->p ? wrong : NULL;
}

static const char *scalar(struct scan *s)
{
	static const char *const literals[] = {"true", "false", "null"};
	if (take(s, '"'))
		return string(s);
	if (s->p < s->end && (*s->p == '-' || (*s->p >= '0' && *s->p <= '9')))
		return number(s);
	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(literals[i]);
		if ((size_t)(s->end - s->p) >= n && memcmp(s->p, literals[i], n) == 0) {
			s->p += n;
			return NULL;
		}
	}
	return s->p == s->end ? "le texte s'arrête ici, une valeur manque" : "valeur attendue";
}

/* A key and its colon. */
static const char *key(struct scan *s)
{
	blanks(s);
	if (!take(s, '"'))
		return "clé entre guillemets attendue";
	const char *fault = string(s);
	if (fault)
		return fault;
	blanks(s);
	return take(s, ':') ? NULL : "« : » attendu";
}

/* Behind a value: closes what ends here, leaves *done true at the end of the document or steps to the
 * next member. */
static const char *behind(struct scan *s, const char *open, unsigned *level, bool *done)
{
	for (;;) {
		blanks(s);
		if (*level == 0) {
			*done = true;
			return s->p == s->end ? NULL : "texte en trop après la valeur";
		}
		bool object = open[*level - 1] == '{';
		if (take(s, ','))
			return object ? key(s) : NULL;
		if (!take(s, object ? '}' : ']'))
			return object ? "« , » ou « } » attendu" : "« , » ou « ] » attendu";
		--*level;
	}
}

static const char *document_fault(struct scan *s, unsigned depth)
{
	char open[256];
	unsigned level = 0;
	bool done = false;
	const char *fault = NULL;
	if (depth > sizeof(open))
		depth = sizeof(open);
	while (!fault && !done) {
		blanks(s);
		char c = s->p < s->end ? *s->p : '\0';
		if (c != '{' && c != '[') {
			fault = scalar(s);
		} else {
			if (level == depth)
				return "trop de niveaux";
			open[level++] = c;
			s->p++;
			blanks(s);
			if (!take(s, c == '{' ? '}' : ']')) {
				fault = c == '{' ? key(s) : NULL;
				continue;
			}
			level--;
		}
		if (!fault)
			fault = behind(s, open, &level, &done);
	}
	return fault;
}

const char *json_scan_fault(struct slice document, unsigned depth, size_t *ret_offset)
{
	const char *start = document.n ? document.p : "";
	struct scan s = {start, start + document.n};
	const char *fault = document_fault(&s, depth);
	size_t at = (size_t)(s.p - start), valid = utf8_valid_prefix(document);
	if (valid < document.n && (!fault || valid <= at)) {
		fault = "ce n'est pas de l'UTF-8";
		at = valid;
	}
	*ret_offset = at;
	return fault;
}
