/* SPDX-License-Identifier: GPL-3.0-or-later
 * The set of all forms as a minimal acyclic automaton (DAWG). Exact, small (the 0.4 million forms of French: 0.7 MB) and
 * readable where it lies. Built from sorted words by the incremental algorithm of Daciuk, Mihov, Watson and Watson
 * (Computational Linguistics 26(1), 2000), with the accepting mark on edges instead of nodes.
 *
 * An edge is 32 bits: symbol << 24 | accepting << 23 | last of its node << 22 | target; a node is the place of its
 * first edge, 0 is the node without edges; a node's edges lead to lower places only. A symbol is a letter's rank. */
#ifndef INFLECT_LEXICON_H
#define INFLECT_LEXICON_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>
#include <tocsin/inflect/inflect.h>
#include "dict.h"

#define LEXICON_EDGES_MAX ((uint32_t)1 << 22)
#define LEXICON_SYMBOLS_MAX 255u /* from 1 */
#define LEXICON_WORD_MAX 64u /* letters; longer forms are left out */
#define SYMBOL_TEXT 7u

#define EDGE_SYMBOL(e) ((e) >> 24)
#define EDGE_ACCEPTS(e) ((e) >> 23 & 1u)
#define EDGE_LAST(e) ((e) >> 22 & 1u)
#define EDGE_TARGET(e) ((e) & (LEXICON_EDGES_MAX - 1))

/* 16 bytes, as in the file. */
struct symbol {
	uint8_t n_plain, n_folded;
	char plain[SYMBOL_TEXT], folded[SYMBOL_TEXT];
};
struct lexicon {
	const struct symbol *symbols; /* n_symbols of them; the first one is symbol 1 */
	const uint32_t *edges; /* the first one is unused */
	uint32_t n_symbols, n_edges, root, n_words;
	void *owned_symbols, *owned_edges; /* NULL when they lie in a packed file */
	uint8_t ascii[128]; /* symbol of an ASCII letter, 0: none */
};

/* -E2BIG beyond the limits. */
int lexicon_build(struct lexicon *l, const struct dict *d, struct error *e) _must_check_;
/* After the members are set from outside bytes: false when an edge, a symbol or the count is wrong. */
bool lexicon_check(struct lexicon *l);
void lexicon_release(struct lexicon *l);
bool lexicon_has(const struct lexicon *l, struct slice word, enum inflect_view view);
void lexicon_each(const struct lexicon *l, inflect_each_fn *fn, void *arg);
#endif
