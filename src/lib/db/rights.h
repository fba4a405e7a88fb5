/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an account may do, in the words in which it is given: for the account of what people did. */
#ifndef DB_RIGHTS_H
#define DB_RIGHTS_H
#include "st.h"

enum rights_kind { RIGHTS_ROLES, RIGHTS_SERVICES, RIGHTS_SOURCES, RIGHTS };
struct rights {
	struct slice of
		[RIGHTS]; /* with commas between them, in the arena; empty: none, of sources all */
};
/* Of no account: all empty. Of who is shut out: what he has again when he is let in. */
int rights_read(struct store *st, struct slice name, struct rights *ret, struct error *e)
	_must_check_;
/* Those that it has now, " ; rôles : moderation"; when it was there before, those that changed: " ; rôles : moderation → admin".
 * before NULL: it was not. */
void rights_say(const struct rights *before, const struct rights *now, struct buf *ret);
#endif
