/* SPDX-License-Identifier: GPL-3.0-or-later
 * PCRE2 under our limits. */
#ifndef MATCH_REGEX_H
#define MATCH_REGEX_H
#include <tocsin/base/utf8.h>

#include "set.h"

/* One a thread. */
struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};
void matcher_init(struct matcher *m);
void matcher_release(struct matcher *m);
/* As pcre2_match, for code that was made ready: positive, PCRE2_ERROR_NOMATCH, or the limit that was hit. Text is
 * valid UTF-8. Empty matches do not count. */
int matcher_run(struct matcher *m, const pcre2_code *code, struct slice text, size_t start,
	uint32_t options);
static inline const PCRE2_SIZE *matcher_found(const struct matcher *m)
{
	return pcre2_get_ovector_pointer(m->data);
}
/* Compiles without or with the machine code; NULL with the reason in *f. */
pcre2_code *regex_compile(struct slice pattern, struct match_fault *f);
bool regex_ready(pcre2_code *code, struct match_fault *f);
/* The same expression, ready, for text that is ASCII and nothing else: PCRE2 reads \w in Unicode's tables, which takes it
 * several times as long. NULL: it cannot be had, and is not needed. */
pcre2_code *regex_narrow(struct slice pattern);
/* The code against texts that make bad patterns run away. */
bool regex_runs_away(struct slice pattern, const pcre2_code *code);
/* Says why in *f; always returns true. */
bool fault(struct match_fault *f, const char *hint, const char *format, ...) _format_(3, 4);
#endif
