/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sets of one expression, and the oracle: PCRE2 in a loop over the same view. */
#ifndef TESTING_H
#define TESTING_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include "regex.h"

struct probe {
	struct match_set *set;
	struct match_scratch *scratch;
	struct matcher matcher;
	pcre2_code *code;
	bool plain;
	enum match_way way;
};
/* False when the expression is refused. */
bool probe_open(struct probe *p, struct slice pattern, struct match_fault *f);
/* The same of a set that knows words: it writes out SMS spelling. */
bool probe_open_knowing(struct probe *p, struct slice pattern, struct match_fault *f);
void probe_close(struct probe *p);
/* Fails unless the set finds in the text what PCRE2 finds. Returns how many matches; a text that hits a limit of
 * PCRE2 counts as none and must be said to be limited. */
unsigned probe_compare(struct probe *p, struct slice pattern, struct slice text);
/* The same in the text with its SMS spelling written out; *ret_spelled: it has some. */
unsigned probe_compare_spelled(
	struct probe *p, struct slice pattern, struct slice text, bool *ret_spelled);
/* Below n; the same row of numbers in each run, but for MATCH_SEED. */
unsigned below(unsigned n);
#endif
