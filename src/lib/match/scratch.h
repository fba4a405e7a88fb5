/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scratch of one thread: the views of the text, and what each atom has there. */
#ifndef MATCH_SCRATCH_H
#define MATCH_SCRATCH_H
#include "regex.h"

#define NO_HIT UINT32_MAX
#define RECENT_WORDS 2048u

struct hit {
	struct match_span span;
	uint32_t next; /* of the same atom */
};

struct atom_hits {
	uint32_t stamp; /* equal to match_scratch.stamp: has hits, or for a regex: was announced */
	uint32_t first,
		last; /* hits; of an announced regex: where its first and last literals end */
	uint8_t seen; /* of an announced regex: by what */
};

/* A term that a masked word fits. */
struct masked {
	uint32_t term, start, end;
};

struct match_scratch {
	const struct match_set *set;
	struct text_views *views; /* one of these two */
	struct text_views *own,
		*spelled; /* of the text; of what its SMS spelling stands for, NULL: not asked for */
	bool sms; /* a word of the text is worth writing it out */
	struct slice folded;
	/* the folded view with runs of blanks as one space, and each byte's place in it; when the two differ */
	struct buf flat;
	uint32_t *places;
	size_t cap_places;
	bool is_flat;
	bool glued; /* words may begin and end inside words: the text has a hashtag or capitals inside words */
	uint64_t recent
		[RECENT_WORDS]; /* hashes of words that are known, each at its place: most are asked for again */
	hs_scratch_t *scratch;
	struct cover_scratch *cover;
	struct matcher matcher;
	uint32_t stamp;
	bool limited; /* a limit was hit: a human must look */
	struct masked *masked; /* of one mask */
	size_t cap_masked;
	struct hit *hits;
	uint64_t *taken; /* a bit a byte of the folded view: something was found there */
	size_t cap_hits; /* for the longest text so far; of taken as many bits */
	uint32_t n_hits, max_hits; /* of this text */
	struct atom_hits *atoms;
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
void add_hit(struct match_scratch *s, uint32_t atom, size_t start, size_t end, enum match_by by);
/* For each atom of the term that has nothing there yet: another view may have read the same word. */
void add_unless_hit(struct match_scratch *s, const struct term *term, size_t start, size_t end,
	enum match_by by);
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
