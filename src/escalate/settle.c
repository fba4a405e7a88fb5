/* SPDX-License-Identifier: GPL-3.0-or-later
 * What becomes of an attempt: done, tried again, or a dead letter. Before a row is given up, or when it has
 * been failing for long, the fallback is told by a row of its own; a fallback's row that fails tells the next. */
#include "settle.h"
#include <inttypes.h>
#include <tocsin/base/clock.h>
#include "compose.h"
#include "desk.h"

/* "secours/<row>/<n>/…": the row that was not delivered, and which fallback this is. Returns the next one's place; 0: it
 * is no fallback's. */
static size_t fallback_of(struct slice key, int64_t *ret_origin)
{
	char text[64];
	size_t n = key.n < sizeof(text) - 1 ? key.n : sizeof(text) - 1;
	memcpy(text, key.p, n);
	text[n] = 0;
	if (strncmp(text, POLICY_KEY_FALLBACK, strlen(POLICY_KEY_FALLBACK)) != 0)
		return 0;
	char *end;
	*ret_origin = strtoll(text + strlen(POLICY_KEY_FALLBACK), &end, 10);
	return *end == '/' ? strtoul(end + 1, NULL, 10) + 1 : 0;
}

bool settle_is_fallback(struct slice key, int64_t *ret_origin)
{
	return fallback_of(key, ret_origin) > 0;
}

static bool same_place(const struct policy_target *t, const struct outbox_row *row)
{
	bool hook = strcmp(t->channel, "webhook") == 0;
	bool kind = hook ? row->channel.n > 8 && memcmp(row->channel.p, "webhook/", 8) == 0
			 : slice_is(row->channel, t->channel);
	return kind && slice_is(row->target, t->address);
}

/* Who is told that a row was not delivered, from place n on: somebody else, or else the same person by another channel;
 * of a fallback's row whoever comes next. n_fallback: nobody is left. */
static size_t next_fallback(
	const struct escalate *x, const struct outbox_row *row, size_t n, bool somebody_else)
{
	const struct policy *policy = &x->policy;
	for (n = policy_fallback(policy, n, x->clock); n < policy->n_fallback;
		n = policy_fallback(policy, n + 1, x->clock)) {
		const struct policy_target *t = &policy->fallback[n];
		if (!same_place(t, row) && !(somebody_else && slice_is(row->person, t->person)))
			break;
	}
	return n;
}

/* 0: told (or told before). 1: there is nobody left to tell. */
static int tell_fallback(struct escalate *x, const struct leased_row *l, struct slice detail,
	bool stuck, struct error *e)
{
	struct message lost, m;
	_buf_ struct buf key = {0}, payload = {0};
	int64_t origin = l->id;
	const size_t from = fallback_of(l->row.key, &origin);
	size_t n = next_fallback(x, &l->row, from, from == 0);
	if (n >= x->policy.n_fallback && from == 0)
		n = next_fallback(x, &l->row, 0, false);
	if (n >= x->policy.n_fallback || message_decode(l->row.payload, &lost) < 0)
		return 1;
	const struct policy_target *t = &x->policy.fallback[n];
	buf_printf(&key, POLICY_KEY_FALLBACK "%" PRId64 "/%zu/%s/%s", origin, n, t->person,
		t->channel);
	if (map_find(x->known, buf_slice(&key)))
		return 0;
	_cleanup_(arena_release) struct arena arena = {0};
	arena_init(&arena, 0);
	const struct compose_undelivered u = {.to = t,
		.key = buf_slice(&key),
		.person = lost.name.n ? lost.name : l->row.person,
		.reason = detail,
		.stuck = stuck};
	compose_undelivered(&lost, &u, clock_now(), &arena, &m);
	message_encode(&payload, &m);
	const struct outbox_row row = {.key = buf_slice(&key),
		.channel = channel_of(t, &arena),
		.target = slice_of(t->address),
		.person = slice_of(t->person),
		.incident = l->row.incident,
		.due_at = l->row.due_at,
		.level = l->row.level,
		.urgent = l->row.urgent,
		.payload = buf_slice(&payload)};
	int r = add_rows(x, &row, 1, e);
	if (r == 0)
		service_log(&x->service, LOG_WARNING_, "envoi %lld non remis : %s est prévenu",
			(long long)l->id, t->person);
	return r;
}

