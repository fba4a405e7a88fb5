/* SPDX-License-Identifier: GPL-3.0-or-later
 * What SMS spelling may stand for: the table by its words, the words of the rules by their sound. */
#include <tocsin/text/spell.h>

#include <assert.h>
#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/wordhash.h>
#include <tocsin/text/near.h>

#include "spelling.h"
#include "views.h"

static inline bool is_among(const char *letters, char c)
{
	while (*letters && *letters != c)
		letters++;
	return *letters;
}

/* Whether a word says that a text is SMS. A lone consonant stands in texts that have lost an apostrophe, and dictionaries
 * list it as the name of a letter. */
static bool is_telling(const struct spelling *s, struct slice word)
{
	if (word.n == 1)
		return !is_among("aeiouy", *word.p) && is_letter(*word.p);
	return !wordset_has(s->french, word);
}

static void set_bit(uint64_t *bits, uint64_t hash)
{
	bits[spell_bit(hash) / 64] |= UINT64_C(1) << spell_bit(hash) % 64;
}

/* The first telling word of a sure entry says that it may be there. Those that have none (« vous ete », « cé ») wait for
 * another, or for spelling_has_lone_e. */
static void add_tell(struct spelling *s, struct slice folded, bool loud)
{
	for (size_t at = 0, end; at < folded.n; at = end + 1) {
		struct slice word;

		for (end = at; end < folded.n && folded.p[end] != ' ';)
			end++;
		word = (struct slice){folded.p + at, end - at};
		if (!loud && !is_telling(s, word))
			continue;
		wordset_add(s->strange, word);
		set_bit(s->tells, wordhash(word));
		return;
	}
}

static struct slice first_word(struct slice folded)
{
	const char *end = memchr(folded.p, ' ', folded.n);

	return (struct slice){folded.p, end ? (size_t)(end - folded.p) : folded.n};
}

static void add_entry(struct spelling *s, struct text_views *views, const struct sms *entry)
{
	struct slice folded;
	size_t i;

	text_views_make(views, slice_of(entry->sms));
	folded = arena_copy(&s->arena, text_view(views, TEXT_FOLDED));
	i = wordhash(folded) & (SPELL_SLOTS - 1);
	while (s->table[i].hash)
		i = (i + 1) & (SPELL_SLOTS - 1);
	s->table[i] = (struct sms_place){wordhash(folded), folded, entry};
	set_bit(s->firsts, wordhash(first_word(folded)));
	if (entry->kind != SMS_BESIDE)
		add_tell(s, folded, entry->kind == SMS_LOUD);
}

struct spelling *spelling_new(const struct wordset *french)
{
	struct spelling *s = xcalloc(1, sizeof(*s));
	struct text_views *views = text_views_new();

	assert(sms_count < SPELL_SLOTS / 2);
	s->french = french;
	s->strange = wordset_new();
	s->added = wordset_new();
	arena_init(&s->arena, 0);
	for (size_t i = 0; i < sms_count; i++)
		add_entry(s, views, &sms_table[i]);
	text_views_free(views);
	return s;
}

struct spelling *spelling_free(struct spelling *s)
{
	if (!s)
		return NULL;
	wordset_free(s->strange);
	wordset_free(s->added);
	arena_release(&s->arena);
	free(s->sounds);
	free(s);
	return NULL;
}

/* « ramasé » is ramassé: between vowels nobody hears whether an s is one or two but who can spell. */
static uint64_t hash_of(struct slice sound)
{
	char key[SOUND_MAX];

	for (size_t i = 0; i < sound.n; i++)
		key[i] = sound.p[i] == 'z' ? 's' : sound.p[i];
	return wordhash((struct slice){key, sound.n});
}

void spelling_add(struct spelling *s, struct slice plain)
{
	char key[SOUND_MAX];
	uint64_t hash;
	size_t n;

	if (plain.n < SPELL_LEAST || wordset_has(s->added, plain))
		return;
	wordset_add(s->added, plain);
	n = sound_key(key, plain);
	if (n < SPELL_LEAST)
		return;
	hash = hash_of((struct slice){key, n});
	s->sounds = xgrow(s->sounds, s->n, &s->cap, sizeof(*s->sounds));
	s->sounds[s->n++] = (struct sounded){hash, arena_copy(&s->arena, plain)};
	set_bit(s->heard, hash);
}

static int compare(const void *a, const void *b)
{
	const struct sounded *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return slice_compare(x->word, y->word);
}

void spelling_seal(struct spelling *s)
{
	s->added = wordset_free(s->added);
	if (s->n)
		qsort(s->sounds, s->n, sizeof(*s->sounds), compare);
}

/* The words of the rules with this sound; how many. */
static size_t sounding(const struct spelling *s, struct slice sound, const struct sounded **ret)
{
	size_t low = 0, high = s->n, end;
	uint64_t hash;

	if (sound.n < SPELL_LEAST)
		return 0;
	hash = hash_of(sound);
	if (!spell_has_bit(s->heard, hash))
		return 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->sounds[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < s->n && s->sounds[end].hash == hash;)
		end++;
	*ret = s->sounds + low;
	return end - low;
}

