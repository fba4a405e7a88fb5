/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-escalate: who must be told of what, when; and the handing over, by mail, SMS and webhook.
 *
 * Reads    the database (read-only): incidents with their main courante, five comments an incident by
 *          seq, the active bundle's hash, the outbox. tocsin.yaml: people, hooks, levels, policy, mail.
 *          `news`: that an incident, the outbox or the town clock has changed. Lost news cost a second.
 * Writes   `commit`: OVERDUE, REMIND, OUTBOX_ADD (rows under a key, so that none comes twice), OUTBOX_TAKE, OUTBOX_RESULT,
 *          and a NOTE when nobody can be reached. Store writes the main courante's entries.
 *          Mails to the server of `mail`, or without one as files into mail.folder, a disk of this machine; POSTs to
 *          hooks; GETs or POSTs to the SMS gateway.
 * State    none of its own: the outbox is the truth. The keys and the place in the main courante that it remembers only
 *          spare a question.
 *
 * A look   (on news and every second) asks policy_due() for each open incident, composes what is due and
 *          adds it. Retried whole until store has answered. Once all of it is in the outbox, the incident is not looked
 *          at again before policy_next(), unless its row or its main courante has changed. In a flood, with many incidents open and news with each
 *          commit, looking takes a tenth of the time at most; a second is never missed.
 * Overdue  flagged P1 and P2 that nobody looks at within `first_look` are incidents of their own (OVERDUE): overdue.c.
 * Reminders of prescriptions that end within thirty and within seven days, each once (REMIND): prescriptions.c.
 * Undone   what was decided and could not be done at a source, after every attempt: told to who decided and to the fallback,
 *          as a dead letter is: undone.c.
 * Promised  a point of the situation that was announced and did not come: who is in charge is reminded, once: promised.c.
 * Relay    who is asked to take over an alarm is told, once: relay.c.
 * Sending  a message is composed anew when its row is leased: who has taken charge, what has risen or fallen since.
 *          The key stays, and with it Message-ID and Idempotency-Key. What is needless by then (closed, silenced,
 *          overtaken by a newer alarm or reminder; a later step or a reminder, when somebody is in charge) is
 *          dropped, and the main courante says why.
 * Codes    a row of mail or SMS comes from its lease with a code, with which its receiver can take charge (store makes it,
 *          lib/db/code.c); it is in the message and nowhere else. The same one at every attempt while it holds.
 * Drills   walk the same steps; every form of their messages says so. They go last, and never take
 *          the last place, so that a real alarm waits for none. What was missed of one is not told late.
 * Explained a rise of the whole or of a category is not told beside an open topic that policy_explains() it to whoever hears of it; a row that is
 *          born dropped and a note say so, and the notice is given as soon as nothing explains it.
 * Together policy_dispatch() decides before each leasing which rows go now, which wait and which go as one message: what
 *          is due to one person at one step, what his limit holds back, and what quiet hours kept until their end. It is asked anew from the outbox each time,
 *          so that nothing of it is kept here. Each row of a message is leased, composed anew and settled, all in one
 *          transaction of store; when it fails each is tried again. When it may have arrived they stay together, under one
 *          name, until it surely has: what was leased together has one lease, and one moment of its next attempt.
 * Too late every close and every taking of charge in the main courante is looked at once more: whoever should have been
 *          told before and was not gets one summary of all of them, two minutes later at the soonest and every ten
 *          minutes at most. Seven days back, so that also a week's absence of this process loses nothing.
 * An attempt, but for a file without a picture, is a child process (this program with --deliver): job on standard input,
 *          outcome on standard output, 30 s to live, no database and no configuration inside. The child has the curve of a
 *          mail drawn by tocsin-chart, which has two seconds; without it, or when it fails, the mail goes without. Eight mails, two SMS and two posts a hook
 *          at once; each hook is leased by itself, so a stuck receiver holds up only its own messages. While an old stock
 *          is read in under an event clock (bulk.h), one at a time and a tenth of the time.
 * Outcomes sent: done. failed (surely not delivered): again after 5 s, doubling to 5 min. unknown (all was
 *          sent and no answer came, or the child died after the message had begun): again, under the same
 *          Message-ID or Idempotency-Key, marked « doublon possible ». refused for good, or failing for
 *          `give_up`: a dead letter. The fallback is told before a row becomes one, and when a row has been
 *          failing for `fallback_after`; if the fallback's own message fails, the next one.
 * Death    of a child: see unknown. Of this process: leases run out after 35 s and the rows come back,
 *          marked, for nobody can know. Rows not begun are not touched.
 * Missing  store: nothing is added or leased, deliveries under way go on; their results are kept until it is
 *          back. database: waits. receiver: retried as above.
 * Signals  TERM: two seconds for what is under way, then killed and reported. HUP: reads tocsin.yaml again;
 *          if anything is wrong with it, the old one stays.
 * Privacy  mails quote up to five comments, masked, without their authors; nothing of it is logged. After a purge
 *          (news, and at every start) the folder loses the mails whose message store has wiped. */
