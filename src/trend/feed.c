/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the database to the series, from closed minutes to store. */
#include "trend.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/wire.h>
#include <tocsin/watch/titles.h>

#define PAGE 4096u
#define ASK_MS 3000
#define PAUSE_MS 200
#define REVISIONS_BYTES (256u << 10) /* of verdicts in one request */

/* Handles a signal that came while we were waiting for store. */
static bool must_stop(struct watch *w)
{
	enum service_signal signal;
	while ((signal = service_signal_read(&w->service)) != SERVICE_NONE) {
		w->stopping |= signal == SERVICE_STOP;
		w->reload |= signal == SERVICE_RELOAD;
	}
	return w->stopping;
}

static bool passes(int status)
{
	return status == BUS_TIMEOUT || status == -EIO || status == -ENOSPC || status == -EAGAIN ||
		status == -EBUSY;
}

/* The body, until store has it or we are told to stop; what store refuses for good is dropped, and said. */
enum sent { SENT_TAKEN, SENT_REFUSED, SENT_STOPPING };
static enum sent send(struct watch *w, enum request_verb verb, const char *what)
{
	struct error e = {0};
	for (bool first = true;; first = false) {
		buf_clear(&w->reply);
		int status =
			commit_request(w->store, verb, buf_slice(&w->body), ASK_MS, &w->reply, &e);
		if (status == 0)
			return SENT_TAKEN;
		if (!passes(status)) {
			service_log(&w->service, LOG_ERROR_, "%s par store : %s", what, e.text);
			return SENT_REFUSED;
		}
		if (first)
			service_log(&w->service, LOG_WARNING_, "store ne répond pas, j'attends");
		if (must_stop(w))
			return SENT_STOPPING;
		if (status != BUS_TIMEOUT)
			usleep(PAUSE_MS * 1000);
	}
}

/* Those of the body one by one, so that what is wrong with one keeps no other from being taken. False: stopping. */
static bool send_each(struct watch *w, struct slice all)
{
	struct wire each = wire_reader(all);
	bool go_on = true;
	while (go_on && each.p < each.end) {
		buf_clear(&w->body);
		wire_put_bytes(&w->body, wire_bytes(&each));
		go_on = send(w, REQUEST_REVISE, "verdict révisé refusé") != SENT_STOPPING;
	}
	return go_on;
}

/* What gathered goes in one request, one transaction of store. False: stopping; the next start asks for them again. */
static bool send_revisions(struct watch *w)
{
	_buf_ struct buf all = w->revisions;
	uint32_t n = w->n_revisions;
	w->revisions = (struct buf){0};
	w->n_revisions = 0;
	if (!n)
		return true;
	buf_clear(&w->body);
	buf_add_slice(&w->body, buf_slice(&all));
	enum sent sent = send(w, REQUEST_REVISE, "verdicts révisés refusés");
	if (sent == SENT_STOPPING ||
		(sent == SENT_REFUSED && n > 1 && !send_each(w, buf_slice(&all))))
		return false;
	w->revised += n;
	return true;
}

static void send_minute(struct watch *w, const struct observe_request *r)
{
	if (!send_revisions(w)) /* what a minute tells of is revised before */
		return;
	buf_clear(&w->body);
	observe_encode(&w->body, r);
	if (send(w, REQUEST_OBSERVE, "minute refusée") == SENT_STOPPING)
		return;
	w->observed = r->minute;
	w->told_at = clock_monotonic();
}

static void on_minute(void *user, const struct observe_request *minute)
{
	struct watch *w = user;
	if (w->stopping || minute->minute <= w->observed)
		return; /* store has it: it is only counted */
	const struct title_source titles = {
		w->service.config.lang, w->aside, config_source_title, w->config};
	arena_clear(&w->arena);
	for (uint32_t i = 0; i < minute->n; i++) {
		struct observation *o = &minute->list[i];
		title_give(&titles, o, &w->arena);
		if (o->action != OBSERVE_UPDATE)
			service_log(&w->service, LOG_INFO_, "%s %s %s : %u messages, %u auteurs",
				o->action == OBSERVE_CLOSE ? "clos" : town_level_names[o->level],
				incident_kind_names[o->kind], log_quote(&w->service, o->topic),
				o->facts.messages, o->facts.authors);
	}
	send_minute(w, minute);
}

/* Accepted under a clock that has been put back since. A step of seconds is none. */
static bool misdated(const struct watch *w, const struct stored_comment *c, int64_t now)
{
	return !w->service.config.clock_event && c->accepted_at > now + CLOCK_MINUTE;
}

static int64_t clock_at(struct watch *w, const struct stored_comment *c, int64_t at, int64_t now)
{
	if (w->service.config.clock_event)
		return event_clock_hear(&w->event, at, c->accepted_at);
	if (!misdated(w, c, now))
		return c->accepted_at;
	return at <= now ? at : 0; /* its own date is the best that is left */
}

/* Counts a comment's hits; when it reaches a rate, the series hear what is then said of it, and store with the others of
 * this page. Dated ahead of the clock, it counts at the clock. False: stopping. */