size_t spelling_sounds(const struct spelling *s, struct slice plain, const struct sounded **ret,
	size_t *ret_sounds)
{
	char key[SOUND_MAX];

	*ret_sounds = sound_key(key, plain);
	return sounding(s, (struct slice){key, *ret_sounds}, ret);
}

/* Vowels and h of a word, its first letter. Accented ones stand beyond ASCII. */
static bool is_open(char c)
{
	return (unsigned char)c >= 0x80 || is_among("aeiouyh", c);
}

/* A word in two views. */
struct both {
	struct slice folded, plain;
};

static struct both behind(struct both w, size_t n)
{
	return (struct both){{w.folded.p + n, w.folded.n - n}, {w.plain.p + n, w.plain.n - n}};
}

/* What is left of a word is a word too: French of some letters, or the sound of one. */
static bool is_rest(const struct spelling *s, struct both rest)
{
	const struct sounded *list;
	size_t sounds;

	if (rest.folded.n >= SPELL_ALONE && wordset_has(s->french, rest.folded))
		return true;
	return spelling_sounds(s, rest.plain, &list, &sounds) > 0 && sounds >= SPELL_ALONE;
}

size_t spelling_glue(
	const struct spelling *s, struct slice folded, struct slice plain, const char **ret_full)
{
	static const char *const full[][2] = {{"d", "d'"}, {"j", "j'"}, {"l", "l'"}, {"m", "m'"},
		{"n", "n'"}, {"qu", "qu'"}, {"k", "qu'"}, {"s", "s'"}, {"t", "t'"}};
	struct both word = {folded, plain};

	/* no French word begins with a j and a consonant */
	if (plain.n >= SPELL_LEAST && *plain.p == 'j' && !is_open(plain.p[1])) {
		*ret_full = "je ";
		return slice_is_listed(" te le la les me ne lui ", behind(word, 1).plain) ||
			is_rest(s, behind(word, 1));
	}
	for (size_t i = 0; i < sizeof(full) / sizeof(*full); i++) {
		size_t n = strlen(full[i][0]);

		if (plain.n <= n || memcmp(plain.p, full[i][0], n) != 0)
			continue;
		*ret_full = full[i][1];
		return is_open(plain.p[n]) && is_rest(s, behind(word, n)) ? n : 0;
	}
	return 0;
}

bool spelling_has_sms(const struct spelling *s, uint64_t hash)
{
	return spell_has_bit(s->tells, hash) && wordset_has_hash(s->strange, hash);
}

/* Bytes of the sign that ends before `at`, if it only parts words: a blank, a hyphen, an apostrophe; else 0. */
static size_t parting_before(struct slice text, size_t at)
{
	static const char *const signs[] = {
		" ", "'", "-", "\xe2\x80\x99", "\xc2\xa0", "\xe2\x80\xaf"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t n = strlen(signs[i]);

		if (at >= n && memcmp(text.p + at - n, signs[i], n) == 0)
			return n;
	}
	return 0;
}

struct slice spelling_before(struct slice text, size_t *at)
{
	size_t end = *at, start, n;

	while ((n = parting_before(text, end)))
		end -= n;
	for (start = end; start && end - start <= SPELL_CONTEXT && text_is_word(text, start - 1);)
		start--;
	*at = start;
	return (struct slice){text.p + start, end - start <= SPELL_CONTEXT ? end - start : 0};
}

/* « va te tué », « va payé »: the word that begins at `at` should be an infinitive. */
static bool is_behind_will(struct slice plain, size_t at)
{
	struct slice word = spelling_before(plain, &at);

	if (word.n && slice_is_listed(" te t vous vou le la les l lui leur me m se nous ", word))
		word = spelling_before(plain, &at);
	return word.n && slice_is_listed(" va vais vas vont allez ", word);
}

bool spelling_has_lone_e(struct slice plain)
{
	const char *end = plain.p + plain.n, *p = plain.p;

	for (; (p = memchr(p, '\xc3', (size_t)(end - p))); p++) {
		size_t at = (size_t)(p - plain.p);

		if (end - p < 2 || p[1] != '\xa9' || (end - p > 2 && text_is_word(plain, at + 2)))
			continue;
		if (at && is_among("cfklmsv", plain.p[at - 1]))
			at--;
		if (!at || !text_is_word(plain, at - 1))
			return true;
		while (at && text_is_word(plain, at - 1))
			at--;
		if (is_behind_will(plain, at))
			return true;
	}
	return false;
}

bool spelling_has_sound(
	const struct spelling *s, struct slice folded, struct slice plain, struct slice sound)
{
	const struct sounded *list;
	const char *full;

	if (folded.n < SPELL_ALONE)
		return false;
	return (sound.n >= SPELL_ALONE && sounding(s, sound, &list) > 0) ||
		spelling_glue(s, folded, plain, &full) > 0;
}