#include "desk.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <tocsin/base/clock.h>
#include <tocsin/net/net.h>

#define TICK_MS 1000
#define LOOK_EVERY_MS 50 /* at most so often, however much news there is */
#define LOOK_SHARE 9 /* a look that took long is followed by so many times as long without one … */
#define LOOK_PAUSE_MS 900 /* … but no longer */

static const char manual[] =
	"tocsin-escalate --config FICHIER\n"
	"Prévient les personnes du plan d'alerte, par courriel, SMS et webhook, jusqu'à prise en charge.\n";

/* The policy of a configuration; problems are printed as they are everywhere else. */
static int read_policy(struct escalate *x, const struct config *c, struct policy *ret)
{
	struct problems problems = {0};
	int r = policy_load(&c->file, c->folder, ret, &problems);
	for (size_t i = 0; i < problems.n; i++) {
		const struct problem *p = &problems.list[i];
		service_log(&x->service, LOG_ERROR_, "%s:%u:%u: %s%s%s", p->path, p->line,
			p->column, p->text, p->hint ? " · " : "", p->hint ? p->hint : "");
	}
	problems_release(&problems);
	if (r == 0 && ret->empty)
		service_log(&x->service, LOG_WARNING_,
			"aucun plan d'alerte (people, levels) : personne ne sera prévenu");
	return r;
}

/* `run` says what is wrong with them. */
static void read_replies(struct escalate *x)
{
	struct problems problems = {0};
	struct replies fresh;
	if (replies_load(&x->config->file, &fresh, &problems) == 0) {
		replies_release(&x->replies);
		x->replies = fresh;
	}
	problems_release(&problems);
}

/* Said when we start, not when the first alarm waits. */
static void check_address(
	struct escalate *x, const char *whose, const char *url, const char *const *internal)
{
	struct error e = {""};
	if (url && net_check_url(url, internal, &e) != 0)
		service_log(&x->service, LOG_ERROR_, "%s : %s", whose, e.text);
}

static void check_addresses(struct escalate *x)
{
	const struct config *c = x->config;
	for (size_t i = 0; i < x->policy.n_hooks; i++)
		check_address(x, x->policy.hooks[i].id, x->policy.hooks[i].url,
			x->policy.hooks[i].internal);
	check_address(x, "sms", c->sms.url, (const char *const *)c->sms.internal);
}

static void reload(struct escalate *x)
{
	struct config fresh = {0};
	struct policy policy;
	struct problems problems = {0};
	int r = config_load(x->config->file.path, &fresh, &problems);
	for (size_t i = 0; r < 0 && i < problems.n; i++)
		service_log(&x->service, LOG_ERROR_, "%s:%u:%u: %s", problems.list[i].path,
			problems.list[i].line, problems.list[i].column, problems.list[i].text);
	problems_release(&problems);
	if (r < 0 || read_policy(x, &fresh, &policy) < 0) {
		service_log(&x->service, LOG_ERROR_, "configuration refusée : l'ancienne reste");
		config_release(&fresh);
		return;
	}
	policy_release(&x->policy);
	x->policy = policy;
	x->bulletin_at = 0;
	prescriptions_anew(x);
	x->absences_known = false;
	/* the service keeps the one it started with; ours replaces what an earlier reload read */
	config_release(&x->reloaded);
	x->reloaded = fresh;
	x->config = &x->reloaded;
	read_replies(x);
	look_anew(x);
	x->look_wanted = true;
	service_log(&x->service, LOG_INFO_, "configuration relue");
	check_addresses(x);
}

static void on_signal(void *user, int fd, short revents)
{
	struct escalate *x = user;
	(void)fd;
	(void)revents;
	switch (service_signal_read(&x->service)) {
	case SERVICE_STOP: x->stopping = true; break;
	case SERVICE_RELOAD: reload(x); break;
	case SERVICE_NONE:
	case SERVICE_CHILD:
	default: break;
	}
}

static void on_news(void *user, const struct news *n, bool gap)
{
	struct escalate *x = user;
	bool clock = x->config->clock_event && (n->kind == NEWS_CLOCK || n->kind == NEWS_COMMENTS);
	if (x->config->clock_event && n->kind == NEWS_COMMENTS)
		bulk_hear(&x->bulk, n->subject);
	if (gap || n->kind == NEWS_PURGE)
		x->sweep_wanted = true;
	if (gap || clock || n->kind == NEWS_PURGE || n->kind == NEWS_INCIDENT ||
		n->kind == NEWS_OUTBOX)
		x->look_wanted = true;
}

