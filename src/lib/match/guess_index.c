/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the last readings look up: the words of the terms that may be disguised. */
#include "guess.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/large.h>
#include <tocsin/base/wordhash.h>
#include <tocsin/text/sound.h>

#include "builder.h"
#include "guess_key.h"
#include "guess_look.h"

#define WORD_MIN 4u /* letters of a word that is worth a guess */
#define TERM_MIN 5u /* letters of a term that is read by its sound */
/* A word alone must say more than sound.h asks for: with four sounds, villages meet insults (Candé, Crouy, Gières). Another
 * word of its term beside it confirms it. */
#define SOUND_ALONE (SOUND_MIN + 1u)
#define SLIP_ALONE 7u /* letters: Megève is one from an insult of six */
#define SOUND_BESIDE 3u
/* Where so many words are known, a whole language will be. */
#define LANGUAGE_BEGINS 4096u
#define LANGUAGE 500000u
#define SPELLING_MIN 3u /* letters of a word that SMS spelling is written out to */

struct guesses *guesses_new(void)
{
	struct guesses *g = xcalloc(1, sizeof(*g));

	g->known = wordset_new();
	g->near = near_new();
	g->sounds.seen = xcalloc(KEY_BITS / 64, sizeof(uint64_t));
	g->looks.seen = xcalloc(KEY_BITS / 64, sizeof(uint64_t));
	g->words.seen = xcalloc(KEY_BITS / 64, sizeof(uint64_t));
	return g;
}

struct guesses *guesses_free(struct guesses *g)
{
	if (!g)
		return NULL;
	spelling_free(g->spelling);
	wordset_free(g->known);
	near_free(g->near);
	free(g->list);
	free(g->sounds.list);
	free(g->sounds.seen);
	free(g->looks.list);
	free(g->looks.seen);
	free(g->words.list);
	free(g->words.seen);
	free(g);
	return NULL;
}

static bool is_part(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The next word of a folded text from *at on; empty at the end. */
static struct slice next_word(struct slice text, size_t *at)
{
	size_t start = *at, end;

	while (start < text.n && !is_part(text.p[start]))
		start++;
	end = start;
	while (end < text.n && is_part(text.p[end]))
		end++;
	*at = end;
	return (struct slice){text.p + start, end - start};
}

static void flush_known(struct guesses *g)
{
	if (g->n_known < LANGUAGE_BEGINS && g->n_known + g->n_fresh >= LANGUAGE_BEGINS)
		wordset_reserve(g->known, LANGUAGE);
	g->n_known += g->n_fresh;
	wordset_add_hashes(g->known, g->fresh, g->n_fresh);
	g->n_fresh = 0;
}

static uint64_t add_word(struct guesses *g, struct slice folded)
{
	uint64_t hash = wordhash(folded);

	g->fresh[g->n_fresh++] = hash;
	if (g->n_fresh == FRESH_MAX)
		flush_known(g);
	return hash;
}

static void add_known(struct guesses *g, struct slice folded)
{
	size_t at = 0;

	for (struct slice w = next_word(folded, &at); w.n; w = next_word(folded, &at))
		(void)add_word(g, w);
}

void match_add_known(struct match_builder *b, struct slice word)
{
	bool ascii = true;
	struct slice plain = word;
	size_t at = 0, plain_at = 0;

	if (!b->set->guesses) {
		b->set->guesses = guesses_new();
		b->bare = bare_new(b);
	}
	for (size_t i = 0; i < word.n; i++)
		ascii &= (word.p[i] >= 'a' && word.p[i] <= 'z') || word.p[i] == '-';
	if (!ascii) {
		text_views_make(b->views, word);
		word = text_view(b->views, TEXT_FOLDED);
		plain = text_view(b->views, TEXT_PLAIN);
	}
	for (struct slice w = next_word(word, &at); w.n; w = next_word(word, &at))
		bare_note(b->bare, add_word(b->set->guesses, w),
			ascii ? w : next_word(plain, &plain_at));
}

static void add_key(struct keys *k, uint64_t hash, uint32_t guess)
{
	k->list = xlarge_grow(k->list, k->n, &k->cap, sizeof(*k->list));
	k->list[k->n++] = (struct keyed){hash, guess};
	k->seen[key_bit(hash) / 64] |= UINT64_C(1) << (key_bit(hash) % 64);
}

static int compare_keys(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->guess > y->guess) - (x->guess < y->guess);
}

/* The word with its accents: the same word of the term's plain text, when it has as many words. */
static struct slice plain_word(struct slice plain, size_t nth)
{
	struct slice w = {0};
	size_t at = 0;

	for (size_t i = 0; i <= nth; i++)
		w = next_word(plain, &at);
	return w;
}

static void add_sounds(struct guesses *g, struct slice word, struct slice plain, bool alone)
{
	const struct slice spellings[] = {word, plain};
	uint64_t hash[2] = {0};
	char key[SOUND_MAX];

	for (size_t i = 0; i < (slice_equal(word, plain) ? 1u : 2u); i++) {
		size_t n = sound_key(key, spellings[i]);

		if (n < (alone ? SOUND_ALONE : SOUND_BESIDE))
			continue;
		hash[i] = key_hash((struct slice){key, n});
		if (!i || hash[1] != hash[0])
			add_key(&g->sounds, hash[i], (uint32_t)g->n);
	}
}

