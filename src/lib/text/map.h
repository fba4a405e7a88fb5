/* SPDX-License-Identifier: GPL-3.0-or-later
 * From offsets in one view to offsets in the text it was made from. Between two edges both run in step,
 * so a text without surprises needs no edge at all. */
#ifndef TEXT_MAP_H
#define TEXT_MAP_H
#include <stddef.h>
#include <stdint.h>

struct edge {
	uint32_t view, origin;
};

struct map_edges {
	struct edge *list;
	size_t n, cap;
};

void edges_release(struct map_edges *m);
void edges_push(struct map_edges *m, size_t view, size_t origin);
/* Forgets the edges beyond a position of the view (the last character is about to be rewritten). */
void edges_cut(struct map_edges *m, size_t view);
/* Where the character at `view` begins, and where the one that ends at `view` ends. */
size_t edges_start(const struct map_edges *m, size_t view);
size_t edges_end(const struct map_edges *m, size_t view);
/* The other way: the place of the view that stands for this place of its text. */
size_t edges_view(const struct map_edges *m, size_t origin);
#endif
