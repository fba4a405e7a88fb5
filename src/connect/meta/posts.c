/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posts.h"

#include <stdio.h>

struct post *posts_find(struct posts *k, const char *id)
{
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->list[i].id, id) == 0)
			return &k->list[i];
	return NULL;
}

/* Before the next older one of its page that is known, or behind the next newer one. */
static size_t place(struct posts *k, const struct post *page, size_t n, size_t i)
{
	const struct post *near;

	for (size_t older = i + 1; older < n; older++) {
		near = posts_find(k, page[older].id);
		if (near)
			return (size_t)(near - k->list);
	}
	for (size_t newer = i; newer-- > 0;) {
		near = posts_find(k, page[newer].id);
		if (near)
			return (size_t)(near - k->list) + 1;
	}
	return k->start;
}

void posts_know(struct posts *k, const struct post *page, size_t n, size_t i)
{
	struct post *old = posts_find(k, page[i].id);
	size_t at;

	if (old) {
		old->count = page[i].count;
		return;
	}
	at = place(k, page, n, i);
	if (at >= POSTS_KNOWN)
		return;
	if (k->n < POSTS_KNOWN)
		k->n++;
	memmove(&k->list[at + 1], &k->list[at], (k->n - at - 1) * sizeof(*k->list));
	k->list[at] = page[i];
}

void posts_turn_page(struct posts *k, const struct post *page, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct post *known = posts_find(k, page[i].id);
		size_t behind = known ? (size_t)(known - k->list) + 1 : 0;

		if (!known)
			continue;
		known->met = true;
		if (behind > k->start)
			k->start = behind;
	}
}

void posts_tidy(struct posts *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		if (k->list[i].met)
			k->list[n++] = k->list[i];
	k->n = n;
}

void posts_print(const struct posts *k, struct json_writer *out)
{
	json_w_begin(out, '[');
	for (size_t i = 0; i < k->n; i++) {
		char text[WATCH_ID + 24];

		snprintf(text, sizeof(text), "%s %lld", k->list[i].id, (long long)k->list[i].count);
		json_w_string(out, slice_of(text));
	}
	json_w_end(out, ']');
}

void posts_read(struct posts *k, struct json_value list)
{
	struct json_value one;
	struct slice key;
	uint32_t it = 0;

	while (k->n < POSTS_KNOWN && json_each(list, &it, &key, &one)) {
		struct slice s = one.type == JSON_STRING ? json_string(one) : (struct slice){"", 0};
		const char *blank = s.n ? memchr(s.p, ' ', s.n) : NULL;
		struct post *post = &k->list[k->n];
		size_t n = blank ? (size_t)(blank - s.p) : 0;

		if (!n || n >= WATCH_ID ||
			!slice_number((struct slice){blank + 1, s.n - n - 1}, &post->count))
			continue;
		memcpy(post->id, s.p, n);
		post->id[n] = 0;
		k->n++;
	}
}
