/* SPDX-License-Identifier: GPL-3.0-or-later
 * One series of counts, judged row by row: what `tocsin trend series` answers. The very code that judges the topics of
 * a town (rarity.h), without people, sources and incidents.
 *
 * The score of a row is the return period, in days, of the rarest level that the row brings: 40 is "once in 40 days".
 * It is said once: while a surge lasts, its rows score 0 until it climbs a step (5, 10, 20, 40 … days, each twice the
 * one before); and it is over when for a whole day it has not been back on its highest step. 0 is "nothing new"; so is
 * all of the first 24 hours.
 *
 * Causal and pure: the same rows give the same scores, and no row changes the score of one before it. */
#ifndef TOCSIN_TREND_SURGE_H
#define TOCSIN_TREND_SURGE_H
#include <stdint.h>

struct surge;
struct surge *surge_new(void);
struct surge *surge_free(struct surge *s); /* returns NULL */

enum surge_outcome {
	SURGE_LATE = 1, /* older than what is kept (8 h): not counted, the score is 0 */
};
/* A row: so many from `at` (ms) on. Days and hours are taken from `at` as it stands, without a time zone. Rows come in
 * order or nearly so; several of one minute add up. Days without a row are no days. When three rows running are
 * SURGE_LATE, the date before them was wrong: the series goes on from the third. Returns 0 or an outcome. */
int surge_hear(struct surge *s, int64_t at, uint32_t count, double *ret_score);
#endif
