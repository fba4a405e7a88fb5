/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-trend: counts what was committed, and says when something rises.
 *
 * Reads    the database, by seq (reader_comments): every comment with its verdict, from the first, once
 *          at start and then as news of it comes. `news`: that there is something new; it also looks twice
 *          a second. `commit`: the active bundle. the files of state/bundles/<hash>/ for titles
 *          and for the rules that count only at the n-th hit.
 * Writes   `commit`: REQUEST_REVISE, for the comments of a page that reach a rule's « rythme » (reach.h): their verdicts,
 *          scored anew by the active bundle. REQUEST_OBSERVE, one a closed minute in which an incident opens, rises, changes, falls
 *          or closes; and when nothing more comes, or every ten seconds, the last closed minute, to resume.
 * State    none of its own: counts, rhythms, what words were said and open incidents are rebuilt from the database at start.
 *          Minutes that store has (reader_observed) are then only counted, so nothing rings twice; the first
 *          minute that store lacks is said as it would have been. (A comment edited since is met at its new
 *          number, one deleted without its text: counts may be one off.) What is open in the database and
 *          not here is adopted. Hits of rules that count are counted again, and what is reached and not yet revised
 *          is asked for again; so too when a bundle comes with other rates.
 *
 * Clock    wall: a minute closes `trend.late` after its end, with or without comments.
 *          event: the newest plausible event time of what was read moves the clock.
 *          A closed minute stays closed: later comments correct counts. A future date moves nothing.
 *          Put back by more than a minute (wall): minutes closed that have not begun. The process ends (75) and
 *          is started again; comments accepted under the wrong clock then count at their own date, those without
 *          one not at all; what is open at the end of the history is said to store, which may lack it.
 * Missing  store: a minute that it does not take is offered again until it does; nothing is read meanwhile.
 *          database: waits for it. bundle: topics are called by their ids until it is there.
 * Signals  TERM: leaves at once; what was not said is said after the next start. HUP: reads the titles and silences of
 *          the sources again, and the holidays. */
#include <errno.h>
#include <poll.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/digest/digest.h>
#include <tocsin/rules/rules.h>
#include "trend.h"

#define LOOK_MS 500

static const char manual[] = "tocsin-trend --config FICHIER\n"
			     "Compte les commentaires enregistrés et signale ce qui monte.\n";

/* Of a bundle what we need, which takes the time of a full load only when a rule has a rate. */
static int load_rules(const char *path, struct ruleset **ret, struct problems *p)
{
	int r = access(path, F_OK) < 0 ? -errno : ruleset_load_names(path, ret, p);
	if (r < 0 || !reach_needs_all(*ret))
		return r;
	ruleset_free(*ret);
	return ruleset_load(path, ret, p);
}

/* Titles and sensitivities of the topics of a bundle, and its rates. */
static void read_titles(struct watch *w, const char *hex)
{
	struct problems p = {0};
	struct ruleset *rules = NULL;
	if (!hex[0] || strcmp(hex, w->bundle) == 0)
		return;
	_free_ char *path = xasprintf("%s/bundles/%s", w->service.config.state_dir, hex);
	int r = load_rules(path, &rules, &p);
	problems_release(&p);
	if (r < 0) {
		service_log(&w->service, LOG_WARNING_,
			"règles %.12s… illisibles : sujets sans titre, rythmes d'avant", hex);
		return;
	}
	fact_topics(w->trend, rules);
	w->recount |= reach_rules(w->reach, rules) == REACH_RECOUNT;
	snprintf(w->bundle, sizeof(w->bundle), "%s", hex);
}

static void on_bundle(void *user, const unsigned char hash[BUS_BUNDLE])
{
	char hex[DIGEST_HEX];
	digest_hex(hash, BUS_BUNDLE, hex);
	read_titles(user, hex);
}

static void close_database(struct watch *w)
{
	w->reader = reader_close(w->reader);
	w->aside = reader_close(w->aside);
}

static bool open_database(struct watch *w)
{
	struct error e = {0};
	char hex[65] = "";
	int64_t seq;
	int r = reader_open(w->service.config.state_dir, &w->reader, &e);
	if (r == 0)
		r = reader_open(w->service.config.state_dir, &w->aside, &e);
	if (r == 0 && w->after == 0)
		r = reader_observed(w->reader, &w->observed, &seq, &e);
	if (r == 0 && !w->service.config.clock_event &&
		observe_outlived(w->observed, clock_now())) {
		w->put_back = true;
		w->observed = INT64_MAX; /* until the history is read */
	}
	if (r == 0)
		r = reader_bundle(w->reader, hex, &e);
	if (r == 0) {
		read_titles(w, hex);
		return true;
	}
	close_database(w);
	if (r != -ENOENT)
		service_log(&w->service, LOG_ERROR_, "base : %s", e.text);
	return false;
}

static void look(void *user);

static void more(void *user)
{
	struct watch *w = user;
	w->behind = false; /* the timer that brought us here is gone */
	look(w);
}

static void look(void *user)
{
	struct watch *w = user;
	if (w->behind || w->stopping || (!w->reader && !open_database(w)))
		return;
	if (!feed(w))
		close_database(w);
	if (w->stopping)
		bus_stop(w->bus);
	else if (w->behind)
		bus_timer(w->bus, 0, 0, more, w);
}

static void on_news(void *user, const struct news *n, bool gap)
{
	if (n->kind == NEWS_COMMENTS || n->kind == NEWS_CLOCK || gap)
		look(user);
	else if (n->kind == NEWS_INCIDENT)
		feed_incident(user, n->subject);
}

