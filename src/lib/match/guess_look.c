/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guess_look.h"

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_euro(struct slice in, size_t at)
{
	return in.n - at >= 3 && memcmp(in.p + at, "\xe2\x82\xac", 3) == 0;
}

/* Bytes of what stands at `at`: 0 when that is no part of a word. *ret_c: its letter. */
static size_t read_letter(struct slice in, size_t at, char *ret_c)
{
	static const char figures[] = {'o', 'i', 'z', 'e', 'a', 's', 'g', 't', 'b', 'g'};
	char c = in.p[at];

	if (is_letter(c))
		*ret_c = c == 'l' ? 'i' : c;
	else if (c >= '0' && c <= '9')
		*ret_c = figures[c - '0'];
	else if (c == '@')
		*ret_c = 'a';
	else if (c == '$')
		*ret_c = 's';
	else if (c == '!' || c == '|')
		*ret_c = 'i';
	else if (is_euro(in, at))
		*ret_c = 'e';
	else
		return 0;
	return *ret_c == 'e' && c == '\xe2' ? 3 : 1;
}

bool look_of_word(struct look *l, struct slice folded)
{
	l->n = l->letters = l->signs = 0;
	for (size_t at = 0; at < folded.n;) {
		size_t n = l->n == LOOK_MAX ? 0 : read_letter(folded, at, &l->text[l->n]);

		if (!n)
			return false;
		l->letters += is_letter(folded.p[at]);
		l->signs += !is_letter(folded.p[at]);
		l->n++;
		at += n;
	}
	return l->n > 0;
}

/* Where what is part of a word and ends at `at` begins; `at` when there is none. */
static size_t before(struct slice in, size_t at)
{
	char c;

	if (at && read_letter(in, at - 1, &c) == 1)
		return at - 1;
	return at >= 3 && is_euro((struct slice){in.p, at}, at - 3) ? at - 3 : at;
}

bool look_token(struct slice folded, size_t *start, size_t *end)
{
	size_t at = *start, n, next;
	char c;

	while ((next = before(folded, at)) < at && *end - next <= (size_t)3 * LOOK_MAX)
		at = next;
	*start = at;
	while (*end < folded.n && *end - at <= (size_t)3 * LOOK_MAX &&
		(n = read_letter(folded, *end, &c)))
		*end += n;
	if (at && !strchr(" \n'\"(", folded.p[at - 1]))
		return false;
	if (*end == folded.n || strchr(" \n,?;:)\"", folded.p[*end]))
		return true;
	return folded.p[*end] == '.' &&
		(*end + 1 == folded.n || !read_letter(folded, *end + 1, &c));
}
