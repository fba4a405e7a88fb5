/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_REGEX_H
#define MATCH_REGEX_H
#include <tocsin/base/utf8.h>

#include "set.h"

#define ANNOUNCE_MAX 32u

/* PCRE2 under our limits; one a thread. */
struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};
void matcher_init(struct matcher *m);
void matcher_release(struct matcher *m);
/* As pcre2_match: positive, PCRE2_ERROR_NOMATCH, or the limit that was hit. */
int matcher_run(struct matcher *m, const pcre2_code *code, struct slice text, size_t start,
	uint32_t options);

/* Literals of which at least one is in every text that the pattern matches, each at least `min` bytes
 * long. Over-approximates by skipping what it does not understand. 0 when there are none. */
size_t required_literals(struct slice pattern, size_t min, struct slice ret[static ANNOUNCE_MAX]);
#endif
