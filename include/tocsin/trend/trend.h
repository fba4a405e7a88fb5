/* SPDX-License-Identifier: GPL-3.0-or-later
 * From verdicts to alarms: counts in event time, a level for each series, incidents that open, rise, fall and
 * close. Pure: time comes in, observations go out; the same calls in the same order give the same answers.
 *
 * A *series* is a topic, a category of possible offences, a post (thread), a source, or the whole town. Comments are counted in
 * event-time minutes. A minute closes when the town clock is `late_ms` past its end; then each series that
 * heard something is judged, in this order: raids, copied texts, silent sources, topics (the loudest first),
 * categories, emergent topics, posts, sources, the whole. Comments that come after their minute closed correct the counts and never re-open
 * a decision; a comment dated ahead of the clock counts at the clock and never moves it.
 *
 * The rule of rise. Three windows (30 min, 4 h, 24 h in whole hours) are held against the series' own past: the daily
 * maxima of the last 64 days, less what the hour of the week lets expect, under a Gumbel law (src/lib/trend/rarity.h).
 * The count that this law expects once in 40 days, at this hour, is the threshold q.
 *   jaune    ≥ jaune_authors  and count ≥ q
 *   orange   ≥ orange_authors and count ≥ 1.5 q        (4 h window: three times the authors)
 *   rouge    ≥ rouge_authors, rouge_sources and count ≥ 3 q
 * where one author counts for at most two messages, and a comment with far more likes and shares, when it is first heard,
 * than is usual of its source for up to two (sources.h: source_echo); the authors are those who write, and how rare a rise is
 * counts what is written. Likes that come later, or again with an edit, count no more: a comment counts once. In the 24 h window only jaune is reached, with three times the
 * authors: a rise so slow is for the next working day. Up at once; down one level after `hold_ms` below half of
 * what holds it; closed after `close_ms` without a reason to stay. What an open topic explains does not
 * raise a second series. The whole, sources, posts, raids, copied texts and emergent topics stay at jaune: they inform, a topic
 * calls.
 *
 * Posts, sources and the whole are *volumes*: they say that much is said, not of what. So a volume waits for half an hour
 * above its threshold, within which what is said may get a name, and does not count what has one: what an open topic, category,
 * copied text, raid or more exact volume told of. It rings then also when nobody has said anything more. A post of whose messages a quarter speak of an open topic, or below which
 * half of an open emergent topic was said, is that topic's. Volumes are also held against what was reached on more than one
 * day in 40, whatever the law: a few loud days among silent ones are a rhythm. A post lives a day or two, and is held
 * against the loudest post of each past day; a source against its own past, all sources together once in 40 days.
 *
 * Counts of messages are exact. Who spoke, where and how is known of the comments that are kept: up to 64 a
 * minute of a topic (512 of the whole), the last 2,048 (16,384); of a louder one authors are "at least", and
 * shares are taken from those.
 *
 * Memory is bounded: at most TREND_SERIES_MAX series (about 6 KiB each, up to 115 KiB more while they are
 * loud), of these 256 posts (the one that was silent longest makes place for a new one), and TREND_SOURCES_MAX sources; what is beyond is counted in the whole only. */
#ifndef TOCSIN_TREND_TREND_H
#define TOCSIN_TREND_TREND_H
#include <stdint.h>
#include <tocsin/base/clock.h>
#include <tocsin/calendar/holidays.h>
#include <tocsin/record/request.h>
#include <tocsin/record/verdict.h>

#define TREND_SERIES_MAX 4096u
#define TREND_SOURCES_MAX 256u

struct trend_config {
	int64_t late_ms; /* how late a comment may be heard; at most 2 h */
	uint32_t jaune_authors, orange_authors, rouge_authors, rouge_sources; /* floors */
	int64_t hold_ms, close_ms; /* hysteresis */
	const struct holidays
		*holidays; /* each of these is a Sunday; outlive the trend. NULL: none is known */
	bool event_clock; /* the clock moves with comments only: when nobody speaks, no source is silent */
};
/* 2 min; 5, 8, 25 authors and 2 sources; 1 h, 4 h. */
struct trend_config trend_config_default(void);

/* The town's own floors of people for jaune, orange and rouge; 0: the usual number. A graver level asks for no fewer. */
void trend_floors(struct trend_config *c, const int64_t floors[static 3]);

/* How easily a topic rises: `off` is counted and never rings. */
enum trend_sensitivity { TREND_NORMAL, TREND_HIGH, TREND_LOW, TREND_OFF };
enum trend_sensitivity trend_sensitivity_of(
	struct slice word); /* "low|normal|high|off", else normal */

