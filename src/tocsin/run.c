/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin run: the supervisor.
 *
 * Reads: the configuration, the folder of rules. Writes: the folders state and run (0700), the published rules
 * (state/bundles/HASH), run/tocsin.lock (one supervisor a run folder), its metrics.
 * Asks store once a day to purge what is past its retention; takes away published rules that nothing needs any more
 * (prune.c), then and when others are published.
 * Starts store, ingest, score, trend, escalate, search, then webhook, console and one connect a source; watches them, starts
 * them again with a growing pause, and tells ingest at once when a scorer has died.
 * SIGTERM, SIGINT: stops in order, from the edge to store; a second one hurries, a third kills.
 * While the console has no account: prints a link, good for once and until the next start, with which to make the first.
 * Rules that would take too much away, or follow a candidate, do not take the place of others: not at a start either. A folder that
 * changed is merged with what was published elsewhere (run_merge.c).
 * SIGHUP: reads the rules again, and the configuration: sources that are new are started, those that went are stopped,
 * those that changed are started again; trend and escalate read their part, webhook its keys, console the names. On any error the last
 * good rules, or the last good configuration, stay. The rest of the configuration counts from the next start.
 * systemd: READY, RELOADING, STOPPING, STATUS and WATCHDOG over NOTIFY_SOCKET. */
#include "run.h"
#include <errno.h>
#include <poll.h>
#include <tocsin/base/clock.h>

static void on_fd(void *user, int fd, short events)
{
	(void)user, (void)fd, (void)events; /* only to wake: the turn looks at everything */
}

/* Tells store which rules are active; asks again later when it cannot answer now. */
static void tell_bundle(struct run *r)
{
	enum { FIRST_WAIT = 5000, AGAIN = 1000 };
	struct error e = {0};
	_buf_ struct buf reply = {0};
	/* While store is down nobody answers, and waiting would keep us from starting it again. */
	if (r->bundle_told || !r->bundle[0] || !crew_ready(&r->crew, "store") ||
		(r->told_at && clock_monotonic() - r->told_at < AGAIN))
		return;
	const int judged = r->told_at ? 0 : run_judge(r);
	r->bundle_told = judged > 0; /* what is in force stays */
	if (judged)
		return;
	int64_t patience = r->told_at ? AGAIN : FIRST_WAIT;
	_buf_ struct buf body = {0};
	bundle_encode(&body,
		&(struct bundle_request){.hash = slice_of(r->choice.hash),
			.who = SLICE("tocsin run"),
			.reason = buf_slice(&r->choice.reason),
			.folder = slice_of(r->choice.folder),
			.over = slice_of(r->choice.over),
			.disputed = buf_slice(&r->choice.disputed)});
	int status =
		commit_request(r->store, REQUEST_BUNDLE, buf_slice(&body), patience, &reply, &e);
	r->told_at = clock_monotonic();
	if (status == 0) {
		r->bundle_told = true;
		service_log(&r->s, LOG_INFO_, words(r->s.config.lang, "règles actives : %.12s"),
			buf_string(&reply));
	} else if (status == -ESTALE) {
		r->told_at = 0; /* somebody has published meanwhile: judged anew */
	} else if (status != BUS_TIMEOUT) {
		service_log(&r->s, LOG_ERROR_, "%s", e.text);
	}
}

/* That all of it runs is said when it does; until then, once, who keeps it waiting. */
static void tell_all_runs(struct run *r)
{
	const char *held = crew_held(&r->crew);
	if (r->told_all || r->crew.stopping || (held && r->told_held))
		return;
	r->told_all = !held;
	r->told_held = held;
	if (held)
		service_log(&r->s, LOG_WARNING_,
			words(r->s.config.lang, "%s attend encore, le reste tourne"), held);
	else
		service_log(&r->s, LOG_INFO_, "%s", words(r->s.config.lang, "tout tourne"));
}

/* Store has done again what the register of erasures knows, or this is said: what was erased since the backup is there again. */
static void tell_restored(struct run *r)
{
	_buf_ struct buf text = {0};
	restored_put(&r->s.config, r->s.config.lang, &text);
	if (text.n)
		service_log(&r->s, LOG_WARNING_, "%s", buf_string(&text));
}

static void on_stage(void *user, enum stage stage)
{
	struct run *r = user;
	if (stage == STAGE_STORE)
		tell_bundle(r);
	if (stage != STAGE_EDGE)
		return;
	service_ready(&r->s);
	tell_restored(r);
	tell_all_runs(r);
}

