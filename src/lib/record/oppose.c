/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/oppose.h>

#include <errno.h>

void oppose_encode(struct buf *out, const struct oppose_request *q)
{
	wire_put_i64(out, q->id);
	wire_put_bytes(out, q->source);
	wire_put_bytes(out, q->author);
	wire_put_u8(out, q->state);
	wire_put_bytes(out, q->who);
	wire_put_bytes(out, q->reason);
	wire_put_bytes(out, q->ground);
}

int oppose_decode(struct slice s, struct oppose_request *ret)
{
	struct wire w = wire_reader(s);
	struct oppose_request q = {.id = wire_i64(&w)};

	q.source = wire_bytes(&w);
	q.author = wire_bytes(&w);
	q.state = wire_u8(&w);
	q.who = wire_bytes(&w);
	q.reason = wire_bytes(&w);
	q.ground = wire_bytes(&w);
	if (!wire_done(&w) || q.state > OPPOSITION_ENDED || q.id < 0 ||
		q.reason.n > OPPOSE_TEXT_MAX || q.ground.n > OPPOSE_TEXT_MAX)
		return -EBADMSG;
	*ret = q;
	return 0;
}
