/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands around a comment: what it answers, its thread, what its author wrote of late. Nothing is written down for that:
 * rows around it are looked through, never more than are asked for, so that an old neighbour may not be found. These
 * verbs may also be asked in a callback of the same reader: they leave the row that is handed out alone. */
#ifndef TOCSIN_DB_NEARBY_H
#define TOCSIN_DB_NEARBY_H
#include <tocsin/db/reader.h>

struct nearby {
	int64_t seq;
	int64_t at; /* when it was written, else received */
	struct comment comment; /* without fields when it is gone */
	bool gone, flagged;
	bool waits; /* for a human */
	struct slice decision; /* the last one, not undone; empty: none */
};
typedef int nearby_fn(void *user, const struct nearby *n);
/* Of all that is asked for one page, NULL: none. Once most bytes are looked through, what was found is all: no fault. */
struct nearby_budget {
	uint64_t used, most;
	bool spent; /* there would have been more to look through */
};

/* The comment that has this id at its source, as the one at `at` may answer to: by the table of ids, which lags behind, else
 * among `rows` before it and `later` behind it, the nearest first. 0, or READER_END when it was not found (fn is not called
 * then). */
struct named_query {
	struct slice source, id;
	int64_t at; /* seq */
	uint32_t rows, later;
	struct nearby_budget *budget;
};
int reader_named(struct reader *r, const struct named_query *q, nearby_fn *fn, void *user,
	struct error *e) _must_check_;

/* Current versions of one thread (what bears its id, and what begins it) on one side of `at`, the nearest first. */
struct thread_query {
	struct slice source, thread;
	int64_t at; /* seq, itself left out */
	bool after;
	uint32_t rows, limit;
	struct nearby_budget *budget;
};
int reader_thread(struct reader *r, const struct thread_query *q, nearby_fn *fn, void *user,
	struct error *e) _must_check_;

/* Current versions of one author, received since then and among the last `rows`: how many, and the newest. Of one who
 * objects nothing is told. */
struct author_query {
	const unsigned char *key; /* 16: stored_comment.author_key */
	int64_t since; /* town clock */
	bool event; /* … of a replay: when it was written */
	uint32_t rows, limit;
	struct nearby_budget *budget;
};
struct author_count {
	uint64_t comments, flagged;
	bool cut; /* more rows than that were received since then */
};
int reader_author_recent(struct reader *r, const struct author_query *q, struct author_count *ret,
	nearby_fn *fn, void *user, struct error *e) _must_check_;
#endif
