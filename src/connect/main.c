/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin-connect --instance SOURCE: one source of the configuration, line by line, into ingest.
 *
 * Reads    kind jsonl: a file, standard input ("-"), or a file that grows (follow: rotation and truncation are
 *          seen by device, inode and the last bytes read). kind command: what a program prints; its standard
 *          error goes to the log. One JSON object a line (record/comment.h). kind csv: tables, row by row
 *          (exports.c). The polled kinds (bluesky, decidim, imap, mastodon, meta, rss, wordpress): a server, asked again
 *          and again, each time by a child of ours (`look`; poller.h says how they talk). A session (session.h) is a file of run_dir.
 *          `commit` (connects; a source that can act): decisions to carry out there, leased (hands.h), each done by a child
 *          of ours (`act`; deed.h).
 * Writes   `put` (connects): batches of at most 512 items, 8 on their way, each kept until it is taken.
 * State    none of its own. A file's cursor {device, inode, offset, line, hash of the last bytes} travels with
 *          each batch and is kept by ingest in the same commit; after a restart reading goes on behind the last
 *          line that was taken. A command is run anew: store recognises what it has. A polled source's cursor (seen.h)
 *          travels with the last batch of a look.
 *
 * Promise  each line becomes a comment or a quarantine item with its place ("path:line") and reason, and is
 *          sent until ingest has it. A line over the limit is refused, not cut. Memory is bounded by the limit.
 * Source   a jsonl object's own `source` counts when it has one; for a command the configured id is forced.
 * Missing  ingest: waits, reads on when the window has room. The file: with follow it is awaited; it cannot be
 *          read: leaves with 75, to be started again behind the last line taken. The command
 *          fails: logged, run again after a pause that doubles up to a minute. The server: asked again after a pause
 *          that doubles up to a quarter of an hour, or later if it says so.
 * End      0 when a finite source is taken whole. TERM: reads no more, waits 2 s for answers, 0. */
#include "connect.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>

#include "deed.h"
#include "poller.h"

#define STOP_MS 2000
#define CURSOR_WAIT_MS 500
enum { EXIT_FAULT = 1, EXIT_MISUSE = 2, EXIT_LATER = 75 };

static const char manual[] =
	"tocsin-connect --config FICHIER --instance SOURCE\n"
	"Lit une source (fichier, entrée standard, commande ou flux) et la remet à tocsin-ingest.\n"
	"… test : la lit une fois et l'écrit sur la sortie standard (flux et tableaux).\n";

void connect_heard(struct connect *c)
{
	c->heard = clock_now();
	c->trouble = false;
	c->next_at = 0;
	c->why_told &= !c->why[0];
	c->why[0] = 0;
}

void connect_trouble(struct connect *c, const char *format, ...)
{
	int64_t now = clock_now();
	va_list ap;

	va_start(ap, format);
	vsnprintf(c->why, sizeof(c->why), format, ap);
	va_end(ap);
	if (c->next_at > now)
		service_log(&c->service, LOG_WARNING_, "%s ; nouvel essai dans %lld s", c->why,
			(long long)(c->next_at - now + 999) / 1000);
	else
		service_log(&c->service, LOG_WARNING_, "%s", c->why);
	if (!c->trouble)
		c->since = now;
	c->trouble = true;
	c->why_told = false;
}

/* Beside the metrics, which are numbers. */
static void tell_why(struct connect *c)
{
	_free_ char *path =
		xasprintf("%s/metrics/%s.why", c->service.config.run_dir, c->source->id);

	if (c->why_told)
		return;
	c->why_told = c->why[0] ? file_write_atomic(path, slice_of(c->why), 0600, NULL) == 0
				: unlink(path) == 0 || errno == ENOENT;
}

