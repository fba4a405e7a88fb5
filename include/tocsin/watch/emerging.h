/* SPDX-License-Identifier: GPL-3.0-or-later
 * Topics that no rule declares, from stored comments to the series: what the emergent room says of a comment is counted
 * with it. Pure: the same comments in the same order give the same answers. About 45 MiB. */
#ifndef TOCSIN_WATCH_EMERGING_H
#define TOCSIN_WATCH_EMERGING_H
#include <tocsin/db/reader.h>
#include <tocsin/trend/trend.h>

#define EMERGING_USUAL (-1) /* topics a day: as many as the emergent room has by itself */

struct emerging;
/* a_day: how many topics people want to read, about; EMERGING_USUAL, or 0: none, then the answer is NULL. */
struct emerging *emerging_new(int64_t a_day);
struct emerging *emerging_free(struct emerging *g); /* returns NULL */
/* Adds a comment to the series (trend_add), and what it says that is new. g may be NULL. clock: the town's, ms; 0 not
 * known. Dated ahead of it, a comment is of now; what is told more than a day late says nothing of today. What people reported (comment_is_reported) is in no
 * series. */
void emerging_add(struct emerging *g, struct trend *t, const struct stored_comment *c,
	const struct trend_fact *fact, int64_t clock);
#endif
