/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a service sees: the questions that were transferred to it, without their authors, and a field in which it proposes an
 * answer. Whatever was not transferred to it is not there (404). */
#include <errno.h>
#include <tocsin/html/html.h>
#include "reply.h"
#include "../topic.h"

enum { SHOWN = 200 };

/* --- one question */

static void put_title(struct visit *v, const struct queue_item *q, bool alone)
{
	struct rule_info topic = {0};
	for (uint32_t i = 0; i < q->stored.verdict.n_topics && !topic.id.n; i++)
		if (!topic_find(v, q->stored.verdict.topics[i], &topic))
			topic = (struct rule_info){0};
	buf_printf(&v->out, "<%s id=\"t%lld\">", alone ? "h1" : "h2", (long long)q->stored.seq);
	if (!alone)
		buf_printf(&v->out, "<a class=\"open\" href=\"/service/%lld\">",
			(long long)q->stored.seq);
	if (topic.id.n)
		html_text(&v->out, topic.title.n ? topic.title : topic.id);
	else
		page_word(v, words(v->l, "Question ou demande"));
	buf_printf(&v->out, "%s</%s>\n", alone ? "" : "</a>", alone ? "h1" : "h2");
}

static void put_state(struct visit *v, const struct follow_up *f)
{
	buf_printf(&v->out, "<p class=\"due%s\">", f->state == FOLLOW_DUE ? " late" : "");
	if (f->state == FOLLOW_DUE)
		page_late(v, f->until);
	page_word(v,
		f->state == FOLLOW_PROPOSED
			? words(v->l, "Réponse proposée : la modération la publiera. Transféré ")
			: words(v->l, "Transféré "));
	page_time_as(v, f->since, TIME_AT);
	if (f->state != FOLLOW_PROPOSED) {
		page_word(v, words(v->l, ", réponse attendue "));
		page_time_as(v, f->until, TIME_AT);
	}
	buf_add_string(&v->out, ".</p>\n");
}

static void put_question(struct visit *v, const struct queue_item *q, bool alone)
{
	const struct comment *c = &q->stored.comment;
	buf_printf(&v->out, "<article class=\"card\" id=\"c%lld\" aria-labelledby=\"t%lld\">\n",
		(long long)q->stored.seq, (long long)q->stored.seq);
	put_title(v, q, alone);
	buf_add_string(&v->out, "<p class=\"meta\">");
	html_shown(&v->out, config_source_title(&v->c->s->config, c->source));
	buf_add_string(&v->out, " · ");
	page_ago(v, c->created_at ? c->created_at : q->stored.accepted_at);
	buf_add_string(&v->out, "</p>\n");
	put_state(v, &q->follow);
	buf_add_string(&v->out, "<blockquote class=\"said\"><p>");
	html_shown(&v->out, c->text);
	buf_add_string(&v->out, "</p></blockquote></article>\n");
}

/* --- all of them */

struct list {
	struct visit *v;
	size_t n;
};

static int take_question(void *user, const struct queue_item *q)
{
	struct list *l = user;
	l->n++;
	buf_add_string(&l->v->out, "<li>");
	put_question(l->v, q, false);
	buf_add_string(&l->v->out, "</li>\n");
	return 0;
}

void service_get(struct visit *v)
{
	const char *title = words(v->l, "Transféré à votre service");
	struct list l = {.v = v};
	struct error e = {""};
	int r = visit_reader(v);
	if (r == 0)
		topics_refresh(v);
	page_open(v, title);
	page_element(v, "h1", title);
	buf_add_string(&v->out, "<ol class=\"queue\">\n");
	if (r == 0)
		r = reader_service_items(
			v->c->reader, slice_of(v->session->services), SHOWN, take_question, &l, &e);
	buf_add_string(&v->out, "</ol>\n");
	if (r == 0 && !l.n)
		page_element(v, "p", words(v->l, "Rien n'attend votre service."));
	if (r < 0) {
		visit_problem(v, 503);
		return;
	}
	page_close(v);
	visit_page(v, 200);
}

/* --- one, and its answer */

struct one {
	struct visit *v;
	int64_t row;
	struct slice typed; /* what was not taken */
	struct buf proposed; /* the last proposal */
};

static int take_one(void *user, const struct queue_item *q)
{
	struct one *o = user;
	o->row = q->stored.row;
	put_question(o->v, q, true);
	return 0;
}

/* What the service must know: why it was transferred, and what the public was told. */
static int take_said(void *user, const struct decision *d)
{
	struct one *o = user;
	struct visit *v = o->v;
	const bool proposed = slice_is(d->decision, DECISION_PROPOSED);
	const bool sent = slice_is(d->decision, DECISION_SENT);
	if (proposed) {
		buf_clear(&o->proposed);
		buf_add_slice(&o->proposed, d->text);
	}
	if (!proposed && !sent && !slice_is(d->decision, DECISION_HOLDING))
		return 0;
	buf_add_string(&v->out, "<li>");
	page_time(v, d->at);
	buf_add_string(&v->out, " · <strong>");
	page_word(v,
		proposed       ? words(v->l, "Réponse proposée")
			: sent ? words(v->l, "Transféré")
			       : words(v->l, "Dit au public"));
	buf_add_string(&v->out, "</strong> · ");
	page_person(v, d->who);
	buf_add_string(&v->out, " : ");
	html_shown(&v->out, sent ? d->reason : d->text);
	buf_add_string(&v->out, "</li>\n");
	return 0;
}

