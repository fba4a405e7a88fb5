/* SPDX-License-Identifier: GPL-3.0-or-later
 * One comment with its details and what was decided on it; and what people do with an item that waits. Whether it may be
 * done is store's to say: two who act at once are told of each other. */
#include "card.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/html/html.h>
#include "file.h"
#include "topic.h"

enum { DECISION_MAX = 20, REASON_MAX = 4000 };

/* --- the page */

static void put_row(struct visit *v, const char *name, struct slice value)
{
	if (!value.n)
		return;
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th><td>");
	html_shown(&v->out, value);
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_row_time(struct visit *v, const char *name, int64_t at)
{
	if (at <= 0)
		return;
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, name);
	buf_add_string(&v->out, "</th><td>");
	page_time(v, at);
	buf_add_string(&v->out, "</td></tr>\n");
}

static void put_row_number(struct visit *v, const char *name, uint64_t n)
{
	char text[40];
	if (n)
		put_row(v, name, slice_of(words_number(v->l, (int64_t)n, text)));
}

/* Only the web: an address may be anything, such as a script. */
static void put_address(struct visit *v, struct slice url)
{
	if (!slice_begins(url, "https://") && !slice_begins(url, "http://")) {
		put_row(v, words(v->l, "Adresse"), url);
		return;
	}
	buf_add_string(&v->out, "<tr><th scope=\"row\">");
	page_word(v, words(v->l, "Adresse"));
	buf_add_string(&v->out, "</th><td><a rel=\"noreferrer noopener nofollow\" href=\"");
	html_text(&v->out, url);
	buf_add_string(&v->out, "\">");
	html_shown(&v->out, url);
	buf_add_string(&v->out, "</a></td></tr>\n");
}

static void put_details(struct visit *v, const struct stored_comment *s, int64_t flagged_at)
{
	const struct comment *c = &s->comment;
	buf_add_string(&v->out, "<section><h2>");
	page_word(v, words(v->l, "Détails"));
	buf_add_string(&v->out, "</h2><table class=\"facts\">\n");
	put_row_time(v, words(v->l, "Écrit le"), c->created_at);
	put_row_time(v, words(v->l, "Modifié le"), c->edited_at);
	put_row_time(v, words(v->l, "Reçu le"), s->accepted_at);
	put_row_time(v, words(v->l, "Signalé le"), flagged_at);
	put_address(v, c->url);
	put_row(v, words(v->l, "Identifiant"), c->id);
	put_row(v, words(v->l, "Fil"), c->thread);
	put_row(v, words(v->l, "En réponse à"), c->parent);
	put_row(v, words(v->l, "Canal"), c->channel);
	put_row(v, words(v->l, "Langue"), c->lang);
	put_row_number(v, words(v->l, "J'aime"), c->likes);
	put_row_number(v, words(v->l, "Partages"), c->shares);
	put_row_number(v, words(v->l, "Version"), s->version > 1 ? s->version : 0);
	for (uint32_t i = 0; i < s->verdict.n_topics; i++)
		put_row(v, words(v->l, "Sujet"), s->verdict.topics[i]);
	buf_add_string(&v->out, "</table></section>\n");
}

struct shown { /* the comment as it is read */
	struct visit *v;
	struct slice reason;
	int64_t row;
	bool may_decide; /* it waits, and nobody else works on it */
};

static void put_comment(struct shown *s, const struct stored_comment *c, const struct queue_item *q)
{
	const struct card card = {.stored = c, .waits = q, .alone = true, .reason = s->reason};
	s->row = c->row;
	card_put(s->v, &card);
	put_details(s->v, c, q ? q->flagged_at : 0);
}

static int take_waiting(void *user, const struct queue_item *q)
{
	struct shown *s = user;
	s->may_decide = !q->claimed_by.n || slice_is(q->claimed_by, s->v->session->name);
	put_comment(s, &q->stored, q);
	return 0;
}

static int take_comment(void *user, const struct stored_comment *c)
{
	put_comment(user, c, NULL);
	return 0;
}

