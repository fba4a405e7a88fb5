/* SPDX-License-Identifier: GPL-3.0-or-later
 * « rythme »: which committed comments reach a rule's rate, and what the rules then say of them. Pure: the same comments
 * and rules in the same order give the same answers. */
#ifndef TOCSIN_WATCH_REACH_H
#define TOCSIN_WATCH_REACH_H
#include <tocsin/db/reader.h>
#include <tocsin/rate/rate.h>
#include <tocsin/rules/rules.h>

struct reach;
struct reach *reach_new(void);
struct reach *reach_free(struct reach *r); /* returns NULL */
/* The rules in force from now on, which become its own. Answers REACH_RECOUNT when their rates are others: counting
 * starts from nothing, and the history is to be counted again. */
enum { REACH_RECOUNT = 1, REACH_REACHED = 1 };
int reach_rules(struct reach *r, struct ruleset *rules);
/* Whether any of them has a rate: else their names do (ruleset_load_names). */
bool reach_needs_all(const struct ruleset *names);

/* A comment that reached a rate; it lives until the next call. */
struct reached {
	struct verdict verdict; /* scored anew */
	struct slice *rules; /* whose rate holds */
	uint32_t n_rules;
};
/* Counts the rated hits of a comment at its event time: REACH_REACHED when it reaches a rate and the rules in force say
 * more of it than its verdict does, else 0. A rule that is not in force any more counts nothing. */
int reach_count(struct reach *r, const struct stored_comment *c, int64_t at, struct reached *ret);
struct rate_status reach_status(const struct reach *r);
#endif
