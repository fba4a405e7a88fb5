/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history.h"
#include <tocsin/base/arena.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/map.h>
#include <tocsin/record/account.h>

enum { PAGE = 4096, PROGRESS_MS = 200, KINDS = DECISION_UPHELD + 1 };

struct reading {
	struct context *x;
	history_fn *fn;
	void *user;
	struct arena arena;
	struct map
		*decisions; /* row → enum decision_kind, + KINDS times the number of the category */
	struct map *categories; /* → their number, 1.. */
	struct slice *names;
	size_t n_names, cap_names;
	int64_t from, to, last;
	int64_t shown_at, newest;
	bool terminal, with_text;
	int64_t most; /* comments, the last ones; 0: all */
};

static struct slice row_key(const int64_t *row)
{
	return (struct slice){(const char *)row, sizeof(*row)};
}

/* 0 for none. Each is kept once: there are few. */
static uint64_t category_number(struct reading *h, struct slice category)
{
	bool fresh;
	uint64_t *n;
	if (!category.n)
		return 0;
	n = map_at(h->categories, category, &fresh);
	if (fresh) {
		h->names = arena_grow(
			&h->arena, h->names, h->n_names, &h->cap_names, sizeof(*h->names));
		h->names[h->n_names++] = arena_copy(&h->arena, category);
		*n = h->n_names;
	}
	return *n;
}

static int take_decision(void *user, int64_t row, struct slice decision, struct slice category)
{
	struct reading *h = user;
	static const char *const neither[] = {"lever", DECISION_UNDONE, DECISION_HOLDING,
		DECISION_PROPOSED, DECISION_MISSED, DECISION_PROPOSES "masquer",
		DECISION_PROPOSES "supprimer", DECISION_PROPOSES "repondre",
		DECISION_PROPOSES DECISION_HOLDING, DECISION_REFUSE, DECISION_WITHDRAWN};
	enum decision_kind kind = slice_is(decision, "laisser") ? DECISION_LEFT : DECISION_UPHELD;
	for (size_t i = 0; i < sizeof(neither) / sizeof(*neither); i++)
		if (slice_is(decision, neither[i]))
			kind = DECISION_NONE;
	*map_at(h->decisions, row_key(&row), NULL) =
		(uint64_t)kind + KINDS * category_number(h, category);
	return 0;
}

static int take(void *user, const struct stored_comment *s)
{
	struct reading *h = user;
	struct history_item item = {
		.stored = s, .at = s->comment.created_at ? s->comment.created_at : s->accepted_at};
	const uint64_t *kind;
	h->last = s->seq;
	if (s->gone || item.at < h->from || item.at >= h->to)
		return 0;
	kind = map_find(h->decisions, row_key(&s->row));
	if (kind) {
		item.decision = (enum decision_kind)(*kind % KINDS);
		item.category = *kind / KINDS ? h->names[*kind / KINDS - 1] : item.category;
	}
	return h->fn(h->user, &item);
}

static void show_progress(struct reading *h)
{
	int64_t now = clock_monotonic();
	if (!h->terminal || now - h->shown_at < PROGRESS_MS)
		return;
	h->shown_at = now;
	fprintf(stderr, "\r\033[K%s %lld/%lld", _w(h->x, "relecture"), (long long)h->last,
		(long long)h->newest);
	fflush(stderr);
}

static int read_all(struct reading *h)
{
	struct error e = {0};
	int r = need_reader(h->x);
	if (r)
		return r;
	arena_init(&h->arena, 0);
	h->decisions = map_new();
	h->categories = map_new();
	h->terminal = isatty(2);
	r = reader_last_seq(h->x->reader, &h->newest, &e);
	if (r == 0)
		r = reader_decisions(h->x->reader, take_decision, h, &e);
	h->last = h->most && h->newest > h->most ? h->newest - h->most : 0;
	for (int64_t before = -1; r == 0 && h->last != before;) {
		before = h->last;
		r = reader_comments(h->x->reader, h->last, PAGE, h->with_text, take, h, &e);
		show_progress(h);
	}
	if (h->terminal && h->shown_at)
		fputs("\r\033[K", stderr);
	map_free(h->decisions);
	map_free(h->categories);
	arena_release(&h->arena);
	return r < 0 ? complain(h->x, EXIT_PROBLEMS, "%s", e.text) : r;
}

int history_each(
	struct context *x, int64_t from, int64_t to, bool with_text, history_fn *fn, void *user)
{
	struct reading h = {
		.x = x, .fn = fn, .user = user, .from = from, .to = to, .with_text = with_text};
	return read_all(&h);
}

int history_last(struct context *x, const int64_t span[2], int64_t n, history_fn *fn, void *user)
{
	struct reading h = {.x = x,
		.fn = fn,
		.user = user,
		.from = span[0],
		.to = span[1],
		.with_text = true,
		.most = n};
	return read_all(&h);
}
