/* SPDX-License-Identifier: GPL-3.0-or-later
 * One series: minute counts, the recent events, and what its days were like. */
#ifndef TREND_SERIES_H
#define TREND_SERIES_H
#include <stdint.h>
#include <tocsin/record/incident.h>
#include <tocsin/trend/trend.h>
#include "counts.h"
#include "rarity.h"

#define SERIES_DAYS 64u
#define SERIES_CURVE 2880u /* minutes of curve that an open incident keeps */
#define EVENT_TOPICS 4u
#define NO_SERIES UINT16_MAX
#define EVENT_QUOTABLE 0x80u /* in lanes: a text of a sentence's length */

/* A comment as a series remembers it. */
struct event {
	int64_t at, seq;
	uint64_t author, text; /* text: fingerprint or 0 */
	uint32_t weight;
	uint32_t thread; /* hash, 0 none */
	uint16_t source;
	uint8_t lanes, priority, echo; /* echo: source_echo */
	uint16_t category; /* series of its first category, or NO_SERIES */
	uint16_t topics[EVENT_TOPICS]; /* series that it counts in, or NO_SERIES */
};
/* The newest events, in order of arrival; grows on demand up to max. */
struct events {
	struct event *list;
	uint32_t n, cap, next, max;
	uint32_t
		a_minute; /* no more than so many of one minute are kept: max covers half an hour at least */
};
void events_release(struct events *e);
void events_add(struct events *e, const struct event *ev);
/* i = 0 is the newest. */
static inline const struct event *events_back(const struct events *e, uint32_t i)
{
	uint32_t at = e->next + e->cap - 1 - i;
	return &e->list[at >= e->cap ? at - e->cap : at];
}
/* How many of the newest to look at for all that are not older than `from`: events come nearly in order, so
 * 256 older ones in a row end it. */
uint32_t events_since(const struct events *e, int64_t from);

/* An incident that this series has open. */
struct opened {
	enum town_level level; /* LEVEL_VERT: none */
	int64_t since; /* first message of the rise */
	int64_t rung; /* adopted: when it rang last; else 0 */
	int64_t weak_since; /* below half of what holds the level since then; 0 not */
	uint32_t authors; /* most seen at once: the events are bounded, this never shrinks */
	uint32_t max_before; /* frozen when it opened */
	double once_in; /* the rarest it has been, in days (rarity_period); 0 not known */
	uint32_t *curve; /* messages a minute from `since`, open minutes too */
	uint32_t n_curve, beyond; /* beyond: messages later than SERIES_CURVE minutes */
	uint32_t told; /* messages when it was last said */
};
void opened_count(struct opened *o, int64_t at);
void opened_set(struct opened *o, int64_t m, uint32_t messages); /* of minute number m */
/* Messages in minutes up to number m. */
uint32_t opened_messages(const struct opened *o, int64_t m);
void opened_clear(struct opened *o);

/* In the order in which they are judged: what is said more exactly explains what is said more broadly. */
enum series_type { SERIES_TOPIC, SERIES_CATEGORY, SERIES_THREAD, SERIES_SOURCE, SERIES_WHOLE };
struct series {
	char *id, *title;
	enum series_type type;
	enum trend_sensitivity sensitivity;
	uint32_t chances; /* series of which it is one, and of which one may ring once in 40 days */
	uint16_t index;
	bool dirty; /* waits to be judged */
	struct counts counts;
	struct rarity rarity;
	struct events events;
	uint64_t total; /* all that it ever counted */
	int64_t beside; /* a thread: up to this minute's number what is open explains it */
	int64_t echoed; /* number of the last minute with a comment that has an echo */
	/* days: the running one, then the past */
	uint32_t today_total, day_total[SERIES_DAYS];
	uint32_t days; /* how many past days count, at most SERIES_DAYS */
	uint32_t day_next;
	uint32_t hour_max, today_hour; /* highest count of 60 min on the days before, and today */
	double q[WINDOWS]; /* the thresholds of the running hour: seen once in 40 days, or the least that counts */
	struct opened open;
	int64_t over; /* minute number since which it would ring, if it has to wait */
	/* what an incident that closed told of opens no second one: what came before told_to, of what was heard by told_seq */
	int64_t told_to, told_seq;
};

struct series *series_new(
	struct slice id, struct slice title, enum series_type type, uint32_t events_max);
struct series *series_free(struct series *s);
/* Forgets all but its place: another thread has it now. */
void series_reuse(struct series *s, struct slice id);
/* It was silent on so many days before; peak: rhythm_peak. */
void series_past(struct series *s, uint32_t days, double peak);
/* Counts an event of minute number m, of the running day or (today false) of one before. False when m is
 * older than the ring. */
bool series_count(struct series *s, int64_t m, const struct event *ev, bool today);
/* First minute of the window that ends with minute number m: days are looked at in whole hours. */
int64_t window_from(enum window w, int64_t m);
/* What that window holds. */
uint32_t series_window(const struct series *s, enum window w, int64_t m);
/* What counts in a window of all that is said, whatever it is about, at the law's hour: seen once in 40 days in one of so
 * many series, and no rhythm. */
double series_volume(const struct rarity *law, enum window w, double chances);
/* The thresholds of an hour of the week. */
void series_at(struct series *s, int hour);
/* The running day's maxima, as of the closed minute m, after series_at. */
void series_note(struct series *s, int64_t m);
/* The hour that ends before minute number m is over (rarity_hour). */
void series_hour(struct series *s, int ended, int64_t m, double share);
/* The day is over: it joins the past. */
void series_day(struct series *s);
/* Messages a usual day, without its loudest tenth. */
double series_level(const struct series *s);
#endif
