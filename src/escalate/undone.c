/* SPDX-License-Identifier: GPL-3.0-or-later
 * A decision that could not be carried out at its source is a dead letter of its own: the comment waits in the queue again, and
 * whoever decided is told, when the plan names him by the name of his account, and the fallback as of every dead letter. The keys
 * of the messages keep them from coming twice; what was given up a week ago rings no more. No text of the comment, no author. */
#include "escalate.h"
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>
#include <tocsin/calendar/day.h>
#include "circular.h"
#include "write.h"

#define LATE_MS (7 * CLOCK_DAY)
#define WHY_MAX 200u

struct telling {
	struct escalate *x;
	struct outbox_row *rows;
	size_t n, cap;
};

static const char *action_name(enum words_lang l, enum outward action)
{
	switch (action) {
	case ACTION_SHOW: return words(l, "montrer de nouveau");
	case ACTION_REPLY: return words(l, "publier la réponse");
	case ACTION_SPAM: return words(l, "classer en indésirable");
	case ACTION_TRASH: return words(l, "supprimer");
	case ACTION_HIDE:
	case ACTION_NONE:
	default: return words(l, "masquer");
	}
}

static void say_where(const struct escalate *x, const struct undone_action *u, struct writer *to)
{
	const enum words_lang l = x->config->lang;
	buf_add_string(&to->text,
		words(l,
			"le commentaire est de nouveau dans la file. Faites-le à la main à la source, puis décidez-le."));
	if (x->config->console.public)
		buf_printf(&to->text, " %s/moderation/%lld", x->config->console.public,
			(long long)u->seq);
	writer_block(to, BLOCK_TEXT, words(l, "À faire :"));
}

static void say_what(const struct escalate *x, const struct undone_action *u, struct writer *to)
{
	const enum words_lang l = x->config->lang;
	char at[DAY_TEXT];
	struct slice why = u->detail;
	buf_printf(&to->text, "%s · n° %lld · ", action_name(l, u->action), (long long)u->row);
	buf_add_slice(&to->text, config_source_title(x->config, u->source));
	writer_block(to, BLOCK_TEXT, words(l, "Décision :"));
	day_format(u->decided_at, l == WORDS_EN, at);
	buf_printf(&to->text, "%.*s, %s", (int)u->who.n, u->who.p, at);
	writer_block(to, BLOCK_TEXT, words(l, "Prise par :"));
	if (why.n > WHY_MAX)
		why = utf8_cut(why, WHY_MAX);
	buf_printf(&to->text,
		words_n(l, "%u tentative ; la dernière : ", "%u tentatives ; la dernière : ",
			u->attempts),
		u->attempts);
	buf_add_slice(&to->text, why);
	writer_block(to, BLOCK_TEXT, words(l, "Pourquoi :"));
}

static void compose(struct escalate *x, const struct undone_action *u,
	const struct policy_target *t, struct slice key, struct message *m)
{
	const enum words_lang l = x->config->lang;
	struct writer out = {.arena = &x->arena, .m = m};
	*m = circular(x, t, key, SLICE("undone"));
	buf_printf(&out.text, words(l, "Décision jamais faite à la source : %s, n° %lld"),
		action_name(l, u->action), (long long)u->row);
	m->title = writer_take(&out);
	buf_printf(&out.text, "tocsin · %.*s", (int)m->title.n, m->title.p);
	m->subject = writer_take(&out);
	buf_add_string(&out.text,
		words(l,
			"tocsin n'a pas pu faire à la source ce qui a été décidé, et n'essaie plus."));
	m->head = writer_take(&out);
	say_what(x, u, &out);
	say_where(x, u, &out);
	buf_release(&out.text);
}

static void add(struct telling *to, const struct undone_action *u, const struct policy_target *t)
{
	struct escalate *x = to->x;
	_buf_ struct buf key = {0};
	struct message m;
	buf_printf(&key, "undone/%lld/%s/%s", (long long)u->id, t->person, t->channel);
	if (map_find(x->known, buf_slice(&key)))
		return;
	for (size_t i = 0; i < to->n; i++)
		if (slice_equal(to->rows[i].key, buf_slice(&key)))
			return;
	compose(x, u, t, arena_copy(&x->arena, buf_slice(&key)), &m);
	to->rows = xgrow(to->rows, to->n, &to->cap, sizeof(*to->rows));
	to->rows[to->n++] = circular_row(x, t, &m);
}

static int on_undone(void *user, const struct undone_action *u)
{
	struct telling *to = user;
	const struct policy *policy = &to->x->policy;
	struct policy_target own;
	const size_t n = policy_fallback(policy, 0, to->x->clock);
	if (circular_person(to->x, u->who, &own))
		add(to, u, &own);
	if (n < policy->n_fallback)
		add(to, u, &policy->fallback[n]);
	return 0;
}

int undone(struct escalate *x, struct error *e)
{
	struct telling to = {.x = x};
	int r = x->policy.empty
		? 0
		: reader_undone(x->reader, clock_now() - LATE_MS, on_undone, &to, e);
	if (r == 0 && to.n)
		r = add_rows(x, to.rows, (uint32_t)to.n, e);
	free(to.rows);
	return r;
}
