/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a human takes a comment for: it counts before what the rules found, until somebody decides or says otherwise. */
#include <errno.h>
#include <tocsin/record/category.h>

#include "st.h"

void human_verdict(struct slice *category, const struct verdict *found, struct verdict *ret)
{
	const bool asks = slice_is(*category, "demande_usager");

	*ret = (struct verdict){.level = VERDICT_QUEUE,
		.lanes = asks ? LANE_REPONSE : LANE_MODERATION | (found->lanes & LANE_REPONSE),
		.priority = (uint8_t)category_priority(*category),
		.categories = category,
		.n_categories = 1,
		.topics = found->topics,
		.n_topics = found->n_topics};
}

int human_category(struct store *st, int64_t row, struct slice *ret, struct error *e)
{
	sqlite3_stmt *s;
	int r = sq_query(&st->q, e, &s, "SELECT ifnull(" HUMAN_CATEGORY("?1") ", '')", "i", row);

	*ret = (struct slice){0};
	if (r == 0)
		r = sq_step(s, e);
	if (r)
		return r < 0 ? r : 0;
	*ret = arena_copy(&st->arena, sq_col(s, 0));
	sqlite3_reset(s);
	return 0;
}

int human_standing(struct store *st, int64_t row, int64_t seq, struct verdict *ret, struct error *e)
{
	struct slice *category = arena_alloc(&st->arena, sizeof(*category));
	struct verdict found;
	int64_t state;
	int r = item_verdict(st, seq, &found, &state, e);

	if (r == 0)
		r = human_category(st, row, category, e);
	if (r < 0)
		return r;
	if (category->n)
		human_verdict(category, &found, ret);
	else
		*ret = found;
	return 0;
}

int human_may_requalify(
	struct store *st, int64_t row, const struct decide_request *q, struct error *e)
{
	int64_t same = 0;
	int r = claim_allows(st, row, q->who, e);

	if (r == 0)
		r = sq_get(&st->q, e, &same, "SELECT category = ? FROM queue WHERE row = ?", "ti",
			q->category, row);
	if (r < 0)
		return r;
	return q->category.n && !same
		? 0
		: error_set(e, -EINVAL, "pour requalifier, une autre catégorie est nécessaire");
}

int human_requalify(
	struct store *st, int64_t row, int64_t seq, const struct decide_request *q, struct error *e)
{
	struct slice category = q->category;
	const struct queue_place place = {row, seq, town_now(st), true};
	struct verdict found, v;
	int64_t state;
	int r = item_verdict(st, seq, &found, &state, e);

	human_verdict(&category, &found, &v);
	return r < 0 ? r : queue_move(st, &place, &v, e);
}
