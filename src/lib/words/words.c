/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/words/words.h>
#include "catalogue.h"
#include <stdlib.h>
#include <strings.h>

enum words_lang words_lang_of(const char *name)
{
	static const char *const from[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; !name && i < sizeof(from) / sizeof(from[0]); i++) {
		const char *value = getenv(from[i]);
		if (value && *value)
			name = value;
	}
	return name && strncasecmp(name, "en", 2) == 0 ? WORDS_EN : WORDS_FR;
}

static int compare(const void *key, const void *entry)
{
	return strcmp(key, ((const struct words_entry *)entry)->french);
}

static const struct words_entry *find(enum words_lang lang, const char *french)
{
	if (lang != WORDS_EN)
		return NULL;
	return bsearch(french, words_en.entries, words_en.n, sizeof(*words_en.entries), compare);
}

const char *words(enum words_lang lang, const char *french)
{
	const struct words_entry *e = find(lang, french);
	return e ? e->one : french;
}

const char *words_n(enum words_lang lang, const char *one, const char *many, uint64_t n)
{
	const struct words_entry *e = find(lang, one);
	if (e && e->many)
		return n == 1 ? e->one : e->many;
	return n < 2 ? one : many;
}
