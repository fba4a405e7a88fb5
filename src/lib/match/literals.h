/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a text must hold for an expression to match: a set of strings, one of them at least. */
#ifndef MATCH_LITERALS_H
#define MATCH_LITERALS_H
#include "ast.h"

#define STRINGS_MAX 256u
#define EDGE '\x01' /* in a string: a border of a word for PCRE2 */
#define BLANKS '\x02' /* in a string: a run of blanks, as long as it is */
static inline bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == BLANKS;
}

struct strings {
	struct slice *list;
	size_t n;
	bool exact; /* the expression matches these and nothing else */
};

struct need {
	struct strings any; /* n is 0: nothing is needed */
	struct strings also; /* n is 0, or one of these is needed besides */
	double also_rate;
	bool solid; /* the strings are long enough */
	double rate; /* how often one of them stands at a place of a text, by our estimate */
	uint32_t
		reach; /* bytes from the start of a match to the end of the string at most; UINT32_MAX: any */
};

struct literals {
	struct strings whole; /* n is 0: the expression is no short list of strings */
	struct need need;
};

/* The results live in the tree's arena. Strings are of the plain view if the tree is, else of the folded one. */
void tree_literals(const struct tree *tree, struct literals *ret);
/* The string without its edges; which it has in ret_left, ret_right. */
struct slice string_bare(struct slice s, bool *ret_left, bool *ret_right);
/* The probability that a place of French text holds this string, edges included. */
double rarity(struct slice s);
#endif
