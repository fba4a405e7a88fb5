/* SPDX-License-Identifier: GPL-3.0-or-later
 * As text: FLOOR and then, for each, how far its number is from the one before, four hexadecimal digits, and ! when it was missed:
 * "0;120a1f3,1bb02!,…". */
#include "known.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/digest/digest.h>

#define MISSED_MAX 2u
#define DIGITS 4u

static uint16_t trace(struct slice words)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(words, digest);
	return (uint16_t)(digest[0] << 8 | digest[1]);
}

/* Where it is, or has its place. */
static size_t place_of(const struct known *k, int64_t id)
{
	size_t low = 0, high = k->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (k->list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void insert(struct known *k, size_t at, struct known_item item)
{
	if (k->n == KNOWN_MAX) {
		k->over = true;
		if (at == 0)
			return;
		memmove(k->list, k->list + 1, (at - 1) * sizeof(*k->list));
		k->list[at - 1] = item;
		return;
	}
	k->list = xgrow(k->list, k->n, &k->cap, sizeof(*k->list));
	memmove(k->list + at + 1, k->list + at, (k->n - at) * sizeof(*k->list));
	k->list[at] = item;
	k->n++;
}

bool known_add(struct known *k, int64_t id, struct slice words)
{
	size_t at = place_of(k, id);
	uint16_t now = trace(words);
	bool same;

	if (id <= 0 || id < k->floor)
		return false;
	if (at == k->n || k->list[at].id != id) {
		insert(k, at, (struct known_item){id, now, 0, true});
		return true;
	}
	same = k->list[at].words == now;
	k->list[at] = (struct known_item){id, now, 0, true};
	return !same;
}

void known_round(struct known *k, known_fn *gone, void *user)
{
	size_t n = 0;

	if (k->over && k->n)
		k->floor = k->list[0].id;
	for (size_t i = 0; i < k->n; i++) {
		struct known_item *item = &k->list[i];

		if (!item->here && ++item->missed >= MISSED_MAX) {
			gone(user, item->id);
			continue;
		}
		item->here = false;
		k->list[n++] = *item;
	}
	k->n = n;
}

static void drop_oldest(struct known *k, size_t n)
{
	k->over = true;
	k->n -= n;
	memmove(k->list, k->list + n, k->n * sizeof(*k->list));
}

static void print_all(const struct known *k, struct buf *out)
{
	int64_t last = 0;

	buf_printf(out, "%lld;", (long long)k->floor);
	for (size_t i = 0; i < k->n; i++) {
		buf_printf(out, "%s%lld%04x%s", i ? "," : "", (long long)(k->list[i].id - last),
			k->list[i].words, k->list[i].missed ? "!" : "");
		last = k->list[i].id;
	}
}

void known_print(struct known *k, size_t most, struct buf *out)
{
	size_t start = out->n;

	print_all(k, out);
	while (out->n - start > most && k->n) {
		out->n = start;
		drop_oldest(k, k->n / 8 + 1);
		print_all(k, out);
	}
}

static bool read_item(struct slice word, int64_t last, struct known_item *ret)
{
	unsigned char words[2];
	int64_t step;
	size_t n;

	ret->missed = word.n && word.p[word.n - 1] == '!';
	word.n -= ret->missed;
	if (word.n <= DIGITS)
		return false;
	n = word.n - DIGITS;
	if (!slice_number((struct slice){word.p, n}, &step) || step <= 0 ||
		digest_unhex((struct slice){word.p + n, DIGITS}, words, sizeof(words)) < 0 ||
		__builtin_add_overflow(last, step, &ret->id))
		return false;
	ret->words = (uint16_t)(words[0] << 8 | words[1]);
	ret->here = false;
	return true;
}

void known_parse(struct known *k, struct slice text)
{
	const char *end = text.n ? memchr(text.p, ';', text.n) : NULL;
	int64_t last = 0;

	if (!end || !slice_number((struct slice){text.p, (size_t)(end - text.p)}, &k->floor))
		return;
	text = (struct slice){end + 1, text.n - (size_t)(end - text.p) - 1};
	while (text.n && k->n < KNOWN_MAX) {
		const char *comma = memchr(text.p, ',', text.n);
		struct slice word = {text.p, comma ? (size_t)(comma - text.p) : text.n};
		struct known_item item;

		if (!read_item(word, last, &item))
			return;
		last = item.id;
		insert(k, k->n, item);
		text = (struct slice){
			text.p + word.n + (comma != NULL), text.n - word.n - (comma != NULL)};
	}
}

void known_release(struct known *k)
{
	free(k->list);
	*k = (struct known){0};
}
