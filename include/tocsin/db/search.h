/* SPDX-License-Identifier: GPL-3.0-or-later
 * Full text, apart in search.db: filled behind the commit by seq, and made anew from the database whenever it is missing.
 * Only words of comments are in it, no author.
 *
 * The index is cut into shards of SEARCH_SHARD seqs, each an FTS5 table without content. Nothing is ever deleted inside
 * one, for FTS5 would leave the words in older segments: a shard that lost a text is built again from the rows that are
 * left and the old one is dropped, which overwrites each of its pages (secure_delete). */
#ifndef TOCSIN_DB_SEARCH_H
#define TOCSIN_DB_SEARCH_H
#include <stdint.h>
#include <tocsin/base/error.h>
#include <tocsin/base/slice.h>

#define SEARCH_SHARD 131072

struct search;
/* The one writer (lock file) fills and forgets; readers only ask. -ENOENT while there is no database (writer) or no
 * search.db (reader). A writer removes a search.db that is broken or of another database, and begins anew. */
int search_open(const char *state_dir, bool writer, struct search **ret, struct error *e)
	_must_check_;
/* A reader for who sees these sources only ("facebook,site"; -EINVAL: none, or no ids): it finds nothing of the others, and
 * where there is more of its own is where there is more. */
int search_open_limited(const char *state_dir, struct slice sources, struct search **ret,
	struct error *e) _must_check_;
struct search *search_close(struct search *s);

/* Indexes at most limit more comments in one transaction: 0, or SEARCH_CAUGHT_UP when no more are there. */
enum { SEARCH_CAUGHT_UP = 1 };
int search_fill(struct search *s, uint32_t limit, struct error *e) _must_check_;
/* Highest seq that was indexed, and how many are behind it. */
int search_lag(struct search *s, int64_t *ret_seq, int64_t *ret_behind, struct error *e)
	_must_check_;

/* Builds one shard again that lost a text. 0: one was done, call again; SEARCH_CAUGHT_UP: none is left, the log is empty,
 * and everything up to *ret_number (0: nothing) may be told to store with REQUEST_SEARCH_PURGED. */
int search_forget(struct search *s, int64_t *ret_number, struct error *e) _must_check_;
/* The last purge of the database (its number) all of whose words are gone from here too. */
int search_purged(struct search *s, int64_t *ret_purge, struct error *e) _must_check_;

struct search_ask {
	/* must all be there; "in quotes" in this order; -word must not be there; begin* of a word. Case and accents do not
	 * matter. */
	struct slice words;
	uint32_t limit;
	int64_t before; /* only what was committed before this seq; 0: all */
	uint32_t patience; /* ms; 0: as long as it takes */
};
/* Newest first; current texts only. fn returns 0 to go on. 0, SEARCH_IMPATIENT (there may be more), -EINVAL: no words. */
enum { SEARCH_IMPATIENT = 2 };
typedef int search_fn(void *user, int64_t seq);
int search_query(struct search *s, const struct search_ask *ask, search_fn *fn, void *user,
	struct error *e) _must_check_;
#endif