ssize_t connect_read(struct connect *c, int fd)
{
	size_t room;
	char *p = lines_room(&c->lines, &room);
	ssize_t n;

	do
		n = read(fd, p, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	lines_added(&c->lines, (size_t)n);
	return n;
}

void connect_flush(struct connect *c, struct cursor *cursor)
{
	_buf_ struct buf text = {0};

	if (cursor) {
		cursor->offset = c->lines.offset;
		cursor->line = c->lines.number;
		cursor_tail(cursor, lines_tail(&c->lines));
		cursor_print(&text, cursor);
	}
	window_send(&c->window, buf_slice(&text));
}

static void count_refusal(struct connect *c, enum comment_refusal why)
{
	if (why == COMMENT_OK)
		return;
	c->refusals[why]++;
	if (c->first_refused[why])
		return;
	c->first_refused[why] = c->lines.number;
	c->first_column[why] = c->items.column;
}

void connect_add(struct connect *c, struct slot *s, enum line kind, struct slice line)
{
	bool added;
	enum comment_refusal why = items_add(
		&c->items, &s->items, kind, line, buf_slice(&c->place), c->lines.number, &added);

	s->count += added;
	c->added += added;
	count_refusal(c, why);
}

int connect_ask_cursor(struct connect *c, struct buf *ret)
{
	int r;

	while ((r = put_cursor(c->window.put, slice_of(c->source->id), CURSOR_WAIT_MS, ret)) ==
		BUS_TIMEOUT) {
		struct pollfd signal = {.fd = c->service.signal_fd, .events = POLLIN};

		if (poll(&signal, 1, 0) > 0)
			return -EINTR;
	}
	return r;
}

bool connect_take(struct connect *c, bool at_end, uint64_t upto, struct cursor *cursor)
{
	while (c->lines.number < upto) {
		struct slot *s = window_slot(&c->window);
		struct slice line;
		enum line kind;

		if (!s)
			return false;
		kind = lines_next(&c->lines, at_end, &line);
		if (kind == LINE_NONE)
			return true;
		connect_add(c, s, kind, line);
		if (slot_full(s))
			connect_flush(c, cursor);
	}
	return true;
}

static void on_space(void *user)
{
	struct connect *c = user;

	if (c->kind->space && !c->ended)
		c->kind->space(c);
	if (c->ended && window_empty(&c->window))
		bus_stop(c->bus);
}

static void on_signal(void *user, int fd, short revents)
{
	struct connect *c = user;
	enum service_signal s;

	(void)fd;
	(void)revents;
	while ((s = service_signal_read(&c->service)) != SERVICE_NONE) {
		if (s == SERVICE_STOP)
			bus_stop(c->bus);
		if (s == SERVICE_CHILD && c->kind->child)
			c->kind->child(c);
	}
}

/* What is wrong with a line, and the cure. */
static const char *refusal_phrase(const struct kind *kind, enum comment_refusal why)
{
	switch (why) {
	case COMMENT_MALFORMED:
		return kind == &kind_csv
			? "pas une ligne du tableau : guillemet mal fermé, ou pas le nombre de colonnes"
			: "pas du JSON : un objet {…} par ligne";
	case COMMENT_TOO_LONG: return "trop longue : voir « ingest: line » dans tocsin.yaml";
	case COMMENT_NOT_OBJECT: return "pas un objet JSON : {\"id\": …, \"text\": …}";
	case COMMENT_MISSING_FIELD: return "il manque « id » ou « text »";
	case COMMENT_WRONG_TYPE:
		return "un champ n'est pas du bon type : les textes entre guillemets";
	case COMMENT_BAD_DATE:
		return kind == &kind_csv ? "date illisible : 28/11/2026 14:05"
					 : "date illisible : 2026-11-28T14:05:00+01:00";
	case COMMENT_BAD_UTF8: return "pas en UTF-8 : convertissez le fichier (iconv -t UTF-8)";
	case COMMENT_BAD_VALUE:
		return "valeur impossible : id vide, trop long ou avec des caractères de contrôle";
	case COMMENT_OK:
	default: return "refusée";
	}
}

static void tell_refusals(struct connect *c)
{
	uint64_t sum = 0;
	char column[16];

	for (int i = 1; i < REFUSALS; i++) {
		sum += c->refusals[i];
		snprintf(column, sizeof(column), c->first_column[i] ? ":%u" : "",
			c->first_column[i]);
		if (c->first_refused[i])
			service_log(&c->service, LOG_WARNING_,
				"%s:%llu%s : ligne mise en quarantaine, %s (%llu en tout)",
				buf_string(&c->place), (unsigned long long)c->first_refused[i],
				column, refusal_phrase(c->kind, (enum comment_refusal)i),
				(unsigned long long)c->refusals[i]);
		c->first_refused[i] = 0;
	}
	c->told_refusals = sum;
}

/* Why nothing goes on, once when it begins and once when it is over. */
static void tell_pause(struct connect *c)
{
	enum put_status now = c->window.last;

	if (now == c->told_pause || (now != PUT_OK && now != PUT_BUSY && now != PUT_FULL))
		return;
	if (now == PUT_OK)
		service_log(&c->service, LOG_INFO_, "ingest accepte de nouveau");
	else
		service_log(&c->service, LOG_WARNING_, "%s : la lecture attend",
			now == PUT_BUSY ? "ingest a trop de commentaires en attente"
					: "ingest ne peut pas écrire (disque plein ?)");
	c->told_pause = now;
}

static void on_second(void *user)
{
	struct connect *c = user;
	struct service *s = &c->service;
	_free_ char *label = xasprintf("source=\"%s\"", c->source->id);

	tell_refusals(c);
	tell_pause(c);
	service_metric_set(s, "source_last_seconds", label, (double)c->heard / 1000);
	service_metric_set(s, "source_error", label, c->trouble);
	service_metric_set(
		s, "source_error_since_seconds", label, c->trouble ? (double)c->since / 1000 : 0);
	service_metric_set(s, "source_next_seconds", label, (double)c->next_at / 1000);
	service_metric_set(s, "connect_lines_total", label, (double)c->added);
	service_metric_set(s, "connect_taken_total", label, (double)c->window.taken);
	service_metric_set(s, "connect_quarantined_total", label, (double)c->told_refusals);
	service_metric_set(s, "connect_put_again_total", label, (double)c->window.again);
	if (c->window.refused)
		service_log(s, LOG_ERROR_,
			"ingest a refusé %llu commentaires (versions différentes ?)",
			(unsigned long long)c->window.refused);
	c->window.refused = 0;
	service_metrics_flush(s);
	tell_why(c);
}

static int open_source(struct connect *c, struct error *e)
{
	const struct config *config = &c->service.config;
	struct slice id = slice_of(c->source->id);
	size_t max = (size_t)config->line_max; /* 8 MiB at most: a batch fits into a message */
	int r;

	lines_init(&c->lines, max);
	items_init(&c->items, id, c->kind != &kind_jsonl, max);
	r = bus_new(config->run_dir, &c->bus, e);
	if (r == 0)
		r = bus_watch_fd(c->bus, c->service.signal_fd, POLLIN, on_signal, c);
	if (r == 0)
		r = window_open(&c->window, c->bus, c->service.name, id, e);
	if (r < 0)
		return r;
	c->window.on_space = on_space;
	c->window.user = c;
	bus_timer(c->bus, 0, CLOCK_SECOND, on_second, c);
	return c->kind->start(c, e);
}

/* Reads no more; what is on its way has two seconds. */
static int drain(struct connect *c)
{
	int64_t until = clock_monotonic() + STOP_MS;
	int r = 0;

	if (c->kind->stop)
		c->kind->stop(c);
	c->ended = true;
	while (r == 0 && !window_empty(&c->window) && clock_monotonic() < until)
		r = bus_turn(c->bus, 50);
	return r;
}

static int run(struct connect *c)
{
	struct error e = {0};
	int r = open_source(c, &e);

	if (r == 0) {
		service_ready(&c->service);
		r = bus_run(c->bus);
	}
	if (r == 0)
		r = drain(c);
	if (r < 0)
		service_log(&c->service, LOG_ERROR_, "%s", e.text[0] ? e.text : strerror(-r));
	else if (c->added)
		service_log(&c->service, LOG_INFO_, "%s : %llu lues, %llu acceptées",
			buf_string(&c->place), (unsigned long long)c->added,
			(unsigned long long)c->window.taken);
	if (c->bus)
		on_second(c);
	if (r == 0)
		return c->failed ? EXIT_LATER : 0;
	return r == -ENOENT ? EXIT_LATER : EXIT_FAULT;
}

static void release(struct connect *c)
{
	if (c->kind->release)
		c->kind->release(c);
	if (c->window.put)
		window_close(&c->window);
	bus_free(c->bus);
	items_release(&c->items);
	lines_release(&c->lines);
	buf_release(&c->place);
}

static const struct kind *kind_of(const char *name)
{
	static const struct kind *const kinds[] = {&kind_jsonl, &kind_csv, &kind_command};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return poller_of(name) ? &kind_poll : NULL;
}

int main(int argc, char **argv)
{
	struct connect c = {0};
	const char *instance, *word = "";
	bool looks, tests, acts;
	int r = service_start(&c.service, "tocsin-connect", manual, argc, argv);

	if (r)
		return r;
	instance = service_instance(&c.service);
	c.source = instance ? config_source(&c.service.config, instance) : NULL;
	if (c.source)
		c.kind = kind_of(c.source->kind);
	if (c.service.argc > 0)
		word = c.service.argv
			       [0]; /* the kind, or what poller.c and `tocsin connect test` want */
	tests = strcmp(word, "test") == 0;
	acts = strcmp(word, "act") == 0;
	looks = tests || acts || strcmp(word, "look") == 0;
	if (!c.source || !c.kind || (looks && c.kind != &kind_poll && !(tests && c.kind->test))) {
		service_log(&c.service, LOG_ERROR_,
			"--instance : une source de la configuration est attendue, qui ne soit pas un "
			"webhook");
		service_end(&c.service);
		return EXIT_MISUSE;
	}
	if (looks) {
		r = acts               ? deed_main(&c.service.config, c.source)
			: c.kind->test ? c.kind->test(c.source)
				       : pass_main(&c.service.config, c.source, tests);
		service_end(&c.service);
		return r;
	}
	r = run(&c);
	release(&c);
	service_end(&c.service);
	return r;
}
