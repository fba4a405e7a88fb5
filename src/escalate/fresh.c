/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a row says at the moment of sending. It may have waited for hours before a server that was away: since then the
 * incident has been taken charge of, closed, raised, lowered. Only who is told, and the name of the message (so that a
 * second one is known as such), stay as they were when the row was added.
 *
 *   taken charge of   who should have been told at once is told, and by whom it is held; later steps and reminders drop
 *   closed            drops: late.c tells of it once it is known what else is over
 *   raised            drops when the same receiver has a row of the new level; else tells the new level
 *   told again since  drops: the latest reminder is enough
 *   silenced          drops
 *   else              tells what is true now */
#include <errno.h>
#include <inttypes.h>
#include <tocsin/base/clock.h>
#include "case.h"
#include "settle.h"

#define REPLAYED_MS 5000
#define UNREACHED_MAX 64u

/* What the outbox says beside the row itself. */
struct beside {
	const struct leased_row *l;
	struct policy_notice n; /* the row's */
	const struct policy_state *state;
	bool told; /* its receiver has had a message of this incident */
	bool told_step; /* … of this step, since the same base */
	bool again; /* a later reminder of this step is there */
	bool newer; /* a row of the stretch that rings now is there */
	struct arena *arena;
	struct slice unreached[UNREACHED_MAX]; /* persons of the stretch that rings now */
	size_t n_unreached;
};

static void set_reached(struct beside *b, struct slice person, bool reached)
{
	size_t i = 0;
	while (i < b->n_unreached && !slice_equal(b->unreached[i], person))
		i++;
	if (reached && i < b->n_unreached)
		b->unreached[i] = b->unreached[--b->n_unreached];
	else if (!reached && i == b->n_unreached && i < UNREACHED_MAX)
		b->unreached[b->n_unreached++] = arena_copy(b->arena, person);
}

static int on_beside(void *user, const struct outbox_view *v)
{
	struct beside *b = user;
	const struct outbox_row *mine = &b->l->row;
	struct policy_notice n;
	if (!policy_key_read(v->row.key, &n))
		return 0;
	/* rows come in the order of their making: the last word on a person wins; one channel that works is enough */
	if (n.base == b->state->base && !slice_equal(v->row.person, mine->person) &&
		(v->state == OUTBOX_DONE || v->state == OUTBOX_DEAD_LETTER ||
			(v->state == OUTBOX_PENDING && v->attempts)))
		set_reached(b, v->row.person, v->state == OUTBOX_DONE);
	if (v->id == b->l->id || !slice_equal(v->row.person, mine->person) ||
		!slice_equal(v->row.channel, mine->channel) ||
		!slice_equal(v->row.target, mine->target))
		return 0;
	bool step = n.chain == b->n.chain && n.step == b->n.step && n.base == b->n.base;
	bool alive =
		v->state == OUTBOX_PENDING || v->state == OUTBOX_SENDING || v->state == OUTBOX_DONE;
	b->told |= v->state == OUTBOX_DONE;
	b->told_step |= step && v->state == OUTBOX_DONE;
	b->again |= step && alive && n.repeat > b->n.repeat;
	b->newer |= alive && n.base == b->state->base && n.base > b->n.base;
	return 0;
}

static bool at_once(const struct policy *policy, const struct policy_notice *n)
{
	const struct policy_steps *steps = &policy->chains[n->chain];
	if (!n->step) /* the fallback, because nobody else is there */
		return true;
	return n->step <= steps->n ? steps->list[n->step - 1].after_ms == 0 : n->step == 1;
}

static void say_drop(struct escalate *x, const struct leased_row *l, struct buf *why)
{
	buf_printf(why, words(x->config->lang, "%.*s : message retiré avant l'envoi, "),
		(int)l->row.person.n, l->row.person.p);
}

