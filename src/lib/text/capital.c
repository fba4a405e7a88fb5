/* SPDX-License-Identifier: GPL-3.0-or-later
 * « débiIe »: the capital I that looks like a small l, read as one before anything else is made of the text. */
#include "views.h"

/* A small letter of French in two bytes: àâçéèêëîïôùûüÿœæ and their like. */
static bool is_small_accented(const char *p)
{
	unsigned char lead = (unsigned char)p[0], trail = (unsigned char)p[1];

	return (lead == 0xC3 && trail >= 0x9F && trail <= 0xBF && trail != 0xB7) ||
		(lead == 0xC5 && trail == 0x93);
}

/* Where the small letters begin that end before `at`: at itself when there is none. */
static const char *small_before(struct slice in, const char *at)
{
	while (at > in.p) {
		if (is_letter(at[-1]))
			at--;
		else if (at - in.p >= 2 && is_small_accented(at - 2))
			at -= 2;
		else
			break;
	}
	return at;
}

/* The I at `at` stands for an l: all letters of its word before it are small, and the next is too. Not « #StopIncendie »,
 * whose I begins a word, nor « l’Isère », « DeIa », « mI ». */
static bool is_l(struct slice in, const char *at)
{
	const char *end = in.p + in.n, *word = small_before(in, at);

	if (word == at || at + 1 == end)
		return false;
	if (word > in.p &&
		(word[-1] == '#' || word[-1] == '@' || (word[-1] >= 'A' && word[-1] <= 'Z')))
		return false;
	return is_letter(at[1]) || (end - at > 2 && is_small_accented(at + 1));
}

struct slice capital_read(struct text_views *v)
{
	struct slice in = v->original;
	const char *end = in.p + in.n, *at = in.n ? memchr(in.p, 'I', in.n) : NULL;

	buf_clear(&v->read);
	for (; at; at = at + 1 < end ? memchr(at + 1, 'I', (size_t)(end - at - 1)) : NULL) {
		if (!is_l(in, at))
			continue;
		if (!v->read.n)
			buf_add_slice(&v->read, in);
		v->read.p[at - in.p] = 'l';
	}
	return v->read.n ? buf_slice(&v->read) : in;
}
