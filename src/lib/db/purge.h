/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a purge knows while it goes on: purge.c leads it and takes the comments, purge_rest.c what else may hold them. */
#ifndef DB_PURGE_H
#define DB_PURGE_H
#include "erased.h"
#include "st.h"

enum purge_phase { PHASE_KEYS, PHASE_ITEMS, PHASE_REST, PHASE_END, PHASE_LOG };

struct purge_job {
	struct purge_request q; /* slices into body */
	struct buf body;
	bool by_age, by_author;
	enum purge_phase phase;
	int64_t now, cursor, last, floor;
	int table; /* of the rest: which, */
	int64_t id, id_last; /* and how far */
	unsigned char author[16]; /* the key of the account, or of the comment */
	int64_t until; /* only what was accepted by then, wall ms */
	const struct erasure *again; /* of the register, done again; NULL: it is asked for now */
	struct erased known;
	size_t name; /* of the names that are known, the next that goes from the account */
	bool forgotten; /* all of them */
	struct store_purged sum;
};

/* A slice of what is beside the comments: raw inputs, messages, at last the account of what people did. 0 or -errno. */
int purge_rest(struct store *st, struct error *e) _must_check_;
/* Of an account or comment of the register, done again; q: its names, as far as the database knows them. 0, STORE_PURGE_BUSY or -errno. */
int purge_again(struct store *st, const struct erasure *k, const struct purge_request *q,
	struct error *e) _must_check_;
#endif
