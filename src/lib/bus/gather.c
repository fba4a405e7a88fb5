/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gather.h"

#include <tocsin/base/alloc.h>

void gather_clear(struct gather *g)
{
	for (size_t i = 0; i < g->n; i++)
		zmq_msg_close(&g->list[i]->raw);
	g->n = 0;
	g->bytes = 0;
	g->comments = 0;
}

void gather_release(struct gather *g)
{
	gather_clear(g);
	for (size_t i = 0; i < g->cap; i++)
		free(g->list[i]);
	free(g->list);
	*g = (struct gather){0};
}

struct message *gather_slot(struct gather *g)
{
	if (g->n == g->cap) {
		size_t cap = g->cap ? 2 * g->cap : 64;

		g->list = xreallocarray(g->list, cap, sizeof(struct message *));
		for (size_t i = g->cap; i < cap; i++)
			g->list[i] = xmalloc(sizeof(struct message));
		g->cap = cap;
	}
	return g->list[g->n];
}

void gather_keep(struct gather *g, uint64_t comments)
{
	g->bytes += zmq_msg_size(&g->list[g->n]->raw);
	g->comments += comments;
	g->n++;
}
