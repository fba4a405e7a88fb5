/* SPDX-License-Identifier: GPL-3.0-or-later
 * What rang: every entry of a main courante that says so, with the facts of that moment. */
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include "private.h"

struct rung {
	struct town *t;
	struct alarm *list;
	size_t n, cap;
};

static int on_entry(void *user, const struct incident_entry *entry)
{
	struct rung *g = user;
	g->list = xgrow(g->list, g->n, &g->cap, sizeof(*g->list));
	g->list[g->n++] =
		(struct alarm){.incident = entry->incident, .at = entry->at, .level = entry->level};
	g->t->entry = entry->id;
	return 0;
}

struct filling {
	struct town *t;
	struct alarm *a;
	int64_t *examples;
	uint32_t n;
};

static int on_example(void *user, const struct stored_comment *c)
{
	struct filling *f = user;
	f->a->ids[f->a->n_ids++] = arena_copy(&f->t->kept, c->comment.id);
	return 1;
}

static int add_example(struct filling *f, int64_t seq)
{
	int r = reader_comment(f->t->aside, seq, on_example, f, f->t->e);
	return r == -ENOENT || r > 0 ? 0 : r;
}

static int on_incident(void *user, const struct incident *i)
{
	struct filling *f = user;
	struct alarm *a = f->a;
	a->kind = i->kind;
	a->topic = arena_copy(&f->t->kept, i->topic);
	a->title = arena_copy(&f->t->kept, i->title);
	a->authors = i->facts.authors;
	a->messages = i->facts.messages;
	f->n = i->facts.n_examples;
	f->examples = arena_alloc(&f->t->scratch, (f->n + 1) * sizeof(*f->examples));
	if (f->n)
		memcpy(f->examples, i->facts.examples, f->n * sizeof(*f->examples));
	return 0;
}

static int fill(struct town *t, struct alarm *a)
{
	struct filling f = {.t = t, .a = a};
	int r = reader_incident(t->aside, a->incident, on_incident, &f, t->e);
	a->ids = arena_alloc(&t->kept, (f.n + 1) * sizeof(*a->ids));
	for (uint32_t i = 0; r == 0 && i < f.n; i++)
		r = add_example(&f, f.examples[i]);
	return r;
}

int take_alarms(struct town *t)
{
	struct rung g = {.t = t};
	int r = reader_entries_since(t->aside, t->entry,
		1u << ENTRY_OPENED | 1u << ENTRY_RAISED | 1u << ENTRY_REOPENED, on_entry, &g, t->e);
	for (size_t i = 0; r == 0 && i < g.n; i++) {
		r = fill(t, &g.list[i]);
		t->alarms = xgrow(t->alarms, t->n, &t->cap, sizeof(*t->alarms));
		t->alarms[t->n++] = g.list[i];
	}
	free(g.list);
	return r;
}
