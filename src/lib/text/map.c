/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

void edges_release(struct map_edges *m)
{
	free(m->list);
	*m = (struct map_edges){0};
}

void edges_push(struct map_edges *m, size_t view, size_t origin)
{
	m->list = xgrow(m->list, m->n, &m->cap, sizeof(*m->list));
	m->list[m->n++] = (struct edge){(uint32_t)view, (uint32_t)origin};
}

void edges_cut(struct map_edges *m, size_t view)
{
	while (m->n && m->list[m->n - 1].view > view)
		m->n--;
}

/* Number of edges at or before a position of the view. */
static size_t edges_before(const struct map_edges *m, size_t view)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->list[middle].view <= view)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t run(const struct map_edges *m, size_t n, size_t view)
{
	if (!n)
		return view;
	return m->list[n - 1].origin + (view - m->list[n - 1].view);
}

size_t edges_start(const struct map_edges *m, size_t view)
{
	size_t n = edges_before(m, view), origin = run(m, n, view);

	/* an image longer than its character runs past it: stay on the character */
	if (n < m->n && origin >= m->list[n].origin && m->list[n].origin)
		origin = m->list[n].origin - 1;
	return origin;
}

size_t edges_end(const struct map_edges *m, size_t view)
{
	size_t n = edges_before(m, view), origin;

	/* several edges at one place: what was dropped lies between them, and is not ours */
	while (n > 1 && m->list[n - 1].view == view && m->list[n - 2].view == view)
		n--;
	if (n && m->list[n - 1].view == view)
		return m->list[n - 1].origin;
	origin = run(m, n, view);
	if (n < m->n && origin > m->list[n].origin)
		origin = m->list[n].origin;
	return origin;
}

size_t edges_view(const struct map_edges *m, size_t origin)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->list[middle].origin <= origin)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return origin;
	return m->list[low - 1].view + (origin - m->list[low - 1].origin);
}
