/* SPDX-License-Identifier: GPL-3.0-or-later
 * Alarms that were over before they could be told: opened and closed between two looks, or while this process or the
 * mail server was away. The main courante is the truth: every close, and every time somebody took charge, is looked at
 * once more. Whoever should have been told before and was not gets one summary of all of them, not a mail each.
 *
 * A row stands for each alarm and receiver, under its own key. The first of a receiver carries the summary; the others
 * are born dropped, with a note in their main courante. All of them are added in one transaction, so that a death at
 * any moment tells everything once. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "cabinet.h"
#include "case.h"

#define AT_ONCE 200u /* incidents in one summary; the rest follow in the next one */
#define GATHER_MS (2 * CLOCK_MINUTE) /* company is waited for: what is over can wait */
#define PAUSE_MS (10 * CLOCK_MINUTE) /* between two summaries */
#define AGAIN_MS 5000 /* between two looks at what is still on its way */
#define FORGOTTEN_MS (7 * CLOCK_DAY) /* older than this is history */
#define KINDS (1u << ENTRY_ACKED | 1u << ENTRY_HANDED | 1u << ENTRY_CLOSED)

void late_hear(struct escalate *x, const struct incident_entry *e)
{
	struct late *l = &x->late;
	int64_t at = x->config->clock_event ? e->at : e->written_at;
	if (!(KINDS & 1u << e->kind) || at < x->clock - FORGOTTEN_MS)
		return;
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].incident == e->incident) {
			l->list[i].wait = 0;
			return;
		}
	l->list = xgrow(l->list, l->n, &l->cap, sizeof(*l->list));
	l->list[l->n++] = (struct ending){e->incident, at, 0};
	l->fresh = true;
}

/* One alarm that one receiver was not told of: of one incident only the highest is said. */
struct untold {
	struct town_case *c;
	struct policy_notice n;
	bool said; /* it is in its receiver's summary */
};
struct gathered {
	struct arena *arena;
	struct untold *list;
	size_t n, cap;
};

/* What the outbox says of one late notice. */
struct trail {
	const struct policy_notice *n;
	bool own, anybody; /* its receiver's row of this step; somebody's */
	bool open; /* some message of the incident is on its way to its receiver: what it will say, he need not be told */
	bool told; /* of this, or of what came after it */
	bool explained; /* a topic explained it: he was not to be told of it */
};

static int on_trail(void *user, const struct outbox_view *v)
{
	struct trail *t = user;
	struct policy_notice row;
	struct slice kind = slice_of(t->n->target->channel);
	bool mine = slice_is(v->row.person, t->n->target->person) && v->row.channel.n >= kind.n &&
		memcmp(v->row.channel.p, kind.p, kind.n) == 0;
	if (!policy_key_read(v->row.key, &row))
		return 0;
	bool step = row.chain == t->n->chain && row.step == t->n->step && row.base == t->n->base;
	bool summary = slice_ends(v->row.key, POLICY_KEY_LATE);
	if (slice_ends(v->row.key, POLICY_KEY_EXPLAINED)) {
		t->explained |= step && mine;
		return 0;
	}
	t->anybody |= step;
	t->own |= step && mine;
	if (mine && step && summary) /* in a summary, as a row of its own or with another's */
		t->told = true;
	t->open |= mine && !summary && v->state < OUTBOX_DONE;
	if (mine && !summary && row.base >= t->n->base && v->state != OUTBOX_DROPPED)
		t->told |= v->state >= OUTBOX_DONE;
	return 0;
}

static void keep(struct gathered *g, struct town_case *c, const struct policy_notice *n)
{
	g->list = arena_grow(g->arena, g->list, g->n, &g->cap, sizeof(*g->list));
	g->list[g->n++] = (struct untold){c, *n, false};
}

/* *ret_wait: not 0 when somebody cannot be told yet: a message of it is still on its way to him (then 1), or he comes on
 * duty at that time of the town clock. */
static int gather(
	struct escalate *x, int64_t id, struct gathered *g, int64_t *ret_wait, struct error *e)
{
	struct town_case *c = arena_alloc(&x->arena, sizeof(*c));
	struct policy_notice *due;
	int r = case_read(x, id, c, e);
	*ret_wait = 0;
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	/* nothing has happened that anybody has missed */
	if (c->incident.kind == INCIDENT_DRILL || incident_called_off(&c->incident))
		return 0;
	const struct policy_case pc = case_policy(x, c);
	size_t n = policy_late(&x->policy, &pc, &x->arena, &due);
	for (size_t i = 0; r == 0 && i < n; i++) {
		struct trail t = {.n = &due[i]};
		if (due[i].ended_at < x->clock - FORGOTTEN_MS)
			continue;
		r = reader_outbox(x->reader, id, false, on_trail, &t, e);
		/* a step that others were told in time was known then: a newcomer to the plan gets no history; who was
		 * off duty does */
		bool untold = !t.told && !(t.explained && !t.own) &&
			(t.own || !t.anybody || due[i].due_at > due[i].ended_at);
		bool ahead = due[i].due_at > x->clock;
		if (untold && !t.open && !ahead)
			keep(g, c, &due[i]);
		if (t.open)
			*ret_wait = 1;
		else if (untold && ahead && (!*ret_wait || due[i].due_at < *ret_wait))
			*ret_wait = due[i].due_at;
	}
	return r;
}

static bool same_receiver(const struct policy_target *a, const struct policy_target *b)
{
	return strcmp(a->person, b->person) == 0 && strcmp(a->channel, b->channel) == 0;
}

