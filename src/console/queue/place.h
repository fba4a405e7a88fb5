/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where an item stands in a file, as it travels in addresses: "4-1764000000000-12". Pure. */
#ifndef CONSOLE_PLACE_H
#define CONSOLE_PLACE_H
#include <tocsin/db/reader.h>

#define PLACE_MAX 64u /* bytes */
/* False: it is none. */
bool place_read(struct slice text, struct queue_key *ret);
void place_write(struct buf *out, const struct queue_key *key);
#endif
