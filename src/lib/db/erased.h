/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an erasure knows of whom it is about. It stands in the database until the erasure has come to its end: whoever begins the
 * same one again after a restart finds the comments wiped already. Of one that does not come to its end the names go after
 * ERASED_NAMES_MS, with the purge of the day; that it was begun stays said: reader_unfinished() of db/kept.h. */
#ifndef DB_ERASED_H
#define DB_ERASED_H
#include "st.h"

struct erased {
	char key[64]; /* of its note: of this source and this account or comment alone, */
	char since[64]; /* and of the one that says when it was begun */
	bool found; /* a comment that it is about */
	struct buf names; /* under which the author was shown, each between two zero bytes */
	bool noted; /* found stands in the note, */
	size_t noted_names; /* and so many bytes of the names */
};

void erased_release(struct erased *k);
/* What an erasure of the same that did not come to its end knew. kind: of what; whom: as author_pseudonym has it. 0 or -errno. */
int erased_read(struct store *st, struct erased *k, const char *kind,
	const unsigned char whom[static 16], struct error *e) _must_check_;
/* handle: the name of the account, 0, the name that is shown. */
struct slice erased_shown_name(struct slice handle);
void erased_add_name(struct erased *k, struct slice handle);
/* In the transaction of what was learned; nothing is written when that stands there already. */
int erased_note(struct store *st, struct erased *k, struct error *e) _must_check_;
int erased_done(struct store *st, const struct erased *k, struct error *e) _must_check_;
/* Lets the names go of those that were begun too long ago. */
int erased_expire(struct store *st, struct error *e) _must_check_;
#endif
