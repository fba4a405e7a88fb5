/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every sentence shown to people. The source is French; other languages come from .po catalogues
 * compiled in at build time (src/lib/words/po/en.po). The language is an argument, never global. */
#ifndef TOCSIN_WORDS_WORDS_H
#define TOCSIN_WORDS_WORDS_H
#include <stdint.h>
#include <tocsin/base/buf.h>

enum words_lang { WORDS_FR, WORDS_EN };

/* "fr", "fr_FR.UTF-8" → WORDS_FR; "en…" → WORDS_EN; anything else French. NULL: from LC_ALL, LC_MESSAGES, LANG. */
enum words_lang words_lang_of(const char *name);
/* Marks a sentence in a table, for the catalogue; words() translates it where it is shown. */
#define WORDS_MARK(french) french
/* The sentence in lang; the French itself when the catalogue lacks it. tools/words-update extracts both. */
const char *words(enum words_lang lang, const char *french) __attribute__((format_arg(2)));
/* Plural by the language's rule (French: 0 and 1 are singular). */
const char *words_n(enum words_lang lang, const char *one, const char *many, uint64_t n)
	__attribute__((format_arg(2), format_arg(3)));
/* 12345 → "12 345" (U+202F) in French, "12,345" in English. */
const char *words_number(enum words_lang lang, int64_t n, char out[static 40]);
/* ms → "45 s", "3 min", "2 h 05", "1 j 6 h", "4 j" */
const char *words_duration(enum words_lang lang, int64_t ms, char out[static 40]);
/* How often something comes that comes once in so many days: "une fois en 40 jours", "une fois en 4 mois", "moins d'une
 * fois par an". Rounded: it is an estimate. NULL below ten days, which is nothing to speak of. */
const char *words_return(enum words_lang lang, double days, char out[static 64]);
#endif
