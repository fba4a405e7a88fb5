/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep.h"

#include "schema.h"

bool keep_discriminatory(struct slice category)
{
	return slice_is(category, "injure_discriminatoire") ||
		slice_is(category, "provocation_haine");
}

struct judged keep_judged(sqlite3_stmt *s, int first)
{
	return (struct judged){
		keep_discriminatory(sq_col(s, first)), sq_col_int(s, first + 1) != 0};
}

enum kept_as keep_kind(const struct verdict *v, int64_t state, struct judged by)
{
	if (state & ITEM_HELD)
		return KEPT_HELD;
	for (uint32_t i = 0; i < v->n_categories; i++)
		if (keep_discriminatory(v->categories[i]) && v->level >= VERDICT_QUEUE)
			return KEPT_DISCRIMINATORY;
	if (by.discriminatory)
		return KEPT_DISCRIMINATORY;
	if (by.settled && v->level < VERDICT_QUEUE)
		return KEPT_OPPOSED;
	return v->level >= VERDICT_QUEUE || state & ITEM_DECIDED ? KEPT_FLAGGED : KEPT_UNFLAGGED;
}

static int64_t kind_ms(enum kept_as kind, const struct keep *k)
{
	switch (kind) {
	case KEPT_UNFLAGGED: return k->unflagged_ms;
	case KEPT_FLAGGED: return k->flagged_ms;
	case KEPT_DISCRIMINATORY: return k->discriminatory_ms;
	case KEPT_OPPOSED: return 0;
	case KEPT_HELD:
	case KEPT_KINDS: break;
	}
	return INT64_MAX;
}

int64_t keep_for(enum kept_as kind, const struct keep *k, struct slice source)
{
	const int64_t ms = kind_ms(kind, k), own = keep_source_ms(k, source);

	return kind == KEPT_HELD || ms < own ? ms : own;
}

/* source_sooner(name): how much sooner than others what was not flagged goes, ms. */
static void source_sooner(sqlite3_context *x, int n, sqlite3_value **values)
{
	const struct keep *k = sqlite3_user_data(x);
	const char *name = (const char *)sqlite3_value_text(values[0]);
	const int64_t own = name ? keep_source_ms(k, slice_of(name)) : INT64_MAX;

	(void)n;
	sqlite3_result_int64(x, own < k->unflagged_ms ? k->unflagged_ms - own : 0);
}

int keep_functions(sqlite3 *db, struct keep *k, struct error *e)
{
	int rc = sqlite3_create_function(
		db, "source_sooner", 1, SQLITE_UTF8, k, source_sooner, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sq_fail(db, rc, e);
}
