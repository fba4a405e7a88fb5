/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peers.h"

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

void peers_release(struct peers *p)
{
	free(p->list);
	*p = (struct peers){0};
}

struct peer *peers_at(struct peers *p, const struct peer_id *id)
{
	struct peer *peer = NULL;

	for (size_t i = 0; i < p->n && !peer; i++)
		if (peer_same(&p->list[i].id, id))
			peer = &p->list[i];
	if (!peer) {
		p->list = xgrow(p->list, p->n, &p->cap, sizeof(*p->list));
		peer = &p->list[p->n++];
		*peer = (struct peer){.id = *id};
	}
	peer->heard = clock_monotonic();
	return peer;
}

void peers_remove(struct peers *p, const struct peer_id *id)
{
	for (size_t i = 0; i < p->n; i++)
		if (peer_same(&p->list[i].id, id))
			p->list[i--] = p->list[--p->n];
}

void peers_sweep(struct peers *p)
{
	int64_t before = clock_monotonic() - BUS_SILENT_MS;

	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].heard < before)
			p->list[i--] = p->list[--p->n];
}

bool peers_ask(struct peers *p, const struct peer_id *id, uint64_t number)
{
	struct peer *peer = peers_at(p, id);

	if (peer->asked == number)
		return false;
	peer->asked = number;
	return true;
}
