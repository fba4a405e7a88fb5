/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/action.h>

#include <errno.h>
#include <tocsin/record/request.h>

#include "list.h"

enum outward outward_of(struct slice decision, struct slice category, struct slice text)
{
	if (slice_is(decision, "masquer"))
		return slice_is(category, "spam") ? ACTION_SPAM : ACTION_HIDE;
	if (slice_is(decision, "supprimer"))
		return ACTION_TRASH;
	if (slice_is(decision, "laisser"))
		return ACTION_SHOW;
	if (slice_is(decision, "repondre") || slice_is(decision, DECISION_HOLDING))
		return text.n ? ACTION_REPLY : ACTION_NONE;
	return ACTION_NONE;
}

void action_take_encode(struct buf *out, const struct action_take *t)
{
	wire_put_bytes(out, t->source);
	wire_put_i64(out, t->lease_ms);
}

int action_take_decode(struct slice s, struct action_take *ret)
{
	struct wire w = wire_reader(s);
	struct action_take t = {.source = wire_bytes(&w)};

	t.lease_ms = wire_i64(&w);
	if (!wire_done(&w) || !t.source.n || t.lease_ms <= 0)
		return -EBADMSG;
	*ret = t;
	return 0;
}

void leased_action_encode(struct buf *out, const struct leased_action *a)
{
	wire_put_i64(out, a->id);
	wire_put_varint(out, a->attempt);
	wire_put_u8(out, (uint8_t)a->action);
	wire_put_bytes(out, a->mark);
	wire_put_bytes(out, a->item);
	wire_put_bytes(out, a->seen);
	wire_put_bytes(out, a->text);
}

int leased_action_decode(struct slice s, struct leased_action *ret)
{
	struct wire w = wire_reader(s);
	struct leased_action a = {.id = wire_i64(&w)};
	uint8_t action;

	a.attempt = list_u32(&w);
	action = wire_u8(&w);
	a.action = (enum outward)action;
	a.mark = wire_bytes(&w);
	a.item = wire_bytes(&w);
	a.seen = wire_bytes(&w);
	a.text = wire_bytes(&w);
	if (!wire_done(&w) || !action || action > ACTION_TRASH || !a.mark.n || !a.item.n)
		return -EBADMSG;
	*ret = a;
	return 0;
}

void action_result_encode(struct buf *out, const struct action_result *r)
{
	wire_put_i64(out, r->id);
	wire_put_varint(out, r->attempt);
	wire_put_u8(out, (uint8_t)r->outcome);
	wire_put_i64(out, r->retry_at);
	wire_put_bytes(out, r->detail);
}

int action_result_decode(struct slice s, struct action_result *ret)
{
	struct wire w = wire_reader(s);
	struct action_result r = {.id = wire_i64(&w)};
	uint8_t outcome;

	r.attempt = list_u32(&w);
	outcome = wire_u8(&w);
	r.outcome = (enum action_outcome)outcome;
	r.retry_at = wire_i64(&w);
	r.detail = wire_bytes(&w);
	if (!wire_done(&w) || outcome > ACTION_DEAD)
		return -EBADMSG;
	*ret = r;
	return 0;
}
