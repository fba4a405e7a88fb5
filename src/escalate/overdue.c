/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is flagged P1 or P2 and that nobody looks at within the time the plan gives: of each priority one incident, which
 * store keeps and whose chain is walked as any other's. It closes when nothing waits past its deadline any more.
 *
 *   P2   jaune; orange when the oldest has waited twice as long
 *   P1   rings by itself when it comes (store): here, when that alarm is closed and the comment still waits
 *
 * Who works on a comment (a claim) has looked at it; what waits for a service has been looked at. Under an event clock hours
 * pass in a second, and nobody waits for them: what is overdue by it rings when somebody had some minutes of our own to look,
 * and not while an old stock is read in. */
#include <tocsin/base/clock.h>
#include "escalate.h"

#define EVERY_MS 2000 /* the file is read so often at most */
#define COUNTED 500u
#define OWN_MS (5 * CLOCK_MINUTE)

struct waiting {
	const struct escalate *x;
	unsigned priority;
	uint32_t n;
	int64_t since;
	int64_t examples[5];
};

static int on_queued(void *user, const struct queue_item *q)
{
	struct waiting *w = user;
	const int64_t now = w->x->clock;
	if (q->key.rank != 2 * w->priority ||
		policy_look_by(&w->x->policy, w->priority, q->flagged_at) > now)
		return 1; /* those behind it are younger */
	if (q->follow.since || q->claimed_by.n)
		return 0;
	if (!w->n)
		w->since = q->flagged_at;
	if (w->n < sizeof(w->examples) / sizeof(*w->examples))
		w->examples[w->n] = q->stored.seq;
	w->n++;
	return 0;
}

/* What is new against what store was told last. */
static bool decide(const struct overdue *last, const struct waiting *w, struct overdue_request *q)
{
	const struct policy *policy = &w->x->policy;
	*q = (struct overdue_request){.priority = (uint8_t)w->priority,
		.waiting = w->n,
		.since = w->since,
		.level = LEVEL_VERT,
		.action = OBSERVE_CLOSE};
	if (w->n) {
		bool twice = w->priority == 1 ||
			policy_look_again(policy, w->priority, w->since, 2) <= w->x->clock;
		q->level = twice ? LEVEL_ORANGE : LEVEL_JAUNE;
		q->action = !last->told || w->n > last->waiting || q->level > last->level
			? OBSERVE_RAISE
			: OBSERVE_UPDATE;
	}
	return !last->told || w->n != last->waiting || q->level != last->level ||
		w->since != last->since;
}

/* Something has been overdue for so long by our own clock that somebody could have looked. */
static bool had_time(const struct escalate *x, struct overdue *last, const struct waiting *w)
{
	const int64_t now = clock_now();
	if (!x->config->clock_event)
		return true;
	if (!w->n || !last->late_since || last->late_since > now || x->bulk.lasts)
		last->late_since = w->n ? now : 0;
	return !w->n || now - last->late_since >= OWN_MS;
}

static int look_at_priority(struct escalate *x, unsigned priority, bool rings, struct error *e)
{
	struct overdue *last = &x->overdue[priority - 1];
	struct waiting w = {.x = x, .priority = priority};
	const struct queue_key from = {.rank = 2 * priority};
	struct overdue_request q;
	int r = rings ? 0
		      : reader_file(x->reader, LANE_MODERATION, &from, COUNTED, on_queued, &w, e);
	if (r < 0 || !had_time(x, last, &w) || !decide(last, &w, &q))
		return r < 0 ? r : 0;
	q.examples = w.examples;
	q.n_examples = w.n < 5 ? w.n : 5;
	buf_clear(&x->request);
	overdue_encode(&x->request, &q);
	r = ask(x, REQUEST_OVERDUE, buf_slice(&x->request), e);
	if (r == 0)
		*last = (struct overdue){true, q.waiting, q.since, q.level, last->late_since};
	return r;
}

int overdue(struct escalate *x, struct error *e)
{
	bool p1 = false;
	if (x->policy.empty || clock_monotonic() - x->overdue_at < EVERY_MS)
		return 0;
	for (size_t i = 0; i < x->n_calm; i++)
		p1 |= x->calm[i].row.kind == INCIDENT_P1;
	int r = look_at_priority(x, 1, p1, e);
	if (r == 0)
		r = look_at_priority(x, 2, false, e);
	if (r == 0)
		x->overdue_at = clock_monotonic();
	return r;
}
