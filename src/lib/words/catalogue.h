/* SPDX-License-Identifier: GPL-3.0-or-later
 * A catalogue as po2c.py writes it: sorted by the French sentence, in byte order. */
#ifndef WORDS_CATALOGUE_H
#define WORDS_CATALOGUE_H
#include <stddef.h>

struct words_entry {
	const char *french;
	const char *one, *many; /* many is NULL in an entry without plural */
};
struct words_catalogue {
	const struct words_entry *entries;
	size_t n;
};
extern const struct words_catalogue words_en;
#endif
