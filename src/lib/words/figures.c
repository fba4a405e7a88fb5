/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers and spans of time as people write them. */
#include <tocsin/words/words.h>
#include <inttypes.h>
#include <stdio.h>

const char *words_number(enum words_lang lang, int64_t n, char out[static 40])
{
	static const char thin[] = "\u202f"; /* narrow no-break space */
	char digits[24];
	uint64_t value = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	int count = snprintf(digits, sizeof(digits), "%" PRIu64, value);
	char *p = out;
	if (n < 0)
		*p++ = '-';
	for (int i = 0; i < count; i++) {
		if (i && (count - i) % 3 == 0) {
			const char *separator = lang == WORDS_EN ? "," : thin;
			size_t length = strlen(separator);
			memcpy(p, separator, length);
			p += length;
		}
		*p++ = digits[i];
	}
	*p = '\0';
	return out;
}

const char *words_duration(enum words_lang lang, int64_t ms, char out[static 40])
{
	const char *sign = ms < 0 ? "-" : "";
	const char *day = lang == WORDS_EN ? "d" : "j";
	uint64_t t = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	uint64_t s = t / 1000, m = s / 60, h = m / 60, d = h / 24;
	if (t == 0)
		snprintf(out, 40, "0 s");
	else if (s == 0)
		snprintf(out, 40, "%s%" PRIu64 " ms", sign, t);
	else if (m == 0)
		snprintf(out, 40, "%s%" PRIu64 " s", sign, s);
	else if (h == 0)
		snprintf(out, 40, "%s%" PRIu64 " min", sign, m);
	else if (d == 0 && m % 60)
		snprintf(out, 40, "%s%" PRIu64 " h %02" PRIu64, sign, h, m % 60);
	else if (d == 0)
		snprintf(out, 40, "%s%" PRIu64 " h", sign, h);
	else if (d < 2 && h % 24)
		snprintf(out, 40, "%s%" PRIu64 " %s %" PRIu64 " h", sign, d, day, h % 24);
	else
		snprintf(out, 40, "%s%" PRIu64 " %s", sign, d, day);
	return out;
}

#define WORTH_SAYING 9.5 /* days */
#define YEAR 365.0

const char *words_return(enum words_lang lang, double days, char out[static 64])
{
	if (!(days >= WORTH_SAYING))
		return NULL;
	if (days >= YEAR)
		snprintf(out, 64, "%s", words(lang, "moins d'une fois par an"));
	else if (days >= 75)
		snprintf(
			out, 64, words(lang, "une fois en %d mois"), (int)(days * 12 / YEAR + 0.5));
	else
		snprintf(out, 64, words(lang, "une fois en %d jours"),
			days < 20 ? (int)(days + 0.5) : (int)(days / 5 + 0.5) * 5);
	return out;
}