/* Whether there is nothing to say any more; why then. */
static bool needless(
	struct escalate *x, const struct beside *b, const struct incident *i, struct buf *why)
{
	const struct policy_state *s = b->state;
	enum words_lang l = x->config->lang;
	char time[CLOCK_TEXT];
	size_t start = why->n;
	say_drop(x, b->l, why);
	if (s->quiet == QUIET_CLOSED)
		buf_printf(why, words(l, "alerte close à %s"), clock_format_hm(i->closed_at, time));
	else if (s->quiet == QUIET_SILENCED)
		buf_printf(why, words(l, "sourdine jusqu'à %s"),
			clock_format_dhm(i->silenced_until, time));
	else if (s->quiet == QUIET_ACKED && (b->told_step || !at_once(&x->policy, &b->n)))
		buf_printf(why, words(l, "pris en charge par %.*s à %s"), (int)i->acked_by.n,
			i->acked_by.p, clock_format_hm(i->acked_at, time));
	else if (b->newer)
		buf_add_string(why, words(l, "remplacé par l'alerte plus récente"));
	else if (b->again)
		buf_add_string(why, words(l, "remplacé par un rappel plus récent"));
	else
		why->n = start;
	return why->n > start;
}

/* The receiver as the row has it: the plan may have changed since. */
static void set_target(const struct leased_row *l, const struct message *m, struct arena *arena,
	struct policy_target *t)
{
	*t = (struct policy_target){.channel = slice_is(l->row.channel, "mail") ? "mail"
			: slice_is(l->row.channel, "sms")                       ? "sms"
										: "webhook",
		.person = arena_string(arena, l->row.person),
		.name = arena_string(arena, m->name),
		.address = arena_string(arena, l->row.target)};
}

static bool freshen_notice(struct escalate *x, const struct leased_row *l,
	const struct town_case *c, struct message *m, struct buf *why)
{
	struct error e;
	struct policy_target target;
	const struct policy_case pc = case_policy(x, c);
	const struct policy_state state = policy_state(&x->policy, &pc, x->clock);
	struct beside b = {.l = l, .state = &state, .arena = &x->arena};
	struct compose compose;
	if (!policy_key_read(l->row.key, &b.n) ||
		reader_outbox(x->reader, l->row.incident, false, on_beside, &b, &e) < 0)
		return true;
	if (needless(x, &b, &c->incident, why))
		return false;
	set_target(l, m, &x->arena, &target);
	b.n.target = &target;
	b.n.due_at = l->row.due_at;
	snprintf(b.n.key, sizeof(b.n.key), "%.*s", (int)l->row.key.n, l->row.key.p);
	case_compose(x, &pc, &compose);
	compose.first = !b.told;
	compose.unreached = b.unreached;
	compose.n_unreached = b.n_unreached;
	compose_notice(&compose, &b.n, &x->arena, m);
	return true;
}

/* The row that was not delivered, as it is now, and everybody who has not been reached. */
struct origin {
	int64_t id;
	const struct leased_row *fallback;
	struct arena *arena;
	struct leased_row row;
	enum outbox_state state;
	struct buf names; /* the last one first, each once; without the reader's own */
	struct slice persons[UNREACHED_MAX];
	size_t n_persons;
	bool found;
};

static void add_name(struct origin *o, const struct outbox_view *v)
{
	struct message m;
	_buf_ struct buf before = {0};
	for (size_t i = 0; i < o->n_persons; i++)
		if (slice_equal(o->persons[i], v->row.person))
			return;
	if (o->n_persons == UNREACHED_MAX ||
		(o->n_persons && slice_equal(v->row.person, o->fallback->row.person)))
		return;
	o->persons[o->n_persons++] = arena_copy(o->arena, v->row.person);
	buf_add_slice(&before, buf_slice(&o->names));
	buf_clear(&o->names);
	bool named = message_decode(v->row.payload, &m) == 0 && m.name.n;
	buf_add_slice(&o->names, named ? m.name : v->row.person);
	if (before.n)
		buf_printf(&o->names, ", %.*s", (int)before.n, before.p);
}

