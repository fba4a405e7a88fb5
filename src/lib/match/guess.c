/* SPDX-License-Identifier: GPL-3.0-or-later
 * The last readings of a text, word by word; and whether it is worth writing out. */
#include "guess.h"

#include <string.h>

#include <tocsin/base/wordhash.h>
#include <tocsin/text/sound.h>

#include "guess_key.h"
#include "guess_look.h"
#include "guess_round.h"

#define GUESSES_MAX 64u /* of one text, as of masks */
#define SPLIT_MIN 6u /* letters of a term that is read out of a longer word */
#define REST_MIN 4u /* letters of a word of the rest, but for small ones */
#define SPLIT_REST 3u /* letters of the rest */
#define STRANGE_MIN 3u
#define MUTE_MIN 4u /* letters of a word that lacks its e */
#define LOOK_LEAST 4u /* letters and signs of a word; */
#define LOOK_LONG 6u /* one letter of so many tells enough: 1d1073 */

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* The words that people use are few. */
static uint64_t *recent_of(const struct round *r, uint64_t hash)
{
	return &r->s->recent[hash % RECENT_WORDS];
}

static void hash_ahead(struct round *r)
{
	for (; r->hashed < r->n && r->hashed < r->at + AHEAD; r->hashed++) {
		struct text_word w = r->words[r->hashed];
		uint64_t hash = wordhash_fast(r->s->folded.p + w.start, w.end - w.start);

		r->hashes[r->hashed % AHEAD] = hash;
		if (*recent_of(r, hash) != hash)
			wordset_prefetch(r->g->known, hash);
	}
}

static bool is_known(const struct round *r, uint64_t hash)
{
	if (*recent_of(r, hash) == hash)
		return true;
	if (!wordset_has_hash(r->g->known, hash))
		return false;
	*recent_of(r, hash) = hash;
	return true;
}

/* Letters alone, no word that is known, and nothing odd beside it. */
static bool is_strange(const struct round *r, struct text_word w)
{
	struct slice view = r->s->folded, word = {view.p + w.start, w.end - w.start};

	if (r->known || word.n < STRANGE_MIN || word.n > WORD_MAX)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (!is_letter(word.p[i]))
			return false;
	/* d', qu', jusqu': never alone in a dictionary */
	return text_word_is_free(r->s->views, w) && (w.end == view.n || view.p[w.end] != '\'');
}

static bool same_blank(char a, char b)
{
	return a == b || (a == ' ' && b == '-') || (a == '-' && b == ' ');
}

/* Whether the term's other words stand beside this one; where all of it stands. */
static bool fits_beside(const struct round *r, struct text_word own, const struct guess *g,
	size_t *start, size_t *end)
{
	struct slice view = r->s->folded;
	size_t from = own.start, to = own.end;
	size_t rest = g->text.n - g->at - g->n;

	if (from < g->at || view.n - to < rest)
		return false;
	for (size_t i = 0; i < g->at; i++)
		if (!same_blank(view.p[from - g->at + i], g->text.p[i]))
			return false;
	for (size_t i = 0; i < rest; i++)
		if (!same_blank(view.p[to + i], g->text.p[g->at + g->n + i]))
			return false;
	*start = from - g->at;
	*end = to + rest;
	return (!g->at || text_is_border(view, *start)) && (!rest || text_is_border(view, *end));
}

/* A hit of each atom of the term that has none there. */
static void add_guess(
	struct round *r, const struct guess *g, size_t start, size_t end, enum match_by by)
{
	const struct term *term = &r->s->set->terms[g->term];

	add_unless_hit(r->s, term, start, end, by);
}

/* The word, one letter wrong. A slip in the first letter is rare (Pollock and Zamora, CACM 27(4), 1984), and
 * names are one from many a term. */
static unsigned find_near(const struct round *r, uint32_t *ids)
{
	uint32_t found[FOUND_MAX];
	size_t n = r->word.n < NEAR_MIN ? 0 : near_find(r->g->near, r->word, found, FOUND_MAX);
	unsigned kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct guess *g = &r->g->list[found[i]];

		if (g->text.p[g->at] == *r->word.p)
			ids[kept++] = found[i];
	}
	return kept;
}

