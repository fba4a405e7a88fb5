/* SPDX-License-Identifier: GPL-3.0-or-later
 * `news`: numbered notices of committed facts. Never a comment: a reader that is told something, or sees a
 * gap, reads the database. Lost news therefore cost time, never facts; readers also look once a second. */
#ifndef TOCSIN_BUS_NEWS_H
#define TOCSIN_BUS_NEWS_H
#include <tocsin/bus/bus.h>

enum news_kind {
	NEWS_COMMENTS = 1,
	NEWS_INCIDENT,
	NEWS_OUTBOX,
	NEWS_DECISION,
	NEWS_BUNDLE,
	NEWS_PURGE,
	NEWS_CLOCK,
	NEWS_REVISED /* a verdict says more: the queue has changed */
};
struct news {
	uint64_t number; /* gapless from this binder's start */
	uint64_t epoch; /* changes when store restarts */
	enum news_kind kind;
	int64_t subject; /* highest seq; incident id; purge number; seq of the comment … */
	int64_t clock; /* the town clock, ms */
};
struct news_writer;
int news_bind(struct bus *b, struct news_writer **ret, struct error *e) _must_check_;
struct news_writer *news_unbind(struct news_writer *w);
void news_say(struct news_writer *w, enum news_kind kind, int64_t subject, int64_t clock);

struct news_reader;
/* gap is true when numbers are missing or store restarted since the last call. */
typedef void news_fn(void *user, const struct news *n, bool gap);
int news_open(struct bus *b, news_fn *fn, void *user, struct news_reader **ret, struct error *e)
	_must_check_;
struct news_reader *news_close(struct news_reader *r);
#endif
