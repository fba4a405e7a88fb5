/* SPDX-License-Identifier: GPL-3.0-or-later
 * Links that let their holder choose a password: to the first account while there is none, and to one's own. Of their secret
 * only the digest is kept; each serves once. */
#ifndef DB_SETUP_H
#define DB_SETUP_H
#include <tocsin/record/account.h>

#include "st.h"

/* Whether the secret of the request opens the way to what it asks for: 0 or -EACCES. */
int setup_check(struct store *st, const struct account_request *q, struct error *e) _must_check_;
/* Whether the account has this very link already. */
int setup_is_there(struct store *st, const struct account_request *q, bool *ret, struct error *e)
	_must_check_;
/* What a change leaves of the account's link: a new one, none when it has a password now; the way to the first account is closed. */
int setup_keep(struct store *st, const struct account_request *q, struct error *e) _must_check_;
/* The account went, or its owner chose a password. */
int setup_end(struct store *st, struct slice account, struct error *e) _must_check_;
/* How many of the administration can come in: they are not shut out, and wait for no password. */
int setup_administrators(struct store *st, int64_t *ret, struct error *e) _must_check_;
#endif