static void reload(struct run *r)
{
	enum words_lang lang = r->s.config.lang;
	char before[65];
	memcpy(before, r->bundle, sizeof(before));
	char text[96];
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
		(long long)clock_monotonic_us());
	service_notify(text);
	crew_reload(&r->crew, run_reload_config(r));
	if (run_publish(r) != 0) {
		memcpy(r->bundle, before, sizeof(before));
		service_log(&r->s, LOG_ERROR_,
			words(lang, "règles refusées : les dernières bonnes restent (%.12s)"),
			r->bundle);
	} else if (strcmp(before, r->bundle) == 0 && run_is_told(r)) {
		service_log(&r->s, LOG_INFO_, "%s", words(lang, "règles inchangées"));
	} else {
		r->bundle_told = false;
		r->told_at = 0;
		tell_bundle(r);
	}
	service_notify("READY=1");
}

static void handle_signals(struct run *r)
{
	for (enum service_signal signal; (signal = service_signal_read(&r->s)) != SERVICE_NONE;) {
		if (signal == SERVICE_RELOAD && !r->crew.stopping)
			reload(r);
		if (signal != SERVICE_STOP)
			continue;
		if (!r->crew.stopping) {
			service_notify("STOPPING=1");
			service_log(&r->s, LOG_INFO_, "%s",
				words(r->s.config.lang,
					"arrêt demandé : tout se ferme dans l'ordre"));
		}
		crew_stop(&r->crew);
	}
}

static void tell_metrics(struct run *r)
{
	for (size_t i = 0; i < r->crew.n; i++)
		crew_metrics(&r->crew, &r->crew.members[i]);
	service_metrics_flush(&r->s);
}

/* Retention: ten minutes after the start (at once when the state is a restored one), then every day. A request that gets lost is made again the next day. */
static void purge_by_age(struct run *r)
{
	int64_t now = clock_monotonic();
	if (r->until_done || now < r->purge_at)
		return;
	_buf_ struct buf body = {0};
	struct purge_request request = {.who = SLICE("tocsin"),
		.reason = slice_of(words(r->s.config.lang, "durées de conservation"))};
	purge_encode(&body, &request);
	if (commit_tell(r->store, REQUEST_PURGE, buf_slice(&body)) == 0)
		r->purge_at = now + CLOCK_DAY;
	r->prune.asked = true;
}

static void once_a_second(struct run *r)
{
	tell_metrics(r);
	if (r->crew.all_ready && !r->crew.stopping)
		purge_by_age(r);
	if (r->crew.all_ready || r->told_at)
		tell_bundle(r);
	run_setup(r);
	if (service_watchdog_ms() > 0)
		service_notify("WATCHDOG=1");
	if (!r->crew.all_ready) {
		if (r->restored) /* many erasures are done again before store serves */
			service_notify("EXTEND_TIMEOUT_USEC=60000000");
		return;
	}
	tell_all_runs(r);
	size_t up = 0;
	for (size_t i = 0; i < r->crew.n; i++)
		up += r->crew.members[i].state == MEMBER_RUNNING;
	char text[96];
	snprintf(text, sizeof(text), "STATUS=%zu processus, règles %.12s", up, r->bundle);
	service_notify(text);
}

static bool step(struct run *r, int64_t *next_second)
{
	int64_t now = clock_monotonic();
	handle_signals(r);
	crew_reap(&r->crew);
	crew_turn(&r->crew);
	if (now >= *next_second) {
		*next_second = now + 1000;
		once_a_second(r);
	}
	if (r->account && r->crew.all_ready)
		account_turn(r->account, run_reader(r));
	if (r->crew.stopping)
		return !crew_stopped(&r->crew);
	if (r->crew.all_ready)
		prune_turn(r);
	bool hopeless = r->crew.hopeless && !r->crew.all_ready;
	if (r->until_done)
		hopeless = r->crew.hopeless || r->crew.source_hopeless;
	if (hopeless) {
		service_log(&r->s, LOG_ERROR_, "%s",
			words(r->s.config.lang, "un processus ne démarre pas : tout s'arrête"));
		crew_stop(&r->crew);
	} else if (r->until_done && run_done(r)) {
		r->finished = true;
		crew_stop(&r->crew);
	}
	return true;
}

static int loop(struct run *r)
{
	enum { STARTING = 10, RUNNING = 50 };
	int64_t next_second = 0;
	while (step(r, &next_second)) {
		bool busy = !r->crew.all_ready || r->crew.stopping;
		int status = bus_turn(r->bus, busy ? STARTING : RUNNING);
		if (status < 0 && status != -EINTR)
			return status;
	}
	return 0;
}

