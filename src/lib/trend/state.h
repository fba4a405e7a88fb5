/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the detectors share. */
#ifndef TREND_STATE_H
#define TREND_STATE_H
#include <tocsin/base/arena.h>
#include <tocsin/base/map.h>
#include "series.h"
#include "sources.h"
#include "tally.h"

#define WHOLE_EVENTS 16384u
#define TOPIC_EVENTS 2048u
#define OBSERVATIONS_MAX 1024u
#define RAID_AUTHORS 8u
#define CAMPAIGNS 8u
#define COPY_AUTHORS 5u /* so many accounts with one text are a campaign */
#define PER_AUTHOR 2u /* messages of one author that count */
#define COPY_SETS 2048u
#define COPY_WAYS 4u

/* One text and the accounts that copied it last. */
struct copy {
	uint64_t text;
	int64_t last;
	uint64_t authors[COPY_AUTHORS];
	int64_t at[COPY_AUTHORS];
};
struct campaign {
	uint64_t text; /* 0: free */
	struct opened open;
	bool fresh; /* new copies since it was last said */
	int64_t until; /* number of the minute by whose close it is open, or was none */
	char id[24]; /* "texte:<16 hex>" */
};
struct raid {
	struct opened open;
	uint64_t authors[RAID_AUTHORS];
	uint32_t n_authors;
};

#define THREADS \
	256u /* posts that are alive; the one that was silent longest makes place for a new one */
#define THREAD_EVENTS 512u
struct thread {
	uint32_t thread; /* threads_key */
	int64_t last; /* latest message, ms */
	struct series *series;
};
struct threads {
	struct thread list[THREADS];
	uint32_t n;
	struct rarity loudest; /* what the loudest post of each day was like */
	double q[WINDOWS]; /* … the thresholds of the running hour */
	uint32_t hour_max,
		today_hour; /* highest count of 60 min of a post on the days before, and today */
};

#define EMERGENCES 32u
#define EMERGENCE_TERMS 5u
#define EMERGENCE_NUMBERS 8u
/* A topic that the emergent room told: it waits for enough people, is open, or was. */
struct emergence {
	char *id, *title; /* id NULL: free */
	double score; /* of its name */
	char *terms[EMERGENCE_TERMS]; /* that rose with it, and what else it is called */
	uint32_t n_terms;
	uint32_t numbers[EMERGENCE_NUMBERS]; /* of the emergent room: a ring; 0 none */
	uint32_t n_numbers;
	struct opened open;
	struct events events;
	int64_t last; /* latest message, ms */
	uint32_t rang; /* for so many people it rang already */
	bool fresh; /* heard since it was last judged */
};

/* The events that meet a filter, newest first. */
struct hits {
	const struct event **list;
	size_t n, cap;
};

/* What a window holds, as far as it counts. */
struct measure {
	uint32_t messages, authors, sources, copied;
	uint32_t echo; /* what likes and shares add to the messages, in parts of one */
};
/* The last that was made: a wider window often holds nothing more. */
struct measured {
	const struct series *series;
	uint64_t total; /* of the series then */
	int64_t minute;
	bool open, whole; /* no event that was looked at lay before the window */
	uint32_t looked; /* at so many events */
	struct measure what;
};

struct trend {
	struct trend_config config;
	int64_t clock;
	int64_t next; /* number of the next minute to close; 0: nothing heard yet */
	int64_t first_at;
	int64_t through_seq;
	uint64_t late;
	struct series *series[TREND_SERIES_MAX];
	uint32_t n_series;
	struct series *whole;
	struct threads threads;
	struct map *series_ids, *source_ids;
	struct source sources[TREND_SOURCES_MAX];
	uint32_t n_sources;
	uint16_t dirty[TREND_SERIES_MAX];
	uint32_t n_dirty, n_open; /* n_open: series with an incident */
	uint64_t *rows; /* a bit for each row that was counted */
	size_t n_rows;
	struct rhythm rhythm;
	int64_t day_from; /* number of the minute with which the running day began; 0: the first day */
	double usual_day; /* messages of the whole */
	int64_t quarter; /* the quarter of an hour whose local time is cached */
	int quarter_hour;
	bool quarter_weekend;
	int64_t turned; /* the quarter in which the last closed minute lies, and its local time: */
	int hour, hour_of_week; /* a holiday is a Sunday */
	bool weekend;
	int64_t day; /* … as yyyymmdd; 0 none */
	struct copy (*copies)[COPY_WAYS];
	struct campaign campaigns[CAMPAIGNS];
	struct raid raid;
	struct emergence emergences[EMERGENCES];
	struct tally authors, texts;
	struct hits hits; /* of the last facts_gather */
	struct measured measured;
	struct arena arena; /* of the minute being closed */
	struct observation *said;
	uint32_t n_said;
};

