/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/watch/fact.h>
#include <tocsin/base/wordhash.h>

struct trend_fact fact_of(const struct stored_comment *c, int64_t at, const struct verdict *verdict)
{
	uint64_t weight = c->comment.likes + c->comment.shares;
	struct trend_fact fact = {.seq = c->seq,
		.row = c->row,
		.at = at,
		.source = c->comment.source,
		.text = c->comment.text,
		.weight = weight > UINT32_MAX ? UINT32_MAX : (uint32_t)weight,
		.verdict = verdict};
	memcpy(&fact.author, c->author_key, sizeof(fact.author));
	fact.thread = c->comment.thread.n ? wordhash(c->comment.thread) : 0;
	return fact;
}

void fact_topics(struct trend *t, const struct ruleset *rules)
{
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		struct rule_info info = ruleset_info(rules, i);
		if (info.topic)
			trend_topic(t, info.id, info.title, trend_sensitivity_of(info.spike));
	}
}