const struct keyed *find_key(const struct keys *k, uint64_t hash)
{
	size_t low = 0, high = k->n;

	if (!(k->seen[key_bit(hash) / 64] >> (key_bit(hash) % 64) & 1))
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (k->list[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low < k->n && k->list[low].hash == hash ? &k->list[low] : NULL;
}

unsigned find_keys(const struct keys *k, struct slice key, uint32_t *ids)
{
	uint64_t hash = key_hash(key);
	unsigned kept = 0;

	if (!key.n)
		return 0;
	for (const struct keyed *e = find_key(k, hash);
		e && e < k->list + k->n && e->hash == hash && kept < FOUND_MAX; e++)
		ids[kept++] = e->guess;
	return kept;
}

/* Hits of those that fit; how many. */
unsigned take(
	struct round *r, struct text_word own, const uint32_t *ids, unsigned n, enum match_by by)
{
	unsigned taken = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct guess *g = &r->g->list[ids[i]];
		size_t start, end;

		if (!fits_beside(r, own, g, &start, &end))
			continue;
		add_guess(r, g, start, end, by);
		if (!taken++)
			add_repair(r->s, own.start, own.end,
				(struct slice){g->text.p + g->at, g->n}, true);
	}
	return taken;
}

/* The terms that the word looks like: déblle. */
static unsigned find_look(const struct round *r, uint32_t *ids)
{
	struct look l;

	return look_of_word(&l, r->word) ? find_keys(&r->g->looks, (struct slice){l.text, l.n}, ids)
					 : 0;
}

/* The terms with this word, by its hash. Glued to others it is a term by itself. */
unsigned take_words(
	struct round *r, struct slice word, uint64_t hash, struct text_word span, enum match_by by)
{
	const struct keys *k = &r->g->words;
	unsigned taken = 0;

	for (const struct keyed *e = find_key(k, hash); e && e < k->list + k->n && e->hash == hash;
		e++) {
		const struct guess *g = &r->g->list[e->guess];
		struct slice own = {g->text.p + g->at, g->n};
		size_t start = span.start, end = span.end;

		if (!slice_equal(own, word) ||
			(own.n < g->text.n &&
				(by == MATCH_BY_GLUE || !fits_beside(r, span, g, &start, &end))))
			continue;
		add_guess(r, g, start, end, by);
		if (!taken++ && by != MATCH_BY_GLUE)
			add_repair(r->s, span.start, span.end, own, true);
	}
	return taken;
}

/* dabrtui, dlncapable: an article without its apostrophe, and one letter wrong or unlike behind it. */
static unsigned take_elided(struct round *r)
{
	struct text_word w = r->words[r->at];
	struct slice whole = r->word;
	uint32_t ids[FOUND_MAX];
	unsigned taken;

	if (whole.n <= NEAR_MIN || !strchr("dl", *whole.p) || !strchr("aeiouyhl", whole.p[1]) ||
		text_word_is_hyphened(r->s->views, w) || text_word_is_name(r->s->views, w) ||
		is_taken(r->s, w.start, w.end))
		return 0;
	r->word = (struct slice){whole.p + 1, whole.n - 1};
	w.start++;
	taken = take(r, w, ids, find_look(r, ids), MATCH_BY_MASK);
	if (!taken)
		taken = take(r, w, ids, find_near(r, ids), MATCH_BY_SLIP);
	r->word = whole;
	return taken;
}

static bool is_rest_word(const struct guesses *g, struct slice w)
{
	return w.n >= REST_MIN ? wordset_has(g->known, w) : is_small_word(w);
}

/* Whether a part of a word is words written together. */
static bool is_rest(const struct guesses *g, struct slice text)
{
	uint64_t reach = 1; /* places that whole words lead to */

	for (size_t start = 0; start < text.n; start++)
		for (size_t end = start + 1; (reach >> start & 1) && end <= text.n; end++)
			if (is_rest_word(g, (struct slice){text.p + start, end - start}))
				reach |= UINT64_C(1) << end;
	return reach >> text.n & 1;
}

/* mairedeconnard: a term in a word whose rest is words. Villages are made in that way too. */
static unsigned take_split(struct round *r)
{
	struct slice w = r->word;
	unsigned taken = 0;

	if (w.n < SPLIT_MIN + SPLIT_REST || text_word_is_capital(r->s->views, r->words[r->at]))
		return 0;
	for (size_t at = 0; at + SPLIT_MIN <= w.n; at++) {
		uint64_t hash = KEY_START;

		for (size_t n = 1; at + n <= w.n; n++) {
			struct slice term = {w.p + at, n}, rest = {w.p + at + n, w.n - at - n};
			struct text_word span = {r->words[r->at].start + (uint32_t)at,
				r->words[r->at].start + (uint32_t)(at + n)};

			hash = key_step(hash, w.p[at + n - 1]);
			if (n < SPLIT_MIN || w.n - n < SPLIT_REST ||
				!find_key(&r->g->words, hash) || (rest.n && !is_rest(r->g, rest)) ||
				(at && !is_rest(r->g, (struct slice){w.p, at})))
				continue;
			taken += take_words(r, term, hash, span, MATCH_BY_GLUE);
		}
	}
	return taken;
}

/* Those that begin with l where the word has an i. */
static unsigned keep_first_l(const struct round *r, uint32_t *ids, unsigned n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++)
		if (*r->word.p == 'i' && r->g->list[ids[i]].text.p[r->g->list[ids[i]].at] == 'l')
			ids[kept++] = ids[i];
	return kept;
}

