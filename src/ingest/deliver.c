/* SPDX-License-Identifier: GPL-3.0-or-later
 * Delivery: the journal's batches go to workers as their credit allows, a small window of them at a time. A
 * delivery is read from the journal when it is made and not kept: what waits is on disk. */
#include "ingest.h"

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/verdict.h>
#include <tocsin/record/wire.h>

#define FLIGHT_BYTES (32u << 20) /* given out and not ended, at most */
#define BATCHES_MAX 512u /* given out and not committed, at most */
#define NOTE_BUNDLE "bundle"
#define NOTE_SUSPECTS "suspects" /* pieces, each four varints: batch, first, count, attempt */
#define SUSPECTS_MAX 4096u

struct flight {
	uint64_t batch;
	uint32_t first, count;
	size_t bytes;
};
struct deliver {
	struct ingest *in;
	struct dispatch *dispatch;
	struct flight *flights;
	size_t n_flights, cap_flights, bytes;
	uint64_t read; /* batches up to this id were taken from the journal */
	unsigned char bundle[BUS_BUNDLE];
	bool has_bundle, pumping;
	uint64_t told_bypass;
	struct piece
		*remembered; /* as the journal knew them at start; gone when their batch is read */
	size_t n_remembered;
	size_t n_noted; /* pieces that the journal knows of */
	bool note_old; /* it knows of some that are committed */
};

struct deliver *deliver_new(struct ingest *in)
{
	struct deliver *d = xcalloc(1, sizeof(*d));

	d->in = in;
	d->dispatch = dispatch_new();
	return d;
}

struct deliver *deliver_free(struct deliver *d)
{
	if (!d)
		return NULL;
	dispatch_free(d->dispatch);
	free(d->flights);
	free(d->remembered);
	free(d);
	return NULL;
}

/* What ends it is a bound or the first thing that is none of ours. */
static void read_suspects(struct deliver *d, struct slice note)
{
	struct wire w = wire_reader(note);

	d->remembered = xcalloc(SUSPECTS_MAX, sizeof(*d->remembered));
	while (w.p < w.end && d->n_remembered < SUSPECTS_MAX) {
		struct piece p = {.batch = wire_varint(&w)};

		p.first = (uint32_t)wire_varint(&w);
		p.count = (uint32_t)wire_varint(&w);
		p.attempt = (uint32_t)wire_varint(&w);
		if (w.bad)
			break;
		d->remembered[d->n_remembered++] = p;
	}
	d->n_noted = d->n_remembered;
}

int deliver_load(struct deliver *d, struct error *e)
{
	_buf_ struct buf b = {0}, suspects = {0};
	int r = journal_note_get(d->in->journal, NOTE_BUNDLE, &b, e);

	if (r == 0)
		r = journal_note_get(d->in->journal, NOTE_SUSPECTS, &suspects, e);
	if (r < 0)
		return r;
	d->has_bundle = b.n == BUS_BUNDLE;
	if (d->has_bundle)
		memcpy(d->bundle, b.p, BUS_BUNDLE);
	read_suspects(d, buf_slice(&suspects));
	return 0;
}

/* Only after a loss, and once when the last of what was lost is committed. */
static void note_suspects(struct deliver *d)
{
	_free_ struct piece *list = xcalloc(SUSPECTS_MAX, sizeof(*list));
	_buf_ struct buf note = {0};
	struct error e;
	size_t n = dispatch_suspects(d->dispatch, list, SUSPECTS_MAX);

	if (n > SUSPECTS_MAX)
		n = SUSPECTS_MAX;
	for (size_t i = 0; i < d->n_remembered && n < SUSPECTS_MAX; i++)
		if (d->remembered[i].batch > d->read)
			list[n++] = d->remembered[i];
	for (size_t i = 0; i < n; i++) {
		wire_put_varint(&note, list[i].batch);
		wire_put_varint(&note, list[i].first);
		wire_put_varint(&note, list[i].count);
		wire_put_varint(&note, list[i].attempt);
	}
	if (journal_note_set(d->in->journal, NOTE_SUSPECTS, buf_slice(&note), &e) < 0) {
		service_log(&d->in->service, LOG_WARNING_, "journal : %s", e.text);
		return;
	}
	d->n_noted = n;
	d->note_old = false;
}

