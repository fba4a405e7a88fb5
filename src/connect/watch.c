/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch.h"

#include <stdio.h>

const struct watched *watch_find(const struct watch *w, struct slice id)
{
	for (size_t i = 0; i < w->n; i++)
		if (slice_is(id, w->list[i].id))
			return &w->list[i];
	return NULL;
}

/* Ids grow with time: the longer, then the greater one is younger. */
static bool older(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	return n != m ? n < m : strcmp(a, b) < 0;
}

void watch_add(struct watch *w, struct slice id, struct slice root)
{
	struct watched new = {0};
	size_t oldest = 0;

	if (id.n >= WATCH_ID || root.n >= WATCH_ID || watch_find(w, id))
		return;
	memcpy(new.id, id.p, id.n);
	memcpy(new.root, root.p, root.n);
	if (w->n < WATCH_MAX) {
		w->list[w->n++] = new;
		return;
	}
	for (size_t i = 1; i < w->n; i++)
		if (older(w->list[i].id, w->list[oldest].id))
			oldest = i;
	if (older(w->list[oldest].id, new.id))
		w->list[oldest] = new;
}

void watch_author(struct watch *w, struct slice id, struct slice by)
{
	const struct watched *found = watch_find(w, id);

	if (!found || by.n >= WATCH_ID)
		return;
	memcpy(w->list[found - w->list].by, by.p, by.n);
	w->list[found - w->list].by[by.n] = 0;
}

void watch_remove(struct watch *w, struct slice id)
{
	const struct watched *found = watch_find(w, id);
	size_t i = found ? (size_t)(found - w->list) : w->n;

	if (!found)
		return;
	w->n--;
	memmove(&w->list[i], &w->list[i + 1], (w->n - i) * sizeof(*w->list));
}

void watch_turn(struct watch *w, size_t n)
{
	struct watched first[WATCH_MAX];

	if (n > w->n)
		n = w->n;
	memcpy(first, w->list, n * sizeof(*first));
	memmove(w->list, w->list + n, (w->n - n) * sizeof(*first));
	memcpy(w->list + w->n - n, first, n * sizeof(*first));
}

void watch_print(const struct watch *w, struct json_writer *out, size_t most)
{
	json_w_begin(out, '[');
	for (size_t i = 0; i < w->n && out->out->n + sizeof(w->list[i]) < most; i++) {
		char text[3 * WATCH_ID + 2];

		snprintf(text, sizeof(text), "%s %s%s%s", w->list[i].id, w->list[i].root,
			w->list[i].by[0] ? " " : "", w->list[i].by);
		json_w_string(out, slice_of(text));
	}
	json_w_end(out, ']');
}

/* The word before the next blank; text begins behind it. */
static struct slice word(struct slice *text)
{
	const char *blank = text->n ? memchr(text->p, ' ', text->n) : NULL;
	struct slice first = {text->p, blank ? (size_t)(blank - text->p) : text->n};

	*text = blank ? (struct slice){blank + 1, text->n - first.n - 1} : (struct slice){"", 0};
	return first;
}

void watch_read(struct watch *w, struct json_value list)
{
	struct json_value one;
	struct slice key;
	uint32_t it = 0;

	while (json_each(list, &it, &key, &one)) {
		struct slice text =
			one.type == JSON_STRING ? json_string(one) : (struct slice){"", 0};
		struct slice id = word(&text), root = word(&text);

		if (!root.n)
			continue;
		watch_add(w, id, root);
		watch_author(w, id, text);
	}
}