static int put_decision(void *user, const struct decision *d)
{
	struct visit *v = user;
	buf_add_string(&v->out, "<li>");
	page_time(v, d->at);
	buf_add_string(&v->out, " · <strong>");
	card_decision(v, d->decision);
	buf_add_string(&v->out, "</strong> · ");
	page_person(v, d->who);
	if (d->reason.n) {
		buf_add_string(&v->out, " : ");
		html_shown(&v->out, d->reason);
	}
	buf_add_string(&v->out, "</li>\n");
	return 0;
}

static int put_history(struct visit *v, int64_t row, struct error *e)
{
	buf_add_string(&v->out, "<section><h2>");
	page_word(v, words(v->l, "Ce qui a été décidé"));
	buf_add_string(&v->out, "</h2><ol class=\"history\">\n");
	size_t before = v->out.n;
	int r = reader_history(v->c->reader, row, put_decision, v, e);
	bool none = v->out.n == before;
	buf_add_string(&v->out, "</ol>\n");
	if (none)
		page_element(v, "p", words(v->l, "Rien encore."));
	buf_add_string(&v->out, "</section>\n");
	return r;
}

/* What was typed for a decision that cannot be taken any more: it may have taken long. */
static void put_kept(struct visit *v, const struct shown *s)
{
	if (!s->reason.n || s->may_decide)
		return;
	buf_add_string(&v->out, "<section class=\"kept\"><h2>");
	page_word(v, words(v->l, "Ce que vous aviez écrit"));
	buf_add_string(&v->out, "</h2><blockquote class=\"said\"><p>");
	html_shown(&v->out, s->reason);
	buf_add_string(&v->out, "</p></blockquote></section>\n");
}

/* wrong: why what was asked was not done, or NULL. */
static void item_page(struct visit *v, unsigned status, const char *wrong, struct slice reason)
{
	struct shown s = {.v = v, .reason = reason};
	struct error e = {""};
	int64_t seq = visit_number(v);
	buf_clear(&v->out);
	if (wrong)
		visit_tell(v, true, wrong);
	page_open(v, words(v->l, "Commentaire"));
	int r = seq ? visit_reader(v) : -ENOENT;
	if (r == 0) {
		topics_refresh(v);
		r = reader_queue_item(v->c->reader, seq, take_waiting, &s, &e);
	}
	if (r == READER_END)
		r = reader_comment(v->c->reader, seq, take_comment, &s, &e);
	if (r == 0)
		put_kept(v, &s);
	if (r == 0)
		r = put_history(v, s.row, &e);
	if (r < 0) {
		visit_problem(v, r == -ENOENT ? 404 : 503);
		return;
	}
	buf_add_string(&v->out, "<p><a href=\"/moderation\">");
	page_word(v, words(v->l, "Revenir à la file"));
	buf_add_string(&v->out, "</a></p>\n");
	page_close(v);
	visit_page(v, status);
}

void item_get(struct visit *v)
{
	item_page(v, 200, NULL, (struct slice){0});
}

/* --- what people do */

static void tell_claim(struct visit *v, const struct claim_reply *c)
{
	char at[CLOCK_TEXT];
	_buf_ struct buf text = {0};
	switch (c->outcome) {
	case CLAIM_TAKEN:
		buf_printf(&text, words(v->l, "Vous vous en occupez jusqu'à %s."),
			clock_format_hm(c->until, at));
		break;
	case CLAIM_LEFT: buf_add_string(&text, words(v->l, "Vous laissez la main.")); break;
	case CLAIM_OTHERS:
		buf_printf(&text, words(v->l, "%.*s s'en occupe déjà, jusqu'à %s."), (int)c->who.n,
			c->who.p, clock_format_hm(c->until, at));
		break;
	case CLAIM_GONE:
	default: buf_add_string(&text, words(v->l, "Ce commentaire n'attend plus.")); break;
	}
	visit_tell(v, c->outcome >= CLAIM_OTHERS, buf_string(&text));
}

/* To where the form was. */
static void back(struct visit *v)
{
	_buf_ struct buf alone = {0};
	if (visit_field(v, "ici", 1, &alone))
		visit_go_to(v, "/moderation/%lld", (long long)visit_number(v));
	else
		file_go_back(v, visit_number(v));
}

static void claimed(struct visit *v, int r, struct slice reply, const struct error *e)
{
	struct claim_reply answer;
	if (r == -ENOENT) {
		visit_problem(v, 404);
		return;
	}
	if (r == 0)
		r = claim_reply_decode(reply, &answer);
	if (r == 0)
		tell_claim(v, &answer);
	else
		visit_tell_error(v, r, e);
	back(v);
}

