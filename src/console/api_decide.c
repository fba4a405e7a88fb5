/* SPDX-License-Identifier: GPL-3.0-or-later
 * The API's decisions: the same as a person's in the queue, under the name of the token's account. With an Idempotency-Key a
 * program that got no answer asks again and gets the first one. */
#include <errno.h>
#include "api.h"
#include "api_limit.h"

enum { DECISION_MAX = 20, CATEGORY_MAX = 64 };

static bool needs_reason(struct slice decision)
{
	return slice_is(decision, "masquer") || slice_is(decision, "transferer") ||
		slice_is(decision, "supprimer") || slice_is(decision, "dossier");
}

/* False: the call is over. */
static bool read_decision(struct call *c, struct decide_request *ret)
{
	static const char *const names[] = {"decision", "reason", "category", NULL};
	*ret = (struct decide_request){
		.seq = visit_number(c->v), .who = slice_of(c->account), .open_only = 1};
	if (!call_members(c, names) || !call_string(c, "decision", DECISION_MAX, &ret->decision) ||
		!call_string(c, "reason", CONSOLE_TEXT_MAX, &ret->reason) ||
		!call_string(c, "category", CATEGORY_MAX, &ret->category))
		return false;
	if (!decision_known(ret->decision))
		call_problem(c, 422,
			words(c->v->l,
				"« decision » est laisser, masquer, repondre, transferer, dossier ou supprimer."));
	else if (needs_reason(ret->decision) && !ret->reason.n)
		call_problem(c, 422, words(c->v->l, "Cette décision veut un motif : « reason »."));
	else
		return true;
	return false;
}

static void decide(struct call *c, const struct decide_request *q)
{
	_buf_ struct buf body = {0}, reply = {0};
	struct error e = {""};
	struct json_writer w = {.out = &c->v->out};
	decide_encode(&body, q);
	int r = q->seq ? visit_ask(c->v, REQUEST_DECIDE, &body, &reply, &e) : -ENOENT;
	if (r) {
		call_refused(c, r, &e);
		return;
	}
	json_w_begin(&w, '{');
	call_number(&w, "seq", q->seq);
	call_text(&w, "decision", q->decision);
	call_text(&w, "who", q->who);
	call_number(&w, "undo_ms", UNDO_MS);
	json_w_end(&w, '}');
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

void api_decide_post(struct call *c)
{
	struct visit *v = c->v;
	struct decide_request q;
	struct slice key, kept;
	unsigned char id[DIGEST_SIZE], asked[DIGEST_SIZE];
	int found = API_NEW;
	int r = http_header(v->r, "Idempotency-Key", &key);
	if (r == -EEXIST || (r == 0 && (!key.n || key.n > API_KEY_MAX))) {
		call_problem(c, 400,
			words(v->l, "« Idempotency-Key » : une seule, de 1 à 128 caractères."));
		return;
	}
	const bool keyed = r == 0;
	if (keyed) {
		digest_two(slice_of(c->token), key, id);
		digest_two(v->r->path, v->r->body, asked);
		found = api_kept_find(v->c->api, id, asked, v->now, &kept);
	}
	if (found == API_OTHER) {
		call_problem(c, 422,
			words(v->l, "Cette clé a déjà servi pour une autre demande : changez-la."));
		return;
	}
	if (found == API_SAME) {
		buf_add_slice(&v->out, kept);
		call_answer(c);
		return;
	}
	if (!read_decision(c, &q))
		return;
	decide(c, &q);
	if (!c->over && keyed)
		api_keep(v->c->api, id, asked, v->now, buf_slice(&v->out));
	if (!c->over)
		call_answer(c);
}

void api_undo_post(struct call *c)
{
	static const char *const none[] = {NULL};
	_buf_ struct buf body = {0}, reply = {0};
	struct json_writer w = {.out = &c->v->out};
	struct error e = {""};
	int64_t seq = visit_number(c->v);
	if (!call_members(c, none))
		return;
	undo_encode(&body, &(struct undo_request){seq, slice_of(c->account)});
	int r = seq ? visit_ask(c->v, REQUEST_UNDO, &body, &reply, &e) : -ENOENT;
	if (r) {
		call_refused(c, r, &e);
		return;
	}
	json_w_begin(&w, '{');
	call_number(&w, "seq", seq);
	json_w_key(&w, "waits");
	json_w_bool(&w, true);
	json_w_end(&w, '}');
	call_answer(c);
}