static void put_proposing(struct one *o)
{
	struct visit *v = o->v;
	page_form(v, "writing", "/service/%lld/proposer", (long long)visit_number(v));
	buf_add_string(&v->out, "<label for=\"texte\">");
	page_word(v, words(v->l, "Réponse que vous proposez"));
	buf_printf(&v->out,
		"</label>\n<textarea id=\"texte\" name=\"texte\" rows=\"8\" required maxlength=\"%u\">\n",
		ANSWER_MAX);
	html_text(&v->out, o->typed.n ? o->typed : buf_slice(&o->proposed));
	buf_add_string(&v->out, "</textarea>\n<p class=\"how\">");
	page_word(v,
		words(v->l,
			"La modération relit ce texte et le publie : n'y mettez rien que le public ne doive lire."));
	buf_add_string(&v->out, "</p>\n<p class=\"choices\"><button class=\"main\">");
	page_word(v, words(v->l, "Proposer cette réponse"));
	buf_add_string(&v->out, "</button></p></form>\n");
}

static void write_one(struct one *o, unsigned status, const char *wrong)
{
	struct visit *v = o->v;
	struct error e = {""};
	const int64_t seq = visit_number(v);
	int r = seq ? visit_reader(v) : -ENOENT;
	buf_clear(&v->out);
	if (wrong)
		visit_tell(v, true, wrong);
	if (r == 0)
		topics_refresh(v);
	page_open(v, words(v->l, "Question transférée"));
	if (r == 0)
		r = reader_service_item(
			v->c->reader, slice_of(v->session->services), seq, take_one, o, &e);
	if (r) {
		visit_problem(v, r == -ENOENT || r == READER_END ? 404 : 503);
		return;
	}
	buf_add_string(&v->out, "<ul class=\"history\">\n");
	r = reader_history(v->c->reader, o->row, take_said, o, &e);
	buf_add_string(&v->out, "</ul>\n");
	put_proposing(o);
	buf_add_string(&v->out, "<p><a href=\"/service\">");
	page_word(v, words(v->l, "Revenir à la liste"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	if (r < 0)
		visit_problem(v, 503);
	else
		visit_page(v, status);
}

static void one_page(struct visit *v, unsigned status, const char *wrong, struct slice typed)
{
	struct one o = {.v = v, .typed = typed};
	write_one(&o, status, wrong);
	buf_release(&o.proposed);
}

void service_one_get(struct visit *v)
{
	one_page(v, 200, NULL, (struct slice){0});
}

static void proposed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_buf_ struct buf text = {0};
	bool whole = visit_field(v, "texte", ANSWER_MAX, &text);
	(void)reply;
	if (r == -ENOENT || !whole) {
		visit_problem(v, 404);
	} else if (r) {
		one_page(v, 503, visit_why(v, r, e), buf_slice(&text));
	} else {
		visit_tell(v, false, words(v->l, "Réponse proposée : la modération la publiera."));
		v->session->undo = visit_number(v);
		visit_go_to(v, "/service/%lld", (long long)visit_number(v));
	}
}

void service_propose_post(struct visit *v)
{
	_buf_ struct buf text = {0}, body = {0};
	if (!visit_number(v)) {
		visit_problem(v, 404);
	} else if (!visit_field(v, "texte", ANSWER_MAX, &text) || !text.n) {
		one_page(v, 400, words(v->l, "Écrivez la réponse (4000 octets au plus)."),
			(struct slice){0});
	} else {
		propose_encode(&body,
			&(struct propose_request){
				visit_number(v), slice_of(v->session->name), buf_slice(&text)});
		visit_ask_then(v, REQUEST_PROPOSE, &body, proposed);
	}
}

static void undone(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == 0)
		visit_tell(v, false, words(v->l, "Réponse retirée."));
	else if (r == -ETIME)
		visit_tell(v, true, words(v->l, "Trop tard pour annuler : la décision reste."));
	else
		visit_tell_error(v, r, e);
	visit_go_to(v, "/service/%lld", (long long)visit_number(v));
}

static int is_there(void *user, const struct queue_item *q)
{
	(void)user, (void)q;
	return 0;
}

void service_undo_post(struct visit *v)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	const int64_t seq = visit_number(v);
	if (!seq || visit_reader(v) < 0 ||
		reader_service_item(v->c->reader, slice_of(v->session->services), seq, is_there,
			NULL, &e) != 0) {
		visit_problem(v, 404);
		return;
	}
	undo_encode(&body, &(struct undo_request){seq, slice_of(v->session->name)});
	visit_ask_then(v, REQUEST_UNDO, &body, undone);
}
