/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/view.h>

#include <errno.h>
#include <tocsin/record/wire.h>

void view_encode(struct buf *out, const struct view_request *r)
{
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->name);
	wire_put_bytes(out, r->address);
	wire_put_u8(out, r->shared);
}

int view_decode(struct slice s, struct view_request *ret)
{
	struct wire w = wire_reader(s);
	struct view_request r = {.who = wire_bytes(&w)};

	r.name = wire_bytes(&w);
	r.address = wire_bytes(&w);
	r.shared = wire_u8(&w);
	if (!wire_done(&w) || !r.who.n || !r.name.n || r.name.n > VIEW_NAME_MAX || !r.address.n ||
		r.address.n > VIEW_ADDRESS_MAX || r.shared > 1)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void view_remove_encode(struct buf *out, const struct view_remove *r)
{
	wire_put_i64(out, r->id);
	wire_put_bytes(out, r->who);
}

int view_remove_decode(struct slice s, struct view_remove *ret)
{
	struct wire w = wire_reader(s);
	struct view_remove r = {.id = wire_i64(&w)};

	r.who = wire_bytes(&w);
	if (!wire_done(&w) || !r.who.n)
		return -EBADMSG;
	*ret = r;
	return 0;
}
