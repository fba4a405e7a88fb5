/* SPDX-License-Identifier: GPL-3.0-or-later
 * A part of a file of the queue that somebody keeps under a name, for himself or for the team. It holds no text of citizens: an
 * address alone, and its name. */
#ifndef TOCSIN_RECORD_VIEW_H
#define TOCSIN_RECORD_VIEW_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define VIEW_NAME_MAX 60u /* bytes */
#define VIEW_ADDRESS_MAX 600u
#define VIEWS_MAX 12u /* of one account; of the team */

/* REQUEST_VIEW: kept, in place of one of the same name. -EPERM: only the director of communication shares; -E2BIG: there are
 * VIEWS_MAX already. */
struct view_request {
	struct slice who, name, address; /* none is empty */
	uint8_t shared;
};
/* REQUEST_VIEW_REMOVE: -ENOENT when there is none that he may remove. */
struct view_remove {
	int64_t id;
	struct slice who;
};
/* Encoders append to out; decoders borrow from s. 0 or -EBADMSG. */
void view_encode(struct buf *out, const struct view_request *r);
int view_decode(struct slice s, struct view_request *ret) _must_check_;
void view_remove_encode(struct buf *out, const struct view_remove *r);
int view_remove_decode(struct slice s, struct view_remove *ret) _must_check_;
#endif
