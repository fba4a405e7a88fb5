/* SPDX-License-Identifier: GPL-3.0-or-later
 * One line of JSON into one item of a batch: a comment, or a quarantine item with the reason. */
#ifndef CONNECT_ITEMS_H
#define CONNECT_ITEMS_H
#include <tocsin/record/batch.h>

#include "lines.h"

struct items {
	struct json_reader *json;
	struct slice source;
	bool force_source; /* the object's own source does not count */
	struct slice shown; /* what a line was made of: it goes to quarantine instead of it … */
	unsigned column; /* … with the place in it, 0: not known */
	struct buf extra, raw, id;
};
void items_init(struct items *t, struct slice source, bool force_source, size_t max);
void items_release(struct items *t);
/* Appends the line to the batch: COMMENT_OK, or why it is in quarantine. A blank line adds nothing: *ret_added
 * tells. name and number say where it stands. */
enum comment_refusal items_add(struct items *t, struct buf *batch, enum line kind,
	struct slice line, struct slice name, uint64_t number, bool *ret_added);
#endif
