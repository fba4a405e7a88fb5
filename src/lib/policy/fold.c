/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fold.h"
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

enum policy_chain policy_chain_of(const struct incident *i, enum town_level level)
{
	if (incident_urgent(i))
		return CHAIN_P1;
	switch (level) {
	case LEVEL_JAUNE: return CHAIN_JAUNE;
	case LEVEL_ORANGE: return CHAIN_ORANGE;
	case LEVEL_ROUGE: return CHAIN_ROUGE;
	case LEVEL_GRIS: return CHAIN_GRIS;
	case LEVEL_VERT:
	default: return CHAIN_NONE;
	}
}

/* Ends the stretch that is running and starts another one. */
static void start(struct fold *f, int64_t base, int64_t from, enum town_level level)
{
	if (f->n)
		f->list[f->n - 1].to = from;
	f->list[f->n++] = (struct stretch){.base = base,
		.from = from,
		.to = INT64_MAX,
		.chain = policy_chain_of(f->c->incident, level)};
	f->level = level;
}

bool fold_covered(const struct fold *f)
{
	if (incident_urgent(f->c->incident))
		return false;
	if (f->c->incident->kind == INCIDENT_GREY)
		return true;
	return f->level <= (f->silenced ? f->silenced_level : LEVEL_ORANGE);
}

/* Somebody has taken charge, or it is over: what has rung until now is kept apart, unless a silence held then. */
static void end(struct fold *f, const struct incident_entry *e, int64_t at)
{
	bool hushed = f->c->incident->silenced_until > at && fold_covered(f);
	for (size_t i = 0; f->ended && !hushed && i < f->n; i++) {
		struct stretch *s = &f->ended[f->n_ended++];
		*s = f->list[i];
		s->to = s->to < at ? s->to : at;
		s->end = e;
		s->ended_at = at;
	}
	f->n = 0;
}

static void ring(struct fold *f, int64_t at, enum town_level level)
{
	f->opened = true;
	f->closed = f->acked = false;
	start(f, at, at, level);
}

static void take(struct fold *f, const struct incident_entry *e)
{
	int64_t at = f->c->event_clock ? e->at : e->written_at;
	switch (e->kind) {
	case ENTRY_OPENED:
	case ENTRY_REOPENED: ring(f, at, e->level); break;
	case ENTRY_RAISED:
		if (f->acked && e->level <= f->acked_level) {
			f->level = e->level;
			break;
		}
		f->ack_lost |= f->acked;
		ring(f, at, e->level);
		break;
	case ENTRY_LOWERED:
		if (f->acked || f->closed || f->n == 0)
			f->level = e->level;
		else
			start(f, f->list[f->n - 1].base, at, e->level);
		break;
	case ENTRY_ACKED:
	case ENTRY_HANDED:
		f->acked = true;
		f->ack_lost = false;
		f->acked_at = at;
		f->acked_level = f->level;
		end(f, e, at);
		break;
	case ENTRY_ACK_EXPIRED:
	case ENTRY_ACK_BROKEN:
		if (f->acked) {
			ring(f, at, f->level);
			f->ack_lost = true;
		}
		break;
	case ENTRY_RELEASED:
		if (f->acked)
			ring(f, at, f->level);
		break;
	case ENTRY_SILENCED:
		f->silenced = true;
		f->silenced_level = f->level;
		break;
	case ENTRY_CLOSED:
		end(f, e, at);
		f->closed = true;
		f->acked = f->silenced = f->ack_lost = false; /* a reopened case begins anew */
		break;
	case ENTRY_NOTIFIED:
	case ENTRY_NOTE:
	case ENTRY_FAILED:
	case ENTRY_WORDING:
	case ENTRY_INSTRUCTION:
	case ENTRY_POINT:
	case ENTRY_RUMOUR:
	case ENTRY_PASSED:
	default: break;
	}
}

/* What the row knows and the entries do not tell. Whether an acknowledgement holds is the row's word: store ends it, at
 * its expiry, a higher level or a doubled volume, with an entry in the same transaction. */
static void correct(struct fold *f)
{
	const struct incident *i = f->c->incident;
	int64_t risen = i->raised_at > i->opened_at ? i->raised_at : i->opened_at;
	if (!f->opened || f->closed)
		ring(f, risen, i->level);
	if (i->state == INCIDENT_ACKED && !f->acked) {
		f->acked = true;
		f->acked_at = i->acked_at;
		f->n = 0;
	}
	if (i->state == INCIDENT_OPEN && f->acked) {
		f->ack_lost = true;
		ring(f, f->acked_at, f->level);
	}
}

void fold_case(
	struct fold *f, const struct policy_case *c, struct stretch *storage, struct stretch *ended)
{
	*f = (struct fold){.c = c, .list = storage, .ended = ended, .level = c->incident->level};
	for (size_t i = 0; i < c->n_entries; i++)
		take(f, &c->entries[i]);
	if (c->incident->state == INCIDENT_CLOSED)
		f->closed = true;
	else
		correct(f);
}

struct stretch *fold_storage(const struct policy_case *c)
{
	return xreallocarray(NULL, c->n_entries + 2, sizeof(struct stretch));
}
