/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/rumour.h>

#include <errno.h>

void rumour_encode(struct buf *out, const struct rumour_request *q)
{
	wire_put_i64(out, q->incident);
	wire_put_i64(out, q->row);
	wire_put_u8(out, q->outcome);
	wire_put_bytes(out, q->who);
	wire_put_bytes(out, q->text);
}

int rumour_decode(struct slice s, struct rumour_request *ret)
{
	struct wire w = wire_reader(s);
	struct rumour_request q = {.incident = wire_i64(&w)};

	q.row = wire_i64(&w);
	q.outcome = wire_u8(&w);
	q.who = wire_bytes(&w);
	q.text = wire_bytes(&w);
	if (!wire_done(&w) || q.outcome == RUMOUR_OPEN || q.outcome > RUMOUR_DROPPED)
		return -EBADMSG;
	*ret = q;
	return 0;
}
