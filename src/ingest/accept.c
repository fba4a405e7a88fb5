/* SPDX-License-Identifier: GPL-3.0-or-later
 * Acceptance: PUTs gather, are checked item by item, are written in one commit, and only then answered.
 * Several small PUTs become one batch. An item that does not decode becomes a quarantine item, so that it is
 * counted and seen; a PUT whose list is broken is refused whole, for nobody knows what it held. */
#include "ingest.h"

#include <errno.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>

#define BUSY_RETRY_MS 200u
#define FULL_RETRY_MS 2000u
#define SOURCES_SHOWN 200u /* metrics by source; the rest count in the journal's ledger only */

struct pending {
	struct put_peer from;
	struct put_message put;
	bool refused;
};
struct source_count {
	char *label;
	uint64_t accepted, refused; /* refused: quarantined */
	int64_t last;
};
struct accept {
	struct ingest *in;
	struct pending *list;
	size_t n, cap;
	struct buf batch; /* the batch being filled */
	uint32_t count;
	struct map *received; /* source → comments, of this group */
	struct map *quarantined; /* the same for items that are no comments */
	struct map *known; /* source → index in sources */
	struct source_count *sources;
	size_t n_sources;
	uint64_t accepted, busy, full, refused;
	bool failing; /* the last commit failed: logged once, and once when it works again */
};

struct accept *accept_new(struct ingest *in)
{
	struct accept *a = xcalloc(1, sizeof(*a));

	a->in = in;
	a->received = map_new();
	a->quarantined = map_new();
	a->known = map_new();
	return a;
}

struct accept *accept_free(struct accept *a)
{
	if (!a)
		return NULL;
	for (size_t i = 0; i < a->n_sources; i++)
		free(a->sources[i].label);
	free(a->sources);
	free(a->list);
	buf_release(&a->batch);
	map_free(a->received);
	map_free(a->quarantined);
	map_free(a->known);
	free(a);
	return NULL;
}

void accept_put(void *user, const struct put_peer *from, const struct put_message *m)
{
	struct accept *a = ((struct ingest *)user)->accept;

	a->list = xgrow(a->list, a->n, &a->cap, sizeof(*a->list));
	a->list[a->n++] = (struct pending){*from, *m, false};
}

static int flush_batch(struct accept *a, int64_t now, struct error *e)
{
	uint64_t id;
	int r = 0;

	if (a->count)
		r = journal_add(a->in->journal, now, buf_slice(&a->batch), a->count, &id, e);
	buf_clear(&a->batch);
	a->count = 0;
	return r;
}

/* What is no comment, as an item for people to see. */
static void add_unreadable(struct accept *a, struct slice source, struct slice raw)
{
	_free_ char *id = xasprintf("put:%lld:%u", (long long)clock_monotonic_us(), a->count);
	struct slice cut = {raw.p, raw.n < COMMENT_RAW_MAX / 4 ? raw.n : COMMENT_RAW_MAX / 4};
	_buf_ struct buf text = {0};
	struct comment c = {.type = COMMENT_QUARANTINE, .source = source, .id = slice_of(id)};

	utf8_repair(&text, cut);
	for (size_t i = 0; i < text.n; i++)
		if (!text.p[i])
			text.p[i] = ' ';
	c.text = buf_slice(&text);
	c.extra = slice_of(comment_refusal_key(COMMENT_MALFORMED));
	batch_add(&a->batch, &c);
}

/* What people tell the town hall of comes from the console alone, which puts it under its own name. */
static bool passes_for_reported(const struct put_message *put, const struct comment *c)
{
	return comment_is_reported(c) && !slice_is(put->source, COMMENT_REPORTED);
}

/* Copies a PUT's items into the batch, run by run; only what does not decode is replaced. */
static void add_items(struct accept *a, const struct put_message *put)
{
	struct slice rest = put->items, source = {0}, item;
	uint64_t *n = NULL;
	struct comment c;
	bool bad;

	while (batch_next(&rest, &item, &bad)) {
		bool good = comment_decode(item, &c) == 0 && c.source.n && c.id.n &&
			!passes_for_reported(put, &c);

		if (!good) {
			c = (struct comment){.type = COMMENT_QUARANTINE, .source = put->source};
			add_unreadable(a, put->source, item);
		} else {
			batch_add_item(&a->batch, item);
		}
		a->count++;
		if (!n || !slice_equal(source, c.source)) {
			source = c.source;
			n = map_at(a->received, source, NULL);
		}
		++*n;
		if (c.type == COMMENT_QUARANTINE) {
			++*map_at(a->quarantined, source, NULL);
			n = NULL;
		}
	}
}

static bool list_is_good(const struct put_message *put)
{
	uint32_t n;

	return batch_count(put->items, &n) == 0 && n == put->count && n <= BATCH_MAX &&
		put->source.n <= COMMENT_ID_MAX && put->source.n;
}