static void claim(struct visit *v, int64_t for_ms)
{
	_buf_ struct buf body = {0};
	int64_t seq = visit_number(v);
	if (!seq) {
		visit_problem(v, 404);
		return;
	}
	claim_encode(&body, &(struct claim_request){seq, slice_of(v->session->name), for_ms});
	visit_ask_then(v, REQUEST_CLAIM, &body, claimed);
}

void claim_post(struct visit *v)
{
	claim(v, CLAIM_DEFAULT_MS);
}

void release_post(struct visit *v)
{
	claim(v, 0);
}

static bool needs_reason(struct slice decision)
{
	return slice_is(decision, "masquer") || slice_is(decision, "transferer") ||
		slice_is(decision, "supprimer") || slice_is(decision, "dossier");
}

static void decided(struct visit *v, struct slice decision)
{
	visit_tell(v, false,
		slice_is(decision, "masquer")
			? words(v->l,
				  "Décision enregistrée. tocsin ne masque rien lui-même : faites-le à la source.")
			: words(v->l, "Décision enregistrée."));
	v->session->undo = visit_number(v);
	file_go_back(v, 0);
}

/* What was typed comes back with the reason why it was not taken. */
static void not_decided(struct visit *v, int r, const struct error *e, struct slice reason)
{
	if (r == -ENOENT)
		visit_problem(v, 404);
	else if (r == -EALREADY)
		item_page(v, 409,
			words(v->l, "Quelqu'un a décidé avant vous ; rien n'a été changé."),
			reason);
	else if (r == -EBUSY)
		item_page(v, 409,
			words(v->l, "Quelqu'un d'autre s'en occupe ; rien n'a été changé."),
			reason);
	else
		item_page(v, 503, visit_why(v, r, e), reason);
}

static void decision_answered(struct visit *v, int r, struct slice reply, const struct error *e)
{
	_buf_ struct buf decision = {0}, reason = {0};
	bool whole = visit_field(v, "decision", DECISION_MAX, &decision) &&
		visit_field(v, "motif", REASON_MAX, &reason);
	(void)reply;
	if (r == 0 && whole)
		decided(v, buf_slice(&decision));
	else
		not_decided(v, r, e, buf_slice(&reason));
}

void decide_post(struct visit *v)
{
	_buf_ struct buf decision = {0}, reason = {0}, body = {0};
	struct decide_request q = {
		.seq = visit_number(v), .who = slice_of(v->session->name), .open_only = 1};
	if (!q.seq) {
		visit_problem(v, 404);
		return;
	}
	if (!visit_field(v, "decision", DECISION_MAX, &decision) ||
		!decision_known(buf_slice(&decision)) ||
		!visit_field(v, "motif", REASON_MAX, &reason)) {
		item_page(v, 400, words(v->l, "Cette demande est incomplète."), (struct slice){0});
		return;
	}
	q.decision = buf_slice(&decision);
	q.reason = buf_slice(&reason);
	if (needs_reason(q.decision) && !q.reason.n) {
		item_page(v, 400, words(v->l, "Un motif est nécessaire."), q.reason);
		return;
	}
	decide_encode(&body, &q);
	visit_ask_then(v, REQUEST_DECIDE, &body, decision_answered);
}

static void undone(struct visit *v, int r, struct slice reply, const struct error *e)
{
	(void)reply;
	if (r == -ENOENT) {
		visit_problem(v, 404);
		return;
	}
	if (r == 0)
		visit_tell(v, false,
			words(v->l, "Décision annulée : le commentaire attend de nouveau."));
	else if (r == -ETIME)
		visit_tell(v, true, words(v->l, "Trop tard pour annuler : la décision reste."));
	else
		visit_tell_error(v, r, e);
	file_go_back(v, 0);
}

void undo_post(struct visit *v)
{
	_buf_ struct buf body = {0};
	int64_t seq = visit_number(v);
	if (!seq) {
		visit_problem(v, 404);
		return;
	}
	undo_encode(&body, &(struct undo_request){seq, slice_of(v->session->name)});
	visit_ask_then(v, REQUEST_UNDO, &body, undone);
}
