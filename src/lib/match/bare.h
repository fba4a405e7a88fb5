/* SPDX-License-Identifier: GPL-3.0-or-later
 * Terms whose accents nobody needs to tell them: « débile », for no French word is debile or débilé; but not « taré » (tare),
 * nor « crève » (crevé). Found while the words of the language go by, which is after the terms. */
#ifndef MATCH_BARE_H
#define MATCH_BARE_H
#include <stdint.h>
#include <tocsin/base/slice.h>

struct match_builder;
struct match_set;

struct bare;
/* Of the terms that were added so far. */
struct bare *bare_new(const struct match_builder *b);
struct bare *bare_free(struct bare *b);
/* A word of the language, without its accents and with them. hash: the wordhash of the former. */
void bare_note(struct bare *b, uint64_t hash, struct slice plain);
/* Flags the terms with TERM_BARE. */
void bare_mark(const struct bare *b, struct match_set *s);
#endif
