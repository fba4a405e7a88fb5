/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scratch of one thread: the views of the text, and what each atom has there. */
#ifndef MATCH_SCRATCH_H
#define MATCH_SCRATCH_H
#include "regex.h"

#define RECENT_WORDS 2048u
#define SERVED_LAST 64u

/* Atoms that a term serves, in match_set.term_atoms: ascending, one at least. */
struct served {
	uint32_t first, n;
};

static inline struct served served_by(const struct term *term)
{
	return (struct served){term->first_atom, term->n_atoms};
}

/* A term at its place: a hit of each of the atoms. */
struct find {
	struct match_span span;
	struct served atoms;
};

/* A literal of expressions, which ends there. */
struct told {
	uint32_t end;
	struct served atoms;
};

/* A term that a masked word fits. */
struct masked {
	uint32_t term, start, end;
	bool exact; /* one letter for each sign */
	struct slice says;
};

struct match_scratch {
	const struct match_set *set;
	struct text_views *views; /* one of these two */
	struct text_views *own,
		*spelled; /* of the text; of what its SMS spelling stands for, NULL: not asked for */
	bool foreign; /* the text has letters of other scripts, or signs as far away */
	bool sms; /* a word of the text is worth writing it out */
	struct slice folded;
	/* of TEXT_PLAIN, TEXT_FOLDED: whether it is ASCII alone, when somebody has asked */
	enum { WIDTH_UNKNOWN, WIDTH_NARROW, WIDTH_WIDE } widths[2];
	/* the folded view with runs of blanks as one space, and each byte's place in it; when the two differ */
	struct buf flat;
	uint32_t *places;
	size_t cap_places;
	bool glued; /* words may begin and end inside words: the text has a hashtag or capitals inside words */
	uint64_t recent
		[RECENT_WORDS]; /* hashes of words that are known, each at its place: most are asked for again */
	hs_scratch_t *scratch;
	struct cover_scratch *cover;
	struct buf gist; /* of the text */
	struct matcher matcher;
	bool limited; /* a limit was hit: a human must look */
	struct text_repair *repairs; /* disguised words, and what they say */
	size_t n_repairs, cap_repairs;
	struct masked *masked; /* of one mask */
	size_t cap_masked;
	struct find *finds;
	uint64_t *taken; /* a bit a byte of the folded view: something was found there */
	size_t n_finds;
	size_t cap_finds; /* for the longest text so far; of taken as many bits */
	uint32_t n_hits, max_hits; /* of this text, all atoms together */
	/* 1 + served.first of terms whose atoms have their bits already, each at its place: « les » has hundreds of them */
	uint32_t served[SERVED_LAST];
	struct told *told;
	size_t n_told, cap_told;
	/* a bit an atom: has a hit, or is an expression that was announced; by literals besides */
	uint64_t *found, *found_besides;
	size_t atom_words; /* of both */
	uint64_t *owners; /* a bit an owner */
	size_t n_words; /* of owners */
};

static inline bool is_figure_or_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* For a new text, whose folded view is there: nothing is found yet. */
void scratch_begin(struct match_scratch *s);
/* Something was found in [start, end) of the folded view; whether anything was. */
void take_bytes(struct match_scratch *s, size_t start, size_t end);
bool is_taken(const struct match_scratch *s, size_t start, size_t end);
/* finds.c. A hit of each of the atoms. */
void add_find(
	struct match_scratch *s, struct served atoms, size_t start, size_t end, enum match_by by);
/* The expressions may match: a literal of them was found. */
void announce(struct match_scratch *s, const struct term *term, size_t end);
/* The expression may match anywhere. */
void announce_all(struct match_scratch *s, uint32_t atom);
/* When all is found: forgets the expressions that lack what they need besides; wakes who waits for the others. */
void wake_owners(struct match_scratch *s);
/* Whether the atom, one that others may share, has a hit or was announced. */
static inline bool is_found(const struct match_scratch *s, uint32_t atom)
{
	return s->found[atom / 64] >> atom % 64 & 1;
}
/* Whether the atom is one of these. */
bool serves(const struct match_scratch *s, struct served served, uint32_t atom);
/* Where the literals that announced the expression end: the first one, and the last. */
void told_between(
	const struct match_scratch *s, uint32_t atom, uint32_t *ret_first, uint32_t *ret_last);
/* For each atom of the term that has nothing there yet: another view may have read the same word. */
void add_unless_hit(struct match_scratch *s, const struct term *term, size_t start, size_t end,
	enum match_by by);
/* repairs.c. A word of the folded view says this, as it seems; the first that says so of it is believed. */
void add_repair(struct match_scratch *s, size_t start, size_t end, struct slice says, bool guessed);
/* Of words of which the squeezed view undid a disguise: those that are known words then, or the others. */
void add_undone(struct match_scratch *s, bool known);
/* In order. */
void sort_repairs(struct match_scratch *s);
/* The last readings of words that nothing recognised (guess.h). */
void scan_guesses(struct match_scratch *s);
/* Terms in words of which letters are hidden. */
void scan_masks(struct match_scratch *s);
/* starts.c: calls back each literal of the index, with its end: those that stand at `at`; those that stand where a word
 * of the text begins, and end with a word if they may not go on. text: with TEXT_SLACK blanks behind it. */
struct start_call {
	void (*fn)(void *user, uint32_t literal, size_t end);
	void *user;
};
void find_starts(const struct match_set *s, struct slice text, size_t at, struct start_call call);
void find_word_starts(const struct match_set *s, struct slice text, struct start_call call);
/* Makes the flat view; false when it is the folded one. */
bool flatten(struct match_scratch *s);
/* match_scan for views that are made already. */
void scan_views(struct match_scratch *s);
#endif