/* Nobody could be told: the main courante keeps it, the log cries. */
static void unreached(struct escalate *x, const struct leased_row *l)
{
	struct error e;
	_buf_ struct buf text = {0};
	service_log(&x->service, LOG_ERROR_,
		"envoi %lld (incident %lld) perdu, et plus personne à prévenir à sa place",
		(long long)l->id, (long long)l->row.incident);
	service_metric_add(&x->service, "escalate_unreached_total", NULL, 1);
	if (!l->row.incident)
		return;
	buf_printf(&text, "%s %.*s : %s", words(x->config->lang, "Message non remis à"),
		(int)l->row.person.n, l->row.person.p,
		words(x->config->lang, "aucun secours n'a pu être prévenu."));
	const struct note_request note = {.incident = l->row.incident,
		.at = l->row.due_at,
		.who = SLICE("tocsin"),
		.text = buf_slice(&text)};
	buf_clear(&x->request);
	note_encode(&x->request, &note);
	if (ask(x, REQUEST_NOTE, buf_slice(&x->request), &e) < 0)
		service_log(&x->service, LOG_WARNING_, "main courante : %s", e.text);
}

static int give_up(
	struct escalate *x, const struct leased_row *l, struct slice detail, struct error *e)
{
	int r = tell_fallback(x, l, detail, false, e);
	if (r == 1)
		unreached(x, l);
	return r < 0 ? r : 0;
}

static void count(struct escalate *x, struct attempt *a)
{
	static const char *const metrics[] = {"escalate_sent_total", "escalate_failed_total",
		"escalate_unknown_total", "escalate_refused_total"};
	if (a->counted || a->needless)
		return;
	a->counted = true;
	service_metric_add(&x->service, metrics[a->outcome], NULL, 1);
	if (a->outcome != NET_SENT)
		service_log(&x->service, LOG_WARNING_, "envoi %lld, tentative %u : %s · %s",
			(long long)a->parts[0].row.id, a->parts[0].row.attempt,
			net_outcome_names[a->outcome], log_quote(&x->service, a->detail));
}

/* Whether the message may have arrived: then all that went in it stays together until it surely has. */
static bool stays(const struct attempt *a)
{
	bool maybe = a->outcome == NET_UNKNOWN;
	for (size_t i = 0; i < a->n_parts; i++)
		maybe |= a->parts[i].row.maybe_sent && a->outcome == NET_FAILED;
	return maybe && !a->needless;
}

/* When all of it goes again: one moment, which no other attempt has. */
static int64_t retry_at(const struct escalate *x, const struct attempt *a)
{
	uint32_t attempt = a->parts[0].row.attempt;
	for (size_t i = 1; i < a->n_parts; i++)
		if (a->parts[i].row.attempt < attempt)
			attempt = a->parts[i].row.attempt;
	return clock_now() + policy_retry(&x->policy, attempt).delay_ms + (a - x->attempts);
}

/* What one row comes to; the fallback is told first. */
static int result_of(struct escalate *x, const struct attempt *a, const struct part *part,
	int64_t again, struct outbox_result *ret, struct error *e)
{
	const struct leased_row *l = &part->row;
	*ret = (struct outbox_result){
		.id = l->id, .attempt = l->attempt, .outcome = OUTBOX_SENT, .detail = a->detail};
	struct policy_retry next = policy_retry(&x->policy, l->attempt);
	const bool dead = a->outcome == NET_REFUSED || next.give_up;
	if (part->needless && stays(a) && !dead) {
		/* until the others are done */
		ret->outcome = a->outcome == NET_UNKNOWN ? OUTBOX_UNKNOWN : OUTBOX_FAILED;
		ret->retry_at = again;
		return 0;
	}
	if (part->needless) {
		ret->outcome = OUTBOX_NEEDLESS;
		ret->detail = part->why;
		service_metric_add(&x->service, "escalate_dropped_total", NULL, 1);
		return 0;
	}
	if (part->broken) {
		ret->outcome = OUTBOX_DEAD;
		ret->detail = SLICE("message illisible");
		return give_up(x, l, ret->detail, e);
	}
	if (a->outcome == NET_SENT)
		return 0;
	ret->outcome = dead                 ? OUTBOX_DEAD
		: a->outcome == NET_UNKNOWN ? OUTBOX_UNKNOWN
					    : OUTBOX_FAILED;
	ret->retry_at = again;
	if (dead)
		return give_up(x, l, a->detail, e);
	return next.tell_fallback ? tell_fallback(x, l, a->detail, true, e) : 0;
}

int settle(struct escalate *x, struct attempt *a, struct error *e)
{
	_buf_ struct buf results = {0};
	const int64_t again = retry_at(x, a);
	int r = 0;
	count(x, a);
	for (size_t i = 0; r >= 0 && i < a->n_parts; i++) {
		struct outbox_result result;
		r = result_of(x, a, &a->parts[i], again, &result, e);
		outbox_result_encode(&results, &result);
	}
	if (r < 0)
		return r;
	r = ask(x, REQUEST_OUTBOX_RESULT, buf_slice(&results), e);
	if (r == 0 && a->outcome == NET_SENT)
		desk_sent(x, a);
	return r;
}
