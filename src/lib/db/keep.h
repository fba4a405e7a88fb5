/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long a text may stay, by what the rules and people say of it. */
#ifndef DB_KEEP_H
#define DB_KEEP_H
#include <tocsin/db/kept.h>
#include <tocsin/record/verdict.h>

#include "sq.h"

/* Whether the law gives a year for it. */
bool keep_discriminatory(struct slice category);
/* human: somebody called it so. */
enum kept_as keep_kind(const struct verdict *v, int64_t state, bool human);
/* ms; INT64_MAX: until it is let go. */
int64_t keep_for(enum kept_as kind, const struct keep *k, struct slice source);

/* Raw texts beside the comments (quarantine, dead), whose age is compared with `now - unflagged_ms`: what of them is too old, with
 * the limits that sources have of their own. Needs keep_functions on its connection. */
#define KEEP_OLD(table, before) \
	"accepted < " before " + source_sooner((SELECT name FROM source s WHERE s.id = " table \
	".source))"
int keep_functions(sqlite3 *db, struct keep *k, struct error *e) _must_check_;
#endif