static void add_look(struct guesses *g, struct slice word)
{
	struct look l;

	if (look_of_word(&l, word))
		add_key(&g->looks, key_hash((struct slice){l.text, l.n}), (uint32_t)g->n);
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Most pairs of words of a text are told from it at a look. */
static void add_shape(struct guesses *g, struct slice word)
{
	char first = *word.p, last = word.p[word.n - 1];

	if (word.n > 31 || !is_letter(first) || !is_letter(word.p[1]) || !is_letter(last))
		return;
	g->ends[first - 'a'][last - 'a'] |= 1u << word.n;
	g->heads[first - 'a'][word.p[1] - 'a'] |= 1u << word.n;
}

static void add_term(struct guesses *g, struct slice text, const struct term *term, uint32_t id)
{
	size_t at = 0, nth = 0;

	for (struct slice w = next_word(text, &at); w.n; w = next_word(text, &at), nth++) {
		bool alone = w.n == text.n;

		if (w.n < WORD_MIN)
			continue;
		g->list = xlarge_grow(g->list, g->n, &g->cap, sizeof(*g->list));
		g->list[g->n] = (struct guess){text, (uint32_t)(w.p - text.p), (uint32_t)w.n, id};
		if (text.n >= TERM_MIN)
			add_sounds(g, w, plain_word(term->plain, nth), alone);
		add_look(g, w);
		add_shape(g, w);
		add_key(&g->words, key_hash(w), (uint32_t)g->n);
		g->n++;
	}
}

static bool may_slip(const struct guess *guess)
{
	return guess->n >= (guess->n == guess->text.n ? SLIP_ALONE : NEAR_MIN);
}

static void lay_out_slips(struct guesses *g)
{
	size_t letters = 0;

	for (size_t i = 0; i < g->n; i++)
		letters += may_slip(&g->list[i]) ? g->list[i].n : 0;
	near_reserve(g->near, letters);
	for (size_t i = 0; i < g->n; i++)
		if (may_slip(&g->list[i]))
			near_add(g->near,
				(struct slice){g->list[i].text.p + g->list[i].at, g->list[i].n},
				(uint32_t)i);
}

/* The words of a term that are French: what an author lists in SMS spelling is no model. */
static void add_spellings(struct guesses *g, struct slice text, struct slice plain)
{
	size_t at = 0, nth = 0;

	for (struct slice w = next_word(text, &at); w.n; w = next_word(text, &at), nth++) {
		struct slice accented = plain_word(plain, nth);

		if (w.n >= SPELLING_MIN && wordset_has(g->known, w))
			spelling_add(g->spelling, accented.n ? accented : w);
	}
}

/* Before the words of the terms are known too. */
static void lay_out_spelling(struct match_set *s, struct guesses *g)
{
	g->spelling = spelling_new(g->known);
	for (size_t l = 0; l < s->n_literals; l++) {
		struct slice text = {s->literals[l].text, s->gates[l].length};

		for (uint32_t t = 0; t < s->literals[l].n_terms; t++) {
			const struct term *term = &s->terms[s->literals[l].first_term + t];

			if (!(term->flags & TERM_SQUEEZED))
				add_spellings(g, text, term->plain);
		}
	}
	spelling_seal(g->spelling);
}

static bool is_guessable(const struct term *term, struct slice text)
{
	return text.n >= WORD_MIN && (term->flags & TERM_LEFT) && (term->flags & TERM_RIGHT) &&
		(term->flags & TERM_DISGUISED) &&
		!(term->flags & (TERM_REGEX | TERM_EXACT | TERM_SQUEEZED));
}

void lay_out_guesses(struct match_set *s)
{
	struct guesses *g = s->guesses;

	if (!g)
		return;
	flush_known(g);
	lay_out_spelling(s, g);
	for (size_t l = 0; l < s->n_literals; l++) {
		struct slice text = {s->literals[l].text, s->gates[l].length};

		for (uint32_t t = 0; t < s->literals[l].n_terms; t++) {
			uint32_t id = s->literals[l].first_term + t;

			/* what an insult's author lists is often no word: « pouri », « pour+is? » */
			if (!(s->terms[id].flags &
				    (TERM_REGEX | TERM_SQUEEZED | TERM_EXACT | TERM_DISGUISED)))
				add_known(g, text);
			if (is_guessable(&s->terms[id], text))
				add_term(g, text, &s->terms[id], id);
		}
	}
	flush_known(g);
	wordset_seal(g->known);
	lay_out_slips(g);
	if (g->sounds.n)
		qsort(g->sounds.list, g->sounds.n, sizeof(*g->sounds.list), compare_keys);
	if (g->looks.n)
		qsort(g->looks.list, g->looks.n, sizeof(*g->looks.list), compare_keys);
	if (g->words.n)
		qsort(g->words.list, g->words.n, sizeof(*g->words.list), compare_keys);
}