static int on_origin(void *user, const struct outbox_view *v)
{
	struct origin *o = user;
	int64_t origin;
	bool before = v->id < o->fallback->id && v->state != OUTBOX_DONE &&
		settle_is_fallback(v->row.key, &origin) && origin == o->id;
	if (before || v->id == o->id)
		add_name(o, v);
	if (v->id != o->id)
		return 0;
	o->found = true;
	o->state = v->state;
	o->row = (struct leased_row){.id = v->id, .row = {.incident = v->row.incident}};
	o->row.row.key = arena_copy(o->arena, v->row.key);
	o->row.row.channel = arena_copy(o->arena, v->row.channel);
	o->row.row.target = arena_copy(o->arena, v->row.target);
	o->row.row.person = arena_copy(o->arena, v->row.person);
	o->row.row.payload = arena_copy(o->arena, v->row.payload);
	return 0;
}

/* The message that did not arrive, composed anew for whoever reads it now. */
static bool freshen_lost(
	struct escalate *x, const struct origin *o, const struct town_case *c, struct message *lost)
{
	struct policy_target to;
	struct policy_notice n;
	struct compose compose;
	const struct policy_case pc = case_policy(x, c);
	if (!policy_key_read(o->row.row.key, &n) || message_decode(o->row.row.payload, lost) < 0)
		return false;
	/* a summary tells of what is past, and stays true */
	if (slice_ends(o->row.row.key, POLICY_KEY_LATE))
		return true;
	set_target(&o->row, lost, &x->arena, &to);
	n.target = &to;
	snprintf(n.key, sizeof(n.key), "%.*s", (int)o->row.row.key.n, o->row.row.key.p);
	case_compose(x, &pc, &compose);
	compose.first = true;
	compose.reader = (struct compose_reader){o->fallback->row.person, o->fallback->row.target};
	compose.unreached = &o->row.row.person;
	compose.n_unreached = 1;
	compose_notice(&compose, &n, &x->arena, lost);
	return true;
}

/* A fallback's message is made from the one that did not arrive. */
static bool freshen_fallback(struct escalate *x, const struct leased_row *l, int64_t origin,
	const struct town_case *c, struct message *m, struct buf *why)
{
	struct error e;
	struct origin o = {.id = origin, .fallback = l, .arena = &x->arena};
	struct policy_target to;
	struct message lost;
	int r = reader_outbox(x->reader, l->row.incident, false, on_origin, &o, &e);
	struct slice names = arena_copy(&x->arena, buf_slice(&o.names));
	buf_release(&o.names);
	if (r < 0 || !o.found || !m->n_blocks)
		return true;
	if (o.state == OUTBOX_DONE) {
		say_drop(x, l, why);
		buf_printf(why, words(x->config->lang, "le message à %.*s est arrivé depuis"),
			(int)names.n, names.p);
		return false;
	}
	if (!freshen_lost(x, &o, c, &lost))
		return true;
	set_target(l, m, &x->arena, &to);
	const struct compose_undelivered u = {.to = &to,
		.key = l->row.key,
		.person = names,
		.reason = m->blocks[0].text,
		.stuck = o.state < OUTBOX_DONE};
	compose_undelivered(&lost, &u, clock_now(), &x->arena, m);
	return true;
}

bool freshen(struct escalate *x, const struct leased_row *l, struct message *m, struct buf *why)
{
	struct error e;
	struct town_case c;
	int64_t origin;
	/* a month replayed in a minute would be over before its first alarm is sent: there, what was composed a moment
	 * ago stands */
	if (x->config->clock_event && l->attempt == 1 && clock_now() - m->written_at < REPLAYED_MS)
		return true;
	/* a summary tells of what is past, and stays true */
	if (!x->seen || !x->reader || !l->row.incident || slice_ends(l->row.key, POLICY_KEY_LATE) ||
		case_read(x, l->row.incident, &c, &e) < 0)
		return true;
	return settle_is_fallback(l->row.key, &origin) ? freshen_fallback(x, l, origin, &c, m, why)
						       : freshen_notice(x, l, &c, m, why);
}
