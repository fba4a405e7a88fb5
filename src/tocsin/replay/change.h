/* SPDX-License-Identifier: GPL-3.0-or-later
 * One setting that is another one in a replay: of tocsin.yaml, or the sensitivity of a topic of the rules.
 *
 *   jaune=3  orange=12  rouge=40       people from whom on a level is reached
 *   emergent=5                         topics a day that no rule declares
 *   topic:cantine=high                 low, normal, high, off
 *   source:facebook=2 h                silent for so long is grey
 *   absent:morel=dupont                away all the time, and who takes the turns; or nobody
 *   quiet=21:00-07:30                  when jaune and gris wait; no: never
 *   trial=dircom                       a trial all the time, up to 92 days, and who is told; no: none */
#ifndef TOCSIN_REPLAY_CHANGE_H
#define TOCSIN_REPLAY_CHANGE_H
#include <tocsin/policy/policy.h>
#include <tocsin/rules/rules.h>
#include "../command.h"
#include "town.h"

enum change_kind {
	CHANGE_NONE,
	CHANGE_FLOOR,
	CHANGE_EMERGENT,
	CHANGE_TOPIC,
	CHANGE_SOURCE,
	CHANGE_ABSENT,
	CHANGE_QUIET,
	CHANGE_TRIAL
};
struct change {
	enum change_kind kind;
	struct slice name, value; /* of the text; borrowed */
	int64_t number; /* people, topics a day, ms of silence, quiet minutes from … */
	int to; /* … to */
	size_t floor; /* 0 jaune, 1 orange, 2 rouge */
	enum trend_sensitivity sensitivity;
	bool none; /* "no" */
};
/* Each returns 0, or the exit code after saying what is wrong. */
int change_parse(struct context *x, const char *text, struct change *ret) _must_check_;
/* What rings stays the same: only who is told, and when, is another. */
bool change_is_of_policy(const struct change *c);
/* ret: the configuration with the change; it borrows from x->config and the arena. */
int change_config(struct context *x, const struct change *c, struct arena *arena,
	struct config *ret) _must_check_;
int change_rules(struct context *x, const struct change *c, struct town_spec *ret) _must_check_;
/* The policy of a file with the change; from: when a trial begins. */
int change_policy(struct context *x, const struct change *c, const struct yaml_file *file,
	int64_t from, struct policy *ret) _must_check_;
/* The absence that the change adds; false: it adds none. */
bool change_absence(const struct change *c, struct absence *ret);
#endif
