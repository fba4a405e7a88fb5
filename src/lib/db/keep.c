/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep.h"

#include "schema.h"

bool keep_discriminatory(struct slice category)
{
	return slice_is(category, "injure_discriminatoire") ||
		slice_is(category, "provocation_haine");
}

enum kept_as keep_kind(const struct verdict *v, int64_t state, bool human)
{
	if (state & ITEM_HELD)
		return KEPT_HELD;
	for (uint32_t i = 0; i < v->n_categories; i++)
		if (keep_discriminatory(v->categories[i]) && v->level >= VERDICT_QUEUE)
			return KEPT_DISCRIMINATORY;
	if (human)
		return KEPT_DISCRIMINATORY;
	return v->level >= VERDICT_QUEUE || state & ITEM_DECIDED ? KEPT_FLAGGED : KEPT_UNFLAGGED;
}

int64_t keep_for(enum kept_as kind, const struct keep *k)
{
	switch (kind) {
	case KEPT_UNFLAGGED: return k->unflagged_ms;
	case KEPT_FLAGGED: return k->flagged_ms;
	case KEPT_DISCRIMINATORY: return k->discriminatory_ms;
	case KEPT_HELD:
	case KEPT_KINDS: break;
	}
	return INT64_MAX;
}
