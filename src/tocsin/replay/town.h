/* SPDX-License-Identifier: GPL-3.0-or-later
 * A town of its own, in a temporary folder that goes with it: comments in, what rings out. The verbs of store, the
 * series, the rates and the rules are those of the running town; only the wires between them are missing, so that the
 * same comments give the same alarms, to the byte. */
#ifndef TOCSIN_REPLAY_TOWN_H
#define TOCSIN_REPLAY_TOWN_H
#include <tocsin/base/arena.h>
#include <tocsin/db/reader.h>
#include <tocsin/rules/rules.h>
#include <tocsin/service/config.h>
#include <tocsin/trend/trend.h>

struct town_spec {
	enum words_lang lang;
	const struct ruleset *rules; /* outlive the town */
	struct ruleset *rated; /* the same again, for the rates; becomes the town's */
	const struct config *config; /* or NULL: sources and how late a comment may be heard */
	const struct holidays *holidays; /* of the plan */
	struct slice topic, title; /* of this one the sensitivity is another; empty: none */
	enum trend_sensitivity sensitivity;
	bool clock_event; /* the clock follows the comments' dates, else the times of acceptance */
};

/* An incident that opened or rose. */
struct alarm {
	int64_t incident, at; /* at: event time, ms */
	enum town_level level;
	enum incident_kind kind;
	struct slice topic, title; /* title in words for people */
	uint32_t authors, messages;
	struct slice *ids; /* of comments that show it: the sources' own */
	uint32_t n_ids;
};

struct town;
int town_open(const struct town_spec *spec, struct town **ret, struct error *e) _must_check_;
struct town *town_free(struct town *t); /* returns NULL */
/* The next comment. accepted_at counts when it has no date, and moves the clock where that does not follow dates. */
int town_hear(struct town *t, const struct comment *c, int64_t accepted_at, struct error *e)
	_must_check_;
/* Nothing more comes: the minutes that still wait are closed. */
int town_end(struct town *t, struct error *e) _must_check_;
/* In the order in which they rang; they live as long as the town. */
size_t town_alarms(const struct town *t, const struct alarm **ret);
struct reader *town_reader(struct town *t);
int64_t town_clock_now(const struct town *t); /* the clock, ms; 0 before the first comment */
uint64_t town_heard(const struct town *t);
#endif
