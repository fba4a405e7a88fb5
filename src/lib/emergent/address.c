/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "address.h"
#include <ctype.h>

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The bytes of a dot at i, also of the one that Chinese and Japanese have, which names of the net may have too; 0: there is none. The
 * view has written other spellings of the signs of an address plainly. */
static size_t dot_at(struct slice s, size_t i)
{
	static const char ideographic[] = "\xe3\x80\x82";
	const size_t n = sizeof(ideographic) - 1;

	if (s.p[i] == '.')
		return 1;
	return s.n - i >= n && !memcmp(s.p + i, ideographic, n) ? n : 0;
}

/* "exemple.fr", "rue.Il": a dot with a letter on both sides; "12.5" only when it goes on as a page's address does. */
static bool is_dotted(struct slice s, size_t i, size_t n, bool slashed)
{
	if (!n || !i || i + n >= s.n || !is_letter(s.p[i - 1]) || !is_letter(s.p[i + n]))
		return false;
	return slashed || !isdigit((unsigned char)s.p[i - 1]) ||
		!isdigit((unsigned char)s.p[i + n]);
}

static bool is_address(struct slice s)
{
	bool slashed = false, page = s.n > 2 && (s.p[0] == 'u' || s.p[0] == 'r') && s.p[1] == '/';

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '@')
			return s.n > 1;
		slashed |= s.p[i] == '/';
		page |= s.p[i] == '/' && i && s.p[i - 1] == ':';
	}
	for (size_t i = 0; i < s.n && !page; i++)
		page = is_dotted(s, i, dot_at(s, i), slashed);
	return page;
}

bool addresses_have(struct addresses *a, size_t start)
{
	while (a->end <= start && a->end < a->view.n) {
		size_t begin = a->end;

		while (begin < a->view.n && is_blank(a->view.p[begin]))
			begin++;
		a->end = begin;
		while (a->end < a->view.n && !is_blank(a->view.p[a->end]))
			a->end++;
		a->is_address = (a->cut && a->end == a->view.n) ||
			is_address((struct slice){a->view.p + begin, a->end - begin});
		a->n += a->is_address;
	}
	return a->is_address;
}
