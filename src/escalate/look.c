/* SPDX-License-Identifier: GPL-3.0-or-later
 * From open incidents to outbox rows. The database is read in short calls: an incident's row is read before
 * and after its entries, and taken only when it has not changed in between. */
#include "escalate.h"
#include <errno.h>
#include <tocsin/base/clock.h>
#include "compose.h"
#include "mask.h"

#define VERBATIMS 5u
#define VERBATIM_BYTES 240u
#define P1_BYTES 900u
#define KNOWN_MAX 200000u
#define TRIES 5

/* What is open: all incidents, and the sources that are not heard. */
struct open {
	struct arena *arena;
	int64_t *ids;
	struct slice *deaf;
	size_t n, cap, n_deaf, cap_deaf;
};

static void *grown(struct arena *arena, const void *list, size_t n, size_t *cap, size_t size)
{
	*cap = *cap ? 2 * *cap : 64;
	void *p = arena_alloc(arena, *cap * size);
	if (n)
		memcpy(p, list, n * size);
	return p;
}

static int on_open(void *user, const struct incident *i)
{
	static const char prefix[] = "source:";
	const size_t skip = sizeof(prefix) - 1;
	struct open *o = user;
	if (o->n == o->cap)
		o->ids = grown(o->arena, o->ids, o->n, &o->cap, sizeof(*o->ids));
	o->ids[o->n++] = i->id;
	if (i->kind != INCIDENT_GREY || i->topic.n <= skip || memcmp(i->topic.p, prefix, skip) != 0)
		return 0;
	if (o->n_deaf == o->cap_deaf)
		o->deaf = grown(o->arena, o->deaf, o->n_deaf, &o->cap_deaf, sizeof(*o->deaf));
	o->deaf[o->n_deaf++] =
		arena_copy(o->arena, (struct slice){i->topic.p + skip, i->topic.n - skip});
	return 0;
}

struct copy {
	struct arena *arena;
	struct incident incident;
	struct incident_entry *entries;
	size_t n, cap;
};

static int on_incident(void *user, const struct incident *i)
{
	struct copy *c = user;
	_buf_ struct buf facts = {0};
	c->incident = *i;
	c->incident.topic = arena_copy(c->arena, i->topic);
	c->incident.title = arena_copy(c->arena, i->title);
	c->incident.acked_by = arena_copy(c->arena, i->acked_by);
	incident_facts_encode(&facts, &i->facts);
	return incident_facts_decode(
		arena_copy(c->arena, buf_slice(&facts)), c->arena, &c->incident.facts);
}

static int on_entry(void *user, const struct incident_entry *e)
{
	struct copy *c = user;
	if (e->kind == ENTRY_NOTIFIED || e->kind == ENTRY_FAILED || e->kind == ENTRY_NOTE)
		return 0; /* nothing is due from these, and there may be many */
	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 16;
		struct incident_entry *grown = arena_alloc(c->arena, c->cap * sizeof(*grown));
		if (c->n)
			memcpy(grown, c->entries, c->n * sizeof(*grown));
		c->entries = grown;
	}
	c->entries[c->n] = *e;
	c->entries[c->n].who = arena_copy(c->arena, e->who);
	c->entries[c->n].text = (struct slice){0};
	c->n++;
	return 0;
}

static bool same(const struct incident *a, const struct incident *b)
{
	return a->state == b->state && a->level == b->level && a->raised_at == b->raised_at &&
		a->acked_at == b->acked_at && a->ack_expires_at == b->ack_expires_at &&
		a->closed_at == b->closed_at && a->silenced_until == b->silenced_until;
}

static int read_case(struct escalate *x, int64_t id, struct copy *c, struct error *e)
{
	for (int i = 0; i < TRIES; i++) {
		*c = (struct copy){.arena = &x->arena};
		int r = reader_incident(x->reader, id, on_incident, c, e);
		struct incident before = c->incident;
		if (r == 0)
			r = reader_entries(x->reader, id, on_entry, c, e);
		if (r == 0)
			r = reader_incident(x->reader, id, on_incident, c, e);
		if (r < 0 || same(&before, &c->incident))
			return r;
	}
	return error_set(e, -EAGAIN, "incident %lld en mouvement", (long long)id);
}

struct quotes {
	struct arena *arena;
	struct slice list[VERBATIMS], source;
	size_t n, max;
};

static int on_comment(void *user, const struct stored_comment *s)
{
	struct quotes *q = user;
	_buf_ struct buf text = {0};
	if (s->gone)
		return 0;
	mask_text(&text, s->comment.text, q->max);
	if (!text.n)
		return 0;
	if (!q->n)
		q->source = arena_copy(q->arena, s->comment.source);
	for (size_t i = 0; i < q->n; i++) /* a copied text says it once */
		if (slice_equal(q->list[i], buf_slice(&text)))
			return 0;
	q->list[q->n++] = arena_copy(q->arena, buf_slice(&text));
	return 0;
}

/* A comment that is not there (purged since) is no reason to be silent. */
static void read_quotes(struct escalate *x, const struct incident *i, struct quotes *q)
{
	struct error e;
	*q = (struct quotes){
		.arena = &x->arena, .max = i->kind == INCIDENT_P1 ? P1_BYTES : VERBATIM_BYTES};
	for (uint32_t n = 0; n < i->facts.n_examples && q->n < VERBATIMS; n++)
		if (reader_comment(x->reader, i->facts.examples[n], on_comment, q, &e) < 0)
			continue;
}

