/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-score: comments and a bundle of rules → verdicts. A pure function with a wire on either side.
 *
 * Reads    `work` through the seam (pull, ack, nak, extend, close): ranges of journalled batches, each
 *          stamped with the hash of its bundle. `commit`: COMMITTED, the active bundle (to load it early).
 *          the files of state/bundles/<hash>/, and nothing else: no database, no network.
 * Writes   `commit`: one RESULT a delivery, its comments with a verdict each, in the same order.
 * State    the two bundles used last; results that store has not committed, bounded by the credit.
 *
 * Promise  a delivery is acked only when store says that it is committed. Until then its result is kept, and
 *          sent again when store comes back or is silent about it for long.
 * Bundle   absent or damaged: nak after a second; the supervisor publishes, ingest redelivers. A wrong
 *          bundle is never used in place of the one asked for.
 * Verdict  deletions and quarantined inputs pass with an empty verdict. A comment that hits a limit of the
 *          matcher, or cannot be decoded, is for a human: unscored, in the queue. A comment that kills the
 *          process is found by ingest, which cuts the batch and sends it past us.
 * Missing  store: results wait, the credit runs out, ingest keeps the rest. ingest: we wait for it.
 * Signals  TERM: deliveries that come are refused, two seconds for COMMITTED of what was sent, then leaves. */
#include <errno.h>
#include <poll.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/batch.h>
#include <tocsin/service/service.h>

#include "bundles.h"
#include "results.h"

#define CREDIT 16u /* deliveries in flight at once */
#define SEND_MS 20 /* how soon a full wire is tried again */
#define AGAIN_MS 20000 /* sent, and store silent about it: once more */
#define EXTEND_MS 5000 /* a delivery that takes longer says that we are alive */
#define NAK_DELAY_MS 1000u
#define STOP_MS 2000

static const char manual[] =
	"tocsin-score --config FICHIER\n"
	"Évalue les commentaires que donne ingest et confie les verdicts à store.\n";

struct score {
	struct service service;
	struct bus *bus;
	struct seam *work;
	struct commit_client *store;
	struct bundles bundles;
	struct results results;
	struct buf verdict;
	bool stopping;
};

static void score_item(
	struct score *s, struct bundle *bundle, struct slice item, struct buf *verdicts)
{
	struct verdict v = {0};
	struct comment c;

	if (comment_decode(item, &c) == 0)
		scorer_score(bundle->scorer, &c, &v);
	else
		v = (struct verdict){.level = VERDICT_QUEUE,
			.lanes = LANE_MODERATION,
			.unscored = UNSCORED_UNREADABLE};
	if (v.unscored)
		service_metric_add(&s->service, "score_unscored_total", NULL, 1);
	buf_clear(&s->verdict);
	verdict_encode(&s->verdict, &v);
	batch_add_item(verdicts, buf_slice(&s->verdict));
}

static void score_delivery(struct score *s, struct bundle *bundle, const struct delivery *d)
{
	struct kept *k = results_add(&s->results, d);
	struct slice items = buf_slice(&k->items), item;
	int64_t alive = clock_monotonic();
	bool bad;

	while (batch_next(&items, &item, &bad)) {
		score_item(s, bundle, item, &k->verdicts);
		if (clock_monotonic() - alive > EXTEND_MS) {
			(void)s->work->ops->extend(s->work, d->tag);
			alive = clock_monotonic();
		}
	}
	/* from here on a death is not these comments' fault, also while store is away and nothing can be sent */
	seam_scored(s->work, d->tag);
	service_metric_add(&s->service, "score_scored_total", NULL, d->count);
}

/* ingest sends what its journal gave it; a list that is not what it says would be its fault, not a comment's. */
static bool is_whole(const struct delivery *d)
{
	uint32_t n;

	return batch_count(d->items, &n) == 0 && n == d->count;
}

static void on_delivery(void *user, const struct delivery *d)
{
	struct score *s = user;
	struct bundle *bundle = NULL;
	struct error e;

	if (s->stopping) {
		(void)s->work->ops->nak(s->work, d->tag, NAK_SHUTDOWN, 0);
		return;
	}
	if (!is_whole(d)) {
		service_log(&s->service, LOG_ERROR_, "livraison %llu illisible, refusée",
			(unsigned long long)d->batch);
		(void)s->work->ops->nak(s->work, d->tag, NAK_BUNDLE_ABSENT, NAK_DELAY_MS);
		return;
	}
	if (bundles_get(&s->bundles, d->bundle, &bundle, &e) < 0) {
		service_log(&s->service, LOG_WARNING_, "%s", e.text);
		service_metric_add(&s->service, "score_refused_total", NULL, 1);
		(void)s->work->ops->nak(s->work, d->tag, NAK_BUNDLE_ABSENT, NAK_DELAY_MS);
		return;
	}
	score_delivery(s, bundle, d);
	results_send(&s->results, s->store, clock_monotonic(), AGAIN_MS);
}

