/* SPDX-License-Identifier: GPL-3.0-or-later
 * The process's state. */
#ifndef TREND_TREND_H
#define TREND_TREND_H
#include <tocsin/bus/commit.h>
#include <tocsin/bus/news.h>
#include <tocsin/db/reader.h>
#include <tocsin/policy/policy.h>
#include <tocsin/record/event_clock.h>
#include <tocsin/service/service.h>
#include <tocsin/trend/trend.h>

#include <tocsin/watch/emerging.h>
#include <tocsin/watch/fact.h>
#include <tocsin/watch/reach.h>

struct watch {
	struct service service;
	const struct config
		*config; /* the service's, or the one that a reload read: for the sources */
	struct config reloaded;
	bool reload; /* asked for */
	struct bus *bus;
	struct commit_client *store;
	struct news_reader *news;
	struct reader *reader; /* NULL while there is no database */
	struct reader *aside; /* beside it: while it hands out comments */
	struct policy policy; /* for its holidays */
	struct trend *trend;
	struct reach *reach;
	struct emerging *emerging;
	bool recount; /* the rules count otherwise: the history is counted again */
	int64_t recounted; /* last seq that was counted again */
	uint64_t revised; /* verdicts that store took or had */
	struct buf revisions; /* the body of the next REQUEST_REVISE */
	uint32_t n_revisions;
	struct event_clock event;
	int64_t observed; /* last minute that store has from us */
	int64_t after; /* last seq that was read */
	int64_t idle_after; /* `after` a second ago */
	int64_t told_at; /* monotonic; when store last got a minute */
	bool adopted; /* history is read: what is open in the database is open here */
	bool behind; /* a page was full: more waits */
	bool stopping;
	bool put_back; /* minutes that store has lie ahead: what is open is said when the history is read */
	bool anew; /* the clock was put back while we ran: end, and be started again */
	char bundle[65]; /* whose titles are known */
	struct arena arena;
	struct buf body, reply;
};

/* feed.c: reads what is new and closes minutes; logs its own troubles. False when the database has to be
 * opened again. */
bool feed(struct watch *w);
/* An incident changed: what was opened again by hand falls and closes here as all others do. */
void feed_incident(struct watch *w, int64_t id);
/* Tells store the last closed minute, though nothing rang in it: the point to resume from. */
void feed_tell_point(struct watch *w);
#endif
