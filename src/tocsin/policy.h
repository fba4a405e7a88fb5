/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `tocsin policy check`, `policy test` and `exercice` share. */
#ifndef TOCSIN_POLICY_COMMAND_H
#define TOCSIN_POLICY_COMMAND_H
#include "command.h"
#include <tocsin/policy/policy.h>

/* The policy of the configuration; 0, or EXIT_PROBLEMS after every problem has been said. */
int plan_load(struct context *x, struct policy *ret) _must_check_;
/* "rouge", "P1", "urgence" … → chain; 0, or EXIT_MISUSE after saying what may be written. */
int plan_level(struct context *x, const char *word, enum policy_chain *ret) _must_check_;
/* "ROUGE", "URGENCE". */
const char *plan_level_name(struct context *x, enum policy_chain chain);
/* "2027-08-15 22:40" or "15/08/2027 22:40" of the town's clocks, or RFC 3339 with a zone. 0 or EXIT_MISUSE. */
int plan_time(struct context *x, const char *name, const char *text, int64_t *ret) _must_check_;
/* Appends "sam. 15/08 18:00". */
void plan_put_time(struct context *x, int64_t ms, struct buf *out);

/* The alarm of a chain that opens at a moment, for plan_play(). */
struct incident plan_incident(enum policy_chain chain, int64_t at);
/* Every message of an alarm that nobody answers, in the order of time, up to span after the first. Returns where it stopped. */
#define PLAN_SHOWN_MS (2 * CLOCK_HOUR)
typedef void plan_notice_fn(void *user, const struct policy_notice *n);
int64_t plan_play(const struct policy *policy, const struct incident *incident, int64_t span,
	plan_notice_fn *fn, void *user);
/* A table of such messages: its columns, one row; one JSON object. */
struct table;
void plan_table(struct context *x, struct table *t);
void plan_put_row(struct context *x, const struct policy_notice *n, struct table *t);
void plan_put_json(const struct policy_notice *n, struct buf *out);

/* Without a relay for mail: on standard error, that nobody is told by mail. */
void tell_no_relay(struct context *x);

/* What is said together, and how often at most: a line each. */
void plan_put_rules(struct context *x, const struct policy *policy, struct buf *out);

int policy_check(struct context *x, int argc, char **argv);
int policy_test(struct context *x, int argc, char **argv);
#endif
