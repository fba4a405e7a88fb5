/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin trend volumes: comments as JSON lines in time order; at their end, how much the whole, each source and each post of
 * the last day heard, and from how many messages on it rings. Needs no service and no database. */
#include "trend.h"
#include <math.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/map.h>
#include <tocsin/base/wordhash.h>
#include <tocsin/json/json.h>
#include <tocsin/record/incident.h>
#include <tocsin/trend/trend.h>
#include "comments.h"
#include "table.h"

#define UNDATED CLOCK_MINUTE

struct row {
	struct trend_look look;
	uint32_t rank; /* the whole, then sources, then posts */
};

struct volumes {
	struct context *x;
	struct trend *trend;
	struct map
		*posts; /* their numbers, which stand for seqs: a post is called by its address */
	char **names;
	size_t n_names, cap_names;
	int64_t at, rows_heard;
	struct row *rows;
	size_t n_rows, cap_rows;
};

static int64_t number_of(struct volumes *v, struct slice post)
{
	bool is_new;
	if (post.n == 0)
		return 0;
	uint64_t *n = map_at(v->posts, post, &is_new);
	if (is_new) {
		v->names = xgrow(v->names, v->n_names, &v->cap_names, sizeof(*v->names));
		v->names[v->n_names++] = xstrndup(post.p, post.n);
		*n = v->n_names;
	}
	return (int64_t)*n;
}

static int hear(void *user, const struct comment *c)
{
	struct volumes *v = user;
	const struct verdict none = {0};
	if (c->type != COMMENT_ITEM)
		return 0;
	v->at = c->created_at ? c->created_at : v->at + UNDATED;
	const struct trend_fact f = {.seq = number_of(v, c->thread),
		.row = ++v->rows_heard,
		.at = v->at,
		.source = c->source,
		.author = c->author.n ? wordhash(c->author) : 0,
		.thread = c->thread.n ? wordhash(c->thread) : 0,
		.verdict = &none};
	trend_advance(v->trend, v->at, NULL, NULL);
	trend_add(v->trend, &f);
	return 0;
}

static bool begins(struct slice s, const char *with)
{
	size_t n = strlen(with);
	return s.n > n && memcmp(s.p, with, n) == 0;
}

static void take(void *user, const struct trend_look *l)
{
	struct volumes *v = user;
	v->rows = xgrow(v->rows, v->n_rows, &v->cap_rows, sizeof(*v->rows));
	v->rows[v->n_rows++] = (struct row){*l,
		begins(l->id, INCIDENT_THREAD_TOPIC)           ? 2
			: begins(l->id, INCIDENT_SOURCE_TOPIC) ? 1
							       : 0};
}

static int by_rank(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->look.count[2] != y->look.count[2])
		return x->look.count[2] > y->look.count[2] ? -1 : 1;
	return slice_compare(x->look.id, y->look.id);
}

static const char *kind_of(const struct row *r)
{
	static const char *const kinds[] = {"whole", "source", "thread"};
	return kinds[r->rank];
}

/* The source's id, the post's address. */
static struct slice name_of(const struct volumes *v, const struct row *r)
{
	const size_t skip = strlen(INCIDENT_SOURCE_TOPIC);
	if (r->rank == 2 && r->look.seq > 0)
		return slice_of(v->names[r->look.seq - 1]);
	if (r->rank == 1)
		return (struct slice){r->look.id.p + skip, r->look.id.n - skip};
	return slice_of(_w(v->x, "ensemble"));
}

static void print_json(const struct volumes *v)
{
	static const char *const windows[] = {"30min", "4h", "24h"};
	_buf_ struct buf out = {0};
	for (size_t i = 0; i < v->n_rows; i++) {
		const struct row *r = &v->rows[i];
		struct json_writer w = {.out = &out};
		json_w_begin(&w, '{');
		json_w_text(&w, "kind", slice_of(kind_of(r)));
		json_w_text(&w, "name", r->rank ? name_of(v, r) : SLICE(""));
		json_w_key(&w, "usual_day");
		json_w_double(&w, round(r->look.usual_day * 10) / 10);
		for (int k = 0; k < 3; k++) {
			json_w_key(&w, windows[k]);
			json_w_begin(&w, '{');
			json_w_number(&w, "messages", r->look.count[k]);
			json_w_number(&w, "rings_from", (int64_t)ceil(r->look.threshold[k]));
			json_w_end(&w, '}');
		}
		json_w_end(&w, '}');
		buf_add_char(&out, '\n');
	}
	put_text(buf_slice(&out), stdout);
}

static void print_table(const struct volumes *v)
{
	struct context *x = v->x;
	_buf_ struct buf out = {0};
	_table_ struct table t;
	const char *const names[] = {_w(x, "série"), _w(x, ">par jour"), _w(x, ">30 min"),
		_w(x, ">sonne à"), _w(x, ">4 h"), _w(x, ">sonne à"), _w(x, ">24 h"),
		_w(x, ">sonne à"), NULL};
	table_init(&t, names);
	t.limit[0] = 50;
	for (size_t i = 0; i < v->n_rows; i++) {
		table_add(&t, name_of(v, &v->rows[i]));
		table_printf(&t, "%.0f", v->rows[i].look.usual_day);
		for (int k = 0; k < 3; k++) {
			table_printf(&t, "%u", v->rows[i].look.count[k]);
			table_printf(&t, "%.0f", ceil(v->rows[i].look.threshold[k]));
		}
	}
	table_print(&t, x->terminal, &out);
	put_text(buf_slice(&out), stdout);
}

int command_trend_volumes(struct context *x, int argc, char **argv)
{
	const struct trend_config config = trend_config_default();
	struct volumes v = {.x = x};
	uint64_t refused = 0;
	int r = options_parse(x, NULL, 0, &argc, argv);
	if (r == 0)
		r = options_words(x, "trend volumes", argc, 0, 1);
	if (r)
		return r;
	v.trend = trend_new(&config);
	v.posts = map_new();
	r = comments_each(x, argc ? argv[0] : "-", hear, &v, &refused);
	trend_advance(v.trend, v.at + config.late_ms + CLOCK_MINUTE, NULL, NULL);
	trend_look(v.trend, take, &v);
	if (v.n_rows)
		qsort(v.rows, v.n_rows, sizeof(*v.rows), by_rank);
	if (x->json)
		print_json(&v);
	else
		print_table(&v);
	for (size_t i = 0; i < v.n_names; i++)
		free(v.names[i]);
	free(v.names);
	free(v.rows);
	map_free(v.posts);
	trend_free(v.trend);
	return r ? r : comments_refused(x, refused);
}
