/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/flags.h>

uint16_t flags_read(struct slice words, const char *const *names, unsigned n)
{
	uint16_t flags = 0;

	while (words.n) {
		const char *comma = memchr(words.p, ',', words.n);
		struct slice word = {words.p, comma ? (size_t)(comma - words.p) : words.n};
		size_t step = word.n + (comma != NULL);
		uint16_t flag = 0;

		words = (struct slice){words.p + step, words.n - step};
		for (unsigned i = 0; i < n; i++)
			if (slice_equal(word, (struct slice){names[i], strlen(names[i])}))
				flag = (uint16_t)(1u << i);
		if (!flag)
			return 0;
		flags |= flag;
	}
	return flags;
}

void flags_write(struct buf *out, uint16_t flags, const char *const *names, unsigned n)
{
	const char *comma = "";

	for (unsigned i = 0; i < n; i++)
		if (flags & 1u << i) {
			buf_printf(out, "%s%s", comma, names[i]);
			comma = ",";
		}
}