static int write_group(struct accept *a, int64_t now, struct error *e)
{
	struct journal *j = a->in->journal;
	struct slice source;
	uint64_t *n;
	size_t it = 0;
	int r = journal_begin(j, e);

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		struct pending *p = &a->list[i];

		p->refused = !list_is_good(&p->put);
		if (p->refused)
			continue;
		if (a->count + p->put.count > BATCH_MAX ||
			(a->count && a->batch.n + p->put.items.n > BATCH_BYTES_MAX))
			r = flush_batch(a, now, e);
		if (r < 0)
			break;
		add_items(a, &p->put);
		if (p->put.cursor.n)
			r = journal_cursor_set(j, p->put.source, p->put.cursor, e);
	}
	if (r == 0)
		r = flush_batch(a, now, e);
	while (r == 0 && map_each(a->received, &it, &source, &n))
		r = journal_count_received(j, now, source, (uint32_t)*n, e);
	if (r == 0 && a->in->n_release)
		r = ingest_release_now(a->in, e);
	if (r == 0)
		r = journal_commit(j, e);
	if (r < 0)
		journal_rollback(j);
	buf_clear(&a->batch);
	a->count = 0;
	return r;
}

/* A label's value in Prometheus' text form. */
static char *label_of(struct slice source)
{
	_buf_ struct buf b = {0};

	buf_add_string(&b, "source=\"");
	for (size_t i = 0; i < source.n; i++) {
		if (source.p[i] == '"' || source.p[i] == '\\')
			buf_add_char(&b, '\\');
		buf_add_char(&b, source.p[i]);
	}
	buf_add_char(&b, '"');
	return xstrdup(buf_string(&b));
}

static struct source_count *source_count(struct accept *a, struct slice source)
{
	bool fresh;
	uint64_t *at = map_find(a->known, source);

	if (at)
		return &a->sources[*at];
	if (a->n_sources == SOURCES_SHOWN)
		return NULL;
	at = map_at(a->known, source, &fresh);
	*at = a->n_sources;
	a->sources = xreallocarray(a->sources, a->n_sources + 1, sizeof(*a->sources));
	a->sources[a->n_sources] = (struct source_count){.label = label_of(source)};
	return &a->sources[a->n_sources++];
}

static void count_group(struct accept *a, int64_t now)
{
	struct source_count *s;
	struct slice source;
	uint64_t *n;

	for (size_t it = 0; map_each(a->received, &it, &source, &n);) {
		a->accepted += *n;
		s = source_count(a, source);
		if (!s)
			continue;
		s->accepted += *n;
		s->last = now;
	}
	for (size_t it = 0; map_each(a->quarantined, &it, &source, &n);) {
		s = source_count(a, source);
		if (s)
			s->refused += *n;
	}
	for (size_t i = 0; i < a->n; i++) {
		s = source_count(a, a->list[i].put.source);
		if (s && !a->list[i].refused)
			s->last = now;
	}
}

static void answer_all(struct accept *a, enum put_status status, uint32_t retry_ms)
{
	for (size_t i = 0; i < a->n; i++) {
		bool refused = status == PUT_OK && a->list[i].refused;

		a->refused += refused;
		put_answer(a->in->put, &a->list[i].from, refused ? PUT_REFUSED : status,
			refused ? 0 : retry_ms);
	}
	a->n = 0;
	map_clear(a->received);
	map_clear(a->quarantined);
}

static void tell_failure(struct accept *a, int r, const struct error *e)
{
	if (r < 0 && !a->failing)
		service_log(
			&a->in->service, LOG_ERROR_, "journal : %s : rien n'est accepté", e->text);
	if (r == 0 && a->failing)
		service_log(&a->in->service, LOG_INFO_, "journal : l'écriture marche de nouveau");
	a->failing = r < 0;
}

void accept_turn(void *user)
{
	struct ingest *in = user;
	struct accept *a = in->accept;
	int64_t now = clock_now();
	uint64_t waiting, lowest;
	struct error e;
	int r;

	if (journal_waiting(in->journal, &waiting, &lowest, &e) == 0 &&
		waiting >= (uint64_t)in->service.config.backlog_max) {
		a->busy += a->n;
		answer_all(a, PUT_BUSY, BUSY_RETRY_MS);
		return;
	}
	r = write_group(a, now, &e);
	tell_failure(a, r, &e);
	if (r < 0) {
		a->full += a->n;
		answer_all(a, PUT_FULL, FULL_RETRY_MS);
		return;
	}
	in->n_release = 0;
	count_group(a, now);
	answer_all(a, PUT_OK, 0);
	deliver_pump(in->deliver);
}

void accept_metrics(struct accept *a)
{
	struct service *s = &a->in->service;

	service_metric_set(s, "ingest_accepted_total", NULL, (double)a->accepted);
	service_metric_set(s, "ingest_put_busy_total", NULL, (double)a->busy);
	service_metric_set(s, "ingest_put_full_total", NULL, (double)a->full);
	service_metric_set(s, "ingest_put_refused_total", NULL, (double)a->refused);
	for (size_t i = 0; i < a->n_sources; i++) {
		const struct source_count *c = &a->sources[i];

		service_metric_set(s, "source_accepted_total", c->label, (double)c->accepted);
		service_metric_set(s, "source_refused_total", c->label, (double)c->refused);
		service_metric_set(s, "source_last_seconds", c->label, (double)c->last / 1000);
	}
}