struct trend;
struct trend *trend_new(const struct trend_config *config);
struct trend *trend_free(struct trend *t); /* returns NULL */
/* A title and a sensitivity for a topic; again to change them. Titles are copied. */
void trend_topic(
	struct trend *t, struct slice id, struct slice title, enum trend_sensitivity sensitivity);
/* silence_ms: grey after so long without a sign; 0: by the source's own rhythm. */
void trend_source(struct trend *t, struct slice id, int64_t silence_ms);

struct trend_fact { /* what counts of one comment; slices are borrowed during the call */
	int64_t seq;
	int64_t row; /* names the comment over its versions: it counts once */
	int64_t at; /* event time, ms */
	struct slice source;
	uint64_t author; /* keyed hash; 0 = unknown: all unknowns of a source count as one */
	struct slice text; /* for near-equal texts; may be empty */
	uint32_t weight; /* likes and shares */
	const struct verdict *verdict;
	uint64_t thread; /* hash of the post below which it stands; 0 = none */
	uint32_t emergent; /* number of the emergent topic that it speaks of; 0 = none */
};
/* Counts one comment. Amortised under a microsecond a series. */
void trend_add(struct trend *t, const struct trend_fact *f);

/* A topic that no rule declares begins (emergent/emergent.h), after its latest comment was added. It rings at jaune when
 * within a day so many people as jaune asks for speak of it whom nothing else explains: no topic of the rules, raid or
 * copied text, and no other topic that is open and below whose post it stands. It closes after 12 h without a word of it, and for
 * a week rings again only for twice as many. When half of the comments that made it are also of another topic that is open
 * or waits for people since yesterday, both are one: counted together, rung once; also when they stand below the posts of
 * that one: half of them as long as it waits, all when it is open. */
struct trend_emergent {
	uint32_t number;
	double score; /* how unlikely: of two names for one matter the one that is clearly less likely is the better */
	struct slice id, title; /* id: "emergent:…", the same for the same topic */
	const struct slice *
		terms; /* that rise with it; the first five, of which the oldest make place for other names */
	uint32_t n_terms;
	const int64_t *seqs; /* comments that made it, of which 16 are looked at */
	uint32_t n_seqs;
};
void trend_emerge(struct trend *t, const struct trend_emergent *e);

/* Everything to say of one closed minute; never called with an empty list. It lives during the call.
 * Titles of raids, copied texts and sources are empty: the caller writes them (facts.examples[0] is a
 * comment with the copied text). */
typedef void trend_minute_fn(void *user, const struct observe_request *minute);
/* Moves the town clock (never back) and closes, in order, every minute that is late_ms behind it. */
void trend_advance(struct trend *t, int64_t clock, trend_minute_fn *fn, void *user);

/* Says all that is open here as if it opened in the last closed minute: for a listener who may have missed it. */
void trend_tell(struct trend *t, trend_minute_fn *fn, void *user);

/* Takes over an incident that is open in the database but not here (after a restart on history that was
 * cut or corrected, or reopened by hand), so that it can rise, fall and close. It rang last at `rung`: the quiet that ends
 * it counts from then at the earliest; 0: not known. No effect when it is open here too. What is ahead of the clock is the
 * clock. */
void trend_adopt(struct trend *t, enum incident_kind kind, struct slice topic,
	enum town_level level, int64_t since, int64_t rung);

/* One series at the last closed minute; slices live during the call. Windows: 30 minutes, 4 hours, a day of whole hours. */
struct trend_look {
	struct slice id, title; /* id: as an incident's topic names it; "whole" */
	int64_t seq; /* of its latest comment; 0 none */
	double usual_day; /* messages */
	uint32_t count[3];
	double threshold[3]; /* messages from which it may ring, at this hour */
};
typedef void trend_look_fn(void *user, const struct trend_look *l);
/* The whole, every source, and whatever was heard within the day. */
void trend_look(struct trend *t, trend_look_fn *fn, void *user);

struct trend_status {
	int64_t minute; /* start of the last closed minute, 0 none */
	int64_t through_seq; /* highest seq counted */
	uint32_t series, sources, open; /* open: incidents at any level */
	uint64_t late; /* comments that came after their minute closed */
};
struct trend_status trend_status(const struct trend *t);

/* Of near-equal texts: the smallest hash of a run of six words, letters only, case and accents off;
 * two texts share it with the probability of their share of common runs (Broder 1997). 0 when shorter than
 * eight words. */
uint64_t trend_fingerprint(struct slice text);
#endif
