/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hash map from bytes to a 64-bit value; keys are copied. Seeded, so that hostile keys do not collide at will. */
#ifndef TOCSIN_BASE_MAP_H
#define TOCSIN_BASE_MAP_H
#include <stdint.h>
#include <tocsin/base/slice.h>

struct map;
struct map *map_new(void);
struct map *map_free(struct map *m); /* returns NULL */
size_t map_count(const struct map *m);
/* NULL when absent. The pointer holds until the next map_at or map_remove. */
uint64_t *map_find(const struct map *m, struct slice key);
/* Finds or inserts with 0. ret_new may be NULL. */
uint64_t *map_at(struct map *m, struct slice key, bool *ret_new);
bool map_remove(struct map *m, struct slice key);
void map_clear(struct map *m);
/* *it starts at 0; false at the end. Order is arbitrary. */
bool map_each(const struct map *m, size_t *it, struct slice *ret_key, uint64_t **ret_value);
#endif