static bool drained(void *user)
{
	return run_drained(user);
}

static int open_all(struct run *r, const char *config)
{
	struct error e = {0};
	struct commit_client_spec spec = {.name = "supervisor"};
	if (bus_new(r->s.config.run_dir, &r->bus, &e) < 0 ||
		commit_open(r->bus, &spec, &r->store, &e) < 0) {
		service_log(&r->s, LOG_ERROR_, "%s", e.text);
		return EXIT_PROBLEMS;
	}
	if (crew_init(&r->crew, &r->s, r->bus, config, r->log_level) < 0)
		return EXIT_PROBLEMS;
	r->crew.on_stage = on_stage;
	r->crew.drained = drained;
	r->crew.user = r;
	if (r->until_done && (!crew_finite(&r->crew) || r->s.config.n_sources == 0)) {
		service_log(&r->s, LOG_ERROR_, "%s",
			words(r->s.config.lang,
				"--until-done veut des sources qui finissent : ni webhook, ni « follow », ni « restart »"));
		return EXIT_MISUSE;
	}
	if (service_watch_children(&r->s) < 0 ||
		bus_watch_fd(r->bus, r->s.signal_fd, POLLIN, on_fd, r) < 0)
		return EXIT_PROBLEMS;
	return 0;
}

static void close_all(struct run *r)
{
	account_free(r->account);
	prune_release(&r->prune);
	buf_release(&r->choice.reason);
	buf_release(&r->choice.disputed);
	if (r->reader)
		reader_close(r->reader);
	crew_release(&r->crew);
	if (r->store)
		commit_close(r->store);
	if (r->bus)
		bus_free(r->bus);
	service_end(&r->s);
}

static void tell_owed(struct run *r)
{
	service_log(&r->s, LOG_WARNING_,
		words_n(r->s.config.lang,
			"%zu message n'a pas pu être remis et reste dû (%s) ; un prochain « tocsin run » le remettra",
			"%zu messages n'ont pas pu être remis et restent dus (%s) ; un prochain « tocsin run » les remettra",
			r->owed),
		r->owed, r->owed_why);
}

static int run_all(struct run *r, const char *config)
{
	_close_ int lock = -1;
	int64_t at;
	int code = run_prepare(r, &lock);
	if (code == 0)
		code = open_all(r, config);
	if (code)
		return code;
	r->began = clock_now();
	r->restored = config_restored(&r->s.config, &at);
	r->purge_at = clock_monotonic() + (r->restored ? 0 : 10 * CLOCK_MINUTE);
	if (r->account_wanted)
		r->account = account_new(r->x, &r->s.config);
	int status = loop(r);
	if (r->account)
		account_summary(r->account, run_reader(r));
	if (status < 0) {
		service_log(&r->s, LOG_ERROR_, "%s", strerror(-status));
		return EXIT_PROBLEMS;
	}
	if (r->until_done && !r->finished)
		return EXIT_PROBLEMS;
	if (r->until_done && r->owed) {
		tell_owed(r);
		return EXIT_OWED;
	}
	return r->crew.hopeless && !r->crew.all_ready ? EXIT_PROBLEMS : EXIT_DONE;
}

int command_run(struct context *x, int argc, char **argv)
{
	struct run r = {.x = x};
	const struct option_spec specs[] = {
		{"until-done", "jusqu-au-bout", &r.until_done, NULL},
		{"account", "compte-rendu", &r.account_wanted, NULL},
		{"log", "journal", NULL, &r.log_level},
	};
	int code = options_parse(x, specs, 3, &argc, argv);
	if (code == 0)
		code = options_words(x, "run", argc, 0, 0);
	if (code)
		return code;
	/* Log lines would tear the account that is redrawn in place. */
	if (!r.log_level)
		r.log_level = r.account_wanted && x->terminal && isatty(STDERR_FILENO) ? "warning"
										       : "info";
	const char *config = config_find(x->config_path);
	if ((code = need_config(x)) != 0) /* all that is wrong in it, at once */
		return code;
	char *words_[] = {(char[]){"tocsin"}, (char[]){"--config"}, strdupa(config),
		(char[]){"--log"}, strdupa(r.log_level), NULL};
	code = service_start(&r.s, "tocsin", "", 5, words_);
	if (code)
		return code;
	code = run_all(&r, config);
	close_all(&r);
	return code;
}
