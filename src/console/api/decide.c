/* SPDX-License-Identifier: GPL-3.0-or-later
 * The API's decisions: the same as a person's in the queue, under the name of the token's account. With an Idempotency-Key a
 * program that got no answer asks again and gets the first one. */
#include <errno.h>
#include <tocsin/record/category.h>
#include "api.h"
#include "limit.h"
#include "../queue/filter.h"
#include "../queue/reply.h"

enum { CATEGORY_MAX = 64 };

static bool needs_reason(struct slice decision)
{
	return slice_is(decision, "masquer") || slice_is(decision, "transferer") ||
		slice_is(decision, "supprimer") || slice_is(decision, "dossier");
}

/* The item may wait for a service after it. */
static bool follows(struct slice decision)
{
	return slice_is(decision, DECISION_HOLDING) || slice_is(decision, DECISION_SENT);
}

/* False: the call is over. */
static bool read_decision(struct call *c, struct decide_request *ret)
{
	static const char *const names[] = {
		"decision", "reason", "category", "text", "model", "service", NULL};
	*ret = (struct decide_request){
		.seq = visit_number(c->v), .who = slice_of(c->account), .open_only = 1};
	if (!call_members(c, names) || !call_string(c, "decision", DECISION_MAX, &ret->decision) ||
		!call_string(c, "reason", CONSOLE_TEXT_MAX, &ret->reason) ||
		!call_string(c, "category", CATEGORY_MAX, &ret->category) ||
		!call_string(c, "text", ANSWER_MAX, &ret->text) ||
		!call_string(c, "model", REPLY_ID_MAX, &ret->model) ||
		!call_string(c, "service", REPLY_ID_MAX, &ret->service))
		return false;
	if (!decision_known(ret->decision) && !slice_is(ret->decision, DECISION_MISSED))
		call_problem(c, 422,
			words(c->v->l,
				"« decision » est laisser, masquer, repondre, attente, requalifier, transferer, dossier, supprimer, confirmer, refuser ou oubli."));
	else if (slice_is(ret->decision, DECISION_MISSED) &&
		(!category_known(ret->category) || !ret->reason.n))
		call_problem(c, 422,
			words(c->v->l,
				"Un oubli veut une « category » de la loi et une note : « reason »."));
	else if (ret->category.n && !category_known(ret->category))
		call_problem(c, 422,
			words(c->v->l, "Cette « category » n'est pas une catégorie de la loi."));
	else if (needs_reason(ret->decision) && !ret->reason.n)
		call_problem(c, 422, words(c->v->l, "Cette décision veut un motif : « reason »."));
	else if (slice_is(ret->decision, DECISION_REQUALIFIED) && !ret->category.n)
		call_problem(
			c, 422, words(c->v->l, "Requalifier veut une « category » de la loi."));
	else if (slice_is(ret->decision, DECISION_SENT) && !ret->service.n)
		call_problem(c, 422,
			words(c->v->l, "Transférer veut un service, ou son nom : « service »."));
	else if (slice_is(ret->decision, DECISION_HOLDING) && !ret->text.n)
		call_problem(c, 422,
			words(c->v->l, "Une réponse d'attente veut le texte publié : « text »."));
	else if ((!reply_is(ret->decision) && (ret->text.n || ret->model.n)) ||
		(ret->service.n && !follows(ret->decision)))
		call_problem(c, 422,
			words(c->v->l,
				"« text » et « model » vont avec repondre et attente, « service » avec attente et transferer."));
	else
		return true;
	return false;
}

static void decided(struct call *c)
{
	struct visit *v = c->v;
	struct json_writer w = {.out = &v->out};
	json_w_begin(&w, '{');
	json_w_number(&w, "seq", visit_number(v));
	json_w_text(&w, "decision", slice_of(c->decision));
	json_w_text(&w, "who", slice_of(c->account));
	json_w_number(&w, "undo_ms", UNDO_MS);
	if (c->proposed) {
		json_w_key(&w, "proposed");
		json_w_bool(&w, true);
	}
	json_w_time(&w, "follow_at", c->follow_at);
	json_w_end(&w, '}');
	if (c->keyed)
		api_keep(v->c->api, c->key, c->asked, v->now, buf_slice(&v->out));
	call_answer(c);
}

static void decide(struct call *c)
{
	_buf_ struct buf body = {0};
	struct error e = {""};
	struct decide_request q;
	if (!read_decision(c, &q))
		return;
	if (!q.seq) {
		call_refused(c, -ENOENT, &e);
		return;
	}
	snprintf(c->decision, sizeof(c->decision), "%.*s", (int)q.decision.n, q.decision.p);
	if (slice_is(q.decision, DECISION_HOLDING) || q.service.n)
		c->follow_at = q.until = reply_until(c->v, q.model);
	c->done = decided;
	decide_encode(&body, &q);
	call_ask(c, REQUEST_DECIDE, &body);
}

/* Two parts that cannot be taken for others. */
static void digest_two(struct slice a, struct slice b, unsigned char out[static DIGEST_SIZE])
{
	_buf_ struct buf both = {0};
	buf_printf(&both, "%zu ", a.n);
	buf_add_slice(&both, a);
	buf_add_slice(&both, b);
	digest_sha256(buf_slice(&both), out);
}

/* The key of the question into the call: false, and the call is over, when it is none. */
static bool read_key(struct call *c)
{
	struct visit *v = c->v;
	struct slice key;
	int r = http_header(v->r, "Idempotency-Key", &key);
	if (r == -ENOENT)
		return true;
	if (r < 0 || !key.n || key.n > API_KEY_MAX) {
		call_problem(c, 400,
			words(v->l, "« Idempotency-Key » : une seule, de 1 à 128 caractères."));
		return false;
	}
	c->keyed = true;
	digest_two(slice_of(c->token), key, c->key);
	digest_two(v->r->path, v->r->body, c->asked);
	return true;
}

void api_decide_post(struct call *c)
{
	struct visit *v = c->v;
	struct slice kept;
	if (!read_key(c))
		return;
	switch (c->keyed ? api_kept_find(v->c->api, c->key, c->asked, v->now, &kept) : API_NEW) {
	case API_SAME:
		buf_add_slice(&v->out, kept);
		call_answer(c);
		break;
	case API_OTHER:
		call_problem(c, 422,
			words(v->l, "Cette clé a déjà servi pour une autre demande : changez-la."));
		break;
	default: decide(c);
	}
}

static void undone(struct call *c)
{
	struct json_writer w = {.out = &c->v->out};
	json_w_begin(&w, '{');
	json_w_number(&w, "seq", visit_number(c->v));
	json_w_key(&w, "waits");
	json_w_bool(&w, true);
	json_w_end(&w, '}');
	call_answer(c);
}

void api_undo_post(struct call *c)
{
	static const char *const none[] = {NULL};
	_buf_ struct buf body = {0};
	struct error e = {""};
	int64_t seq = visit_number(c->v);
	if (!call_members(c, none))
		return;
	if (!seq) {
		call_refused(c, -ENOENT, &e);
		return;
	}
	c->done = undone;
	undo_encode(&body, &(struct undo_request){seq, slice_of(c->account)});
	call_ask(c, REQUEST_UNDO, &body);
}
