/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-search: the full text of comments, behind the commit.
 *
 * Reads    state/store.db (read only) by seq; `news` (connects): new comments, purges.
 * Writes   state/search.db, alone (lock file state/search.lock). `commit` (connects): REQUEST_SEARCH_PURGED.
 * State    search.db, made anew from the database when it is missing, broken or another database's.
 *
 * Work     in transactions of 4096 comments, with the lowest priority, as long as it is behind; then it waits for news and
 *          looks once a second. Its lag is a metric (search_lag_comments).
 * Purge    shards that lost a text are built again: at once after a purge, within ten minutes after a deletion.
 * Missing  the database: leaves with 75, the supervisor tries again. Store: goes on with what is there.
 * Signals  TERM: leaves after the transaction at hand. */
#include <errno.h>
#include <poll.h>
#include <sys/resource.h>

#include <tocsin/base/clock.h>
#include <tocsin/bus/commit.h>
#include <tocsin/bus/news.h>
#include <tocsin/db/search.h>
#include <tocsin/record/wire.h>
#include <tocsin/service/service.h>

#define ROWS 4096
#define STEP_MS 2
#define FORGET_MS (10 * CLOCK_MINUTE)

static const char manual[] =
	"tocsin-search --config FICHIER\n"
	"Tient l'index plein texte (state/search.db) à jour derrière la base.\n";

struct process {
	struct service service;
	struct bus *bus;
	struct news_reader *news;
	struct commit_client *client;
	struct search *search;
	bool behind, forgetting;
	int64_t forget_at; /* monotonic ms */
	int exit_code;
};

static void on_news(void *user, const struct news *n, bool gap)
{
	struct process *p = user;

	if (n->kind == NEWS_COMMENTS || gap)
		p->behind = true;
	if (n->kind == NEWS_PURGE || gap)
		p->forgetting = true;
}

static void on_signal(void *user, int fd, short revents)
{
	struct process *p = user;

	(void)fd;
	(void)revents;
	if (service_signal_read(&p->service) == SERVICE_STOP)
		bus_stop(p->bus);
}

/* A broken index is made anew by the next start. */
static void fault(struct process *p, int r, const struct error *e)
{
	service_log(&p->service, LOG_ERROR_, "%s", e->text);
	p->behind = p->forgetting = false;
	if (r != -EUCLEAN)
		return;
	p->exit_code = 75;
	bus_stop(p->bus);
}

static void forget(struct process *p)
{
	_buf_ struct buf body = {0};
	struct error e;
	int64_t number;
	int r = search_forget(p->search, &number, &e);

	if (r < 0) {
		if (r == -EBUSY) { /* someone reads: the log is emptied in a moment */
			p->forgetting = false;
			p->forget_at = clock_monotonic() + CLOCK_SECOND;
		} else {
			fault(p, r, &e);
		}
		return;
	}
	if (r != SEARCH_CAUGHT_UP)
		return;
	p->forgetting = number != 0; /* more may have come during the round */
	if (!number)
		return;
	wire_put_i64(&body, number);
	/* if it gets lost, the next round says it again */
	if (commit_tell(p->client, REQUEST_SEARCH_PURGED, buf_slice(&body)) != 0)
		service_log(&p->service, LOG_DEBUG_, "store ne répond pas");
	service_log(
		&p->service, LOG_INFO_, "textes effacés oubliés jusqu'à %lld", (long long)number);
}

static void on_step(void *user)
{
	struct process *p = user;
	struct error e;
	int r;

	if (p->forgetting) {
		forget(p);
		return;
	}
	if (!p->behind)
		return;
	r = search_fill(p->search, ROWS, &e);
	if (r < 0)
		fault(p, r, &e);
	if (r == SEARCH_CAUGHT_UP)
		p->behind = false;
}

static void set_metrics(struct process *p)
{
	int64_t seq, behind, purge;
	struct error e;

	if (search_lag(p->search, &seq, &behind, &e) == 0) {
		service_metric_set(&p->service, "search_seq", NULL, (double)seq);
		service_metric_set(&p->service, "search_lag_comments", NULL, (double)behind);
	}
	if (search_purged(p->search, &purge, &e) == 0)
		service_metric_set(&p->service, "search_purge", NULL, (double)purge);
	service_metrics_flush(&p->service);
}

static void on_second(void *user)
{
	struct process *p = user;

	set_metrics(p);
	p->behind = true;
	if (clock_monotonic() >= p->forget_at) {
		p->forgetting = true;
		p->forget_at = clock_monotonic() + FORGET_MS;
	}
}

static void on_committed(void *user, const struct committed *c)
{
	(void)user;
	(void)c;
}

static int open_all(struct process *p, struct error *e)
{
	const struct commit_client_spec spec = {
		.name = "search", .on_committed = on_committed, .user = p};
	int r = search_open(p->service.config.state_dir, true, &p->search, e);

	if (r == 0)
		r = bus_new(p->service.config.run_dir, &p->bus, e);
	if (r == 0)
		r = news_open(p->bus, on_news, p, &p->news, e);
	if (r == 0)
		r = commit_open(p->bus, &spec, &p->client, e);
	if (r == 0)
		r = bus_watch_fd(p->bus, p->service.signal_fd, POLLIN, on_signal, p);
	return r;
}

int main(int argc, char **argv)
{
	struct process p = {.behind = true, .forgetting = true};
	int r = service_start(&p.service, "tocsin-search", manual, argc, argv);
	struct error e;

	if (r)
		return r - 1;
	if (setpriority(PRIO_PROCESS, 0, 19) < 0)
		service_log(&p.service, LOG_DEBUG_, "priorité inchangée");
	r = open_all(&p, &e);
	if (r < 0) {
		service_log(&p.service, r == -ENOENT ? LOG_INFO_ : LOG_ERROR_, "%s", e.text);
		p.exit_code = 75;
	} else {
		p.forget_at = clock_monotonic() + FORGET_MS;
		bus_timer(p.bus, STEP_MS, STEP_MS, on_step, &p);
		bus_timer(p.bus, CLOCK_SECOND, CLOCK_SECOND, on_second, &p);
		service_ready(&p.service);
		if (bus_run(p.bus) < 0)
			p.exit_code = 1;
	}
	commit_close(p.client);
	news_close(p.news);
	bus_free(p.bus);
	search_close(p.search);
	service_end(&p.service);
	return p.exit_code;
}
