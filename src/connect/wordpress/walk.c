/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "walk.h"

#define SPARSE 50 /* numbers for one comment: spam that was thrown away leaves holes */
#define NUMBER_MAX (INT64_C(1) << 53)

bool walk_begin(struct walk *w, int64_t last, int64_t total)
{
	*w = (struct walk){1, 0};
	if (last < 1 || last > NUMBER_MAX || total < last / SPARSE)
		return false;
	w->last = last;
	return true;
}

void walk_ask(const struct walk *w, int size, struct buf *url)
{
	buf_add_string(url, "&include=");
	for (int64_t id = w->next; id < w->next + size && id <= w->last; id++)
		buf_printf(url, "%s%lld", id == w->next ? "" : ",", (long long)id);
}

bool walk_asked(const struct walk *w, int size, int64_t id)
{
	return id >= w->next && id < w->next + size && id <= w->last;
}

void walk_print(const struct walk *w, struct buf *out)
{
	buf_printf(out, "%lld,%lld", (long long)w->next, (long long)w->last);
}

bool walk_parse(struct slice text, struct walk *ret)
{
	const char *comma = text.n ? memchr(text.p, ',', text.n) : NULL;
	size_t n = comma ? (size_t)(comma - text.p) : 0;
	struct walk w;

	if (!comma || !slice_number((struct slice){text.p, n}, &w.next) ||
		!slice_number((struct slice){comma + 1, text.n - n - 1}, &w.last) || w.next < 1 ||
		w.last > NUMBER_MAX || w.next > NUMBER_MAX)
		return false;
	*ret = w;
	return true;
}
