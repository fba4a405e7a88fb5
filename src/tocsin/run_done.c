/* SPDX-License-Identifier: GPL-3.0-or-later
 * When is everything done? All sources have ended, the journal is empty, trend has closed what the town clock lets it
 * close, search has caught up, escalate has looked up to that clock, and no message that is due waits; and all that for
 * a while, for each of those processes looks once a second at what the one before has done. A message that was tried TRIES
 * times, in this run too, and waits for the next time, or is in it, is owed: it stays in the outbox, and nobody waits for it. */
#include "run.h"
#include <tocsin/base/clock.h>
#include <tocsin/policy/policy.h>
#include "gauges.h"

struct reader *run_reader(struct run *r)
{
	if (!r->reader && reader_open(r->s.config.state_dir, &r->reader, NULL) < 0)
		r->reader = NULL;
	return r->reader;
}

bool run_drained(struct run *r)
{
	_gauges_ struct gauges g = {0};
	gauges_read(&g, r->s.config.run_dir);
	return gauge_get(&g, "ingest_waiting", NULL, 0) <= 0;
}

/* Trend: every minute that ended `late` before the town clock is closed. */
static bool observed(struct run *r, int64_t last_seq)
{
	const struct config *config = &r->s.config;
	int64_t minute, seq, clock;
	struct error e = {0};
	if (reader_observed(r->reader, &minute, &seq, &e) < 0 ||
		reader_clock(r->reader, config->clock_event, &clock, &e) < 0)
		return false;
	if (seq >= last_seq)
		return true;
	int64_t closed = (clock - config->late_ms) / CLOCK_MINUTE * CLOCK_MINUTE - CLOCK_MINUTE;
	return minute >= closed;
}

struct due {
	struct run *run;
	int64_t clock;
	bool found;
	size_t owed;
};

/* It failed often enough, the last time in this run. Whether it is being tried once more is nothing to wait for: of many
 * messages one always is. */
static bool is_owed(const struct due *d, const struct outbox_view *o)
{
	enum { TRIES = 5 }; /* 75 s: a server that is started again is waited for */
	const struct policy patient = {.give_up_ms = INT64_MAX};
	const bool going = o->state == OUTBOX_SENDING;
	const uint32_t failed = o->attempts - (going && o->attempts);
	const int64_t pause = policy_retry(&patient, failed).delay_ms;
	return (going || o->state == OUTBOX_PENDING) && failed >= TRIES &&
		o->next_at - pause >= d->run->began;
}

/* "mail, dircom : délai dépassé"; a hook is its own person: "webhook/salon : …". */
static void say_owed(struct run *r, const struct outbox_view *o)
{
	const bool hook = slice_begins(o->row.channel, "webhook");
	snprintf(r->owed_why, sizeof(r->owed_why), "%.*s%s%.*s : %.*s", (int)o->row.channel.n,
		o->row.channel.p, hook ? "" : ", ", hook ? 0 : (int)o->row.person.n,
		o->row.person.p, (int)o->detail.n, o->detail.p);
}

static int look_at_row(void *user, const struct outbox_view *o)
{
	struct due *d = user;
	if (is_owed(d, o)) {
		if (d->owed++ == 0)
			say_owed(d->run, o);
		return 0;
	}
	if (o->state == OUTBOX_SENDING || (o->state == OUTBOX_PENDING && o->row.due_at <= d->clock))
		d->found = true;
	return d->found; /* one is enough */
}

/* Escalate has looked up to the town clock, and nothing that is due waits. */
static bool told(struct run *r, const struct gauges *g)
{
	enum { WALL_STEP = 3000 }; /* the wall goes on while escalate looks once a second */
	struct error e = {0};
	struct due d = {.run = r};
	if (reader_clock(r->reader, r->s.config.clock_event, &d.clock, &e) < 0)
		return false;
	double looked = gauge_get(g, "escalate_clock_seconds", NULL, 0) * 1000;
	if (looked < (double)(d.clock - (r->s.config.clock_event ? 0 : WALL_STEP)))
		return false;
	int status = reader_outbox(r->reader, 0, true, look_at_row, &d, &e);
	r->owed = d.owed;
	return status >= 0 && !d.found;
}

/* What is still awaited, for the log; NULL: nothing. */
static const char *awaited(struct run *r)
{
	struct error e = {0};
	int64_t last_seq;
	if (!r->crew.all_ready || crew_sources_left(&r->crew) > 0)
		return "sources";
	_gauges_ struct gauges g = {0};
	gauges_read(&g, r->s.config.run_dir);
	if (gauge_get(&g, "ingest_waiting", NULL, 1) > 0)
		return "ingest";
	if (!run_reader(r) || reader_last_seq(r->reader, &last_seq, &e) < 0)
		return "store";
	if (!observed(r, last_seq))
		return "trend";
	if (!told(r, &g))
		return "escalate";
	if (r->s.config.search && gauge_get(&g, "search_seq", NULL, -1) < (double)last_seq)
		return "search";
	return NULL;
}

bool run_done(struct run *r)
{
	enum { LOOK = 200, QUIET = 1500 };
	int64_t now = clock_monotonic();
	if (now < r->next_look)
		return false;
	r->next_look = now + LOOK;
	const char *what = awaited(r);
	if (what != r->awaited) /* literals: the same word has one address */
		service_log(&r->s, LOG_DEBUG_, "until done: %s", what ? what : "quiet");
	r->awaited = what;
	if (what) {
		r->quiet_since = 0;
		return false;
	}
	if (!r->quiet_since)
		r->quiet_since = now;
	return now - r->quiet_since >= QUIET;
}
