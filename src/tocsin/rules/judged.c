/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judged.h"

void judged_add(struct judged *j, const struct history_item *h, struct slice category)
{
	if (!h || h->decision == DECISION_NONE)
		return;
	if (h->decision == DECISION_LEFT)
		j->left++;
	else if (h->category.n && category.n && !slice_equal(h->category, category))
		j->other++;
	else
		j->upheld++;
}

uint64_t judged_all(const struct judged *j)
{
	return j->upheld + j->other + j->left;
}

void judged_print(struct table *t, const struct judged *j)
{
	const uint64_t all = judged_all(j);
	if (!all) {
		for (int i = 0; i < 3; i++)
			table_add(t, (struct slice){0});
		return;
	}
	table_printf(t, "%llu/%llu", (unsigned long long)j->upheld, (unsigned long long)all);
	table_printf(t, "%llu", (unsigned long long)j->other);
	table_printf(t, "%llu", (unsigned long long)j->left);
}

void judged_json(struct json_writer *w, const struct judged *j)
{
	json_w_number(w, "upheld", j->upheld);
	json_w_number(w, "other", j->other);
	json_w_number(w, "left", j->left);
}
