/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-webhook: takes comments that others push over HTTP, and the codes with which people take charge of an incident
 * from a telephone. The only process that outside senders reach.
 *
 *   POST /v1/comments/SOURCE    one comment, an array of them (application/json), or JSON lines
 *                               (application/x-ndjson); at most 4 MiB and 10,000 comments
 *   GET  /v1/comments/SOURCE    (kind meta) hub.challenge, for whoever knows the word in verify_file; POST then takes what Meta
 *                               sends (signed in X-Hub-Signature-256 with the application's secret), and answers 200
 *   GET  /a                     (webhook.public) a page without content that asks for a code; changes nothing
 *   POST /a                     takes charge with the code of a message (form field `code`)
 *   POST /sms                   (sms.reply_secret_file) an SMS that somebody sent back, brought by the gateway: a form with
 *                               `from` and `text`, or text/plain with X-Kannel-From (Kannel's post-url). The gateway says
 *                               HTTP Basic, user tocsin, password the secret; or signs a form as a source signs. The
 *                               answer, in text/plain, is for the one who wrote; empty: none
 *   GET  /health                200 while the process works
 *
 * A code goes to store, which knows what it is worth; the answers are those of record/code.h. Wrong codes are bounded by
 * sender here (guess.h; behind a proxy of this machine the sender is the last of X-Forwarded-For, and nobody when that
 * names none) and, those of the page, for everybody in store. A page is answered 200 in charge, 400 no code, 404 unknown,
 * 410 of no use any more, 413 beyond 8 KiB, 429 too many, 503 later. An SMS is answered 200, with words only for a number of
 * the policy; a form 503 when it should come again (Kannel does not hand a 503 on).
 *
 * Signature: X-Tocsin-Signature: sha256=HEX (or X-Hub-Signature-256), HMAC-SHA256 with the bytes of the source's
 * secret_file (blanks around them cut) over "TIMESTAMP.BODY", where TIMESTAMP is what X-Tocsin-Timestamp says (unix
 * seconds, at most 5 minutes from our clock). The timestamp is required unless the source says `timestamp: optional`
 * (for senders such as GitHub that sign the body alone): without it whoever overhears a request may send it again
 * whenever he likes. That does little harm (the store is idempotent), but an old version could come back.
 * A sender that tries again may send the same bytes or sign anew with the same ids; both are safe.
 *
 * Answers (JSON):
 *   202 {"accepted":n,"quarantined":m,"problems":[{"item","line","reason","text"}…]}  everything is in ingest's
 *       journal, on disk. What is no comment is in quarantine, counted, and doesn't hold up its neighbours.
 *   400 not JSON as a whole (text, line, byte); nothing was taken      401 signature or timestamp; no detail
 *   404 unknown source    405    408 too slow    411, 413 no length, too long    415 not JSON in UTF-8
 *   409 the very same request was taken before: no need to send it again
 *   429 this source has too much on its way    503 busy, disk full or ingest absent (429 and 503: Retry-After)
 *   The guard in front (http/http.h) answers what is no clean HTTP.
 *
 * Reads: tocsin.yaml (webhook, sms, sources of kind webhook, and meta with verify_file), the secret files; no database. Speaks: HTTP; `put` to
 * ingest; `commit` to store (REQUEST_CODE alone).
 * State: none on disk. In memory the signatures of the last minutes; a restart forgets them, and what is sent again
 * then changes nothing in the store. No TLS: a reverse proxy in front has the certificate.
 * Without ingest: requests wait 8 s for it, then get 503; nothing is answered 202 that is not journalled.
 * Without store: a code gets 503 (by Kannel: 200 and the words), and store is left alone for 10 s.
 * SIGTERM: no more connections, what is begun is finished (10 s at most). SIGHUP: reads the secret files again. */
#include "webhook.h"
#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>

enum { EXIT_MISUSE = 2, EXIT_LATER = 75, SECRET_MAX = 4096, STOP_MS = 10000 };

static const char manual[] =
	"tocsin-webhook [--config FICHIER] [--log NIVEAU]\n"
	"Reçoit les commentaires que d'autres envoient par HTTP, signés avec le secret de la source :\n"
	"  POST /v1/comments/SOURCE   un objet ou une liste (application/json), ou des lignes JSON\n"
	"                             (application/x-ndjson) ; 4 Mio et 10 000 commentaires au plus\n"
	"  GET  /a, POST /a           page où prendre en charge avec le code d'un message (webhook: {public: …})\n"
	"  POST /sms                  réponses apportées par la passerelle SMS\n"
	"  GET  /health               200 tant que le service travaille\n"
	"Répond 202 quand tout est dans le journal, sur disque. Pour envoyer un commentaire :\n"
	"  C='{\"id\":\"1\",\"text\":\"Bonjour\"}' T=$(date +%s)\n"
	"  S=$(printf %s \"$T.$C\" | openssl dgst -sha256 -hmac \"$(cat secret.key)\" -r | cut -d' ' -f1)\n"
	"  curl -H \"X-Tocsin-Timestamp: $T\" -H \"X-Tocsin-Signature: sha256=$S\" \\\n"
	"    -H 'Content-Type: application/json' -d \"$C\" http://127.0.0.1:8787/v1/comments/SOURCE\n"
	"Lancé par « tocsin run » quand la configuration a une adresse « webhook: {listen: …} ».\n";

/* xgettext looks for this name. */
static const char *_w(const struct webhook *w, const char *french) __attribute__((format_arg(2)));
static const char *_w(const struct webhook *w, const char *french)
{
	return words(w->s->config.lang, french);
}

/* --- secrets */

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int read_secret(struct webhook *w, const char *path, struct buf *ret)
{
	_buf_ struct buf text = {0};
	struct error e;
	struct stat st;
	int r = file_read(path, SECRET_MAX, &text, &e);
	if (r < 0) {
		service_log(w->s, LOG_ERROR_, "%s", e.text);
		return r;
	}
	struct slice s = buf_slice(&text);
	while (s.n && blank(*s.p))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	if (s.n < SIGN_SECRET_MIN) {
		service_log(w->s, LOG_ERROR_, _w(w, "%s : secret trop court (%u octets au moins)"),
			path, SIGN_SECRET_MIN);
		r = -EINVAL;
	} else {
		if (stat(path, &st) == 0 && (st.st_mode & 007))
			service_log(w->s, LOG_WARNING_,
				_w(w, "%s : lisible par d'autres ; chmod 640"), path);
		if (ret->n)
			digest_wipe(ret->p, ret->n);
		buf_clear(ret);
		buf_add_slice(ret, s);
	}
	digest_wipe(text.p, text.n);
	return r;
}

static int list_sources(struct webhook *w)
{
	const struct config *c = &w->s->config;
	int r = 0;
	w->sources = xcalloc(c->n_sources ? c->n_sources : 1, sizeof(*w->sources));
	for (size_t i = 0; i < c->n_sources; i++) {
		if (!config_source_is_pushed(&c->sources[i]))
			continue;
		struct source *source = &w->sources[w->n_sources++];
		source->config = &c->sources[i];
		source->lot.source = slice_of(c->sources[i].id);
		if (read_secret(w, source->config->secret_file, &source->secret) < 0)
			r = -EINVAL; /* every file that is wrong gets its line */
		if (source->config->verify_file &&
			read_secret(w, source->config->verify_file, &source->verify) < 0)
			r = -EINVAL;
	}
	if (c->sms.reply_secret_file &&
		read_secret(w, c->sms.reply_secret_file, &w->sms_secret) < 0)
		r = -EINVAL;
	return r;
}

/* A file that cannot be read leaves the old secret in force. */
static void reload(struct webhook *w)
{
	const char *sms = w->s->config.sms.reply_secret_file;
	size_t good = 0, all = w->n_sources + (sms != NULL);
	for (size_t i = 0; i < w->n_sources; i++) {
		struct source *source = &w->sources[i];
		const char *verify = source->config->verify_file;
		good += read_secret(w, source->config->secret_file, &source->secret) == 0;
		if (!verify)
			continue;
		good += read_secret(w, verify, &source->verify) == 0;
		all++;
	}
	if (sms)
		good += read_secret(w, sms, &w->sms_secret) == 0;
	service_log(w->s, LOG_INFO_, _w(w, "secrets relus : %zu sur %zu"), good, all);
}

/* --- the loop */

static void on_http(void *user, int fd, short events)
{
	struct webhook *w = user;
	(void)fd, (void)events;
	http_turn(w->http);
	basket_flush(w->basket);
}

static void on_signal(void *user, int fd, short events)
{
	struct webhook *w = user;
	(void)fd, (void)events;
	for (enum service_signal s; (s = service_signal_read(w->s)) != SERVICE_NONE;) {
		if (s == SERVICE_RELOAD)
			reload(w);
		if (s != SERVICE_STOP || w->stop_at)
			continue;
		w->stop_at = clock_monotonic() + STOP_MS;
		http_drain(w->http);
	}
}

static void tell_metrics(struct webhook *w)
{
	struct http_counts c = http_counted(w->http);
	char label[128];
	for (size_t i = 0; i < sizeof(w->statuses) / sizeof(*w->statuses); i++) {
		if (!w->statuses[i])
			continue;
		snprintf(label, sizeof(label), "status=\"%zu\"", i);
		service_metric_set(w->s, "webhook_answers_total", label, (double)w->statuses[i]);
	}
	for (size_t i = 0; i < w->n_sources; i++) {
		const struct source *source = &w->sources[i];
		snprintf(label, sizeof(label), "source=\"%s\"", source->config->id);
		service_metric_set(w->s, "webhook_accepted_total", label, (double)source->accepted);
		service_metric_set(
			w->s, "webhook_quarantined_total", label, (double)source->quarantined);
		if (source->last_at)
			service_metric_set(
				w->s, "source_last_seconds", label, (double)source->last_at / 1000);
	}
	service_metric_set(w->s, "webhook_codes_taken_total", NULL, (double)w->codes_taken);
	service_metric_set(w->s, "webhook_wrong_codes_total", NULL, (double)w->wrong_codes);
	service_metric_set(w->s, "webhook_port", NULL, http_port(w->http));
	service_metric_set(w->s, "webhook_connections", NULL, http_connections(w->http));
	service_metric_set(w->s, "webhook_connections_total", NULL, (double)c.connections);
	service_metric_set(w->s, "webhook_guard_refused_total", NULL, (double)c.refused);
	service_metric_set(w->s, "webhook_guard_timeouts_total", NULL, (double)c.timeouts);
	service_metric_set(w->s, "webhook_guard_evicted_total", NULL, (double)c.evicted);
	service_metric_set(w->s, "webhook_guard_turned_away_total", NULL, (double)c.turned_away);
	service_metric_set(w->s, "webhook_waiting_bytes", NULL, (double)basket_bytes(w->basket));
	service_metrics_flush(w->s);
}

static void on_second(void *user)
{
	struct webhook *w = user;
	const int64_t now = clock_monotonic();
	tell_metrics(w);
	if (w->told_at && now - w->told_at < CLOCK_MINUTE)
		return;
	if (w->bad_signatures != w->bad_told)
		service_log(w->s, LOG_WARNING_, _w(w, "signatures refusées : %llu"),
			(unsigned long long)(w->bad_signatures - w->bad_told));
	if (w->wrong_codes != w->wrong_told)
		service_log(w->s, LOG_WARNING_, _w(w, "codes de prise en charge inconnus : %llu"),
			(unsigned long long)(w->wrong_codes - w->wrong_told));
	if (w->bad_signatures != w->bad_told || w->wrong_codes != w->wrong_told)
		w->told_at = now;
	w->bad_told = w->bad_signatures;
	w->wrong_told = w->wrong_codes;
}

static int run(struct webhook *w)
{
	int r = 0;
	while (r >= 0) {
		r = bus_turn(w->bus, w->stop_at ? 50 : 1000);
		basket_flush(w->basket);
		if (w->stop_at && (!http_connections(w->http) || clock_monotonic() > w->stop_at))
			break;
	}
	return r;
}

/* What waits for ingest is told that it was not taken, and the last answers go out. */
static void finish(struct webhook *w)
{
	w->basket = basket_close(w->basket);
	for (int i = 0; w->http && http_connections(w->http) && i < 20; i++) {
		struct pollfd p = {.fd = http_fd(w->http), .events = POLLIN};
		poll(&p, 1, 50);
		http_turn(w->http);
	}
}

static int open_all(struct webhook *w, struct error *e)
{
	static const char *const methods[] = {"GET", "HEAD", "POST", NULL};
	const struct config *c = &w->s->config;
	size_t body_max = WEBHOOK_BODY_MAX;
	if ((size_t)c->line_max + 4096 > body_max)
		body_max = (size_t)c->line_max + 4096;
	const struct http_options o = {.listen = c->listen,
		.methods = methods,
		.limits = {.body_bytes = body_max},
		.admit = door_admit,
		.handle = door_handle,
		.user = w};
	const struct commit_client_spec commit = {.name = w->s->name, .user = w};
	int r = bus_new(c->run_dir, &w->bus, e);
	if (r == 0 && (c->public || c->sms.reply_secret_file))
		r = commit_open(w->bus, &commit, &w->store, e);
	if (r == 0)
		r = basket_open(w->bus, door_done, w, &w->basket, e);
	if (r == 0)
		r = http_open(&o, &w->http, e);
	if (r == 0)
		r = bus_watch_fd(w->bus, http_fd(w->http), POLLIN, on_http, w);
	if (r == 0)
		r = bus_watch_fd(w->bus, w->s->signal_fd, POLLIN, on_signal, w);
	if (r == 0)
		bus_timer(w->bus, 0, CLOCK_SECOND, on_second, w);
	return r;
}

static void forget(struct buf *secret)
{
	if (secret->n)
		digest_wipe(secret->p, secret->n);
	buf_release(secret);
}

static void release(struct webhook *w)
{
	http_close(w->http);
	basket_close(w->basket);
	commit_close(w->store);
	bus_free(w->bus);
	for (size_t i = 0; i < w->n_sources; i++) {
		forget(&w->sources[i].secret);
		forget(&w->sources[i].verify);
	}
	forget(&w->sms_secret);
	free(w->sources);
	body_release(&w->body);
	buf_release(&w->scratch);
	replay_release(&w->replay);
	map_free(w->on_their_way);
}

static int serve(struct webhook *w)
{
	struct error e = {""};
	if (!w->s->config.listen) {
		service_log(w->s, LOG_ERROR_, "%s",
			_w(w, "pas d'adresse d'écoute : webhook: {listen: 127.0.0.1:8787}"));
		return EXIT_MISUSE;
	}
	if (list_sources(w) < 0)
		return EXIT_MISUSE;
	int r = open_all(w, &e);
	if (r < 0) {
		service_log(w->s, LOG_ERROR_, "%s", e.text[0] ? e.text : strerror(-r));
		return EXIT_LATER;
	}
	service_log(w->s, LOG_INFO_, _w(w, "écoute sur %s, port %u"), w->s->config.listen,
		http_port(w->http));
	service_ready(w->s);
	r = run(w);
	finish(w);
	return r < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct service s;
	int r = service_start(&s, "tocsin-webhook", manual, argc, argv);
	if (r)
		return r;
	struct webhook w = {.s = &s, .on_their_way = map_new()};
	body_init(&w.body, (size_t)s.config.line_max);
	replay_init(&w.replay);
	r = serve(&w);
	release(&w);
	service_end(&s);
	return r;
}
