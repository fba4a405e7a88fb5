/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terms.h"

#include <ctype.h>

#include "address.h"

#define UTF8_MOST 4u /* bytes of a character: a text that is cut has fewer less */
#define STEM_MIN 4u /* letters that remain */

static uint64_t stir(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

uint64_t terms_pair(uint64_t a, uint64_t b)
{
	return stir(a + b);
}

struct slice terms_read(struct slice text)
{
	if (text.n > TEXT_READ) {
		text.n = TEXT_READ;
		while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
			text.n--;
	}
	return text;
}

/* Without the ending that only number and gender change: vendu, vendue, vendus, vendues. */
static struct slice stem(struct slice w)
{
	if (w.n > STEM_MIN && (w.p[w.n - 1] == 's' || w.p[w.n - 1] == 'x'))
		w.n--;
	while (w.n > STEM_MIN && w.p[w.n - 1] == 'e')
		w.n--;
	return w;
}

static bool is_number(struct slice w)
{
	for (size_t i = 0; i < w.n; i++)
		if (!isdigit((unsigned char)w.p[i]))
			return false;
	return true;
}

static uint64_t hash_of(struct slice w, uint64_t key)
{
	uint64_t h = key;

	for (size_t i = 0; i < w.n; i++)
		h = (h ^ (unsigned char)w.p[i]) * UINT64_C(0x100000001b3);
	return stir(h);
}

/* Folded, of two letters or more. */
static const char empty_list[] =
	"le la les un une des de du au aux et ou mais donc or ni car que qui quoi dont ce cet cette ces ca "
	"cela celui celle ceux celles se sa son ses mon ma mes ton ta tes notre nos votre vos leur leurs je tu "
	"il elle on nous vous ils elles me te lui eux moi toi soi en ne pas plus moins tres trop tout tous "
	"toute toutes rien meme si comme quand aussi encore deja bien pour par avec sans sous sur dans chez "
	"vers entre depuis avant apres pendant est es etes suis sommes sont etait etaient etre ete sera seront "
	"serait ai as avons avez ont avait avaient avoir eu aura auront aurait fait faire fais font peut peux "
	"peuvent va vais vas vont aller alors ici voila voici oui non jamais toujours qu jusqu lorsqu puisqu "
	"quelqu aujourd hui quel quelle quels quelles quelque quelques chaque autre autres aucun aucune "
	"plusieurs puis ainsi parce pourquoi comment combien lors contre selon afin faut dit dire veut veux "
	"voir vu";

/* Where it is, or would be. */
static size_t slot_of(const struct empty_words *empty, uint64_t hash)
{
	size_t i = hash & (EMPTY_SLOTS - 1);

	while (empty->slots[i] && empty->slots[i] != hash)
		i = (i + 1) & (EMPTY_SLOTS - 1);
	return i;
}

void terms_empty_words(struct empty_words *ret, uint64_t key)
{
	*ret = (struct empty_words){0};
	for (const char *p = empty_list, *end; *p; p = *end ? end + 1 : end) {
		end = strchrnul(p, ' ');
		uint64_t hash = hash_of(stem((struct slice){p, (size_t)(end - p)}), key);
		ret->slots[slot_of(ret, hash)] = hash;
	}
}

size_t terms_words(struct text_views *v, const struct empty_words *empty, uint64_t key,
	struct word ret[static WORDS_MAX])
{
	struct slice view = text_view(v, TEXT_FOLDED);
	const struct text_word *list;
	size_t n_list = text_words(v, &list), n = 0;
	struct addresses addresses = {
		.view = view, .cut = text_original(v).n + UTF8_MOST > TEXT_READ};
	uint64_t seen = 0; /* a sieve: most words are new to it */

	for (size_t i = 0; i < n_list && n < WORDS_MAX; i++) {
		struct slice w = {view.p + list[i].start, list[i].end - list[i].start};
		struct word word = {.start = list[i].start, .end = list[i].end};
		bool twice = false;
		word.address = addresses_have(&addresses, list[i].start);
		word.stretch = addresses.n;
		if (w.n < 2 || is_number(w))
			continue;
		word.hash = hash_of(stem(w), key);
		for (size_t k = 0; seen >> (word.hash & 63) & 1 && k < n; k++)
			twice |= ret[k].hash == word.hash && ret[k].address == word.address;
		seen |= UINT64_C(1) << (word.hash & 63);
		word.empty = word.address || empty->slots[slot_of(empty, word.hash)] == word.hash;
		if (!twice)
			ret[n++] = word;
	}
	return n;
}

struct slice terms_spelling(
	const struct text_views *v, const struct word *first, const struct word *last)
{
	struct slice text = text_original(v);
	uint32_t start, end, ignored;

	text_view_origin(v, TEXT_FOLDED, first->start, first->start + 1, &start, &ignored);
	text_view_origin(v, TEXT_FOLDED, last->end - 1, last->end, &ignored, &end);
	if (start > 0 && text.p[start - 1] == '#')
		start--;
	return (struct slice){text.p + start, end - start};
}
