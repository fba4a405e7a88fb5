/* SPDX-License-Identifier: GPL-3.0-or-later
 * From open incidents to outbox rows. An incident is calm when store has all that is due of it: it is read again when
 * more may be due, or something has changed that decides on it. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "bulletin.h"
#include "case.h"
#include "desk.h"

#define KNOWN_MAX 200000u

/* What is open: all incidents, and the sources that are not heard. */
struct open {
	struct arena *arena;
	int64_t *ids;
	struct calm *rows; /* of each */
	struct slice *deaf;
	size_t n, cap, cap_rows, n_deaf, cap_deaf;
};

static int on_open(void *user, const struct incident *i)
{
	static const char prefix[] = "source:";
	const size_t skip = sizeof(prefix) - 1;
	struct open *o = user;
	o->ids = arena_grow(o->arena, o->ids, o->n, &o->cap, sizeof(*o->ids));
	o->rows = xgrow(o->rows, o->n, &o->cap_rows, sizeof(*o->rows));
	o->rows[o->n] = (struct calm){.row = *i};
	struct incident *row = &o->rows[o->n].row;
	row->topic = row->title = row->acked_by = (struct slice){0};
	row->facts = (struct incident_facts){0};
	o->ids[o->n++] = i->id;
	if (i->kind != INCIDENT_GREY || i->topic.n <= skip || memcmp(i->topic.p, prefix, skip) != 0)
		return 0;
	o->deaf = arena_grow(o->arena, o->deaf, o->n_deaf, &o->cap_deaf, sizeof(*o->deaf));
	o->deaf[o->n_deaf++] =
		arena_copy(o->arena, (struct slice){i->topic.p + skip, i->topic.n - skip});
	return 0;
}

static int by_incident(const void *id, const void *calm)
{
	int64_t a = *(const int64_t *)id, b = ((const struct calm *)calm)->row.id;
	return (a > b) - (a < b);
}

static struct calm *calm_of(const struct escalate *x, int64_t id)
{
	return x->n_calm ? bsearch(&id, x->calm, x->n_calm, sizeof(*x->calm), by_incident) : NULL;
}

static int on_entry(void *user, const struct incident_entry *e)
{
	struct escalate *x = user;
	struct calm *c = case_needs(e->kind) ? calm_of(x, e->incident) : NULL;
	if (c)
		c->until = 0;
	late_hear(x, e);
	x->entry = e->id;
	return 0;
}

void look_anew(struct escalate *x)
{
	free(x->calm);
	x->calm = NULL;
	x->n_calm = 0;
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
		.urgent = incident_urgent(c->c->incident),
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
	*told = v->state != OUTBOX_DROPPED;
	return *told;
}

/* What is due and store does not have yet. ret_known: it has all of it by now. */
static int tell(struct escalate *x, const struct policy_case *c, struct policy_notice *due,
	size_t all, bool *ret_known, struct error *e)
{
	bool told = false;
	struct compose compose;
	size_t fresh = (size_t)fresh_notices(x, due, all), n;
	int r = explain(x, c, due, fresh, e);
	*ret_known = fresh == 0;
	if (r <= 0)
		return r;
	n = (size_t)r;
	r = reader_outbox(x->reader, c->incident->id, false, on_told, &told, e);
	if (r < 0)
		return r;
	case_compose(x, c, &compose);
	compose.first = !told;
	struct outbox_row *rows = arena_alloc(&x->arena, n * sizeof(*rows));
	for (size_t i = 0; i < n; i++)
		rows[i] = row_of(x, &compose, &due[i]);
	r = add_rows(x, rows, (uint32_t)n, e);
	*ret_known = r == 0 && n == fresh;
	if (r == 0)
		service_log(&x->service, LOG_INFO_, "incident %lld : %zu message(s) à remettre",
			(long long)c->incident->id, n);
	return r;
}

