/* SPDX-License-Identifier: GPL-3.0-or-later
 * One scan for all the expressions that no literal announces: RE2 runs a wider form of each (its cover), all at once,
 * in one automaton. A cover matches wherever the expression does, and elsewhere too: it only announces. */
#ifndef MATCH_COVER_H
#define MATCH_COVER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define COVER_FEW 256 /* so many are asked one by one or in small groups */

struct cover;
/* memory: bytes that the automaton of very many expressions may take; up to 256 make one a group of eight and one each,
 * of an eighth and a 32nd. When one takes more, an expression may match that does not. */
struct cover *cover_new(size_t memory);
struct cover *cover_free(struct cover *c);
/* The next number, or -1 when RE2 refuses the text. */
int cover_add(struct cover *c, const char *pattern, size_t n);
bool cover_compile(struct cover *c);

/* Of one thread. */
struct cover_scratch;
struct cover_scratch *cover_scratch_new(void);
struct cover_scratch *cover_scratch_free(struct cover_scratch *s);
/* How many may match, their numbers in *ret; of a cover of few, only those whose bit in `asked` is set. A cover of 256 expressions or fewer allocates nothing, but the automaton's
 * states when they are first met; of more, only in a text that one of them matches. */
size_t cover_find(const struct cover *c, struct cover_scratch *s, const char *text, size_t n,
	const uint64_t asked[COVER_FEW / 64], const int **ret);

#ifdef __cplusplus
}
#endif
#endif
