/* SPDX-License-Identifier: GPL-3.0-or-later
 * « débiIe »: the capital I that looks like a small l, read as one before anything else is made of the text. */
#include <tocsin/base/lanes.h>

#include "views.h"

/* A small letter of French in two bytes: àâçéèêëîïôùûüÿœæ and their like. */
static bool is_small_accented(const char *p)
{
	unsigned char lead = (unsigned char)p[0], trail = (unsigned char)p[1];

	return (lead == 0xC3 && trail >= 0x9F && trail <= 0xBF && trail != 0xB7) ||
		(lead == 0xC5 && trail == 0x93);
}

/* Where the small letters begin that end before `at`: at itself when there is none. */
static const char *small_before(struct slice in, const char *at)
{
	while (at > in.p) {
		if (is_letter(at[-1]))
			at--;
		else if (at - in.p >= 2 && is_small_accented(at - 2))
			at -= 2;
		else
			break;
	}
	return at;
}

/* So many small letters stand from `at` on, `most` at most. */
static size_t small_after(struct slice in, const char *at, size_t most)
{
	const char *end = in.p + in.n;
	size_t n = 0;

	for (; n < most && at < end; n++)
		if (is_letter(*at))
			at++;
		else if (end - at >= 2 && is_small_accented(at))
			at += 2;
		else
			break;
	return n;
}

/* The I at `at` stands for an l: débiIe. All letters of its word before it are small, but for the first, behind which it
 * may not begin a word of its own (« StopIncendie »: more than three letters follow). Not a
 * name's either, « #StopIci », nor one that begins its word, « l’Isère ». */
static bool is_l(struct slice in, const char *at)
{
	const char *word = small_before(in, at);
	bool titled = word > in.p && word[-1] >= 'A' && word[-1] <= 'Z';
	size_t follow = small_after(in, at + 1, 4);

	if (word == at || !follow || (titled && follow > 3))
		return false;
	word -= titled;
	return word == in.p ||
		!(word[-1] == '#' || word[-1] == '@' || is_letter((char)(word[-1] | 0x20)));
}

/* The letters before the capital I's of a step that may stand for an l: a bit each. */
static inline uint32_t suspects_in(const char *p)
{
	lanes before = lanes_load(p), at = lanes_load(p + 1);

	/* a small letter, or the end of one beyond ASCII, which is below zero */
	return lanes_bits(
		(at == lanes_all('I')) & (lanes_range(before, 'a', 'z') | (before < lanes_all(0))));
}

static void read_one(struct text_views *v, const char *at)
{
	struct slice in = v->original;

	if (!is_l(in, at))
		return;
	if (!v->read.n)
		buf_add_slice(&v->read, in);
	v->read.p[at - in.p] = 'l';
}

struct slice capital_read(struct text_views *v)
{
	struct slice in = v->original;
	size_t at = 0;

	buf_clear(&v->read);
	if (in.n <= LANES) { /* too short for steps */
		for (; at + 1 < in.n; at++)
			if (in.p[at + 1] == 'I')
				read_one(v, in.p + at + 1);
		return v->read.n ? buf_slice(&v->read) : in;
	}
	for (; at + 1 < in.n; at += LANES) {
		if (at + LANES >= in.n) /* the last step looks at some once more */
			at = in.n - LANES - 1;
		for (uint32_t bits = suspects_in(in.p + at); bits; bits &= bits - 1)
			read_one(v, in.p + at + 1 + __builtin_ctz(bits));
	}
	return v->read.n ? buf_slice(&v->read) : in;
}