/* A token with signs or figures in it as the word it looks like. An exclamation mark behind it may be just that. */
static void read_signed(struct round *r, size_t start, size_t end)
{
	struct slice view = r->s->folded;
	uint32_t ids[FOUND_MAX];
	struct look l;

	if (!look_token(view, &start, &end) || is_taken(r->s, start, end))
		return;
	for (;; end--) {
		struct text_word own = {(uint32_t)start, (uint32_t)end};
		bool name = view.p[start] == '@';

		if (!look_of_word(&l, (struct slice){view.p + start, end - start}) ||
			l.signs == name || l.n < LOOK_LEAST ||
			l.letters < (l.n < LOOK_LONG ? 2u : 1u))
			return;
		if (take(r, own, ids, find_keys(&r->g->looks, (struct slice){l.text, l.n}, ids),
			    MATCH_BY_MASK)) {
			r->count++;
			return;
		}
		if (view.p[end - 1] != '!')
			return;
	}
}

/* Once a token. text_word_is_free says no beside most of these signs. */
static void look_for_signs(struct round *r, struct text_word w)
{
	struct slice view = r->s->folded;
	bool figures = false;

	for (size_t i = w.start; i < w.end && !r->known && !figures; i++)
		figures = view.p[i] <= '9';
	if ((!figures && !look_is_signed(view, w.start, w.end)) || w.start < r->signed_end)
		return;
	r->signed_end = w.end;
	while (r->signed_end < view.n && view.p[r->signed_end] != ' ')
		r->signed_end++;
	read_signed(r, w.start, w.end);
}

/* dégueulas as dégueulasse sounds. */
static unsigned take_mute_sound(struct round *r, char last)
{
	uint32_t sound[FOUND_MAX];
	char word[2 * WORD_MAX + 2], key[SOUND_MAX];
	struct slice whole = {word, r->plain.n};

	memcpy(word, r->plain.p, r->plain.n);
	if (last == 's')
		word[whole.n++] = 's';
	word[whole.n++] = 'e';
	return take(r, r->words[r->at], sound,
		find_keys(&r->g->sounds, (struct slice){key, sound_key(key, whole)}, sound),
		MATCH_BY_SOUND);
}

/* The word and these letters behind it. */
static unsigned take_with(struct round *r, struct slice ending)
{
	char word[WORD_MAX + 4];
	struct slice whole = {word, r->word.n + ending.n};

	memcpy(word, r->word.p, r->word.n);
	memcpy(word + r->word.n, ending.p, ending.n);
	return take_words(r, whole, key_hash(whole), r->words[r->at], MATCH_BY_SOUND);
}