static bool count_hits(struct watch *w, struct stored_comment *c, int64_t at, int64_t clock)
{
	struct reached reached;
	_buf_ struct buf verdict = {0};

	if (reach_count(w->reach, c, clock && at > clock ? clock : at, &reached) != REACH_REACHED)
		return true;
	verdict_encode(&verdict, &reached.verdict);
	const struct revise_request r = {.seq = c->seq,
		.verdict = buf_slice(&verdict),
		.rules = reached.rules,
		.n_rules = reached.n_rules};
	revise_add(&w->revisions, &r);
	c->verdict = reached.verdict;
	bool full = ++w->n_revisions == REVISE_MOST || w->revisions.n >= REVISIONS_BYTES;
	return !full || send_revisions(w);
}

static int on_comment(void *user, const struct stored_comment *c)
{
	struct watch *w = user;
	int64_t at = c->comment.created_at ? c->comment.created_at : c->accepted_at;
	int64_t now = clock_now();
	if (misdated(w, c, now) && !c->comment.created_at) {
		w->after = c->seq; /* days of them would all be of one minute */
		return 0;
	}
	int64_t clock = clock_at(w, c, at, now);
	struct stored_comment heard = *c;
	trend_advance(w->trend, clock, on_minute, w);
	if (w->stopping || !count_hits(w, &heard, at, clock))
		return 1;
	struct trend_fact fact = fact_of(c, at, &heard.verdict);
	emerging_add(w->emerging, w->trend, c, &fact, clock);
	w->after = c->seq;
	return 0;
}

static int on_incident(void *user, const struct incident *i)
{
	struct watch *w = user;
	if (i->state == INCIDENT_CLOSED)
		return 0;
	if (i->kind != INCIDENT_DRILL &&
		i->kind != INCIDENT_OVERDUE) /* nothing was counted for it */
		trend_adopt(w->trend, i->kind, i->topic, i->level, i->facts.since, i->raised_at);
	return 0;
}

/* The history is read: what is open in the database is open here. After a clock was put back, also the other way. */
static bool adopt(struct watch *w)
{
	struct error e = {0};
	if (reader_incidents(w->reader, false, on_incident, w, &e) < 0) {
		service_log(&w->service, LOG_ERROR_, "alertes ouvertes : %s", e.text);
		return false;
	}
	w->adopted = true;
	struct trend_status s = trend_status(w->trend);
	service_log(&w->service, LOG_INFO_,
		"historique relu : %lld commentaires, %u séries, %u alertes", (long long)w->after,
		s.series, s.open);
	if (!w->put_back)
		return true;
	trend_advance(w->trend, clock_now(), on_minute, w);
	w->put_back = false;
	w->observed = INT64_MIN;
	trend_tell(w->trend, on_minute, w);
	if (w->observed == INT64_MIN)
		w->observed = trend_status(w->trend).minute - CLOCK_MINUTE;
	return true;
}

void feed_incident(struct watch *w, int64_t id)
{
	struct error none;
	if (w->adopted && w->reader && !w->behind && !w->stopping)
		(void)!reader_incident(w->reader, id, on_incident, w, &none);
}

static int on_old(void *user, const struct stored_comment *c)
{
	struct watch *w = user;
	struct stored_comment heard = *c;
	int64_t at = c->comment.created_at ? c->comment.created_at : c->accepted_at;
	int64_t clock = w->service.config.clock_event ? w->event.now : c->accepted_at;

	if (c->seq > w->after)
		return 1;
	w->recounted = c->seq;
	return count_hits(w, &heard, at, clock) ? 0 : 1;
}

/* The history that is read already, for rules that count otherwise. */
static bool recount(struct watch *w)
{
	struct error e = {0};
	int64_t before;

	w->recounted = 0;
	do {
		before = w->recounted;
		if (reader_comments(w->reader, before, PAGE, true, on_old, w, &e) < 0) {
			service_log(&w->service, LOG_ERROR_, "lecture : %s", e.text);
			return false;
		}
	} while (send_revisions(w) && !w->stopping && w->recounted > before &&
		w->recounted < w->after);
	w->recount = false;
	return true;
}

bool feed(struct watch *w)
{
	struct error e = {0};
	if (w->recount && !recount(w))
		return false;
	if (w->stopping)
		return true;
	int64_t before = w->after;
	int r = reader_comments(w->reader, w->after, PAGE, true, on_comment, w, &e);
	if (r < 0) {
		service_log(&w->service, LOG_ERROR_, "lecture : %s", e.text);
		return false;
	}
	w->behind = w->after - before >= (int64_t)PAGE;
	if (!send_revisions(w) || w->behind || w->stopping)
		return true;
	if (!w->adopted && !adopt(w))
		return false;
	if (!w->service.config.clock_event)
		trend_advance(w->trend, clock_now(), on_minute, w);
	return true;
}

#define POINT_MS 10000
void feed_tell_point(struct watch *w)
{
	struct trend_status s = trend_status(w->trend);
	bool idle = w->after == w->idle_after;
	w->idle_after = w->after;
	if (!w->adopted || s.minute <= w->observed ||
		(!idle && clock_monotonic() - w->told_at < POINT_MS))
		return;
	struct observe_request r = {.minute = s.minute, .through_seq = s.through_seq};
	send_minute(w, &r);
}