static void on_tick(void *user)
{
	struct escalate *x = user;
	bulk_second(&x->bulk);
	x->look_wanted = true;
	service_metrics_flush(&x->service);
}

/* Unless the last look, of many incidents, took long a moment ago. */
static int look_in_turn(struct escalate *x, struct error *e)
{
	int64_t began = clock_monotonic();
	if (began < x->look_at)
		return 0;
	int r = look(x, e);
	int64_t now = clock_monotonic(), pause = LOOK_SHARE * (now - began);
	if (r == 0) /* else it is still to be done */
		x->look_at = now + (pause < LOOK_PAUSE_MS ? pause : LOOK_PAUSE_MS);
	return r;
}

/* One round: results first, for they free slots and spare duplicates; then what is due; then what may go. What is in
 * the outbox goes out also when an incident cannot be read. */
static int round_of_work(struct escalate *x, struct error *e)
{
	struct error later;
	int r = pump_settle(x, e);
	if (r < 0)
		return r;
	r = look_in_turn(x, e);
	if (r == -ETIMEDOUT || !x->reader)
		return r;
	int p = pump(x, &later);
	if (p == 0 && x->sweep_wanted) {
		p = sweep(x, &later);
		/* a file that a child is still writing may be of a message that is wiped by now */
		x->sweep_wanted = p < 0 || (!x->config->mail.url && pump_running(x));
	}
	if (r == 0 && p < 0) {
		*e = later;
		r = p;
	}
	return r;
}

/* Trouble is said once, and once that it is over. */
static void work(struct escalate *x)
{
	struct error e;
	int r = round_of_work(x, &e);
	if (r < 0 && !x->said_trouble)
		service_log(&x->service, r == -ENOENT ? LOG_INFO_ : LOG_WARNING_, "en attente : %s",
			e.text);
	if (r == 0 && x->said_trouble)
		service_log(&x->service, LOG_INFO_, "reprise");
	x->said_trouble = r < 0;
	if (r == -EPROTO && x->reader)
		x->reader = reader_close(x->reader);
}

static int open_wires(struct escalate *x, struct error *e)
{
	const struct commit_client_spec commit = {.name = x->service.name, .user = x};
	int r = bus_new(x->config->run_dir, &x->bus, e);
	if (r == 0)
		r = commit_open(x->bus, &commit, &x->store, e);
	if (r == 0)
		r = news_open(x->bus, on_news, x, &x->news, e);
	if (r == 0)
		r = bus_watch_fd(x->bus, x->service.signal_fd, POLLIN, on_signal, x);
	return r;
}

static int run(struct escalate *x, struct error *e)
{
	int64_t looked = 0;
	int r = open_wires(x, e);
	if (r < 0)
		return r;
	bus_timer(x->bus, 0, TICK_MS, on_tick, x);
	service_ready(&x->service);
	service_log(&x->service, LOG_INFO_, "prêt : %zu personnes, %zu crochets",
		x->policy.n_people, x->policy.n_hooks);
	check_addresses(x);
	while (!x->stopping) {
		int64_t since = clock_monotonic() - looked;
		int64_t wait = !x->look_wanted  ? TICK_MS
			: since < LOOK_EVERY_MS ? LOOK_EVERY_MS - since
						: 0;
		r = bus_turn(x->bus, wait);
		if (r < 0)
			return error_set(e, r, "boucle : %s", strerror(-r));
		if (!x->look_wanted || clock_monotonic() - looked < LOOK_EVERY_MS)
			continue;
		x->look_wanted = false;
		looked = clock_monotonic();
		work(x);
	}
	pump_stop(x);
	return 0;
}

int main(int argc, char **argv)
{
	struct escalate x = {0};
	struct error e = {0};
	if (argc == 2 && strcmp(argv[1], "--deliver") == 0)
		return job_main();
	int r = service_start(&x.service, "tocsin-escalate", manual, argc, argv);
	if (r)
		return r;
	x.config = &x.service.config;
	x.known = map_new();
	x.sweep_wanted = true;
	arena_init(&x.arena, 0);
	r = read_policy(&x, x.config, &x.policy);
	read_replies(&x);
	if (r == 0) {
		r = run(&x, &e);
		if (r < 0)
			service_log(&x.service, LOG_ERROR_, "%s", e.text);
	}
	news_close(x.news);
	commit_close(x.store);
	bus_free(x.bus);
	reader_close(x.reader);
	policy_release(&x.policy);
	replies_release(&x.replies);
	config_release(&x.reloaded);
	map_free(x.known);
	arena_release(&x.arena);
	buf_release(&x.request);
	buf_release(&x.reply);
	buf_release(&x.work);
	desk_forget(&x);
	look_anew(&x);
	prescriptions_anew(&x);
	free(x.late.list);
	service_log(&x.service, LOG_INFO_, "arrêté");
	service_end(&x.service);
	return r < 0 ? 1 : 0;
}
