/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comments that travel together: n times (u32 length, wire comment). A batch as journalled has at most
 * BATCH_MAX comments; a delivery carries a range [first, first+count) of one. */
#ifndef TOCSIN_RECORD_BATCH_H
#define TOCSIN_RECORD_BATCH_H
#include <stdint.h>
#include <tocsin/record/comment.h>

#define BATCH_MAX 512u
#define BATCH_BYTES_MAX \
	(4u << 20) /* a batch closes before it grows past this (one long comment may) */

/* Appends one comment as an item of the list. */
void batch_add(struct buf *items, const struct comment *c);
/* Appends bytes as an item (verdicts travel in the same shape). */
void batch_add_item(struct buf *items, struct slice item);
/* Steps through: *items shrinks; false at the end or when the rest is malformed (*bad tells). */
bool batch_next(struct slice *items, struct slice *ret_item, bool *bad);
/* The bytes of items [first, first+count). -EBADMSG if there are not so many. */
int batch_range(struct slice items, uint32_t first, uint32_t count, struct slice *ret) _must_check_;
/* Number of items, or -EBADMSG. */
int batch_count(struct slice items, uint32_t *ret) _must_check_;
#endif
