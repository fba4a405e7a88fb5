/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reminders of the law's short clocks: once when thirty days are left of one, once when seven are, in one mail a morning and
 * receiver. Store keeps which were given together with the mails (REMIND), so that a death at any moment gives none twice and
 * loses none. Numbers and days only: whoever may read the text finds it in the console.
 *
 *   no reminder   of what was left online; of a comment whose dossiers were all sent or lifted, for somebody has acted
 *   missed        is given late, with the days that are left
 *
 * All that was flagged is looked at in the day's first look after the hour, some of it a time, so that no alarm waits. */
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/day.h>
#include <tocsin/clocks/clocks.h>
#include <tocsin/db/dossier.h>
#include <tocsin/phrase/duties.h>
#include "escalate.h"
#include "circular.h"
#include "write.h"

#define BUSY_MS 20 /* of one look */
#define LINES_MAX 60u /* comments that one mail names */
#define MARK_TEXT 64

void prescriptions_anew(struct escalate *x)
{
	struct reminding *m = &x->reminding;
	if (m->told)
		m->told = map_free(m->told);
	free(m->clocks);
	*m = (struct reminding){0};
}

/* --- which */

static uint8_t stage_of(const struct clocks *c, int64_t day)
{
	return day - c->today <= CLOCKS_SOON ? CLOCKS_SOON : CLOCKS_WARN;
}

static struct slice mark_text(const struct remind_mark *m, char text[static MARK_TEXT])
{
	snprintf(text, MARK_TEXT, "%lld/%lld/%u", (long long)m->row, (long long)m->day, m->before);
	return slice_of(text);
}

static int on_mark(void *user, const struct remind_mark *m)
{
	char text[MARK_TEXT];
	*map_at(user, mark_text(m, text), NULL) = 1;
	return 0;
}

struct pieces {
	bool any, open;
};

static int on_dossier(void *user, const struct dossier *d)
{
	struct pieces *p = user;
	p->any = true;
	p->open |= !d->lifted_at && !d->sent_at;
	return 0;
}

static bool wants(void *user, int64_t row, int64_t day)
{
	struct escalate *x = user;
	const struct remind_mark m = {row, day, stage_of(x->reminding.clocks, day)};
	struct pieces p = {0};
	struct error e;
	char text[MARK_TEXT];
	if (map_find(x->reminding.told, mark_text(&m, text)))
		return false;
	/* when it cannot be known somebody is reminded */
	return reader_dossiers_of(x->reader, row, on_dossier, &p, &e) < 0 || !p.any || p.open;
}

static int begin(struct escalate *x, int64_t today, struct error *e)
{
	struct reminding *m = &x->reminding;
	m->clocks = xcalloc(1, sizeof(*m->clocks));
	*m->clocks = (struct clocks){.today = today, .wants = wants, .user = x};
	m->told = map_new();
	int r = reader_reminded(x->reader, on_mark, m->told, e);
	if (r < 0)
		prescriptions_anew(x);
	return r;
}

/* --- the mail */

static void say_day(int64_t day, struct buf *out)
{
	const struct local_time t = clock_local(day_instant(day, 0));
	buf_printf(out, "%02d/%02d/%04d", t.day, t.month, t.year);
}

static void say_list(struct escalate *x, uint8_t stage, const char *label, struct writer *to)
{
	const struct clocks *c = x->reminding.clocks;
	const enum words_lang l = x->config->lang;
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct clock_of *o = &c->list[i];
		if (stage_of(c, o->day) != stage || n++ >= LINES_MAX)
			continue;
		if (to->text.n)
			buf_add_char(&to->text, '\n');
		buf_printf(&to->text, words(l, "n° %lld · %s · agir avant le "), (long long)o->row,
			duty_of(l, slice_of(o->category)).label);
		say_day(o->day, &to->text);
		buf_printf(&to->text, words(l, " (J-%lld)"), (long long)(o->day - c->today));
	}
	writer_block(to, BLOCK_LIST, label);
	if (n <= LINES_MAX)
		return;
	buf_printf(&to->text, words_n(l, "et %zu autre.", "et %zu autres.", n - LINES_MAX),
		n - LINES_MAX);
	writer_block(to, BLOCK_TEXT, "");
}