static void on_committed(void *user, const struct committed *c)
{
	struct score *s = user;
	uint32_t n = results_committed(&s->results, s->work, c);

	service_metric_add(&s->service, "score_committed_total", NULL, n);
	if (s->stopping && !s->results.n)
		bus_stop(s->bus);
}

static void on_connected(void *user)
{
	struct score *s = user;

	results_unsend(&s->results);
	results_send(&s->results, s->store, clock_monotonic(), AGAIN_MS);
}

/* Loaded when it is announced, it is there when the first delivery asks for it. */
static void on_bundle(void *user, const unsigned char hash[BUS_BUNDLE])
{
	struct score *s = user;
	struct bundle *bundle = NULL;
	struct error e;

	if (bundles_get(&s->bundles, hash, &bundle, &e) < 0)
		service_log(&s->service, LOG_WARNING_, "%s", e.text);
	else
		service_log(&s->service, LOG_INFO_, "règles %.12s… : %zu règles et sujets",
			bundle->hex, ruleset_count(bundle->rules));
}

static void on_send(void *user)
{
	struct score *s = user;

	results_send(&s->results, s->store, clock_monotonic(), AGAIN_MS);
}

static void on_second(void *user)
{
	struct score *s = user;

	service_metric_set(&s->service, "score_kept", NULL, s->results.n);
	service_metrics_flush(&s->service);
}

static void on_signal(void *user, int fd, short revents)
{
	struct score *s = user;

	(void)fd;
	(void)revents;
	if (service_signal_read(&s->service) == SERVICE_STOP)
		bus_stop(s->bus);
}

static int open_wires(struct score *s, struct error *e)
{
	const struct commit_client_spec commit = {.name = s->service.name,
		.on_committed = on_committed,
		.on_bundle = on_bundle,
		.user = s,
		.on_connected = on_connected};
	int r = bus_new(s->service.config.run_dir, &s->bus, e);

	if (r == 0)
		r = commit_open(s->bus, &commit, &s->store, e);
	if (r == 0)
		r = seam_consumer_open(s->bus, s->service.name, on_delivery, s, &s->work, e);
	if (r == 0)
		r = bus_watch_fd(s->bus, s->service.signal_fd, POLLIN, on_signal, s);
	return r;
}

/* What was sent has two seconds to be committed; the rest goes back to ingest with the goodbye. */
static int drain(struct score *s)
{
	int64_t until = clock_monotonic() + STOP_MS;
	int r = 0;

	s->stopping = true;
	while (r == 0 && s->results.n && clock_monotonic() < until)
		r = bus_turn(s->bus, 50);
	return r;
}

static int run(struct score *s, struct error *e)
{
	int r = open_wires(s, e);

	if (r < 0)
		return r;
	bus_timer(s->bus, SEND_MS, SEND_MS, on_send, s);
	bus_timer(s->bus, 0, CLOCK_SECOND, on_second, s);
	r = s->work->ops->pull(s->work, CREDIT);
	if (r < 0)
		return error_set(e, r, "travail : %s", strerror(-r));
	service_ready(&s->service);
	service_log(&s->service, LOG_INFO_, "prêt");
	r = bus_run(s->bus);
	if (r == 0)
		r = drain(s);
	if (r < 0)
		error_set(e, r, "boucle : %s", strerror(-r));
	return r;
}

int main(int argc, char **argv)
{
	struct score s = {0};
	struct error e = {0};
	int r = service_start(&s.service, "tocsin-score", manual, argc, argv);

	if (r)
		return r;
	s.bundles.state_dir = s.service.config.state_dir;
	r = run(&s, &e);
	if (r < 0)
		service_log(&s.service, LOG_ERROR_, "%s", e.text);
	if (s.work)
		s.work->ops->close(s.work);
	commit_close(s.store);
	bus_free(s.bus);
	results_release(&s.results);
	bundles_release(&s.bundles);
	buf_release(&s.verdict);
	service_log(&s.service, LOG_INFO_, "arrêté");
	service_end(&s.service);
	return r < 0 ? 1 : 0;
}
