/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-console: the pages in which people work: what waits for a human eye (À modérer), and where an alarm stands (Point
 * de situation). Server-rendered; everything works with the keyboard and without scripts.
 *
 * route.c is the table of every address and of who may use it (`tocsin-console --routes` prints it).
 *   /healthz    200 while the process works        /readyz    200 when the database can be read, else 503
 *   /metrics    the numbers of every process (Prometheus text), for this machine's own: health.c
 *   /api/v1     what programs ask, with tokens (`tocsin token`): api.h; `tocsin-console --api` prints its table
 *
 * Access: accounts are store's (REQUEST_ACCOUNT, `tocsin user`), passwords Argon2id. The first account is made with a link
 * that `tocsin run` prints once. A session is a cookie, HttpOnly, SameSite=Strict: named __Host-tocsin and Secure when
 * console.public is https, else plainly tocsin, for a browser would not keep the other on http. It ends after 4 h without a
 * visit, after 12 h, when its account changes, and when this process ends. Every form bears a token that only the holder of
 * the cookie was given (session.h). Wrong passwords: 5 a minute and 30 an hour for each account and for each sender (behind
 * a proxy of this machine the last of X-Forwarded-For); at most 9 passwords are looked at or wait at a time, one by one,
 * beside the loop (hash.h). Or a proxy asks for passwords itself and names who comes, over a Unix socket (proxy.c).
 *
 * Pages load nothing from elsewhere and run no script but ours (Content-Security-Policy in door.c). Text of citizens is
 * escaped, kept to its own direction of writing, and shows what is invisible in it (html/html.h).
 *
 * Conformity (conformity/): what is kept until when, purges with their proof, the calendar of prescriptions, the account of what
 * people did, exports, access and erasure by handle: for the DPO, and without content for the administration; the calendar for the jurist too. What goes over
 * the whole database goes in steps, between what others ask (conformity/stint.h). Drafts (drafts/): papers that the law asks of the
 * town, filled with what this installation does. /accessibilite is everybody's, and says what console.accessibility says; /ecoute
 * too, when console.register_public says so.
 *
 * News: pages that are open hear what changed (/evenements, Server-Sent Events) through one subscription and one look at the
 * database for all of them: live.h. A page that lost its line says so, and loses nothing that was typed.
 *
 * Reads: tocsin.yaml (console, people, services, replies), the database, read-only; titles of the active bundle. Hears: `news`. Speaks: HTTP on an address of this machine (a proxy with a
 * certificate stands in front for others); `commit` to store (accounts, claims, decisions, charge): every change is store's,
 * with who asked for it; `put` to ingest: what people tell the town hall of (reported.h). Writes: drafts of rules (state/brouillons), the folders in which they are tried (run).
 * Runs: `tocsin rules`, for the pages of the rules, with limits of time and memory (rules/work.h).
 * State: sessions and counts of wrong passwords, in memory.
 * Without the database: pages answer 503. Without store: pages can be read; a change waits 3 s, beside the loop, says that
 * nothing was changed, and store is left alone for 5 s.
 * Its address taken by another program: says so once, and waits for it.
 * SIGTERM: no more connections, what is begun is finished (5 s at most). SIGHUP: reads the names of people, the services and the models of replies again. */
#include "console.h"
#include "api/api.h"
#include "api/limit.h"
#include "topic.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <tocsin/base/clock.h>
#include "conformity/soon.h"
#include "team/figures.h"
#include "conformity/stint.h"
#include "drafts/since.h"
#include "access/limit.h"
#include "live/live.h"
#include "replay/replay.h"
#include "queue/reported.h"
#include "rules/rules.h"

enum { EXIT_MISUSE = 2, EXIT_LATER = 75, STOP_MS = 5000 };

static const char manual[] =
	"tocsin-console [--config FICHIER] [--log NIVEAU]\n"
	"Les pages de la modération, de la direction de la communication et du cabinet.\n"
	"Lancé par « tocsin run » quand la configuration a une section « console: » ; les comptes :\n"
	"« tocsin user ». « tocsin-console --routes » montre chaque adresse et qui peut s'en servir.\n";

/* xgettext looks for this name. */
static const char *_w(const struct console *c, const char *french) __attribute__((format_arg(2)));
static const char *_w(const struct console *c, const char *french)
{
	return words(c->s->config.lang, french);
}

