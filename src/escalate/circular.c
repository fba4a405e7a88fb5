/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "circular.h"
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/mask.h>
#include "cabinet.h"

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

bool circular_title(const struct escalate *x, const struct incident *i, struct buf *out)
{
	_buf_ struct buf bare = {0};
	const bool cut = phrase_bare_title(x->config->lang, i, &bare) &&
		policy_election_at(&x->policy, x->clock);
	mask_text(out,
		cut                  ? buf_slice(&bare)
			: i->title.n ? i->title
				     : i->topic,
		COMPOSE_TITLE_BYTES);
	return cut;
}

void circular_end(const struct escalate *x, const struct incident *i, const char *todo,
	bool left_out, struct writer *out)
{
	const enum words_lang l = x->config->lang;
	buf_add_string(&out->text, todo);
	if (x->config->console.public)
		buf_printf(&out->text, " %s/situation/%lld", x->config->console.public,
			(long long)i->id);
	writer_block(out, BLOCK_TEXT, words(l, "À faire :"));
	if (left_out) {
		compose_left_out(out, l);
		writer_block(out, BLOCK_TEXT, words(l, "Période électorale :"));
	}
	buf_release(&out->text);
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