static struct slice source_title(const void *user, struct slice id)
{
	const struct config *config = user;
	for (size_t i = 0; i < config->n_sources; i++)
		if (slice_is(id, config->sources[i].id) && config->sources[i].title)
			return slice_of(config->sources[i].title);
	return id;
}

static int fresh_notices(struct escalate *x, struct policy_notice *list, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!map_find(x->known, slice_of(list[i].key)))
			list[kept++] = list[i];
	return (int)kept;
}

struct slice channel_of(const struct policy_target *t, struct arena *arena)
{
	_buf_ struct buf name = {0};
	if (strcmp(t->channel, "webhook") != 0)
		return slice_of(t->channel);
	buf_printf(&name, "webhook/%s", t->address);
	return arena_copy(arena, buf_slice(&name));
}

static struct outbox_row row_of(
	struct escalate *x, const struct compose *c, const struct policy_notice *n)
{
	struct message m;
	_buf_ struct buf payload = {0};
	compose_notice(c, n, &x->arena, &m);
	message_encode(&payload, &m);
	return (struct outbox_row){.key = arena_copy(&x->arena, slice_of(n->key)),
		.channel = channel_of(n->target, &x->arena),
		.target = slice_of(n->target->address),
		.person = slice_of(n->target->person),
		.incident = c->c->incident->id,
		.due_at = n->due_at,
		.level = (uint8_t)c->c->incident->level,
		.urgent = n->chain == CHAIN_P1,
		.payload = arena_copy(&x->arena, buf_slice(&payload))};
}

int ask(struct escalate *x, enum request_verb verb, struct slice body, struct error *e)
{
	buf_clear(&x->reply);
	int r = commit_request(x->store, verb, body, REQUEST_MS, &x->reply, e);
	return r == BUS_TIMEOUT ? error_set(e, -ETIMEDOUT, "store ne répond pas") : r;
}

int add_rows(struct escalate *x, const struct outbox_row *rows, uint32_t n, struct error *e)
{
	buf_clear(&x->request);
	outbox_rows_encode(&x->request, rows, n);
	int r = ask(x, REQUEST_OUTBOX_ADD, buf_slice(&x->request), e);
	if (r < 0)
		return r;
	if (map_count(x->known) > KNOWN_MAX)
		map_clear(x->known); /* asking twice adds nothing */
	for (uint32_t i = 0; i < n; i++)
		*map_at(x->known, rows[i].key, NULL) = 1;
	return 0;
}

static int on_told(void *user, const struct outbox_view *v)
{
	bool *told = user;
	(void)v;
	*told = true;
	return 1;
}

static int look_at(struct escalate *x, int64_t id, const struct open *open, const char *bundle,
	struct error *e)
{
	struct copy copy;
	bool told = false;
	struct policy_notice *due;
	int r = read_case(x, id, &copy, e);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	const struct policy_case c = {&copy.incident, copy.entries, copy.n, x->config->clock_event};
	size_t n = policy_due(&x->policy, &c, x->clock, &x->arena, &due);
	n = (size_t)fresh_notices(x, due, n);
	if (!n)
		return 0;
	r = reader_outbox(x->reader, id, false, on_told, &told, e);
	if (r < 0)
		return r;
	struct quotes q;
	read_quotes(x, &copy.incident, &q);
	const struct compose compose = {.policy = &x->policy,
		.c = &c,
		.lang = x->config->lang,
		.town = slice_of(x->config->town),
		.bundle = bundle,
		.verbatims = q.list,
		.n_verbatims = q.n,
		.verbatim_source = q.source,
		.deaf = open->deaf,
		.n_deaf = open->n_deaf,
		.first = !told,
		.source_title = source_title,
		.user = x->config,
		.now = x->clock,
		.wall = clock_now()};
	struct outbox_row *rows = arena_alloc(&x->arena, n * sizeof(*rows));
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(x, &compose, &due[i]);
	r = add_rows(x, rows, (uint32_t)n, e);
	if (r == 0)
		service_log(&x->service, LOG_INFO_, "incident %lld : %zu message(s) à remettre",
			(long long)id, n);
	return r;
}

static int open_reader(struct escalate *x, struct error *e)
{
	return x->reader ? 0 : reader_open(x->config->state_dir, &x->reader, e);
}

int look(struct escalate *x, struct error *e)
{
	char bundle[65] = "";
	int64_t clock;
	arena_clear(&x->arena);
	int r = open_reader(x, e);
	if (r == 0)
		r = reader_clock(x->reader, x->config->clock_event, &clock, e);
	if (r == 0)
		r = reader_bundle(x->reader, bundle, e);
	struct open open = {.arena = &x->arena};
	if (r == 0)
		r = reader_incidents(x->reader, false, on_open, &open, e);
	if (r == 0)
		x->clock = clock;
	/* one that cannot be read, or does not hold still, keeps no other waiting */
	for (size_t i = 0; (r == 0 || r == -EAGAIN || r == -EPROTO) && i < open.n; i++) {
		struct error other;
		int one = look_at(x, open.ids[i], &open, bundle, &other);
		if (one < 0) {
			r = one;
			*e = other;
		}
	}
	if (r == 0)
		service_metric_set(&x->service, "escalate_clock_seconds", NULL,
			(double)x->clock / CLOCK_SECOND);
	return r;
}