static void load_people(struct console *c)
{
	struct problems p = {0};
	struct config fresh;
	struct policy policy;
	struct replies replies;
	/* `run` says what is wrong with it */
	if (config_load(c->s->config.file.path, &fresh, &p) == 0) {
		if (policy_load(&fresh.file, fresh.folder, &policy, &p) == 0) {
			policy_release(&c->policy);
			c->policy = policy;
			c->absences_known = false;
		}
		if (replies_load(&fresh.file, &replies, &p) == 0) {
			replies_release(&c->replies);
			c->replies = replies;
		}
		config_release(&fresh);
	}
	problems_release(&p);
}

static void on_http(void *user, int fd, short events)
{
	struct console *c = user;
	(void)fd, (void)events;
	http_turn(c->http);
	if (c->trusted)
		http_turn(c->trusted);
}

static void on_hash(void *user, int fd, short events)
{
	struct console *c = user;
	(void)fd, (void)events;
	hash_turn(c->hasher);
	http_turn(c->http); /* passwords come that way only */
}

static void on_signal(void *user, int fd, short events)
{
	struct console *c = user;
	(void)fd, (void)events;
	for (enum service_signal s; (s = service_signal_read(c->s)) != SERVICE_NONE;) {
		if (s == SERVICE_RELOAD)
			load_people(c);
		if (s != SERVICE_STOP || c->stop_at)
			continue;
		c->stop_at = clock_monotonic() + STOP_MS;
		live_stop(c->live);
		works_stop(c->rules->works);
		replays_stop(c->replays);
		http_drain(c->http);
		if (c->trusted)
			http_drain(c->trusted);
	}
}

static unsigned waiting(const struct console *c, unsigned (*count)(const struct http *h))
{
	return count(c->http) + (c->trusted ? count(c->trusted) : 0);
}

static void on_second(void *user)
{
	struct console *c = user;
	figures_tick(c);
	struct http_counts n = http_counted(c->http);
	char label[32];
	for (size_t i = 0; i < sizeof(c->statuses) / sizeof(*c->statuses); i++)
		if (c->statuses[i]) {
			snprintf(label, sizeof(label), "status=\"%zu\"", i);
			service_metric_set(
				c->s, "console_answers_total", label, (double)c->statuses[i]);
		}
	service_metric_set(c->s, "console_port", NULL, http_port(c->http));
	service_metric_set(c->s, "console_connections", NULL, waiting(c, http_connections));
	service_metric_set(c->s, "console_viewers", NULL, (double)live_viewers(c->live));
	service_metric_set(c->s, "console_guard_refused_total", NULL, (double)n.refused);
	service_metric_set(c->s, "console_sign_ins_total", NULL, (double)c->signed_in);
	service_metric_set(c->s, "console_wrong_passwords_total", NULL, (double)c->refused);
	service_metrics_flush(c->s);
}

static int listen_at(struct console *c, const char *address, struct http **ret, struct error *e)
{
	static const char *const methods[] = {"GET", "HEAD", "POST", NULL};
	const struct config *config = &c->s->config;
	const struct http_options o = {.listen = address,
		.peers = config->console.proxy.users,
		.n_peers = config->console.proxy.n_users,
		.methods = methods,
		.limits = {.body_bytes = CONSOLE_LARGE_MAX,
			.bodies_bytes = 64 * CONSOLE_BODY_MAX + 4 * CONSOLE_LARGE_MAX},
		.admit = door_admit,
		.handle = door_handle,
		.user = c};
	int r = http_open(&o, ret, e);
	return r < 0 ? r : bus_watch_fd(c->bus, http_fd(*ret), POLLIN, on_http, c);
}

static int open_all(struct console *c, struct error *e)
{
	const struct config *config = &c->s->config;
	const struct commit_client_spec commit = {.name = c->s->name, .user = c};
	char random[SESSION_TOKEN];
	session_token(random);
	int r = digest_password(slice_of(random), c->nobody);
	if (r == 0)
		r = bus_new(config->run_dir, &c->bus, e);
	if (r == 0)
		r = commit_open(c->bus, &commit, &c->store, e);
	if (r == 0)
		r = reporting_open(c, &c->reporting, e);
	if (r == 0)
		r = hash_open(&c->hasher, e);
	if (r == 0)
		c->rules = desk_new(c->bus, config->run_dir);
	if (r == 0)
		c->replays = replays_new(c->bus);
	if (r == 0)
		r = live_open(c, &c->live, e);
	if (r == 0)
		r = listen_at(c, config->console.listen, &c->http, e);
	if (r == 0 && config->console.proxy.socket)
		r = listen_at(c, config->console.proxy.socket, &c->trusted, e);
	if (r == 0)
		r = bus_watch_fd(c->bus, hash_fd(c->hasher), POLLIN, on_hash, c);
	if (r == 0)
		r = bus_watch_fd(c->bus, c->s->signal_fd, POLLIN, on_signal, c);
	if (r == 0)
		bus_timer(c->bus, 0, CLOCK_SECOND, on_second, c);
	return r;
}

