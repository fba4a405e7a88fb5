/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests of people and of the observers: one encoder and one decoder a verb. */
#include <tocsin/record/request.h>

#include <errno.h>
#include <tocsin/record/verdict.h>

#include "list.h"

const char *const decision_names[DECISION_NAMES] = {"laisser", "masquer", "repondre",
	DECISION_HOLDING, DECISION_REQUALIFIED, "transferer", "dossier", "supprimer",
	DECISION_CONFIRM, DECISION_REFUSE};

bool decision_known(struct slice name)
{
	for (size_t i = 0; i < DECISION_NAMES; i++)
		if (slice_is(name, decision_names[i]))
			return true;
	return false;
}

bool observe_outlived(int64_t minute, int64_t wall)
{
	return minute > wall;
}

void observe_encode(struct buf *out, const struct observe_request *r)
{
	wire_put_i64(out, r->minute);
	wire_put_i64(out, r->through_seq);
	wire_put_varint(out, r->n);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct observation *o = &r->list[i];

		wire_put_u8(out, (uint8_t)o->action);
		wire_put_u8(out, (uint8_t)o->kind);
		wire_put_u8(out, (uint8_t)o->level);
		wire_put_bytes(out, o->topic);
		wire_put_bytes(out, o->title);
		incident_facts_encode(out, &o->facts);
	}
}

