/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists and 32-bit numbers in records. An element takes at least a byte, so a count that is larger
 * than what is left is a lie and is refused before anything is allocated for it. */
#ifndef RECORD_LIST_H
#define RECORD_LIST_H
#include <tocsin/base/arena.h>
#include <tocsin/record/incident.h>

static inline uint32_t list_u32(struct wire *w)
{
	uint64_t v = wire_varint(w);

	if (v > UINT32_MAX)
		w->bad = true;
	return w->bad ? 0 : (uint32_t)v;
}

static inline uint32_t list_count(struct wire *w)
{
	uint32_t n = list_u32(w);

	if (n > (size_t)(w->end - w->p))
		w->bad = true;
	return w->bad ? 0 : n;
}

static inline void *list_alloc(struct arena *arena, uint32_t n, size_t size)
{
	return n ? arena_zero(arena, n * size) : NULL;
}

/* One encoded incident_facts in the middle of a record. */
void incident_facts_read(struct wire *w, struct arena *arena, struct incident_facts *f);
#endif
