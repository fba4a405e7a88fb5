/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/keep.h>

#include <stdlib.h>
#include <string.h>
#include <tocsin/base/alloc.h>

int64_t keep_source_ms(const struct keep *k, struct slice source)
{
	for (size_t i = 0; i < k->n_sources; i++)
		if (slice_equal(k->sources[i].id, source))
			return k->sources[i].ms;
	return INT64_MAX;
}

void keep_copy(struct keep *to, const struct keep *from)
{
	size_t n = from->n_sources, bytes = 0;
	struct keep_source *sources;
	char *ids;

	for (size_t i = 0; i < n; i++)
		bytes += from->sources[i].id.n;
	sources = xcalloc(1, n * sizeof(*sources) + bytes + 1);
	ids = (char *)(sources + n);
	for (size_t i = 0; i < n; i++) {
		const struct slice id = from->sources[i].id;

		sources[i] = (struct keep_source){{ids, id.n}, from->sources[i].ms};
		memcpy(ids, id.p, id.n);
		ids += id.n;
	}
	*to = *from;
	to->sources = to->copied = sources;
}

void keep_release(struct keep *k)
{
	free(k->copied);
	*k = (struct keep){0};
}