int observe_decode(struct slice s, struct arena *a, struct observe_request *ret)
{
	struct wire w = wire_reader(s);
	struct observe_request r = {0};

	r.minute = wire_i64(&w);
	r.through_seq = wire_i64(&w);
	r.n = list_count(&w);
	r.list = list_alloc(a, r.n, sizeof(*r.list));
	for (uint32_t i = 0; i < r.n && !w.bad; i++) {
		struct observation *o = &r.list[i];
		uint8_t action = wire_u8(&w), kind = wire_u8(&w), level = wire_u8(&w);

		if (action > OBSERVE_CLOSE || kind > INCIDENT_WHOLE || level > LEVEL_GRIS)
			return -EBADMSG;
		o->action = (enum observe_action)action;
		o->kind = (enum incident_kind)kind;
		o->level = (enum town_level)level;
		o->topic = wire_bytes(&w);
		o->title = wire_bytes(&w);
		incident_facts_read(&w, a, &o->facts);
	}
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void ack_encode(struct buf *out, const struct ack_request *r)
{
	wire_put_i64(out, r->incident);
	wire_put_bytes(out, r->who);
	wire_put_i64(out, r->until);
	wire_put_bytes(out, r->text);
}

int ack_decode(struct slice s, struct ack_request *ret)
{
	struct wire w = wire_reader(s);
	struct ack_request r = {0};

	r.incident = wire_i64(&w);
	r.who = wire_bytes(&w);
	r.until = wire_i64(&w);
	r.text = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void searched_encode(struct buf *out, const struct searched_request *r)
{
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->query);
	wire_put_bytes(out, r->reason);
}

int searched_decode(struct slice s, struct searched_request *ret)
{
	struct wire w = wire_reader(s);
	struct searched_request r = {0};

	r.who = wire_bytes(&w);
	r.query = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void handle_encode(struct buf *out, const struct handle_request *r)
{
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->source);
	wire_put_bytes(out, r->author);
	wire_put_bytes(out, r->reason);
}

int handle_decode(struct slice s, struct handle_request *ret)
{
	struct wire w = wire_reader(s);
	struct handle_request r = {0};

	r.who = wire_bytes(&w);
	r.source = wire_bytes(&w);
	r.author = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void note_encode(struct buf *out, const struct note_request *r)
{
	wire_put_i64(out, r->incident);
	wire_put_i64(out, r->at);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->text);
	wire_put_i64(out, r->over);
}

int note_decode(struct slice s, struct note_request *ret)
{
	struct wire w = wire_reader(s);
	struct note_request r = {0};

	r.incident = wire_i64(&w);
	r.at = wire_i64(&w);
	r.who = wire_bytes(&w);
	r.text = wire_bytes(&w);
	r.over = wire_i64(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void close_encode(struct buf *out, const struct close_request *r)
{
	wire_put_i64(out, r->incident);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->text);
}

int close_decode(struct slice s, struct close_request *ret)
{
	struct wire w = wire_reader(s);
	struct close_request r = {0};

	r.incident = wire_i64(&w);
	r.who = wire_bytes(&w);
	r.text = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void silence_encode(struct buf *out, const struct silence_request *r)
{
	wire_put_bytes(out, r->topic);
	wire_put_i64(out, r->until);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->reason);
}

int silence_decode(struct slice s, struct silence_request *ret)
{
	struct wire w = wire_reader(s);
	struct silence_request r = {0};

	r.topic = wire_bytes(&w);
	r.until = wire_i64(&w);
	r.who = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void drill_encode(struct buf *out, const struct drill_request *r)
{
	wire_put_bytes(out, r->level);
	wire_put_bytes(out, r->title);
	wire_put_bytes(out, r->who);
}

int drill_decode(struct slice s, struct drill_request *ret)
{
	struct wire w = wire_reader(s);
	struct drill_request r = {0};

	r.level = wire_bytes(&w);
	r.title = wire_bytes(&w);
	r.who = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void overdue_encode(struct buf *out, const struct overdue_request *r)
{
	wire_put_u8(out, (uint8_t)r->action);
	wire_put_u8(out, r->priority);
	wire_put_u8(out, (uint8_t)r->level);
	wire_put_u32(out, r->waiting);
	wire_put_i64(out, r->since);
	wire_put_varint(out, r->n_examples);
	for (uint32_t i = 0; i < r->n_examples; i++)
		wire_put_i64(out, r->examples[i]);
}

int overdue_decode(struct slice s, struct arena *a, struct overdue_request *ret)
{
	struct wire w = wire_reader(s);
	uint8_t action = wire_u8(&w), priority = wire_u8(&w), level = wire_u8(&w);
	struct overdue_request r = {
		.priority = priority, .waiting = wire_u32(&w), .since = wire_i64(&w)};

	if (action > OBSERVE_CLOSE || priority < 1 || priority > 2 || level > LEVEL_ROUGE)
		return -EBADMSG;
	r.action = (enum observe_action)action;
	r.level = (enum town_level)level;
	r.n_examples = list_count(&w);
	r.examples = list_alloc(a, r.n_examples, sizeof(*r.examples));
	for (uint32_t i = 0; i < r.n_examples && !w.bad; i++)
		r.examples[i] = wire_i64(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void bundle_encode(struct buf *out, const struct bundle_request *r)
{
	wire_put_bytes(out, r->hash);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->reason);
	wire_put_bytes(out, r->folder);
	wire_put_bytes(out, r->over);
	wire_put_bytes(out, r->disputed);
	wire_put_bytes(out, r->signs);
	wire_put_bytes(out, r->jurist);
}

int bundle_decode(struct slice s, struct bundle_request *ret)
{
	struct wire w = wire_reader(s);
	struct bundle_request r = {0};

	r.hash = wire_bytes(&w);
	r.who = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	r.folder = wire_bytes(&w);
	r.over = wire_bytes(&w);
	r.disputed = wire_bytes(&w);
	r.signs = wire_bytes(&w);
	r.jurist = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void decide_encode(struct buf *out, const struct decide_request *r)
{
	wire_put_i64(out, r->seq);
	wire_put_bytes(out, r->decision);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->reason);
	wire_put_bytes(out, r->category);
	wire_put_u8(out, r->open_only);
	wire_put_bytes(out, r->text);
	wire_put_bytes(out, r->model);
	wire_put_bytes(out, r->service);
	wire_put_i64(out, r->until);
	wire_put_i64(out, r->known);
}

int decide_decode(struct slice s, struct decide_request *ret)
{
	struct wire w = wire_reader(s);
	struct decide_request r = {0};

	r.seq = wire_i64(&w);
	r.decision = wire_bytes(&w);
	r.who = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	r.category = wire_bytes(&w);
	r.open_only = wire_u8(&w);
	r.text = wire_bytes(&w);
	r.model = wire_bytes(&w);
	r.service = wire_bytes(&w);
	r.until = wire_i64(&w);
	r.known = wire_i64(&w);
	if (!wire_done(&w) || r.open_only > 1 || r.text.n > ANSWER_MAX || r.until < 0)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void propose_encode(struct buf *out, const struct propose_request *r)
{
	wire_put_i64(out, r->seq);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->text);
}

int propose_decode(struct slice s, struct propose_request *ret)
{
	struct wire w = wire_reader(s);
	struct propose_request r = {0};

	r.seq = wire_i64(&w);
	r.who = wire_bytes(&w);
	r.text = wire_bytes(&w);
	if (!wire_done(&w) || r.text.n > ANSWER_MAX)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void purge_encode(struct buf *out, const struct purge_request *r)
{
	wire_put_i64(out, r->now);
	wire_put_bytes(out, r->author);
	wire_put_bytes(out, r->source);
	wire_put_bytes(out, r->id);
	wire_put_bytes(out, r->who);
	wire_put_bytes(out, r->reason);
}

int purge_decode(struct slice s, struct purge_request *ret)
{
	struct wire w = wire_reader(s);
	struct purge_request r = {0};

	r.now = wire_i64(&w);
	r.author = wire_bytes(&w);
	r.source = wire_bytes(&w);
	r.id = wire_bytes(&w);
	r.who = wire_bytes(&w);
	r.reason = wire_bytes(&w);
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}

void revise_encode(struct buf *out, const struct revise_request *r)
{
	wire_put_i64(out, r->seq);
	wire_put_bytes(out, r->verdict);
	wire_put_varint(out, r->n_rules);
	for (uint32_t i = 0; i < r->n_rules; i++)
		wire_put_bytes(out, r->rules[i]);
}

void revise_add(struct buf *body, const struct revise_request *r)
{
	_buf_ struct buf one = {0};

	revise_encode(&one, r);
	wire_put_bytes(body, buf_slice(&one));
}

int revise_decode(struct slice s, struct arena *a, struct revise_request *ret)
{
	struct wire w = wire_reader(s);
	struct revise_request r = {0};

	r.seq = wire_i64(&w);
	r.verdict = wire_bytes(&w);
	r.n_rules = list_count(&w);
	if (!r.n_rules || r.n_rules > VERDICT_LIST_MAX)
		return -EBADMSG;
	r.rules = list_alloc(a, r.n_rules, sizeof(*r.rules));
	for (uint32_t i = 0; i < r.n_rules; i++) {
		r.rules[i] = wire_bytes(&w);
		w.bad |= !r.rules[i].n;
	}
	if (!wire_done(&w))
		return -EBADMSG;
	*ret = r;
	return 0;
}
