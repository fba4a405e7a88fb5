/* SPDX-License-Identifier: GPL-3.0-or-later
 * A set of named things in few bits: roles, scopes. */
#ifndef TOCSIN_RECORD_FLAGS_H
#define TOCSIN_RECORD_FLAGS_H
#include <stdint.h>
#include <tocsin/base/buf.h>

/* names: of bit 0, 1, …; n: at most 16. "moderation,admin" → bits; 0 when it is empty or names something else. */
uint16_t flags_read(struct slice words, const char *const *names, unsigned n);
void flags_write(struct buf *out, uint16_t flags, const char *const *names, unsigned n);
#endif
