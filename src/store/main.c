/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-store: the one writer of the database.
 *
 * Reads    `commit` (binds): RESULTs of the scorers and of ingest (verdicts with their comments); requests of everybody.
 * Writes   state/store.db (SQLite, WAL, synchronous=FULL), alone (lock file state/store.lock); state/author.key when it is
 *          missing; a copy of the database before a migration (state/store.db.vN); the register of erasures beside the
 *          state folder (lib/db/erasures.h), and after a restored backup what it says is erased again before the sockets
 *          are there.
 *          `commit`: COMMITTED per range to its scorer and to ingest; replies. `news` (binds): notices of committed facts.
 * State    the database. In memory only the results of the transaction at hand, and the newest lookup keys, which a
 *          start reads again from the rows.
 *
 * Commit   all results that wait when the socket is read, up to 8192 comments, are one transaction; nothing waits for
 *          company. COMMITTED and news come after the fsync, never before.
 * Again    a range, or a part of it, that is committed already counts nothing and is answered COMMITTED.
 * Bad row  a comment that cannot be stored makes the transaction roll back and be done again row by row; the guilty one
 *          goes raw to the dead letters in the same commit.
 * Fault    I/O error or full disk: rolled back, nothing is said, the results are kept (up to 64 MiB) and tried again every
 *          second; what does not fit is dropped, for its lease runs out and ingest delivers it again.
 * Missing  scorers, readers: no matter. Ingest: its journal rows are kept in table intake until it says RELEASED.
 * Codes    with which people take charge from a telephone: given out when a message is leased, looked at when one comes
 *          back (lib/db/code.c); names and numbers are those of tocsin.yaml.
 * Actions  a decision on a comment of a source that can act is a row of the outbox too; the source's connector leases it
 *          (lib/db/action.c).
 * Signals  TERM: leaves after the transaction at hand. HUP: reads policy.ack, people, sources and console.second_regard of tocsin.yaml again. */
#include "store.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/record/batch.h>
#include <tocsin/record/code.h>
#include <tocsin/record/wire.h>

#define GATHER 8192u
#define TURN_MS 50
#define IDLE_MS 200
#define PURGE_STEP_MS 2

static const char manual[] =
	"tocsin-store --config FICHIER\n"
	"Écrit la base de données : commentaires, verdicts, décisions, incidents, envois.\n";

void store_say_news(struct process *p)
{
	const struct store_changes *c = store_changes(p->store);
	int64_t clock = store_clock(p->store);

	if (c->comments)
		news_say(p->news, NEWS_COMMENTS, store_last_seq(p->store), clock);
	for (size_t i = 0; i < c->n_incidents; i++)
		news_say(p->news, NEWS_INCIDENT, c->incidents[i], clock);
	if (c->outbox)
		news_say(p->news, NEWS_OUTBOX, 0, clock);
	if (c->revised)
		news_say(p->news, NEWS_REVISED, c->revised, clock);
	if (c->decision)
		news_say(p->news, NEWS_DECISION, 0, clock);
	if (c->clock && !c->comments)
		news_say(p->news, NEWS_CLOCK, 0, clock);
	if (c->bundle) {
		news_say(p->news, NEWS_BUNDLE, 0, clock);
		commit_announce_bundle(p->server, store_bundle(p->store));
	}
}

/* For whoever takes charge with a code: his name and number in the policy. */
static bool find_person(void *user, struct slice id, struct store_person *ret)
{
	const struct process *p = user;
	const struct policy_person *who = policy_person(&p->policy, id);

	if (who)
		*ret = (struct store_person){
			slice_of(who->name), slice_of(who->sms ? who->sms : "")};
	return who != NULL;
}

static bool has_number(void *user, struct slice number)
{
	const struct process *p = user;

	for (size_t i = 0; i < p->policy.n_people; i++) {
		const char *sms = p->policy.people[i].sms;

		if (sms && code_same_number(slice_of(sms), number))
			return true;
	}
	return false;
}

/* By the configuration that was read last. */
static struct store_source on_source(void *user, struct slice name)
{
	const struct process *p = user;

	for (size_t i = 0; i < p->n_sources; i++)
		if (slice_is(name, p->sources[i].id))
			return p->sources[i].set;
	return (struct store_source){0};
}

static void forget_sources(struct process *p)
{
	for (size_t i = 0; i < p->n_sources; i++)
		free(p->sources[i].id);
	free(p->sources);
	p->sources = NULL;
	p->n_sources = 0;
}

static void read_sources(struct process *p, const struct config *c)
{
	forget_sources(p);
	p->sources = xcalloc(c->n_sources + 1, sizeof(*p->sources));
	for (; p->n_sources < c->n_sources; p->n_sources++) {
		const struct source_config *s = &c->sources[p->n_sources];

		p->sources[p->n_sources].id = xstrdup(s->id);
		p->sources[p->n_sources].set =
			(struct store_source){config_source_acts(s), s->keeps_deleted};
	}
	store_sources(p->store, on_source, p);
	store_keep(p->store, &c->keep);
	store_two(p->store, c->console.second_regard);
}

/* How long taking charge holds, whoever does it and however; and who is who. A policy with mistakes changes nothing:
 * escalate says them. */
static void read_policy(struct process *p, const struct config *c)
{
	struct problems problems = {0};
	struct policy policy;

	if (policy_load(&c->file, c->folder, &policy, &problems) == 0) {
		policy_release(&p->policy);
		p->policy = policy;
		store_ack_holds(p->store, policy.ack_ms);
		store_people(p->store, &(struct store_people){find_person, has_number, p});
	}
	problems_release(&problems);
}

