/* SPDX-License-Identifier: GPL-3.0-or-later
 * The API's queue: a file page by page, and one item with what was decided on it. */
#include <errno.h>
#include <tocsin/phrase/phrase.h>
#include <tocsin/record/category.h>
#include "api.h"
#include "../queue/place.h"

enum {
	PAGE = 50,
	PAGE_MAX = 100,
	LOOKED_MAX = 2000 /* items read for one page, whatever the filter */
};

/* --- one item */

static void put_comment(struct json_writer *w, const struct call *c, const struct stored_comment *s)
{
	_buf_ struct buf text = {0};
	json_w_number(w, "seq", s->seq);
	json_w_number(w, "version", s->version);
	phrase_verdict(c->v->l, &s->verdict, &text);
	json_w_text(w, "why", buf_slice(&text));
	json_w_key(w, "gone");
	json_w_bool(w, s->gone);
	buf_clear(&text);
	comment_to_json(&text, &s->comment);
	json_w_key(w, "comment");
	json_w_raw(w, buf_slice(&text));
	buf_clear(&text);
	verdict_to_json(&text, &s->verdict, s->comment.id, s->comment.text, "");
	while (text.n && text.p[text.n - 1] == '\n')
		text.n--;
	json_w_key(w, "verdict");
	json_w_raw(w, buf_slice(&text));
}

static void put_follow(struct json_writer *w, const struct follow_up *f)
{
	json_w_key(w, "follow");
	if (!f->since) {
		json_w_null(w);
		return;
	}
	json_w_begin(w, '{');
	json_w_text(w, "service", f->service);
	json_w_time(w, "since", f->since);
	json_w_time(w, "until", f->until);
	json_w_key(w, "due");
	json_w_bool(w, f->state == FOLLOW_DUE);
	json_w_key(w, "proposed");
	json_w_bool(w, f->state == FOLLOW_PROPOSED);
	json_w_end(w, '}');
}

/* Who proposes what, and why: another one confirms or refuses. */
static void put_second(struct json_writer *w, const struct queue_proposal *p)
{
	json_w_key(w, "second");
	if (!p->id) {
		json_w_null(w);
		return;
	}
	json_w_begin(w, '{');
	json_w_text(w, "who", p->who);
	json_w_time(w, "at", p->at);
	json_w_text(w, "decision",
		(struct slice){p->decision.p + strlen(DECISION_PROPOSES),
			p->decision.n - strlen(DECISION_PROPOSES)});
	json_w_text(w, "reason", p->reason);
	json_w_text(w, "text", p->text);
	json_w_end(w, '}');
}

static void put_waiting(struct json_writer *w, const struct queue_item *q)
{
	json_w_time(w, "flagged_at", q->flagged_at);
	json_w_text(w, "qualified", q->qualified);
	json_w_text(w, "claimed_by", q->claimed_by);
	json_w_time(w, "claimed_until", q->claimed_until);
	put_follow(w, &q->follow);
	put_second(w, &q->proposed);
}

/* --- a page */

struct page {
	struct call *c;
	struct json_writer w;
	struct queue_key last;
	unsigned limit, n, looked;
	struct slice source;
	int64_t priority; /* 0: any */
	bool more;
};

/* A human's word goes before the rules'. */
static int64_t priority_of(const struct queue_item *q)
{
	return q->qualified.n ? category_priority(q->qualified) : q->stored.verdict.priority;
}

static int take_item(void *user, const struct queue_item *q)
{
	struct page *p = user;
	const struct stored_comment *s = &q->stored;
	if (p->n == p->limit || p->looked == LOOKED_MAX) {
		p->more = true;
		return READER_END;
	}
	p->looked++;
	p->last = q->key;
	if ((p->source.n && !slice_equal(s->comment.source, p->source)) ||
		(p->priority && priority_of(q) != p->priority))
		return 0;
	p->n++;
	json_w_begin(&p->w, '{');
	put_comment(&p->w, p->c, s);
	put_waiting(&p->w, q);
	json_w_end(&p->w, '}');
	return 0;
}

struct wish { /* of the address */
	struct buf lane, after, limit, source, priority;
	enum verdict_lane file;
	struct queue_key key;
};

static void wish_release(struct wish *w)
{
	buf_release(&w->lane);
	buf_release(&w->after);
	buf_release(&w->limit);
	buf_release(&w->source);
	buf_release(&w->priority);
}

static bool read_limit(const struct buf *text, unsigned *ret)
{
	int64_t n = PAGE;
	if (text->n && (!slice_number(buf_slice(text), &n) || n < 1 || n > PAGE_MAX))
		return false;
	*ret = (unsigned)n;
	return true;
}