/* Minutes that closed too early cannot be opened again: we are started anew, and read the history again. */
static void watch_clock(struct watch *w)
{
	if (w->service.config.clock_event ||
		!observe_outlived(trend_status(w->trend).minute, clock_now()))
		return;
	w->anew = true;
	service_log(&w->service, LOG_WARNING_, "l'horloge de la machine a reculé : tout est relu");
	bus_stop(w->bus);
}

/* silence_ms of each source of the configuration, or 0, its own rhythm, for all of them. */
static void set_silences(struct watch *w, bool own)
{
	for (size_t i = 0; i < w->config->n_sources; i++)
		trend_source(w->trend, slice_of(w->config->sources[i].id),
			own ? 0 : w->config->sources[i].silence_ms);
}

/* The public holidays of the plan, on which the rhythm is a Sunday's. A plan with mistakes changes nothing; escalate says
 * where they are. */
static void read_holidays(struct watch *w)
{
	struct problems p = {0};
	struct policy fresh;
	if (policy_load(&w->config->file, w->config->folder, &fresh, &p) == 0) {
		policy_release(&w->policy);
		w->policy = fresh;
	} else {
		service_log(&w->service, LOG_WARNING_,
			"plan d'alerte refusé, tocsin policy check dit où : les jours fériés restent ceux d'avant, au démarrage ceux de la métropole");
	}
	problems_release(&p);
}

/* What is wrong with it the supervisor says: then it sends no signal. */
static void reload(struct watch *w)
{
	struct problems p = {0};
	struct config fresh;
	w->reload = false;
	int r = config_load(w->config->file.path, &fresh, &p);
	problems_release(&p);
	if (r < 0) {
		service_log(&w->service, LOG_ERROR_, "configuration refusée : l'ancienne reste");
		return;
	}
	set_silences(w, true);
	config_release(&w->reloaded);
	w->reloaded = fresh;
	w->config = &w->reloaded;
	set_silences(w, false);
	read_holidays(w);
	service_log(&w->service, LOG_INFO_, "sources relues : %zu", fresh.n_sources);
}

static void on_second(void *user)
{
	struct watch *w = user;
	if (w->reload)
		reload(w);
	watch_clock(w);
	struct trend_status s = trend_status(w->trend);
	struct error e = {0};
	int64_t last = w->after;
	if (w->reader && !w->behind && !w->stopping)
		feed_tell_point(w);
	if (w->reader && reader_last_seq(w->reader, &last, &e) < 0)
		last = w->after;
	service_metric_set(&w->service, "trend_seq", NULL, (double)w->after);
	service_metric_set(&w->service, "trend_lag", NULL, (double)(last - w->after));
	service_metric_set(
		&w->service, "trend_minute_seconds", NULL, (double)s.minute / CLOCK_SECOND);
	service_metric_set(&w->service, "trend_series", NULL, s.series);
	service_metric_set(&w->service, "trend_open", NULL, s.open);
	service_metric_set(&w->service, "trend_revised_total", NULL, (double)w->revised);
	service_metric_set(&w->service, "trend_late_total", NULL, (double)s.late);
	service_metrics_flush(&w->service);
}

static void on_signal(void *user, int fd, short revents)
{
	struct watch *w = user;
	(void)fd;
	(void)revents;
	enum service_signal signal = service_signal_read(&w->service);
	if (signal == SERVICE_STOP)
		bus_stop(w->bus);
	else if (signal == SERVICE_RELOAD)
		reload(w);
}

static int open_wires(struct watch *w, struct error *e)
{
	const struct commit_client_spec commit = {
		.name = w->service.name, .on_bundle = on_bundle, .user = w};
	int r = bus_new(w->service.config.run_dir, &w->bus, e);
	if (r == 0)
		r = commit_open(w->bus, &commit, &w->store, e);
	if (r == 0)
		r = news_open(w->bus, on_news, w, &w->news, e);
	if (r == 0)
		r = bus_watch_fd(w->bus, w->service.signal_fd, POLLIN, on_signal, w);
	return r;
}

static int run(struct watch *w, struct error *e)
{
	int r = open_wires(w, e);
	if (r < 0)
		return r;
	bus_timer(w->bus, 0, LOOK_MS, look, w);
	bus_timer(w->bus, CLOCK_SECOND, CLOCK_SECOND, on_second, w);
	service_ready(&w->service);
	service_log(&w->service, LOG_INFO_, "prêt");
	r = bus_run(w->bus);
	return r < 0 ? error_set(e, r, "boucle : %s", strerror(-r)) : 0;
}

int main(int argc, char **argv)
{
	struct watch w = {0};
	struct error e = {0};
	int r = service_start(&w.service, "tocsin-trend", manual, argc, argv);
	if (r)
		return r;
	struct trend_config config = trend_config_default();
	config.late_ms = w.service.config.late_ms;
	trend_floors(&config, w.service.config.floors);
	config.event_clock = w.service.config.clock_event;
	config.holidays = &w.policy.holidays;
	w.config = &w.service.config;
	read_holidays(&w);
	w.trend = trend_new(&config);
	w.reach = reach_new();
	w.emerging = emerging_new(w.service.config.emergent_a_day);
	arena_init(&w.arena, 0);
	set_silences(&w, false);
	r = run(&w, &e);
	if (r < 0)
		service_log(&w.service, LOG_ERROR_, "%s", e.text);
	close_database(&w);
	news_close(w.news);
	commit_close(w.store);
	bus_free(w.bus);
	trend_free(w.trend);
	reach_free(w.reach);
	emerging_free(w.emerging);
	arena_release(&w.arena);
	buf_release(&w.revisions);
	buf_release(&w.body);
	buf_release(&w.reply);
	policy_release(&w.policy);
	config_release(&w.reloaded);
	service_log(&w.service, LOG_INFO_, "arrêté");
	service_end(&w.service);
	return r < 0 ? 1 : w.anew ? 75 : 0;
}
