/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an open topic explains does not ring beside it. Each notice that is not given leaves a row that is born dropped,
 * with a note in the main courante, under a key of its own: the notice itself is still there to be given when nothing
 * explains it any more. */
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>
#include "case.h"

/* Every open incident with its state, as far as it can be read; once a look. */
static void read_open(struct escalate *x)
{
	if (x->explaining)
		return;
	struct policy_open *list = arena_alloc(&x->arena, (x->n_open + 1) * sizeof(*list));
	size_t n = 0;
	struct error e;
	for (size_t i = 0; i < x->n_open; i++) {
		struct town_case *c = arena_alloc(&x->arena, sizeof(*c));
		if (case_read(x, x->open[i], c, &e) < 0)
			continue; /* what cannot be read explains nothing */
		const struct policy_case pc = case_policy(x, c);
		const struct policy_state state = policy_state(&x->policy, &pc, x->clock);
		list[n++] = (struct policy_open){&c->incident, state.quiet};
	}
	x->explaining = list;
	x->n_explaining = n;
}

static struct slice key_of(struct escalate *x, const struct policy_notice *n)
{
	_buf_ struct buf key = {0};
	buf_printf(&key, "%s" POLICY_KEY_EXPLAINED, n->key);
	return arena_copy(&x->arena, buf_slice(&key));
}

static struct slice why(
	struct escalate *x, const struct policy_notice *n, const struct incident *by)
{
	_buf_ struct buf text = {0}, title = {0};
	(void)phrase_bare_title(
		x->config->lang, by, &title); /* the main courante outlives what was said */
	buf_printf(&text,
		words(x->config->lang,
			"%s : pas appelé à part, l'alerte n° %lld (%.*s) explique cette hausse"),
		n->target->name, (long long)by->id, (int)title.n, title.p);
	return arena_copy(&x->arena, buf_slice(&text));
}

/* False: it is known, or a repeat, of which nothing is noted. */
static bool note(struct escalate *x, const struct incident *i, const struct incident *by,
	const struct policy_notice *n, struct outbox_row *ret)
{
	struct slice key = key_of(x, n);
	if (n->repeat || map_find(x->known, key))
		return false;
	*ret = (struct outbox_row){.key = key,
		.channel = channel_of(n->target, &x->arena),
		.target = slice_of(n->target->address),
		.person = slice_of(n->target->person),
		.incident = i->id,
		.due_at = n->due_at,
		.level = (uint8_t)i->level,
		.told = why(x, n, by)};
	return true;
}

int explain(struct escalate *x, const struct policy_case *c, struct policy_notice *list, size_t n,
	struct error *e)
{
	/* most are explained by nothing: that is known without reading the others */
	if (!n || !policy_may_be_explained(&x->policy, c->incident))
		return (int)n;
	read_open(x);
	struct outbox_row *rows = arena_alloc(&x->arena, n * sizeof(*rows));
	uint32_t fresh = 0, left = 0;
	for (size_t i = 0; i < n; i++) {
		const struct incident *by = policy_explains(&x->policy, c->incident, x->explaining,
			x->n_explaining, list[i].target, x->clock);
		if (!by)
			list[left++] = list[i];
		else
			fresh += note(x, c->incident, by, &list[i], &rows[fresh]);
	}
	int r = fresh ? add_rows(x, rows, fresh, e) : 0;
	return r < 0 ? r : (int)left;
}
