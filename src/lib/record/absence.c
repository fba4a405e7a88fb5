/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/absence.h>

#include <errno.h>
#include <tocsin/record/wire.h>

void absence_encode(struct buf *out, const struct absence *a)
{
	wire_put_bytes(out, a->person);
	wire_put_bytes(out, a->substitute);
	wire_put_i64(out, a->from);
	wire_put_i64(out, a->to);
	wire_put_bytes(out, a->who);
}

int absence_decode(struct slice s, struct absence *ret)
{
	struct wire w = wire_reader(s);
	struct absence a = {0};

	a.person = wire_bytes(&w);
	a.substitute = wire_bytes(&w);
	a.from = wire_i64(&w);
	a.to = wire_i64(&w);
	a.who = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = a;
	return 0;
}

void absence_remove_encode(struct buf *out, const struct absence_remove_request *r)
{
	wire_put_i64(out, r->id);
	wire_put_bytes(out, r->who);
}

int absence_remove_decode(struct slice s, struct absence_remove_request *ret)
{
	struct wire w = wire_reader(s);
	struct absence_remove_request r = {0};

	r.id = wire_i64(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}
