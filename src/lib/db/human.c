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