static int look_at(struct escalate *x, struct calm *calm, struct error *e)
{
	struct town_case copy;
	struct policy_notice *due;
	bool known;
	const struct calm *before = calm_of(x, calm->row.id);
	if (before && x->clock < before->until && case_same(&before->row, &calm->row)) {
		calm->until = before->until;
		return 0;
	}
	int r = case_read(x, calm->row.id, &copy, e);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	const struct policy_case c = case_policy(x, &copy);
	size_t n = policy_due(&x->policy, &c, x->clock, &x->arena, &due);
	r = tell(x, &c, due, n, &known, e);
	if (r == 0 && known)
		calm->until = policy_next(&x->policy, &c, x->clock);
	return r;
}

static int open_reader(struct escalate *x, struct error *e)
{
	if (x->reader)
		return 0;
	desk_forget(x);
	look_anew(x);
	x->absences_known = false;
	x->bulletin_at = 0;
	prescriptions_anew(x);
	return reader_open(x->config->state_dir, &x->reader, e);
}

/* One that cannot be read, or does not hold still, keeps no other waiting. */
static int look_at_each(struct escalate *x, struct calm *rows, size_t n, struct error *e)
{
	int r = 0;
	for (size_t i = 0; (r == 0 || r == -EAGAIN || r == -EPROTO) && i < n; i++) {
		struct error other;
		int one = look_at(x, &rows[i], &other);
		if (one < 0) {
			r = one;
			*e = other;
		}
	}
	return r;
}

/* Those that people entered: who is away now is told no more, without a restart. */
static int read_absences(struct escalate *x, struct error *e)
{
	struct absence_mark mark = {0};
	struct absence *list;
	size_t n;
	int r = reader_absence_mark(x->reader, &mark, e);
	if (r < 0 ||
		(x->absences_known && mark.last == x->absences.last && mark.n == x->absences.n))
		return r;
	r = reader_absences(x->reader, &x->arena, &list, &n, e);
	if (r < 0)
		return r;
	policy_away(&x->policy, list, n);
	x->absences = mark;
	x->absences_known = true;
	look_anew(x);
	return 0;
}

/* What has happened since the last look. The main courante before the rows: an entry that comes in between changes what
 * is read, and is met again. */
static int read_news(struct escalate *x, struct open *open, struct error *e)
{
	int64_t clock = 0;
	int r = reader_clock(x->reader, x->config->clock_event, &clock, e);
	if (r == 0)
		r = reader_bundle(x->reader, x->bundle, e);
	if (r < 0)
		return r;
	r = read_absences(x, e);
	if (r < 0)
		return r;
	if (clock < x->clock) /* put back */
		look_anew(x);
	x->clock = clock;
	r = reader_entries_since(x->reader, x->entry, UINT32_MAX, on_entry, x, e);
	return r == 0 ? reader_incidents(x->reader, false, on_open, open, e) : r;
}

int look(struct escalate *x, struct error *e)
{
	struct open open = {.arena = &x->arena};
	arena_clear(&x->arena);
	x->seen = false;
	x->deaf = NULL;
	x->n_deaf = 0;
	int r = open_reader(x, e);
	if (r == 0)
		r = read_news(x, &open, e);
	if (r < 0) {
		free(open.rows);
		return r;
	}
	x->deaf = open.deaf;
	x->n_deaf = open.n_deaf;
	x->explaining = NULL;
	x->open = open.ids;
	x->n_open = open.n;
	x->seen = true;
	r = look_at_each(x, open.rows, open.n, e);
	look_anew(x);
	x->calm = open.rows;
	x->n_calm = open.n;
	if (r == 0)
		r = late(x, e);
	if (r == 0)
		r = overdue(x, e);
	if (r == 0)
		r = bulletin(x, e);
	if (r == 0)
		r = prescriptions(x, e);
	if (r == 0)
		r = undone(x, e);
	if (r == 0)
		r = promised(x, e);
	if (r == 0)
		r = relay(x, e);
	if (r == 0)
		service_metric_set(&x->service, "escalate_clock_seconds", NULL,
			(double)x->clock / CLOCK_SECOND);
	return r;
}
