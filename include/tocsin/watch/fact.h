/* SPDX-License-Identifier: GPL-3.0-or-later
 * From stored comments and rules to what the series count. */
#ifndef TOCSIN_WATCH_FACT_H
#define TOCSIN_WATCH_FACT_H
#include <tocsin/db/reader.h>
#include <tocsin/rules/rules.h>
#include <tocsin/trend/trend.h>

/* What counts of a comment: at is its event time, verdict the one that holds now. Borrows from both. */
struct trend_fact fact_of(
	const struct stored_comment *c, int64_t at, const struct verdict *verdict);
/* Tells the series the titles and sensitivities of the topics. */
void fact_topics(struct trend *t, const struct ruleset *rules);
#endif
