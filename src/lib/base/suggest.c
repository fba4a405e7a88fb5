/* SPDX-License-Identifier: GPL-3.0-or-later
 * "Did you mean": optimal string alignment (Damerau-Levenshtein without moves across an edit). */
#include <tocsin/base/problem.h>
#include <tocsin/base/utf8.h>

enum { LONGEST = 64 };

/* The letter without its accent: who forgets an accent has made no mistake in the letter. */
static uint32_t bare(uint32_t c)
{
	static const struct {
		uint32_t from, to;
		char letter;
	} rows[] = {{0xe0, 0xe5, 'a'}, {0xe7, 0xe7, 'c'}, {0xe8, 0xeb, 'e'}, {0xec, 0xef, 'i'},
		{0xf2, 0xf6, 'o'}, {0xf9, 0xfc, 'u'}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (c >= rows[i].from && c <= rows[i].to)
			return (uint32_t)rows[i].letter;
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Scalars, ASCII in lower case and without accents; 0 when there are more than LONGEST or the text is invalid. */
static size_t scalars(struct slice s, uint32_t out[static LONGEST])
{
	size_t n = 0;
	if (s.n > LONGEST * 4 || !utf8_valid(s))
		return 0;
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);
		if (n == LONGEST)
			return 0;
		out[n++] = bare(c);
	}
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t distance(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t rows[3][LONGEST + 1];
	size_t *two = rows[0], *one = rows[1], *row = rows[2];
	for (size_t j = 0; j <= nb; j++)
		one[j] = two[j] = j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			row[j] = least(
				least(one[j], row[j - 1]) + 1, one[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], two[j - 2] + 1);
		}
		size_t *free_row = two;
		two = one;
		one = row;
		row = free_row;
	}
	return one[nb];
}

const char *problem_did_you_mean(struct slice typed, const char *const *candidates, size_t n)
{
	uint32_t a[LONGEST], b[LONGEST];
	size_t na = scalars(typed, a);
	size_t limit = least(2, na / 3), best = limit + 1;
	const char *found = NULL;
	for (size_t i = 0; na && i < n; i++) {
		if (!candidates[i])
			continue;
		size_t nb = scalars(slice_of(candidates[i]), b);
		if (nb == 0 || nb > na + limit || na > nb + limit)
			continue;
		size_t d = distance(a, na, b, nb);
		if (d < best) {
			best = d;
			found = candidates[i];
		}
	}
	return found;
}
