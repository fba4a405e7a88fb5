/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-ingest: accept what the connectors heard, keep it until the store has committed it.
 *
 * Reads    `put` (binds): PUT of at most 512 items, HELLO, questions for a cursor.
 *          `work` (binds): credits, DONE, NAK, signs of life of the scorers; deaths from the supervisor.
 *          `commit` (connects): every COMMITTED range, the active bundle. `news`: purges.
 * Writes   state/journal.db (SQLite, WAL, synchronous=FULL), alone: batches, counts received by hour and
 *          source, each source's cursor, the hash of the active bundle.
 *          `put`: PUTACK after the commit. `work`: deliveries. `commit`: RELEASED, and the RESULT of a
 *          comment that no scorer survives.
 * State    the journal. In memory only what is given out: a window bounded by the workers' credit.
 *
 * Promise  a PUT that was answered ok is on disk, and stays there until COMMITTED ranges cover its whole
 *          batch. A scorer's DONE only gives its credit back.
 * Group    all PUTs that wait when the socket is read are one commit; nothing waits for company.
 * Loss     worker dead (the supervisor says so), silent, or its lease over: its deliveries go first to
 *          others. If the comments may be the cause, the batch is cut in four and the parts go alone; a
 *          single comment lost 6 times goes to store unscored, for a human. What was lost is noted in the
 *          journal, so that the count goes on after our own restart. Refusals (bundle absent), shutdowns and
 *          deaths of ingest itself raise no count: after a restart everything in the journal is delivered
 *          anew, and store recognises what it has.
 * Missing  store: scorers hold their results, credit runs out, PUTs go on until the backlog's limit. Scorers:
 *          the same. No bundle known: nothing is delivered. Disk full: PUT_FULL, connectors pause; the
 *          journal goes on delivering.
 * Signals  TERM: no new PUT, no new delivery, waits 2 s for what is in flight, leaves. */
#include "ingest.h"

#include <errno.h>
#include <poll.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/record/wire.h>

#define LEASE_MS 30000
#define PUMP_MS 100
#define RELEASE_BATCHES 64u /* so many wait for company in one transaction, or … */
#define STOP_MS 2000
#define GATHER_COMMENTS 8192u
#define GATHER_BYTES (16u << 20)
#define SCRUB_SMALL 50000u

static const char manual[] =
	"tocsin-ingest --config FICHIER\n"
	"Accepte les commentaires, les garde dans state/journal.db, les donne aux processus de score.\n";

void ingest_release_later(struct ingest *in, uint64_t batch)
{
	in->release = xgrow(in->release, in->n_release, &in->cap_release, sizeof(*in->release));
	in->release[in->n_release++] = batch;
}

int ingest_release_now(struct ingest *in, struct error *e)
{
	return journal_release(in->journal, in->release, in->n_release, e);
}

static void release(struct ingest *in)
{
	struct error e;

	if (!in->n_release)
		return;
	if (ingest_release_now(in, &e) == 0)
		in->n_release =
			0; /* else they are tried again: a full disk is no reason to forget */
}

static void on_cursor(void *user, struct slice source, struct buf *cursor)
{
	struct ingest *in = user;
	struct error e;

	if (journal_cursor_get(in->journal, source, cursor, &e) < 0)
		service_log(&in->service, LOG_ERROR_, "journal : %s", e.text);
}

static void on_committed(void *user, const struct committed *c)
{
	struct ingest *in = user;

	deliver_committed(in->deliver, c);
	if (in->n_release >= RELEASE_BATCHES)
		release(in);
}

static void on_bundle(void *user, const unsigned char hash[BUS_BUNDLE])
{
	deliver_bundle(((struct ingest *)user)->deliver, hash);
}

static void on_credit(void *user)
{
	deliver_pump(((struct ingest *)user)->deliver);
}

static void on_news(void *user, const struct news *n, bool gap)
{
	struct ingest *in = user;

	if (n->kind == NEWS_PURGE)
		in->scrub_now = true;
	else if (gap)
		in->scrub_soon = true;
}

static void on_signal(void *user, int fd, short revents)
{
	struct ingest *in = user;

	(void)fd;
	(void)revents;
	if (service_signal_read(&in->service) == SERVICE_STOP)
		bus_stop(in->bus);
}

static void on_pump(void *user)
{
	struct ingest *in = user;

	release(in);
	deliver_tick(in->deliver);
}

/* Released text leaves the file's free pages and its log. */
static void scrub(struct ingest *in, uint64_t waiting)
{
	struct error e;

	if (!in->scrub_now && !(in->scrub_soon && waiting < SCRUB_SMALL))
		return;
	release(in);
	if (journal_scrub(in->journal, &e) == 0)
		in->scrub_now = in->scrub_soon = false;
	else
		service_log(&in->service, LOG_WARNING_, "journal : %s", e.text);
}

/* Store may forget what it remembers of batches that are gone. */
static void tell_released(struct ingest *in, uint64_t lowest)
{
	_buf_ struct buf body = {0};

	if (lowest == in->told)
		return;
	wire_put_u64(&body, lowest);
	if (commit_tell(in->commit, REQUEST_RELEASED, buf_slice(&body)) == 0)
		in->told = lowest;
}

