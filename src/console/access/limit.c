/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limit.h"
#include <errno.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/db/dossier.h>

enum {
	READERS = 8
}; /* of as many sets of sources; the one that was not used longest makes place */

struct limits {
	struct limited {
		struct reader *reader;
		char sources[ACCOUNT_SOURCES_MAX + 1];
		uint64_t used; /* visit number */
	} list[READERS];
	uint64_t visits;
};

bool limit_is(const struct visit *v)
{
	return v->sources[0];
}

bool limit_has(const struct visit *v, struct slice source)
{
	return account_sees(slice_of(v->sources), source);
}

static struct limited *find(struct limits *l, const char *sources)
{
	struct limited *oldest = &l->list[0];
	for (size_t i = 0; i < READERS; i++) {
		if (l->list[i].reader && strcmp(l->list[i].sources, sources) == 0)
			return &l->list[i];
		if (l->list[i].used < oldest->used)
			oldest = &l->list[i];
	}
	reader_close(oldest->reader);
	*oldest = (struct limited){0};
	snprintf(oldest->sources, sizeof(oldest->sources), "%s", sources);
	return oldest;
}

int limit_begin(struct visit *v, const char *sources, struct reader **before)
{
	struct console *c = v->c;
	struct error e = {""};
	*before = c->reader;
	snprintf(v->sources, sizeof(v->sources), "%s", sources);
	if (!*sources)
		return 0;
	if (!c->limits)
		c->limits = xcalloc(1, sizeof(*c->limits));
	struct limited *l = find(c->limits, sources);
	l->used = ++c->limits->visits;
	int r = l->reader
		? 0
		: reader_open_limited(c->s->config.state_dir, slice_of(sources), &l->reader, &e);
	if (r == 0)
		c->reader = l->reader;
	return r;
}

void limit_end(struct console *c, struct reader *before)
{
	c->reader = before;
}

bool limit_holds(const struct visit *v)
{
	const struct limits *l = v->c->limits;
	for (size_t i = 0; limit_is(v) && l && i < READERS; i++)
		if (l->list[i].reader && l->list[i].reader == v->c->reader)
			return strcmp(l->list[i].sources, v->sources) == 0;
	return !limit_is(v);
}

static int is_there(void *user, const struct stored_comment *c)
{
	(void)user, (void)c;
	return 0;
}

bool limit_sees(struct visit *v, int64_t seq)
{
	struct error e = {""};
	return !limit_is(v) ||
		(visit_reader(v) == 0 &&
			reader_comment(v->c->reader, seq, is_there, NULL, &e) == 0);
}

static int has_dossier(void *user, const struct dossier *d)
{
	(void)user, (void)d;
	return 0;
}

bool limit_sees_dossier(struct visit *v, int64_t id)
{
	struct error e = {""};
	return !limit_is(v) ||
		(visit_reader(v) == 0 &&
			reader_dossier(v->c->reader, id, has_dossier, NULL, &e) == 0);
}

void limits_free(struct console *c)
{
	for (size_t i = 0; c->limits && i < READERS; i++)
		reader_close(c->limits->list[i].reader);
	free(c->limits);
	c->limits = NULL;
}