void deliver_bundle(struct deliver *d, const unsigned char hash[BUS_BUNDLE])
{
	struct error e;

	if (!d->has_bundle || memcmp(d->bundle, hash, BUS_BUNDLE) != 0) {
		memcpy(d->bundle, hash, BUS_BUNDLE);
		d->has_bundle = true;
		if (journal_note_set(d->in->journal, NOTE_BUNDLE,
			    (struct slice){(const char *)hash, BUS_BUNDLE}, &e) < 0)
			service_log(&d->in->service, LOG_WARNING_, "journal : %s", e.text);
	}
	deliver_pump(d);
}

static void add_flight(struct deliver *d, const struct piece *p, size_t bytes)
{
	d->flights = xgrow(d->flights, d->n_flights, &d->cap_flights, sizeof(*d->flights));
	d->flights[d->n_flights++] = (struct flight){p->batch, p->first, p->count, bytes};
	d->bytes += bytes;
}

static void end_flight(struct deliver *d, const struct seam_event *ev)
{
	for (size_t i = 0; i < d->n_flights; i++) {
		const struct flight *f = &d->flights[i];

		if (f->batch == ev->batch && f->first == ev->first && f->count == ev->count) {
			d->bytes -= f->bytes;
			d->flights[i] = d->flights[--d->n_flights];
			return;
		}
	}
}

/* Gives one piece out. batch is its whole batch. 0, BUS_FULL, or a fault of the list. */
static int give(struct deliver *d, const struct piece *p, const struct journal_batch *batch)
{
	struct delivery out = {.batch = p->batch,
		.first = p->first,
		.count = p->count,
		.attempt = p->attempt,
		.accepted_at = batch->accepted_at};
	struct seam *seam = d->in->seam;
	int r = batch_range(batch->items, p->first, p->count, &out.items);

	if (r < 0)
		return r;
	memcpy(out.bundle, d->bundle, BUS_BUNDLE);
	r = p->attempt > 1 ? seam_put_alone(seam, &out) : seam->ops->put(seam, &out);
	if (r != 0)
		return r;
	dispatch_taken(d->dispatch, p);
	add_flight(d, p, out.items.n);
	return 0;
}

/* A batch that the journal cannot give back stays there and is tried again after a restart. */
static void tell_unreadable(struct deliver *d, uint64_t batch, const char *text)
{
	service_log(&d->in->service, LOG_ERROR_, "journal : lot %llu illisible : %s",
		(unsigned long long)batch, text);
}

/* Pieces that were delivered before, or are parts of such. False when no more can be given. */
static bool give_waiting(struct deliver *d, bool alone)
{
	int64_t now = clock_monotonic();
	struct journal_batch batch;
	struct piece p;
	struct error e;
	int r;

	if (!dispatch_next(d->dispatch, alone, now, &p) || !seam_credit(d->in->seam, alone))
		return false;
	r = journal_get(d->in->journal, p.batch, &batch, &e);
	if (r == 0)
		r = give(d, &p, &batch);
	if (r >= 0)
		return r == 0;
	tell_unreadable(d, p.batch, r == -EBADMSG ? "liste tronquée" : e.text);
	dispatch_taken(d->dispatch, &p);
	dispatch_ended(d->dispatch, &p, DISPATCH_RETURNED, CLOCK_MINUTE, now);
	return true;
}

/* A batch with pieces that killed workers before we were started: they wait, each with its attempts. */
static bool add_remembered(struct deliver *d, const struct journal_batch *batch)
{
	size_t from = 0, n = 0;

	while (from < d->n_remembered && d->remembered[from].batch != batch->id)
		from++;
	while (from + n < d->n_remembered && d->remembered[from + n].batch == batch->id)
		n++;
	return n &&
		dispatch_add_again(d->dispatch, batch->id, batch->count, d->remembered + from, n);
}

static bool give_fresh(struct deliver *d)
{
	struct journal_batch batch;
	struct piece p = {.attempt = 1};
	struct error e;
	int r;

	if (dispatch_counts(d->dispatch).batches >= BATCHES_MAX || !seam_credit(d->in->seam, false))
		return false;
	r = journal_next(d->in->journal, d->read, &batch, &e);
	if (r < 0)
		service_log(&d->in->service, LOG_ERROR_, "journal : %s", e.text);
	if (r != 0)
		return false;
	d->read = batch.id;
	p.batch = batch.id;
	p.count = batch.count;
	if (d->n_remembered && add_remembered(d, &batch))
		return true;
	dispatch_add(d->dispatch, batch.id, batch.count);
	r = give(d, &p, &batch);
	if (r < 0)
		tell_unreadable(d, batch.id, "liste tronquée");
	return r == 0;
}