static void on_connected(void *user)
{
	((struct ingest *)user)->told = 0; /* what was told last may be lost */
}

/* Another version, or a program that has no business here. */
static void tell_rejected(struct ingest *in)
{
	uint64_t n = bus_rejected(in->bus);

	service_metric_set(&in->service, "bus_rejected_total", NULL, (double)n);
	if (n != in->rejected)
		service_log(&in->service, LOG_WARNING_, "%llu messages incompris, écartés",
			(unsigned long long)(n - in->rejected));
	in->rejected = n;
}

static void on_second(void *user)
{
	struct ingest *in = user;
	uint64_t waiting, lowest;
	struct error e;

	if (journal_waiting(in->journal, &waiting, &lowest, &e) == 0) {
		service_metric_set(&in->service, "ingest_waiting", NULL, (double)waiting);
		tell_released(in, lowest);
		scrub(in, waiting);
	}
	if (journal_idle(in->journal, &e) < 0)
		service_log(&in->service, LOG_WARNING_, "journal : %s", e.text);
	service_metric_set(
		&in->service, "ingest_scrub_pending", NULL, in->scrub_now || in->scrub_soon);
	tell_rejected(in);
	accept_metrics(in->accept);
	deliver_metrics(in->deliver);
	service_metrics_flush(&in->service);
}

static int open_wires(struct ingest *in, struct error *e)
{
	const struct put_server_spec put = {.on_put = accept_put,
		.on_turn = accept_turn,
		.on_cursor = on_cursor,
		.gather = GATHER_COMMENTS,
		.gather_bytes = GATHER_BYTES,
		.user = in};
	const struct commit_client_spec commit = {.name = "ingest",
		.all_ranges = true,
		.on_committed = on_committed,
		.on_bundle = on_bundle,
		.user = in,
		.on_connected = on_connected};
	int r = bus_new(in->service.config.run_dir, &in->bus, e);

	if (r == 0)
		r = seam_producer_open(in->bus, LEASE_MS, deliver_ended, in, &in->seam, e);
	if (r == 0)
		r = commit_open(in->bus, &commit, &in->commit, e);
	if (r == 0)
		r = news_open(in->bus, on_news, in, &in->news, e);
	if (r == 0)
		r = put_bind(in->bus, &put, &in->put, e);
	if (r == 0) {
		seam_on_credit(in->seam, on_credit);
		r = bus_watch_fd(in->bus, in->service.signal_fd, POLLIN, on_signal, in);
	}
	return r;
}

static int open_journal(struct ingest *in, struct error *e)
{
	_free_ char *path = xasprintf("%s/journal.db", in->service.config.state_dir);
	int r = file_make_folder(in->service.config.state_dir, 0700, e);

	if (r == 0)
		r = journal_open(path, &in->journal, e);
	if (r == 0)
		r = deliver_load(in->deliver, e);
	return r;
}

static void close_all(struct ingest *in)
{
	put_unbind(in->put);
	if (in->seam)
		in->seam->ops->close(in->seam);
	news_close(in->news);
	commit_close(in->commit);
	if (in->journal)
		release(in);
	journal_close(in->journal);
	accept_free(in->accept);
	deliver_free(in->deliver);
	bus_free(in->bus);
	free(in->release);
}

/* What is in flight has two seconds to come back. */
static int drain(struct ingest *in)
{
	int64_t until = clock_monotonic() + STOP_MS;
	int r = 0;

	in->put = put_unbind(in->put);
	in->stopping = true;
	while (r == 0 && !deliver_idle(in->deliver) && clock_monotonic() < until)
		r = bus_turn(in->bus, 50);
	return r;
}

static int run(struct ingest *in, struct error *e)
{
	int r = open_journal(in, e);

	if (r == 0)
		r = open_wires(in, e);
	if (r < 0)
		return r;
	in->scrub_soon = true;
	bus_timer(in->bus, PUMP_MS, PUMP_MS, on_pump, in);
	bus_timer(in->bus, 0, CLOCK_SECOND, on_second, in);
	service_ready(&in->service);
	service_log(&in->service, LOG_INFO_, "prêt");
	r = bus_run(in->bus);
	if (r == 0)
		r = drain(in);
	if (r < 0)
		error_set(e, r, "boucle : %s", strerror(-r));
	return r;
}

int main(int argc, char **argv)
{
	struct ingest in = {0};
	struct error e = {0};
	int r = service_start(&in.service, "tocsin-ingest", manual, argc, argv);

	if (r)
		return r;
	in.accept = accept_new(&in);
	in.deliver = deliver_new(&in);
	r = run(&in, &e);
	if (r < 0)
		service_log(&in.service, LOG_ERROR_, "%s", e.text);
	close_all(&in);
	service_log(&in.service, LOG_INFO_, "arrêté");
	service_end(&in.service);
	return r < 0 ? 1 : 0;
}
