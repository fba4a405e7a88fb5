/* SPDX-License-Identifier: GPL-3.0-or-later
 * Verdicts: gathered while the socket has some, one transaction, then said. */
#include "store.h"

#include <errno.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#define KEPT_BYTES (64u << 20)
#define RETRY_MS 1000
#define RANGE_MAX 65536u

void results_add(void *user, const struct commit_peer *from, const struct result *r)
{
	struct process *p = user;
	struct results *s = &p->results;
	struct kept_result *k;

	if (!r->count || r->count > RANGE_MAX || r->first > RANGE_MAX || r->batch > INT64_MAX) {
		service_log(&p->service, LOG_WARNING_, "résultat impossible (%u éléments), ignoré",
			r->count);
		return;
	}
	s->list = xgrow(s->list, s->n, &s->cap, sizeof(*s->list));
	k = &s->list[s->n++];
	*k = (struct kept_result){.from = *from,
		.r = {.batch = r->batch,
			.first = r->first,
			.count = r->count,
			.accepted_at = r->accepted_at,
			.items = r->items,
			.verdicts = r->verdicts}};
	memcpy(k->bundle, r->bundle, BUS_BUNDLE);
}

static int apply(
	struct process *p, struct kept_result *list, size_t n, bool careful, struct error *e)
{
	int r = store_begin(p->store, e);

	for (size_t i = 0; r == 0 && i < n; i++) {
		list[i].r.bundle = list[i].bundle;
		r = store_result(p->store, &list[i].r, careful, e);
	}
	if (r == 0)
		r = store_commit(p->store, e);
	if (r)
		store_rollback(p->store);
	return r;
}

static int commit(struct process *p, struct kept_result *list, size_t n)
{
	struct error e = {""};
	int r = apply(p, list, n, false, &e);

	if (r == STORE_ROW) {
		service_log(&p->service, LOG_WARNING_,
			"une ligne ne peut être rangée (%s), reprise une à une", e.text);
		r = apply(p, list, n, true, &e);
	}
	if (r < 0) {
		process_fault(p, "résultats", &e);
		return r;
	}
	p->commits++;
	p->busy_at = clock_monotonic();
	for (size_t i = 0; i < n; i++) {
		const struct store_result *s = &list[i].r;

		commit_say(p->server, &list[i].from,
			&(struct committed){s->batch, s->first, s->count});
	}
	store_say_news(p);
	return 0;
}

/* A copy, for the message goes when the turn ends. What does not fit will be delivered again. */
static void keep(struct results *s, const struct kept_result *k)
{
	size_t bytes = k->r.items.n + k->r.verdicts.n;
	struct kept_result *copy;

	if (s->bytes_kept + bytes > KEPT_BYTES)
		return;
	s->kept = xgrow(s->kept, s->n_kept, &s->cap_kept, sizeof(*s->kept));
	copy = &s->kept[s->n_kept++];
	*copy = *k;
	copy->copy = xmalloc(bytes + 1);
	if (k->r.items.n)
		memcpy(copy->copy, k->r.items.p, k->r.items.n);
	if (k->r.verdicts.n)
		memcpy(copy->copy + k->r.items.n, k->r.verdicts.p, k->r.verdicts.n);
	copy->r.items.p = copy->copy;
	copy->r.verdicts.p = copy->copy + k->r.items.n;
	s->bytes_kept += bytes;
}

void results_commit(void *user)
{
	struct process *p = user;
	struct results *s = &p->results;

	/* while the disk fails nothing overtakes what waits */
	if (s->n && (s->n_kept || commit(p, s->list, s->n) < 0)) {
		if (!s->n_kept)
			s->retry_at = clock_monotonic() + RETRY_MS;
		for (size_t i = 0; i < s->n; i++)
			keep(s, &s->list[i]);
	}
	s->n = 0;
}

static void drop_kept(struct results *s)
{
	for (size_t i = 0; i < s->n_kept; i++)
		free(s->kept[i].copy);
	s->n_kept = s->bytes_kept = 0;
}

void results_retry(struct process *p)
{
	struct results *s = &p->results;

	if (!s->n_kept || clock_monotonic() < s->retry_at)
		return;
	if (commit(p, s->kept, s->n_kept) < 0) {
		s->retry_at = clock_monotonic() + RETRY_MS;
		return;
	}
	service_log(&p->service, LOG_INFO_, "la base écrit de nouveau, %zu résultats rattrapés",
		s->n_kept);
	drop_kept(s);
}

void results_release(struct results *r)
{
	drop_kept(r);
	free(r->kept);
	free(r->list);
	*r = (struct results){0};
}
