/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long a text may stay, by what the rules and people say of it. Pure. */
#ifndef DB_KEEP_H
#define DB_KEEP_H
#include <tocsin/db/kept.h>
#include <tocsin/record/verdict.h>

/* Whether the law gives a year for it. */
bool keep_discriminatory(struct slice category);
/* human: somebody called it so. */
enum kept_as keep_kind(const struct verdict *v, int64_t state, bool human);
int64_t keep_for(enum kept_as kind, const struct keep *k); /* INT64_MAX: until it is let go */
#endif
