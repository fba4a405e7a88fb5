/* SPDX-License-Identifier: GPL-3.0-or-later
 * RE2::Set as a peer of bench-match: all expressions in one set, asked as its users ask it. */
#ifndef PEER_H
#define PEER_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct peer;
/* memory: bytes that the automaton may take. */
struct peer *peer_new(size_t memory);
struct peer *peer_free(struct peer *p);
void peer_add(struct peer *p, const char *pattern, size_t n);
void peer_compile(struct peer *p);
/* How many match. */
size_t peer_find(struct peer *p, const char *text, size_t n);

#ifdef __cplusplus
}
#endif
#endif