static void release(struct console *c)
{
	c->hasher = hash_close(c->hasher);
	live_stop(c->live);
	c->rules = desk_free(c->rules);
	c->reporting = reporting_close(c->reporting);
	c->replays = replays_free(c->replays);
	http_close(c->http);
	http_close(c->trusted);
	buf_release(&c->refusal);
	since_end(c);
	stints_end(c);
	soon_end(c);
	figures_end(c);
	c->live = live_close(c->live);
	commit_close(c->store);
	commit_close(c->purger);
	reader_close(c->reader);
	limits_free(c);
	bus_free(c->bus);
	policy_release(&c->policy);
	replies_release(&c->replies);
	ruleset_free(c->names);
	c->json = json_reader_free(c->json);
	api_limits_release(c->api);
	sessions_release(&c->sessions);
}

static int run(struct console *c)
{
	int r = 0;
	while (r >= 0) {
		r = bus_turn(c->bus, c->stop_at ? 50 : 1000);
		/* a password that is being hashed is answered first, whatever the time */
		if (c->stop_at && !waiting(c, http_pending) &&
			(!waiting(c, http_connections) || clock_monotonic() > c->stop_at))
			break;
	}
	return r;
}

/* While somebody else has the address: said once. False: told to stop meanwhile. */
static bool wait_for_address(struct console *c)
{
	const char *address = c->s->config.console.listen;
	bool told = false;
	while (http_try(address, NULL) == -EADDRINUSE) {
		struct pollfd p = {.fd = c->s->signal_fd, .events = POLLIN};
		if (!told) {
			service_log(c->s, LOG_ERROR_,
				_w(c, "%s est déjà pris (une autre console ?) : arrêtez-la, ou donnez une autre adresse, par exemple « console: {écoute: 127.0.0.1:8799} » ; la console attend"),
				address);
			service_waits(c->s);
			told = true;
		}
		if (poll(&p, 1, CLOCK_SECOND) <= 0)
			continue;
		for (enum service_signal s; (s = service_signal_read(c->s)) != SERVICE_NONE;)
			if (s == SERVICE_STOP)
				return false;
			else if (s == SERVICE_RELOAD)
				load_people(c);
	}
	return true;
}

static int serve(struct console *c)
{
	struct error e = {""};
	if (!c->s->config.console.listen) {
		service_log(c->s, LOG_ERROR_, "%s",
			_w(c, "pas de console : la configuration n'a pas de section « console: »"));
		return EXIT_MISUSE;
	}
	if (!wait_for_address(c))
		return 0;
	int r = open_all(c, &e);
	if (r < 0) {
		service_log(c->s, LOG_ERROR_, "%s", e.text[0] ? e.text : strerror(-r));
		return EXIT_LATER;
	}
	service_log(c->s, LOG_INFO_, _w(c, "écoute sur %s, port %u"), c->s->config.console.listen,
		http_port(c->http));
	service_ready(c->s);
	return run(c) < 0 ? 1 : 0;
}

static int print_table(void (*print)(struct buf *out))
{
	_buf_ struct buf out = {0};
	print(&out);
	return fputs(buf_string(&out), stdout) < 0;
}

int main(int argc, char **argv)
{
	struct service s;
	if (argc == 2 && strcmp(argv[1], "--routes") == 0)
		return print_table(route_print);
	if (argc == 2 && strcmp(argv[1], "--api") == 0)
		return print_table(api_print);
	int r = service_start(&s, "tocsin-console", manual, argc, argv);
	if (r)
		return r;
	static struct console c; /* large */
	static struct api_limits limits;
	c = (struct console){.s = &s, .policy = {.empty = true}};
	c.api = &limits;
	c.json = json_reader_new(CONSOLE_BODY_MAX);
	sessions_init(&c.sessions);
	c.accounts.times = 4;
	load_people(&c);
	r = serve(&c);
	release(&c);
	service_end(&s);
	return r;
}
