/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/bulk.h>

#include <errno.h>

#include "list.h"

void bulk_encode(struct buf *out, const struct bulk_request *r)
{
	wire_put_bytes(out, r->key);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->decision);
	wire_put_bytes(out, r->reason);
	wire_put_varint(out, r->n);
	for (uint32_t i = 0; i < r->n; i++) {
		wire_put_i64(out, r->items[i].seq);
		wire_put_i64(out, r->items[i].known);
	}
}

int bulk_decode(struct slice s, struct arena *a, struct bulk_request *ret)
{
	struct wire w = wire_reader(s);
	struct bulk_request r = {.key = wire_bytes(&w)};

	r.who = wire_bytes(&w);
	r.decision = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	r.n = list_count(&w);
	if (r.n > BULK_MAX)
		return -EBADMSG;
	r.items = list_alloc(a, r.n, sizeof(*r.items));
	for (uint32_t i = 0; i < r.n && !w.bad; i++) {
		r.items[i].seq = wire_i64(&w);
		r.items[i].known = wire_i64(&w);
		w.bad |= r.items[i].known <= 0;
	}
	if (!wire_done(&w) || !r.n || !r.key.n || r.key.n > BULK_KEY || !r.who.n ||
		!(slice_is(r.decision, "laisser") ||
			(slice_is(r.decision, "masquer") && r.reason.n)))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void bulk_reply_encode(struct buf *out, const struct bulk_reply *r)
{
	wire_put_i64(out, r->id);
	for (size_t i = 0; i < BULK_OUTCOMES; i++)
		wire_put_u32(out, r->of[i]);
}

int bulk_reply_decode(struct slice s, struct bulk_reply *ret)
{
	struct wire w = wire_reader(s);
	struct bulk_reply r = {.id = wire_i64(&w)};

	for (size_t i = 0; i < BULK_OUTCOMES; i++)
		r.of[i] = wire_u32(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void bulk_undo_encode(struct buf *out, const struct bulk_undo *r)
{
	wire_put_i64(out, r->id);
	wire_put_bytes(out, r->who);
}

int bulk_undo_decode(struct slice s, struct bulk_undo *ret)
{
	struct wire w = wire_reader(s);
	struct bulk_undo r = {.id = wire_i64(&w)};

	r.who = wire_bytes(&w);
	if (!wire_done(&w) || !r.who.n)
		return -EBADMSG;
	*ret = r;
	return 0;
}