/* Which events of a list are meant. */
struct filter {
	int64_t from, to; /* [from, to) */
	uint64_t text; /* 0: any */
	const uint64_t *authors; /* NULL: any */
	uint32_t n_authors;
};
bool filter_meets(const struct filter *f, const struct event *e);

/* facts.c */
/* Until the next one. */
const struct hits *facts_gather(
	struct trend *t, const struct events *events, const struct filter *f);
/* Everything an alarm is written from, of these events, through closed minute m. */
void facts_of(struct trend *t, const struct hits *h, struct opened *o, int64_t m,
	const char *trigger, struct incident_facts *ret);
/* Of the events that meet the filter. */
void facts_make(struct trend *t, const struct events *events, const struct filter *f,
	struct opened *o, int64_t m, const char *trigger, struct incident_facts *ret);
/* The curve again, from the events. */
void facts_curve(struct opened *o, const struct hits *h);
void facts_refill(
	struct trend *t, struct opened *o, const struct events *events, const struct filter *f);
/* … and what a series has beside them: its usual and its past. */
void facts_usual(struct trend *t, const struct series *s, struct incident_facts *ret);
/* First message of the rise that lasts at the end of minute m: CUSUM (Page 1954) with a drift of twice the
 * usual rate, at least one in 20 minutes (in an hour for the long window, in three for the day). */
int64_t facts_since(struct trend *t, const struct series *s, int64_t m, enum window window);
void say(struct trend *t, enum observe_action action, enum incident_kind kind,
	enum town_level level, const char *topic, const char *title,
	const struct incident_facts *facts);

/* series_judge.c */
void judge_series(struct trend *t, int64_t m);
/* Its thresholds of the running hour. */
void series_look_at(struct trend *t, struct series *s);
/* What came before `end` and is heard by that seq has been told. */
void series_told(struct series *s, int64_t end, int64_t seq);
void tell_series(struct trend *t, int64_t m); /* what is open, as if it opened now */
/* groups.c: raids and copied texts */
void groups_hear(struct trend *t, const struct event *e);
void judge_groups(struct trend *t, int64_t m);
void tell_groups(struct trend *t, int64_t m);
/* emergences.c: topics that no rule declares */
void emergences_release(struct trend *t);
void emergences_hear(struct trend *t, uint32_t number, const struct event *e);
void judge_emergences(struct trend *t, int64_t m);
void tell_emergences(struct trend *t, int64_t m);
uint32_t emergences_open(const struct trend *t);
void emergences_adopt(struct trend *t, struct slice id, const struct opened *taken);
/* Whether something that is open, and that is judged before s, explains the message. */
bool is_explained(const struct trend *t, const struct series *s, const struct event *e);
/* Whether a topic or a category is open that the message speaks of, or was and told of it. */
bool has_subject(const struct trend *t, const struct event *e);
/* threads.c: posts */
void threads_init(struct threads *p, double peak);
/* Tells the post from all others, also from one of the same name at another source; 0: none. */
uint32_t threads_key(const struct trend *t, const struct event *e);
/* Of a post; makes place for a new one. NULL when all are open. */
struct series *threads_series(struct trend *t, uint32_t thread, int64_t at);
const struct series *threads_find(const struct trend *t, uint32_t thread);
/* A post's thresholds of the running hour. */
void threads_at(struct trend *t, struct series *s);
/* A post's minute is over: is it the day's loudest? */
void threads_note(struct trend *t, const struct series *s, int64_t m);
void threads_hour(struct trend *t, int64_t m, double share);
void threads_day(struct threads *p);
/* Whether what is open speaks of the post's subject: then all that is said below it is explained. */
bool threads_beside(struct trend *t, struct series *s, int64_t m);
/* trend.c */
/* It is judged when the next minute closes. */
void series_due(struct trend *t, struct series *s);
struct series *trend_series_add(struct trend *t, struct slice id, enum series_type type);
struct series *trend_series(
	struct trend *t, const char *prefix, struct slice id, enum series_type type);
#endif
