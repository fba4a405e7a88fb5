/* SPDX-License-Identifier: GPL-3.0-or-later
 * The matching engine: the words and expressions of all rules, found in one pass over the views of a text.
 * Pure. Sole user of PCRE2 and Vectorscan.
 *
 *   match_builder ──match_compile──▶ match_set (immutable, shared by threads)
 *   match_scan(scratch, text) ──▶ which owners may be concerned ──match_collect──▶ spans of one atom
 *
 * An atom is what one leaf of a condition asks for: a set of terms, or one expression. It may wake an owner (a
 * rule, numbered by the caller), so that a scan says at once which rules are worth a look. Atoms that ask for the same
 * terms are found once. */
#ifndef TOCSIN_MATCH_MATCH_H
#define TOCSIN_MATCH_MATCH_H
#include <tocsin/base/error.h>
#include <tocsin/text/spell.h>
#include <tocsin/text/text.h>

#define MATCH_TERM_MAX 200u /* bytes of a term, folded */
#define MATCH_PATTERN_MAX 1024u /* bytes of an expression */
/* Hits of one text: as many as its folded view has bytes, and this many of a short one; more is a limit that was hit.
 * So large a text is read whole as a small one is. */
#define MATCH_HITS_MAX 4096u

/* How a term is looked for. */
enum match_flags {
	MATCH_WHOLE =
		1, /* begins and ends at a word's border, where it has a letter or figure there */
	MATCH_DISGUISED =
		2 /* in the squeezed view too; with MATCH_WHOLE also glued to other words and masked */
};
/* What may follow a term inside its word. */
enum match_ending { MATCH_E = 1, MATCH_S = 2, MATCH_ES = 4, MATCH_X = 8 };

/* Positive outcomes of match_add_term. */
enum { MATCH_TERM_EMPTY = 1, MATCH_TERM_LONG = 2 };
/* Positive outcomes of match_add_regex: refused, and why. */
enum { MATCH_REGEX_REFUSED = 1 };

struct match_fault {
	char text[240]; /* French, for people */
	const char *hint; /* or NULL */
};

struct match_builder;
struct match_set;

struct match_builder *match_builder_new(void);
struct match_builder *match_builder_free(struct match_builder *b);
#define MATCH_NOBODY UINT32_MAX
/* A new atom that wakes an owner, or nobody; returns its number: 0, 1, … */
uint32_t match_add_atom(struct match_builder *b, uint32_t owner);
/* From now on the atom wakes this owner. */
void match_wake(struct match_builder *b, uint32_t atom, uint32_t owner);
/* About how often what was added to the atom is found at a place of French text, to choose between atoms. */
double match_frequency(const struct match_builder *b, uint32_t atom);
/* Adds a term, as its author wrote it, to an atom. flags: enum match_flags; endings: enum match_ending, only with
 * MATCH_WHOLE. Returns 0 or a positive outcome. */
int match_add_term(struct match_builder *b, uint32_t atom, struct slice text, uint8_t flags,
	uint8_t endings) _must_check_;
/* For a term in all its forms that many atoms ask for: what was added between two marks, once more to another atom. */
size_t match_mark(const struct match_builder *b);
void match_add_again(struct match_builder *b, uint32_t atom, size_t from, size_t to);
/* A word of the language, as it is written: never a slip or a sound of a term. Only a set that knows such words tries
 * the last readings of terms (MATCH_BY_JOINING and on): give it all forms, or none. Parts of a word with a hyphen or an
 * apostrophe are known too. After the terms: which of those are told without their accents is seen then. */
void match_add_known(struct match_builder *b, struct slice word);
/* Makes the atom an expression: PCRE2 syntax and semantics (UTF, UCP, caseless) without what can run away. It is
 * tried on the plain view when it holds an accent, else on the folded one; matches of no length do not count.
 * Returns 0 or a positive outcome. */
int match_add_regex(struct match_builder *b, uint32_t atom, struct slice pattern,
	struct match_fault *fault) _must_check_;
/* True when no literal announces the atom's expression: it costs something in every text. */
bool match_is_always(const struct match_builder *b, uint32_t atom);
/* How an atom is found, and so what it costs. */
enum match_way {
	MATCH_BY_WORDS, /* terms, or an expression that is only words: next to nothing */
	MATCH_BY_LITERALS, /* an expression that runs in texts that hold one of its literals */
	MATCH_BY_SHARED_SCAN /* an expression without a rare literal: in one scan with its like, then by itself */
};
struct match_cost {
	enum match_way way;
	const struct slice *literals; /* of an expression; live as long as the set */
	size_t n_literals;
	double rate; /* how often one of them stands at a place of French text, by our estimate: 0.001 is often */
};
void match_cost(const struct match_builder *b, uint32_t atom, struct match_cost *ret);
/* Returns 0, or -EINVAL with the engine's reason. The builder is used up: only free it. */
int match_compile(struct match_builder *b, struct match_set **ret, struct error *e) _must_check_;
struct match_set *match_set_free(struct match_set *s);
/* Appends the versions of the libraries, part of a bundle's hash. */
void match_version(struct buf *out);

/* By what reading of the text something was found: the later, the more was guessed, and the less it should score. */
enum match_by {
	MATCH_BY_TEXT, /* it stands there */
	MATCH_BY_SQUEEZING, /* a disguise was undone: c0nn@rd, c o n, coooon */
	MATCH_BY_GLUE, /* inside a longer word: #mairepourri, ConnardDeMaire, mairedeconnard */
	MATCH_BY_MASK, /* letters are hidden: c*n, enc*lé */
	/* the last readings, of words that are none of the language and in nothing else that was found */
	MATCH_BY_JOINING, /* in fragments: abru ti */
	MATCH_BY_SLIP, /* one letter dropped, added, replaced or swapped: connrad, of words of six letters and more */
	MATCH_BY_SOUND /* as it sounds: konar */
};
struct match_span { /* bytes of the folded view */
	uint32_t start, end;
	bool squeezed; /* found only because a disguise was undone: by is not MATCH_BY_TEXT */
	uint8_t by; /* enum match_by */
};
struct match_spans { /* a stack that callers share */
	struct match_span *list;
	size_t n, cap;
};
void match_spans_push(struct match_spans *s, struct match_span span);

/* Scratch of one thread. */
struct match_scratch;
struct match_scratch *match_scratch_new(const struct match_set *set);
struct match_scratch *match_scratch_free(struct match_scratch *m);
/* text: valid UTF-8, borrowed until the next scan. Expressions are not run yet, only announced. */
void match_scan(struct match_scratch *m, struct slice text);
/* Once more, with the SMS spelling of the last text written out (spell.h of the text room): the views and all spans are those
 * of the written text from now on, and what was found before is forgotten. False: there was none, and nothing has
 * changed. Only a set that knows words of the language does it. */
bool match_scan_spelled(struct match_scratch *m);
/* Of the last scan. */
const struct text_views *match_views(const struct match_scratch *m);
/* A bit for each owner that an atom wakes: with a hit, announced, or always tried: ret[i / 64] >> (i % 64). */
const uint64_t *match_owners(const struct match_scratch *m, size_t *ret_words);
/* False: the atom has no span in this text. True: it may have. */
bool match_is_possible(const struct match_scratch *m, uint32_t atom);
/* Pushes the atom's spans, in no order that counts. An expression runs now. */
void match_collect(struct match_scratch *m, uint32_t atom, struct match_spans *out);
/* True when a limit was hit since match_scan began: what was found may not be all, a human must look. */
bool match_is_limited(const struct match_scratch *m);
#endif
