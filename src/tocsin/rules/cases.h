/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plays the cases that stand beside packs. */
#ifndef TOCSIN_RULES_CASES_H
#define TOCSIN_RULES_CASES_H
#include "author.h"

struct cases_result {
	size_t passed, failed;
};
/* What does not come out as expected is an error in p, at the comment. */
void cases_play(struct context *x, const struct ruleset *rules, struct cases_result *ret,
	struct problems *p);
#endif
