/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reminders of prescriptions: which were given, with the messages that give them, in one commit. */
#ifndef TOCSIN_RECORD_REMIND_H
#define TOCSIN_RECORD_REMIND_H
#include <tocsin/record/request.h>

struct remind_mark { /* of one comment (stored_comment.row), whose clock ends on this local day */
	int64_t row, day;
	uint8_t before; /* 30 or 7: so many days before, or later when it was missed */
};
#define REMIND_MAX 500u /* marks in one request */
/* REQUEST_REMIND: marks are kept and rows put into the outbox together. When one of the marks is there already nothing happens:
 * who asks has not seen it, and looks again. */
struct remind_request {
	int64_t today; /* local day: marks of days before it are forgotten */
	struct remind_mark *marks;
	uint32_t n;
	struct outbox_row *rows;
	uint32_t n_rows;
};
void remind_encode(struct buf *out, const struct remind_request *q);
/* Slices are borrowed from s, arrays live in the arena. 0 or -EBADMSG. */
int remind_decode(struct slice s, struct arena *a, struct remind_request *ret) _must_check_;
#endif