static void say_what_to_do(const struct escalate *x, struct writer *to)
{
	const enum words_lang l = x->config->lang;
	buf_add_string(&to->text,
		words(l,
			"ce sont des suppositions : un juriste qualifie, vérifie la date et décide s'il faut agir. Plus de rappel pour ce qui est laissé en ligne, ou dont le dossier est transmis ou levé."));
	writer_block(to, BLOCK_TEXT, words(l, "À faire :"));
	if (x->config->console.public)
		buf_printf(&to->text, "%s/conformite/prescriptions", x->config->console.public);
	else
		buf_add_string(&to->text, words(l, "console, page Conformité, « Prescriptions »."));
	writer_block(to, BLOCK_TEXT, words(l, "Où :"));
}

static void compose(
	struct escalate *x, const struct policy_target *t, struct slice key, struct message *m)
{
	const struct clocks *c = x->reminding.clocks;
	const enum words_lang l = x->config->lang;
	struct writer out = {.arena = &x->arena, .m = m};
	*m = circular(x, t, key, SLICE("prescription"));
	buf_printf(&out.text,
		words_n(l, "tocsin · prescriptions : %zu délai finit bientôt, le ",
			"tocsin · prescriptions : %zu délais finissent bientôt, le premier le ",
			c->n),
		c->n);
	say_day(c->list[0].day, &out.text);
	m->subject = writer_take(&out);
	buf_add_string(&out.text,
		words(l,
			"Passé ces dates, la loi du 29 juillet 1881 (articles 65 et 65-3) ne permet plus d'agir contre ce qui a été publié."));
	m->head = writer_take(&out);
	say_list(x, CLOCKS_SOON, words(l, "Dans sept jours ou moins :"), &out);
	say_list(x, CLOCKS_WARN, words(l, "Dans trente jours ou moins :"), &out);
	say_what_to_do(x, &out);
	buf_release(&out.text);
}

/* --- into the outbox */

/* One name for the same marks, whoever asks again. */
static struct outbox_row row_for(struct escalate *x, const struct policy_target *t)
{
	const struct clock_of *first = &x->reminding.clocks->list[0];
	_buf_ struct buf key = {0};
	struct message m;
	buf_printf(&key, "prescription/%lld/%lld-%zu/%s", (long long)x->reminding.clocks->today,
		(long long)first->row, x->reminding.clocks->n, t->person);
	compose(x, t, arena_copy(&x->arena, buf_slice(&key)), &m);
	return circular_row(x, t, &m);
}

static int tell(struct escalate *x, struct error *e)
{
	const struct policy_mailing *to = &x->policy.prescriptions;
	struct clocks *c = x->reminding.clocks;
	struct remind_request q = {.today = c->today,
		.marks = arena_alloc(&x->arena, c->n * sizeof(*q.marks)),
		.n = (uint32_t)c->n,
		.rows = arena_alloc(&x->arena, to->n_targets * sizeof(*q.rows)),
		.n_rows = (uint32_t)to->n_targets};
	clocks_sort(c);
	for (size_t i = 0; i < c->n; i++)
		q.marks[i] = (struct remind_mark){
			c->list[i].row, c->list[i].day, stage_of(c, c->list[i].day)};
	for (size_t i = 0; i < to->n_targets; i++)
		q.rows[i] = row_for(x, &to->targets[i]);
	buf_clear(&x->request);
	remind_encode(&x->request, &q);
	return ask(x, REQUEST_REMIND, buf_slice(&x->request), e);
}

/* All is looked at: whoever is to be told is told. What the list had no room for comes next. */
static int finish(struct escalate *x, struct error *e)
{
	const struct clocks *c = x->reminding.clocks;
	const int64_t today = c->today;
	const bool more = c->beyond;
	int r = c->n ? tell(x, e) : 0;
	/* also when no answer came: what store has by now is read again */
	prescriptions_anew(x);
	if (r == 0 && !more)
		x->reminding.done = today;
	return r;
}

int prescriptions(struct escalate *x, struct error *e)
{
	struct reminding *m = &x->reminding;
	const int64_t began = clock_monotonic(), today = day_of(x->clock, NULL);
	int r = 0;
	if (!x->policy.prescriptions.n_targets || m->done == today ||
		x->clock < policy_reminders_due(&x->policy, x->clock))
		return 0;
	if (m->clocks && m->clocks->today != today)
		prescriptions_anew(x);
	if (!m->clocks)
		r = begin(x, today, e);
	while (r == 0 && clock_monotonic() - began < BUSY_MS)
		r = clocks_step(x->reader, m->clocks, e);
	if (r == READER_END)
		return finish(x, e);
	if (r < 0)
		prescriptions_anew(x);
	else
		x->look_wanted = true; /* the rest, in a moment */
	return r;
}
