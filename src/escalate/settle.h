/* SPDX-License-Identifier: GPL-3.0-or-later
 * The keys of messages about messages that were not delivered. */
#ifndef ESCALATE_SETTLE_H
#define ESCALATE_SETTLE_H
#include <stdbool.h>
#include <stdint.h>
#include <tocsin/base/slice.h>

/* Whether a key is a fallback's, and of which row. */
bool settle_is_fallback(struct slice key, int64_t *ret_origin);
#endif
