/* SPDX-License-Identifier: GPL-3.0-or-later
 * The last readings of words in pieces: abru ti, en-cu-lé, na ze. */
#include <string.h>

#include "guess_round.h"

#define FRAGMENTS 3u
#define JOINED_MIN 5u /* letters of fragments, one of them strange, written together */
#define PAIR_LEAST 4u /* letters of two fragments together, and one more for each that is a word */
#define PAIR_SHORT 3u /* letters of one of them at most */
#define HYPHENED_MIN 4u /* with hyphens between them */

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* abru ti, en-cu-lé: the word and its neighbours written together. */
unsigned take_joined(struct round *r)
{
	struct text_word own = r->words[r->at];
	unsigned taken = 0;

	for (size_t n = 2; n <= FRAGMENTS && !taken; n++) {
		size_t first = r->at + 1 > n ? r->at + 1 - n : 0;

		for (; first <= r->at && first + n <= r->n && !taken; first++) {
			struct slice joined = text_joined(r->s->views, first, n);
			struct text_word span = {
				r->words[first].start, r->words[first + n - 1].end};

			if (joined.n >= JOINED_MIN && !is_taken(r->s, own.start, own.end))
				taken += take_words(
					r, joined, key_hash(joined), span, MATCH_BY_JOINING);
		}
	}
	return taken;
}

/* cre tain: the word and a neighbour written together, as they sound. */
unsigned take_joined_sound(struct round *r)
{
	uint32_t ids[FOUND_MAX];
	char key[SOUND_MAX];
	unsigned taken = 0;

	for (size_t i = 0; i < 2 && !taken; i++) {
		size_t first = r->at - i;
		struct slice joined;
		struct text_word span;

		if (i > r->at || first + 2 > r->n)
			continue;
		joined = text_joined(r->s->views, first, 2);
		span = (struct text_word){r->words[first].start, r->words[first + 1].end};
		if (joined.n < JOINED_MIN || is_taken(r->s, span.start, span.end) ||
			text_word_is_capital(r->s->views, r->words[first + 1]))
			continue;
		taken = take(r, span, ids,
			find_keys(&r->g->sounds, (struct slice){key, sound_key(key, joined)}, ids),
			MATCH_BY_SOUND);
	}
	return taken;
}

/* con-nard: fragments with hyphens between them may be words, when no more of them hang on. */
unsigned take_hyphened(struct round *r)
{
	struct slice view = r->s->folded, joined;
	uint32_t start = r->words[r->at].start, end = r->words[r->at].end;
	size_t n = 1;

	if (view.p[end] != '-' || (start && view.p[start - 1] == '-'))
		return 0;
	for (; n <= FRAGMENTS && view.p[end] == '-'; n++) {
		if (r->at + n >= r->n || r->words[r->at + n].start != end + 1)
			return 0;
		end = r->words[r->at + n].end;
	}
	joined = text_joined(r->s->views, r->at, n);
	if (n > FRAGMENTS || joined.n < HYPHENED_MIN || !find_key(&r->g->words, key_hash(joined)))
		return 0;
	return take_words(
		r, joined, key_hash(joined), (struct text_word){start, end}, MATCH_BY_JOINING);
}

/* Short entries of a dictionary are abbreviations, mostly, and parts of names; but for these. */
bool is_small_word(struct slice w)
{
	static const char small[] =
		" a au aux avec ce ces cet de des du elle en est et eux il ils je la le les leur "
		"lui ma me mes moi mon ne nos nous on ou par pas plus pour qu que qui sa se ses si "
		"son sont sur ta te tes toi ton tous tout trop tu un une va vos vous ";

	return slice_is_listed(small, w);
}

static struct slice slice_of_word(const struct round *r, struct text_word w)
{
	return (struct slice){r->s->folded.p + w.start, w.end - w.start};
}

static bool has_letters_only(struct slice w)
{
	for (size_t i = 0; i < w.n; i++)
		if (!is_letter(w.p[i]))
			return false;
	return true;
}

static bool is_word_of_pair(const struct guesses *g, struct slice w)
{
	/* of two letters a dictionary lists more abbreviations than words */
	static const char two[] =
		" ai an as bu ca dis do eh eu ex fa fi ha he if lu mi mu ne ni nu oh ok or os pu re ri rn "
		"si su tv us ut vu ";

	return w.n == 2 ? is_small_word(w) || slice_is_listed(two, w) : wordset_has(g->known, w);
}

/* How long a word in two fragments must be: the less they are words, the shorter. */
static size_t pair_least(const struct round *r, struct slice a, struct slice b)
{
	unsigned known = is_word_of_pair(r->g, a) + is_word_of_pair(r->g, b);

	if (is_small_word(a) || is_small_word(b))
		return known == 2 ? SIZE_MAX : JOINED_MIN;
	return PAIR_LEAST + known;
}

/* Whether a word may be these two: PAIR_LEAST letters or more. */
static bool has_shape(const struct guesses *g, struct slice a, struct slice b)
{
	unsigned first = (unsigned)(*a.p - 'a'), second = (unsigned)(a.p[1] - 'a'),
		 last = (unsigned)(b.p[b.n - 1] - 'a');
	size_t n = a.n + b.n;

	return n < 32 && first < 26 && second < 26 && last < 26 &&
		(g->ends[first][last] & g->heads[first][second]) >> n & 1;
}

/* sal aud, na ze: two fragments, of which one is too short to be asked what it is. */
unsigned take_pair(struct round *r)
{
	struct text_word w = r->words[r->at], next;
	struct slice a = slice_of_word(r, w), b;
	char word[WORD_MAX];
	uint64_t hash;

	if (r->at + 1 == r->n)
		return 0;
	next = r->words[r->at + 1];
	b = slice_of_word(r, next);
	if ((a.n > PAIR_SHORT && b.n > PAIR_SHORT) || a.n < 2 || b.n < 2 ||
		!has_shape(r->g, a, b) || next.start != w.end + 1 || a.p[a.n] != ' ')
		return 0;
	hash = KEY_START;
	for (size_t i = 0; i < a.n; i++)
		hash = key_step(hash, a.p[i]);
	for (size_t i = 0; i < b.n; i++)
		hash = key_step(hash, b.p[i]);
	if (!find_key(&r->g->words, hash) || !has_letters_only(a) || !has_letters_only(b) ||
		a.n + b.n < pair_least(r, a, b) || text_word_is_capital(r->s->views, next))
		return 0;
	memcpy(word, a.p, a.n);
	memcpy(word + a.n, b.p, b.n);
	return take_words(r, (struct slice){word, a.n + b.n}, hash,
		(struct text_word){w.start, next.end}, MATCH_BY_JOINING);
}