static void send_bypassed(struct deliver *d)
{
	struct verdict v = {
		.level = VERDICT_QUEUE, .lanes = LANE_MODERATION, .unscored = UNSCORED_ATTEMPTS};
	_buf_ struct buf verdict = {0}, list = {0};
	struct piece p;

	verdict_encode(&verdict, &v);
	batch_add_item(&list, buf_slice(&verdict));
	while (dispatch_bypass(d->dispatch, clock_monotonic(), &p)) {
		struct result result = {.batch = p.batch, .first = p.first, .count = p.count};
		struct journal_batch batch;
		struct error e;

		if (journal_get(d->in->journal, p.batch, &batch, &e) < 0 ||
			batch_range(batch.items, p.first, p.count, &result.items) < 0)
			continue;
		result.accepted_at = batch.accepted_at;
		result.verdicts = buf_slice(&list);
		memcpy(result.bundle, d->bundle, BUS_BUNDLE);
		if (d->told_bypass != p.batch)
			service_log(&d->in->service, LOG_WARNING_,
				"lot %llu, commentaire %u : sans note après %u livraisons, remis à un "
				"humain",
				(unsigned long long)p.batch, p.first, p.attempt);
		d->told_bypass = p.batch;
		if (commit_send(d->in->commit, &result) != 0)
			return; /* named again later */
	}
}

void deliver_pump(struct deliver *d)
{
	if (d->pumping || !d->has_bundle || d->in->stopping)
		return;
	d->pumping = true;
	send_bypassed(d);
	while (give_waiting(d, true))
		;
	while (d->bytes < FLIGHT_BYTES && give_waiting(d, false))
		;
	/* what waits to be delivered again goes before anything new */
	while (d->bytes < FLIGHT_BYTES && give_fresh(d))
		;
	d->pumping = false;
}

void deliver_tick(struct deliver *d)
{
	dispatch_tick(d->dispatch, clock_monotonic());
	if (d->note_old)
		note_suspects(d);
	deliver_pump(d);
}

void deliver_ended(void *user, const struct seam_event *ev)
{
	struct deliver *d = ((struct ingest *)user)->deliver;
	const struct piece p = {ev->batch, ev->first, ev->count, ev->attempt};
	enum dispatch_end end = DISPATCH_RETURNED;

	end_flight(d, ev);
	if (ev->end == SEAM_DONE)
		end = DISPATCH_DONE;
	else if (ev->end == SEAM_LOST && !ev->innocent)
		end = DISPATCH_LOST;
	dispatch_ended(
		d->dispatch, &p, end, ev->end == SEAM_NAK ? ev->delay_ms : 0, clock_monotonic());
	if (end == DISPATCH_LOST)
		note_suspects(d);
}

void deliver_committed(struct deliver *d, const struct committed *c)
{
	if (!dispatch_committed(d->dispatch, c->batch, c->first, c->count))
		return;
	ingest_release_later(d->in, c->batch);
	d->note_old |= d->n_noted > 0;
}

bool deliver_idle(const struct deliver *d)
{
	struct dispatch_counts c = dispatch_counts(d->dispatch);

	return c.batches == 0 || (c.in_flight == 0 && d->n_flights == 0);
}

void deliver_metrics(struct deliver *d)
{
	struct dispatch_counts c = dispatch_counts(d->dispatch);
	struct service *s = &d->in->service;

	service_metric_set(s, "ingest_in_flight", NULL, (double)c.in_flight);
	service_metric_set(s, "ingest_redelivered_total", NULL, (double)c.redelivered);
	service_metric_set(s, "ingest_split_total", NULL, (double)c.split);
	service_metric_set(s, "ingest_bypassed_total", NULL, (double)c.bypassed);
	service_metric_set(s, "ingest_workers", NULL, seam_workers(d->in->seam));
	service_metric_set(s, "ingest_bundle_known", NULL, d->has_bundle);
}
