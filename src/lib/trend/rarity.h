/* SPDX-License-Identifier: GPL-3.0-or-later
 * How rare a count is against its own past: not "many", but "a level expected once in 40 days". Fixed memory.
 *
 * The count of a window (30 minutes, 4 hours, a day) is looked at on x = ln(1 + count), less what the hour of the week
 * lets expect. Each day leaves its highest x (block maxima, Gumbel 1958). On the maxima of the last 64 days a Gumbel
 * law is set by median and MAD, which a few days of crisis do not move; beside them stand a few days' worth of prior,
 * made from the level so far and the rhythm of a day, so that the third day is judged already. The answer is the return
 * period of x under that law, in days.
 *
 * The hour's share: ln(1 + messages of the hour) is averaged by hour of the day and by hour of the week, each fading
 * by a thirtieth a time, and trusted as far as there is data (n / (n + 7)). A public holiday is a Sunday. */
#ifndef TREND_RARITY_H
#define TREND_RARITY_H
#include <stdbool.h>
#include <stdint.h>

enum window { WINDOW_SHORT, WINDOW_LONG, WINDOW_DAY, WINDOWS };
extern const int64_t window_minutes[WINDOWS]; /* 30, 240, 1440 */

#define RARITY_DAYS 64u
#define RARITY_LONGEST 36525.0 /* days; a hundred years is as rare as it gets */

struct rarity {
	float day_max[WINDOWS][RARITY_DAYS]; /* highest x of the past days */
	float today_max[WINDOWS];
	uint32_t days, next; /* how many past days count; where the next goes */
	bool day_ended,
		hour_ended; /* since the law was set: what follows is worked out when it is asked for */
	double past_mid[WINDOWS], past_spread[WINDOWS]; /* of the past days alone */
	double past_high[WINDOWS]; /* … and what they reached more often than once in 40 days */
	double mid[WINDOWS], scale[WINDOWS]; /* with the prior: the law of the running hour */
	float by_hour[24], by_week[168]; /* mean ln(1 + messages of the hour) */
	uint8_t heard_hour[24], heard_week[168];
	int now; /* running hour of the week */
	double season; /* … what it adds to or takes from x */
	double heard,
		shares; /* messages of the hours that ended, and what share of days they are */
	double peak; /* share of a day that its loudest hour has */
};

/* An hour of the week is weekday (0 = Monday) * 24 + hour, in local time.
 * silent_days: so many past days are known to have had nothing; peak: see above. */
void rarity_init(struct rarity *r, uint32_t silent_days, double peak);
/* An hour of the week ended with `count` messages and was `share` of a usual day. */
void rarity_hour(struct rarity *r, int ended, uint32_t count, double share);
/* The running day is over: it joins the past. */
void rarity_day(struct rarity *r);
/* Sets the law of an hour of the week; true when it is another than before. Before each of the following. */
bool rarity_at(struct rarity *r, int now);
/* A window holds so many: the running day's maximum. */
void rarity_note(struct rarity *r, enum window w, uint32_t count);
/* Once in how many days a day sees so many in the window, at the running hour. */
double rarity_period(const struct rarity *r, enum window w, double count);
/* … and the other way round: the count that is seen once in so many days. */
double rarity_count(const struct rarity *r, enum window w, double days);
/* A count a third above what the past days reached more often than once in 40 days, whatever the law: a few loud days
 * among silent ones are a rhythm. */
double rarity_past(const struct rarity *r, enum window w);
#endif
