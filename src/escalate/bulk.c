/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bulk.h"

#define SHARE 9
#define PAUSE_MOST 5000

void bulk_hear(struct bulk *b, int64_t seq)
{
	if (!b->before) /* what was there when we came says nothing */
		b->before = seq;
	b->seq = seq > b->seq ? seq : b->seq;
}

void bulk_second(struct bulk *b)
{
	b->lasts = b->seq - b->before > BULK_LEAST;
	b->before = b->seq;
}

bool bulk_allows(const struct bulk *b, size_t under_way, int64_t now)
{
	return !b->lasts || (under_way == 0 && now >= b->next_at);
}

void bulk_ended(struct bulk *b, int64_t began, int64_t now)
{
	int64_t pause = SHARE * (now - began);
	b->next_at = now + (pause < PAUSE_MOST ? pause : PAUSE_MOST);
}
