/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is in charge of an alarm asks somebody to take over: that one is told, once, by mail or else by SMS. The alarm is the first
 * one's until he takes it, so a message that is late or lost leaves nobody without anybody in charge. */
#include <tocsin/base/clock.h>
#include "case.h"
#include "circular.h"
#include "write.h"

#define LATE_MS (12 * CLOCK_HOUR) /* nobody waits for it any more */

static void compose(struct escalate *x, const struct incident *i, const struct policy_target *t,
	struct slice key, struct message *m)
{
	const enum words_lang l = x->config->lang;
	const struct policy_person *from = policy_person(&x->policy, i->acked_by);
	const struct slice who = from ? slice_of(from->name) : i->acked_by;
	struct writer out = {.arena = &x->arena, .m = m};
	char at[CLOCK_TEXT];
	_buf_ struct buf title = {0};
	const bool cut = circular_title(x, i, &title);
	*m = circular(x, t, key, SLICE("relais"));
	m->incident = i->id;
	buf_printf(&out.text, words(l, "%s : %.*s vous demande de prendre le relais"),
		buf_string(&title), (int)who.n, who.p);
	m->title = writer_take(&out);
	buf_printf(&out.text, "tocsin · %.*s", (int)m->title.n, m->title.p);
	m->subject = writer_take(&out);
	buf_printf(&out.text,
		words(l, "Tant que vous ne l'avez pas prise, l'alerte reste à %.*s, jusqu'à %s."),
		(int)who.n, who.p, writer_at(l, i->ack_expires_at, x->clock, at));
	m->head = writer_take(&out);
	circular_end(
		x, i, words(l, "prenez l'alerte, ou dites que vous ne le pouvez pas."), cut, &out);
}

static int ask_one(struct escalate *x, int64_t id, struct error *e)
{
	struct policy_target t;
	struct town_case c;
	struct message m;
	_buf_ struct buf key = {0};
	int r = case_read(x, id, &c, e);
	if (r < 0 || !c.incident.passed_to.n || !circular_person(x, c.incident.passed_to, &t))
		return 0;
	buf_printf(&key, "relais/%lld/%lld/%s/%s", (long long)id, (long long)c.incident.passed_at,
		t.person, t.channel);
	if (map_find(x->known, buf_slice(&key)))
		return 0;
	compose(x, &c.incident, &t, arena_copy(&x->arena, buf_slice(&key)), &m);
	const struct outbox_row row = circular_row(x, &t, &m);
	return add_rows(x, &row, 1, e);
}

int relay(struct escalate *x, struct error *e)
{
	int r = 0;
	for (size_t i = 0; r == 0 && !x->policy.empty && i < x->n_calm; i++) {
		const int64_t at = x->calm[i].row.passed_at;
		if (at && x->clock - at < LATE_MS)
			r = ask_one(x, x->calm[i].row.id, e);
	}
	return r;
}
