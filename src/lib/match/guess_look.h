/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a word looks like, when each sign or figure is the letter that it stands for, and i and l are one letter: imbeclIe,
 * abrut!, 74r3, $@l@ud. */
#ifndef MATCH_GUESS_LOOK_H
#define MATCH_GUESS_LOOK_H
#include <tocsin/base/slice.h>

#define LOOK_MAX 40u

struct look {
	char text[LOOK_MAX];
	size_t n;
	unsigned letters, signs; /* signs: figures too */
};
/* False: other bytes are in it, or too many. */
bool look_of_word(struct look *l, struct slice folded);
/* The token around [*start, *end) of the folded view: letters, figures and signs; false when it stands beside what makes
 * it none: an address, a formula. */
bool look_token(struct slice folded, size_t *start, size_t *end);
/* True when a sign that may be a letter stands just before `start` or at `end`: @ $ ! | or a byte of €. The view has
 * blanks behind it. */
static inline bool look_is_signed(struct slice folded, size_t start, size_t end)
{
	static const bool
		before[256] =
			{['@'] = true, ['$'] = true, ['!'] = true, ['|'] = true, [0xac] = true},
		behind[256] = {
			['@'] = true, ['$'] = true, ['!'] = true, ['|'] = true, [0xe2] = true};

	return (start && before[(unsigned char)folded.p[start - 1]]) ||
		behind[(unsigned char)folded.p[end]];
}
#endif
