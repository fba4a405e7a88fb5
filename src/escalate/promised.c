/* SPDX-License-Identifier: GPL-3.0-or-later
 * A point of the situation was promised for a moment, and nobody wrote anything then: whoever is in charge of the alarm is
 * reminded, else those whom its level tells first; once, for the key of the message names that moment. Store ends a promise when
 * somebody writes in the main courante. Of no comment, and of nobody. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "case.h"
#include "circular.h"
#include "write.h"

#define LATE_MS (12 * CLOCK_HOUR) /* nobody waits for it any more */

struct telling {
	struct escalate *x;
	const struct incident *i;
	struct outbox_row *rows;
	size_t n, cap;
};

static void compose(
	struct telling *to, const struct policy_target *t, struct slice key, struct message *m)
{
	struct escalate *x = to->x;
	const struct incident *i = to->i;
	const enum words_lang l = x->config->lang;
	struct writer out = {.arena = &x->arena, .m = m};
	char at[CLOCK_TEXT];
	_buf_ struct buf title = {0};
	const bool cut = circular_title(x, i, &title);
	*m = circular(x, t, key, SLICE("point"));
	m->incident = i->id;
	buf_printf(&out.text, words(l, "%s : le point prévu %s n'est pas fait"), buf_string(&title),
		writer_at(l, i->next_at, x->clock, at));
	m->title = writer_take(&out);
	buf_printf(&out.text, "tocsin · %.*s", (int)m->title.n, m->title.p);
	m->subject = writer_take(&out);
	buf_add_string(&out.text,
		words(l,
			"Rien n'a été écrit dans la main courante depuis. Ce rappel ne vient qu'une fois."));
	m->head = writer_take(&out);
	circular_end(x, i, words(l, "écrivez où en est la situation, ou annoncez une autre heure."),
		cut, &out);
}

static void add(struct telling *to, const struct policy_target *t)
{
	struct escalate *x = to->x;
	_buf_ struct buf key = {0};
	struct message m;
	buf_printf(&key, "point/%lld/%lld/%s/%s", (long long)to->i->id, (long long)to->i->next_at,
		t->person, t->channel);
	if (map_find(x->known, buf_slice(&key)))
		return;
	compose(to, t, arena_copy(&x->arena, buf_slice(&key)), &m);
	to->rows = xgrow(to->rows, to->n, &to->cap, sizeof(*to->rows));
	to->rows[to->n++] = circular_row(x, t, &m);
}

/* Those whom the level tells at once and who are on duty; else the fallback. */
static void add_chain(struct telling *to, enum policy_chain chain)
{
	const struct escalate *x = to->x;
	const struct policy *policy = policy_for(&x->policy, to->i);
	const struct policy_steps *steps = &policy->chains[chain];
	const size_t n = policy_fallback(policy, 0, x->clock);
	bool any = false;
	for (size_t k = 0; steps->n && k < steps->list[0].n_targets; k++) {
		const struct policy_target *t = &steps->list[0].targets[k];
		if (policy_first(policy, chain, x->clock, 1, t, x->clock) > x->clock)
			continue;
		add(to, t);
		any = true;
	}
	if (!any && n < policy->n_fallback)
		add(to, &policy->fallback[n]);
}

static void remind(struct telling *to, const struct policy_state *state)
{
	struct policy_target leader;
	if (to->i->state == INCIDENT_ACKED && circular_person(to->x, to->i->acked_by, &leader))
		add(to, &leader);
	else if (state->chain != CHAIN_NONE && state->quiet != QUIET_SILENCED)
		add_chain(to, state->chain);
}

static int look_at(struct escalate *x, int64_t id, struct error *e)
{
	struct town_case c;
	struct telling to = {.x = x};
	int r = case_read(x, id, &c, e);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	const struct policy_case pc = case_policy(x, &c);
	const struct policy_state state =
		policy_state(policy_for(&x->policy, &c.incident), &pc, x->clock);
	to.i = &c.incident;
	if (to.i->next_at && to.i->next_at <= x->clock)
		remind(&to, &state);
	if (to.n)
		r = add_rows(x, to.rows, (uint32_t)to.n, e);
	free(to.rows);
	return r;
}

int promised(struct escalate *x, struct error *e)
{
	int r = 0;
	for (size_t i = 0; r == 0 && !x->policy.empty && i < x->n_calm; i++) {
		const int64_t at = x->calm[i].row.next_at;
		if (at && at <= x->clock && x->clock - at < LATE_MS)
			r = look_at(x, x->calm[i].row.id, e);
	}
	return r;
}
