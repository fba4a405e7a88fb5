/* SPDX-License-Identifier: GPL-3.0-or-later
 * A rumour of an alarm, and what the town hall found of it. */
#ifndef TOCSIN_RECORD_RUMOUR_H
#define TOCSIN_RECORD_RUMOUR_H
#include <tocsin/record/wire.h>

#define RUMOUR_CATEGORY "fausse_nouvelle" /* comments of it are rumours to check */
enum rumour_outcome { RUMOUR_OPEN, RUMOUR_TRUE, RUMOUR_FALSE, RUMOUR_DROPPED };
/* REQUEST_RUMOUR: the text, with what was found, goes into the main courante; what was found later takes its place. -ENOENT:
 * there is no such incident or comment. */
struct rumour_request {
	int64_t incident, row; /* row: as in struct stored_comment */
	uint8_t outcome; /* not RUMOUR_OPEN */
	struct slice who, text;
};
void rumour_encode(struct buf *out, const struct rumour_request *q);
int rumour_decode(struct slice s, struct rumour_request *ret) _must_check_;
#endif