static void reload(struct process *p)
{
	struct config fresh = {0};
	struct problems problems = {0};

	if (config_load(p->service.config.file.path, &fresh, &problems) == 0) {
		read_policy(p, &fresh);
		read_sources(p, &fresh);
	}
	config_release(&fresh);
	problems_release(&problems);
}

static void on_signal(void *user, int fd, short revents)
{
	struct process *p = user;

	(void)fd;
	(void)revents;
	switch (service_signal_read(&p->service)) {
	case SERVICE_STOP: bus_stop(p->bus); break;
	case SERVICE_RELOAD: reload(p); break;
	case SERVICE_NONE:
	case SERVICE_CHILD:
	default: break;
	}
}

static void set_metrics(struct process *p)
{
	struct service *s = &p->service;
	struct store_counts c = store_counts(p->store);

	service_metric_set(s, "store_committed_total", NULL,
		(double)(c.fresh + c.version + c.duplicate + c.tombstone + c.quarantined + c.dead));
	service_metric_set(s, "store_seq", NULL, (double)store_last_seq(p->store));
	service_metric_set(s, "store_duplicate_total", NULL, (double)c.duplicate);
	service_metric_set(s, "store_version_total", NULL, (double)c.version);
	service_metric_set(s, "store_quarantined_total", NULL, (double)c.quarantined);
	service_metric_set(s, "store_dead_total", NULL, (double)c.dead);
	service_metric_set(s, "store_redelivered_total", NULL, (double)c.redelivered);
	service_metric_set(s, "store_commits_total", NULL, (double)p->commits);
	service_metric_set(s, "store_faults_total", NULL, (double)p->faults);
	service_metric_set(s, "store_kept_results", NULL, (double)p->results.n_kept);
	service_metric_set(s, "store_clock_seconds", NULL, (double)store_clock(p->store) / 1000);
	service_metrics_flush(s);
}

static void on_turn_timer(void *user)
{
	struct process *p = user;
	bool idle = clock_monotonic() - p->busy_at > IDLE_MS;
	struct error e;

	results_retry(p);
	if (store_upkeep(p->store, idle, &e) < 0)
		process_fault(p, "entretien", &e);
}

static void on_second(void *user)
{
	struct process *p = user;
	struct error e;
	int r = store_tick(p->store, &e);

	if (r < 0)
		process_fault(p, "échéances", &e);
	else if (r == STORE_TICKED)
		store_say_news(p);
	set_metrics(p);
}

void process_fault(struct process *p, const char *what, const struct error *e)
{
	p->faults++;
	/* a full disk says the same every second: one line in ten seconds is enough */
	if (clock_monotonic() < p->fault_quiet)
		return;
	p->fault_quiet = clock_monotonic() + 10 * CLOCK_SECOND;
	service_log(&p->service, LOG_ERROR_, "%s : %s ; nouvel essai plus tard", what, e->text);
}

static int open_database(struct process *p)
{
	const struct config *c = &p->service.config;
	_free_ char *erasures = erasures_path(c->state_dir);
	int64_t at;
	const struct store_spec spec = {.state_dir = c->state_dir,
		.clock_event = c->clock_event,
		.keep = c->keep,
		.erasures = erasures,
		.restored = config_restored(c, &at)};
	struct error e;
	int r = store_open(&spec, &p->store, &e);

	if (r == 0)
		return 0;
	service_log(&p->service, LOG_ERROR_, "%s", e.text);
	return r == -EPROTO ? 1 : 75;
}

static int open_wires(struct process *p)
{
	const struct commit_server_spec spec = {.on_result = results_add,
		.on_turn = results_commit,
		.on_request = process_request,
		.gather = GATHER,
		.user = p};
	struct error e;
	int r = bus_new(p->service.config.run_dir, &p->bus, &e);

	if (r == 0)
		r = news_bind(p->bus, &p->news, &e);
	if (r == 0)
		r = commit_bind(p->bus, &spec, &p->server, &e);
	if (r == 0)
		r = bus_watch_fd(p->bus, p->service.signal_fd, POLLIN, on_signal, p);
	if (r < 0) {
		service_log(&p->service, LOG_ERROR_, "%s", e.text);
		return 75;
	}
	if (store_bundle(p->store))
		commit_announce_bundle(p->server, store_bundle(p->store));
	bus_timer(p->bus, TURN_MS, TURN_MS, on_turn_timer, p);
	bus_timer(p->bus, CLOCK_SECOND, CLOCK_SECOND, on_second, p);
	bus_timer(p->bus, PURGE_STEP_MS, PURGE_STEP_MS, process_purge_step, p);
	return 0;
}

int main(int argc, char **argv)
{
	struct process p = {0};
	int r = service_start(&p.service, "tocsin-store", manual, argc, argv);

	if (r)
		return r - 1;
	r = open_database(&p);
	if (r == 0) {
		read_policy(&p, &p.service.config);
		read_sources(&p, &p.service.config);
		process_again(&p);
	}
	if (r == 0)
		r = open_wires(&p);
	if (r == 0) {
		service_log(&p.service, LOG_INFO_, "prêt, dernier numéro %lld",
			(long long)store_last_seq(p.store));
		service_ready(&p.service);
		r = bus_run(p.bus) < 0;
	}
	commit_unbind(p.server);
	news_unbind(p.news);
	bus_free(p.bus);
	results_release(&p.results);
	if (p.store)
		set_metrics(&p);
	store_close(p.store);
	policy_release(&p.policy);
	forget_sources(&p);
	service_end(&p.service);
	return r;
}