/* The lines of the receiver of g->list[first], one an incident, and who carries them. */
static size_t lines_for(struct gathered *g, size_t first, struct compose_past *lines)
{
	const struct policy_target *to = g->list[first].n.target;
	size_t n = 0;
	for (size_t i = first; i < g->n; i++) {
		struct untold *u = &g->list[i];
		size_t k = 0;
		if (!same_receiver(u->n.target, to))
			continue;
		u->said = true;
		while (k < n && lines[k].incident != &u->c->incident)
			k++;
		if (k == n)
			lines[n++] = (struct compose_past){.incident = &u->c->incident,
				.chain = u->n.chain,
				.from = u->n.base};
		struct compose_past *line = &lines[k];
		if (u->n.chain > line->chain)
			line->chain = u->n.chain;
		line->from = u->n.base < line->from ? u->n.base : line->from;
		line->to = u->n.ended_at > line->to ? u->n.ended_at : line->to;
		line->acked = u->n.end->kind != ENTRY_CLOSED;
		line->who = u->n.end->who;
	}
	return n;
}

static struct outbox_row row_for(struct escalate *x, const struct untold *u)
{
	const struct policy_target *t = u->n.target;
	return (struct outbox_row){.key = arena_copy(&x->arena, slice_of(u->n.key)),
		.channel = channel_of(t, &x->arena),
		.target = slice_of(t->address),
		.person = slice_of(t->person),
		.incident = u->c->incident.id,
		.due_at = x->clock,
		.level = (uint8_t)u->c->incident.peak};
}

/* The rows of one receiver, the summary first. */
static size_t rows_for(
	struct escalate *x, struct gathered *g, size_t first, struct outbox_row *rows)
{
	struct compose_past *lines = arena_alloc(&x->arena, g->n * sizeof(*lines));
	const struct policy_target *to = g->list[first].n.target;
	_buf_ struct buf payload = {0}, told = {0};
	struct message m;
	size_t n = 0;
	const struct compose_summary s = {.lang = x->config->lang,
		.town = slice_of(x->config->town),
		.to = to,
		.key = slice_of(g->list[first].n.key),
		.lines = lines,
		.n_lines = lines_for(g, first, lines),
		.counts_only = cabinet_is_counted(
			x, &(struct compose_reader){slice_of(to->person), slice_of(to->address)}),
		.now = x->clock,
		.wall = clock_now()};
	compose_summary(&s, &x->arena, &m);
	message_encode(&payload, &m);
	buf_printf(&told, words(x->config->lang, "%s : dit après coup, avec l'alerte %lld"),
		to->name, (long long)g->list[first].c->incident.id);
	struct slice with = arena_copy(&x->arena, buf_slice(&told));
	for (size_t i = first; i < g->n; i++)
		if (same_receiver(g->list[i].n.target, to)) {
			rows[n] = row_for(x, &g->list[i]);
			if (n)
				rows[n].told = with;
			n++;
		}
	rows[0].payload = arena_copy(&x->arena, buf_slice(&payload));
	return n;
}

static int tell(struct escalate *x, struct gathered *g, struct error *e)
{
	struct outbox_row *rows = arena_alloc(&x->arena, g->n * sizeof(*rows));
	size_t n = 0, mails = 0;
	for (size_t i = 0; i < g->n; i++)
		if (!g->list[i].said) {
			n += rows_for(x, g, i, rows + n);
			mails++;
		}
	int r = add_rows(x, rows, (uint32_t)n, e);
	if (r == 0)
		service_log(&x->service, LOG_INFO_,
			"alertes passées : %zu message(s) pour %zu alarme(s) non dites à temps",
			mails, n);
	return r;
}

/* Whether the time for a summary has come: company was waited for, and the last one is not too near. */
static bool time_has_come(const struct escalate *x)
{
	const struct late *l = &x->late;
	int64_t oldest = INT64_MAX;
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].wait <= x->clock && l->list[i].at < oldest)
			oldest = l->list[i].at;
	int64_t pause = l->told_at ? x->clock - l->told_at : PAUSE_MS;
	/* a clock put back makes nobody wait */
	return oldest < INT64_MAX &&
		(x->clock - oldest >= GATHER_MS || oldest > x->clock + GATHER_MS) &&
		(pause >= PAUSE_MS || pause < 0);
}

/* Looks at the next ones, as many as go into one summary; those for whom somebody waits stay. */
static int look_back(struct escalate *x, struct gathered *g, struct error *e)
{
	struct late *l = &x->late;
	size_t looked = 0, kept = 0;
	int r = 0;
	int64_t *wait = arena_zero(&x->arena, (l->n + 1) * sizeof(*wait));
	for (size_t i = 0; r == 0 && i < l->n; i++) {
		wait[i] = l->list[i].wait;
		if (wait[i] > x->clock || looked == AT_ONCE) {
			wait[i] = wait[i] ? wait[i] : 1;
			continue;
		}
		looked++;
		r = gather(x, l->list[i].incident, g, &wait[i], e);
		if (r == -EAGAIN || r == -EPROTO) { /* keeps no other waiting */
			wait[i] = 1;
			r = 0;
		}
	}
	if (r == 0 && g->n)
		r = tell(x, g, e);
	for (size_t i = 0; r == 0 && i < l->n; i++)
		if (wait[i]) {
			l->list[kept] = l->list[i];
			l->list[kept++].wait = wait[i];
		}
	if (r == 0)
		l->n = kept;
	return r;
}

int late(struct escalate *x, struct error *e)
{
	struct late *l = &x->late;
	struct gathered g = {.arena = &x->arena};
	bool fresh = l->fresh;
	l->fresh = false;
	if (!time_has_come(x) || (!fresh && clock_monotonic() - l->looked_at < AGAIN_MS))
		return 0;
	l->looked_at = clock_monotonic();
	int r = look_back(x, &g, e);
	if (r == 0 && g.n)
		l->told_at = x->clock;
	return r;
}
