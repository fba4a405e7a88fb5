/* SPDX-License-Identifier: GPL-3.0-or-later
 * Each source's rhythm, and whether its silence is within it. */
#ifndef TREND_SOURCES_H
#define TREND_SOURCES_H
#include <stdbool.h>
#include <stdint.h>
#include <tocsin/base/slice.h>

/* When the town writes: messages by hour, weekdays and weekends apart, fading by a thirtieth a day, over a
 * prior (a French town's page: noon and evening). */
struct rhythm {
	double hour[2][24];
	double total[2];
};
void rhythm_init(struct rhythm *r);
void rhythm_fade(struct rhythm *r);
void rhythm_count(struct rhythm *r, bool weekend, int hour);
/* Share of a day's messages in this hour. */
double rhythm_share(const struct rhythm *r, bool weekend, int hour);
/* … and in the loudest hour of a weekday. */
double rhythm_peak(const struct rhythm *r);

#define SOURCE_DAYS 9u
struct series;
struct source {
	char *id;
	struct series *series; /* NULL: too many */
	uint32_t salt; /* tells its posts from those of others */
	int64_t silence_ms; /* from the configuration; 0 = its own rhythm */
	int64_t first, last; /* event time of the first and last sign; 0 none */
	uint32_t today;
	uint32_t day[2][SOURCE_DAYS]; /* messages of the last weekdays, of the last weekend days */
	uint32_t days[2];
	double level[2]; /* … their medians */
	double hour[24]; /* its own, fading */
	double expected; /* messages that its rhythm let expect since the last sign */
	double longest; /* largest `expected` that ended in a sign, fading by a thirtieth a day */
	uint32_t heard;
	bool grey;
	int64_t grey_since;
	double liked; /* mean log2(1 + likes and shares) of its comments, as they came */
	double n_liked; /* … of how many: at most its memory */
};
void source_hear(struct source *s, int64_t at, int hour);
/* What its likes and shares add to a comment, in parts of a message, against what is usual of the source: nothing up to
 * four times that, as much as the comment itself from sixteen times on. Learns from it. 0 while little was heard, and
 * always of a source that gives none. */
#define ECHO_PARTS 16u
uint8_t source_echo(struct source *s, uint32_t weight);
#define SOURCE_STEP 5
/* SOURCE_STEP more minutes have passed. True when the source is to be called silent at `end`. */
bool source_silent(struct source *s, const struct rhythm *r, int64_t end, bool weekend, int hour);
void source_day(struct source *s, bool weekend);
#endif