/* malad, dégueulas, hipokrit, minabl, fiot: who hears the last letter has left out the e that makes it heard. */
static unsigned take_mute(struct round *r)
{
	struct text_word w = r->words[r->at];
	const char last[] = {r->word.p[r->word.n - 1], 'e'};
	unsigned taken = 0;

	if (r->word.n < MUTE_MIN || r->plain.n > 2 * WORD_MAX || strchr("aeiouy", *last) ||
		text_word_is_hyphened(r->s->views, w) || text_word_is_name(r->s->views, w) ||
		is_taken(r->s, w.start, w.end))
		return 0;
	if (strchr("dtspxz", *last))
		taken = take_mute_sound(r, *last);
	if (!taken)
		taken = take_with(r, (struct slice){last + 1, 1});
	return taken || !strchr("tls", *last) ? taken : take_with(r, (struct slice){last, 2});
}

static void read_word(struct round *r)
{
	uint32_t near[FOUND_MAX], sound[FOUND_MAX], look[FOUND_MAX];
	unsigned n_near = find_near(r, near), n_look = find_look(r, look), taken = 0,
		 n_sound = find_keys(&r->g->sounds, (struct slice){r->sound, r->n_sound}, sound);

	/* two pieces say more than what one of them is near */
	taken = take_pair(r);
	if (!taken && n_near + n_sound + n_look &&
		!text_word_is_hyphened(r->s->views, r->words[r->at])) {
		struct text_word w = r->words[r->at];

		if (is_taken(r->s, w.start, w.end))
			return;
		/* « Iarve » begins with a small l */
		if (text_word_is_name(r->s->views, w)) {
			n_look = keep_first_l(r, look, n_look);
			r->count += take(r, w, look, n_look, MATCH_BY_MASK) > 0;
			return;
		}
		taken = take(r, w, look, n_look, MATCH_BY_MASK);
		if (!taken)
			taken = take(r, w, near, n_near, MATCH_BY_SLIP) +
				take(r, w, sound, n_sound, MATCH_BY_SOUND);
	}
	if (!taken)
		taken = take_hyphened(r);
	if (!taken)
		taken = take_joined(r);
	if (!taken)
		taken = take_mute(r);
	if (!taken)
		taken = take_joined_sound(r);
	if (!taken)
		taken = take_elided(r);
	if (!taken && !is_taken(r->s, r->words[r->at].start, r->words[r->at].end))
		taken = take_split(r);
	r->count += taken > 0;
}

/* A word of the table. A letter by itself with an apostrophe is none: l'eau. */
static void look_for_sms(const struct round *r, struct text_word w)
{
	struct slice view = r->s->folded;

	if (!r->s->sms && (w.end == view.n || view.p[w.end] != '\''))
		r->s->sms = spelling_has_sms(r->g->spelling, r->hashes[r->at % AHEAD]);
}

static bool has_sms_sound(const struct round *r, struct text_word w)
{
	struct slice sound = {r->sound, r->n_sound};

	return spelling_has_sound(r->g->spelling, r->word, r->plain, sound) &&
		!text_word_is_name(r->s->views, w) && !text_word_is_hyphened(r->s->views, w);
}

/* Makes the word at hand the one in question. */
static void take_up(struct round *r, struct text_word w)
{
	r->word = (struct slice){r->s->folded.p + w.start, w.end - w.start};
	r->plain = text_word_plain(r->s->views, w);
	r->n_sound = sound_key(r->sound, r->plain);
}

void scan_guesses(struct match_scratch *s)
{
	const struct guesses *g = s->set->guesses;
	struct round r; /* its hashes are not cleared */

	if (!g)
		return;
	r.s = s;
	r.g = g;
	r.hashed = r.signed_end = r.count = 0;
	s->sms = text_has_accents(s->views) && spelling_has_lone_e(text_view(s->views, TEXT_PLAIN));
	r.n = text_words(s->views, &r.words);
	for (r.at = 0; r.at < r.n && r.count < GUESSES_MAX; r.at++) {
		struct text_word w = r.words[r.at];

		if (s->sms && !g->n) /* nothing more can come of it */
			return;
		hash_ahead(&r);
		look_for_sms(&r, w);
		r.known = w.end - w.start >= STRANGE_MIN && is_known(&r, r.hashes[r.at % AHEAD]);
		if (g->n)
			look_for_signs(&r, w);
		if (!is_strange(&r, w)) {
			if (g->n)
				r.count += take_pair(&r) + take_hyphened(&r) > 0;
			continue;
		}
		take_up(&r, w);
		s->sms = s->sms || has_sms_sound(&r, w);
		if (g->n)
			read_word(&r);
	}
}