/* NULL, or what is wrong with it. */
static const char *read_wish(struct wish *w, struct page *p, enum words_lang l)
{
	struct slice lane = buf_slice(&w->lane), priority = buf_slice(&w->priority);
	w->file = slice_is(lane, "reponse") ? LANE_REPONSE : LANE_MODERATION;
	if (lane.n && !slice_is(lane, "reponse") && !slice_is(lane, "moderation"))
		return words(l, "« lane » est moderation ou reponse.");
	if (priority.n) {
		if (priority.n != 2 || priority.p[0] != 'P' || priority.p[1] < '1' ||
			priority.p[1] > '4')
			return words(l, "« priority » est P1, P2, P3 ou P4.");
		p->priority = priority.p[1] - '0';
	}
	if (!read_limit(&w->limit, &p->limit))
		return words(l, "« limit » va de 1 à 100.");
	if (w->after.n && !place_read(buf_slice(&w->after), &w->key))
		return words(l, "« after » est le « next » de la page d'avant.");
	p->source = buf_slice(&w->source);
	return NULL;
}

static bool ask_wish(struct call *c, struct wish *w)
{
	return call_query(c, "lane", 20, &w->lane) &&
		call_query(c, "after", PLACE_MAX, &w->after) &&
		call_query(c, "limit", 3, &w->limit) && call_query(c, "source", 100, &w->source) &&
		call_query(c, "priority", 2, &w->priority);
}

static int put_page(struct page *p, const struct wish *w, struct error *e)
{
	json_w_begin(&p->w, '{');
	json_w_key(&p->w, "items");
	json_w_begin(&p->w, '[');
	int r = reader_file(p->c->v->c->reader, w->file, &w->key, LOOKED_MAX + 1, take_item, p, e);
	json_w_end(&p->w, ']');
	json_w_key(&p->w, "next");
	if (p->more) {
		_buf_ struct buf next = {0};
		place_write(&next, &p->last);
		json_w_string(&p->w, buf_slice(&next));
	} else {
		json_w_null(&p->w);
	}
	json_w_end(&p->w, '}');
	return r;
}

void api_queue_get(struct call *c)
{
	struct page p = {.c = c, .w = {.out = &c->v->out}};
	_cleanup_(wish_release) struct wish w = {0};
	struct error e = {""};
	if (!ask_wish(c, &w))
		return;
	const char *wrong = read_wish(&w, &p, c->v->l);
	if (wrong)
		call_problem(c, 400, wrong);
	else if (put_page(&p, &w, &e) < 0)
		call_refused(c, -EIO, &e);
	else
		call_answer(c);
}

/* --- one */

struct one {
	struct call *c;
	struct json_writer w;
	int64_t row;
};

static int take_waiting(void *user, const struct queue_item *q)
{
	struct one *o = user;
	o->row = q->stored.row;
	put_comment(&o->w, o->c, &q->stored);
	json_w_key(&o->w, "waits");
	json_w_bool(&o->w, true);
	put_waiting(&o->w, q);
	return 0;
}

static int take_comment(void *user, const struct stored_comment *s)
{
	struct one *o = user;
	o->row = s->row;
	put_comment(&o->w, o->c, s);
	json_w_key(&o->w, "waits");
	json_w_bool(&o->w, false);
	return 0;
}

static int take_decision(void *user, const struct decision *d)
{
	struct json_writer *w = user;
	json_w_begin(w, '{');
	json_w_time(w, "at", d->at);
	json_w_text(w, "decision", d->decision);
	json_w_text(w, "who", d->who);
	json_w_text(w, "reason", d->reason);
	json_w_text(w, "category", d->category);
	json_w_text(w, "text", d->text);
	json_w_text(w, "model", d->model);
	put_follow(w, &d->follow);
	json_w_end(w, '}');
	return 0;
}

void api_item_get(struct call *c)
{
	struct one o = {.c = c, .w = {.out = &c->v->out}};
	struct reader *reader = c->v->c->reader;
	struct error e = {""};
	int64_t seq = visit_number(c->v);
	json_w_begin(&o.w, '{');
	int r = seq ? reader_queue_item(reader, seq, take_waiting, &o, &e) : -ENOENT;
	if (r == READER_END)
		r = reader_comment(reader, seq, take_comment, &o, &e);
	json_w_key(&o.w, "history");
	json_w_begin(&o.w, '[');
	if (r == 0)
		r = reader_history(reader, o.row, take_decision, &o.w, &e);
	json_w_end(&o.w, ']');
	json_w_end(&o.w, '}');
	if (r < 0)
		call_refused(c, r, &e);
	else
		call_answer(c);
}
