/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/trend/trend.h>

#define RUN 6u /* words in a run */
#define LEAST_WORDS 8u
#define LEAST_LETTERS 40u
#define TEXT_READ 4096u /* bytes looked at: a copy shows itself in them */

/* A-Z and the Latin-1 and Latin Extended-A letters of French without their accents; 0: no letter. Other
 * scripts keep their bytes. */
static unsigned letter(const unsigned char *p, size_t left, size_t *ret_n)
{
	static const char latin1[] =
		"aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty";
	*ret_n = 1;
	if (*p < 0x80) {
		unsigned c = *p | 0x20u;
		return (c >= 'a' && c <= 'z') || (*p >= '0' && *p <= '9') ? (*p >= 'A' ? c : *p)
									  : 0;
	}
	if (*p == 0xc3 && left > 1) {
		*ret_n = 2;
		return (unsigned char)latin1[p[1] & 0x3f];
	}
	if (*p == 0xc5 && left > 1 && (p[1] == 0x92 || p[1] == 0x93)) {
		*ret_n = 2;
		return 'o';
	}
	if (*p >= 0xce && *p < 0xe2) /* Greek, Cyrillic, Arabic …: by byte */
		return *p;
	size_t n = *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc0 ? 2 : 1;
	*ret_n = n < left ? n : left;
	return 0; /* punctuation, symbols, emoji */
}

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 29;
	return h;
}

uint64_t trend_fingerprint(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t n = text.n < TEXT_READ ? text.n : TEXT_READ;
	uint64_t words[RUN] = {0}, least = UINT64_MAX, h = 0;
	uint32_t count = 0, letters = 0;
	for (size_t i = 0; i <= n;) {
		size_t step = 1;
		unsigned c = i < n ? letter(p + i, n - i, &step) : 0;
		if (c) {
			h = (h ^ c) * UINT64_C(0x100000001b3) + 1;
			letters++;
		} else if (h) {
			words[count++ % RUN] = mix(h);
			h = 0;
			if (count >= RUN) {
				uint64_t run = 0;
				for (uint32_t k = 0; k < RUN; k++)
					run = mix(run * 31 + words[(count + k) % RUN]);
				least = run < least ? run : least;
			}
		}
		i += step;
	}
	if (count < LEAST_WORDS || letters < LEAST_LETTERS)
		return 0;
	return least ? least : 1;
}
