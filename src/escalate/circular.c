/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "circular.h"
#include <tocsin/base/clock.h>

struct message circular(const struct escalate *x, const struct policy_target *t, struct slice key,
	struct slice kind)
{
	return (struct message){.lang = x->config->lang,
		.key = key,
		.thread = key,
		.town = slice_of(x->config->town),
		.name = slice_of(t->name),
		.person = slice_of(t->person),
		.level = slice_of(town_level_names[LEVEL_VERT]),
		.kind = kind,
		.bare = true,
		.at = x->clock,
		.since = x->clock,
		.written_at = clock_now()};
}

struct outbox_row circular_row(
	struct escalate *x, const struct policy_target *t, const struct message *m)
{
	_buf_ struct buf payload = {0};
	message_encode(&payload, m);
	return (struct outbox_row){.key = m->key,
		.channel = channel_of(t, &x->arena),
		.target = arena_copy(&x->arena, slice_of(t->address)),
		.person = arena_copy(&x->arena, slice_of(t->person)),
		.due_at = x->clock,
		.payload = arena_copy(&x->arena, buf_slice(&payload))};
}

bool circular_person(const struct escalate *x, struct slice who, struct policy_target *ret)
{
	const struct policy_person *p = policy_person(&x->policy, who);
	if (!p || (!p->mail && !p->sms))
		return false;
	*ret = (struct policy_target){.channel = p->mail ? "mail" : "sms",
		.person = p->id,
		.name = p->name,
		.address = p->mail ? p->mail : p->sms,
		.who = p};
	return true;
}
