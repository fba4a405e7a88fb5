/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of this room share: reading one map of the policy. */
#ifndef POLICY_PRIVATE_H
#define POLICY_PRIVATE_H
#include <tocsin/policy/policy.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

struct load {
	const struct yaml_file *f;
	const char *folder;
	struct policy *policy;
	/* a copy in the arena: whoever loaded a policy may move it */
	const struct holidays *closed_on;
	struct problems *p;
};
struct part { /* one map, with its keys */
	struct load *l;
	const struct yaml_node *map;
	const struct yaml_key *keys;
	size_t n_keys;
};

/* Checks that node is a map with known keys; false (said) when it is not. */
bool part_open(struct load *l, const struct yaml_node *node, const struct yaml_key *keys,
	size_t n_keys, const char *what, struct part *ret);
const struct yaml_node *part_get(const struct part *part, const char *english);
/* The text under a key in the policy's arena; fallback when it is absent or (said) wrong. */
const char *part_text(const struct part *part, const char *english, const char *fallback);
/* The same for a file name: relative to the configuration's folder. */
const char *part_path(const struct part *part, const char *english);
/* Names of machines; NULL when there are none or (said) they are no list. */
const char *const *part_hosts(const struct part *part, const char *english);
/* An id: required, well-formed. NULL when it is not (said). */
const char *part_id(const struct part *part);
/* A duration of at least min_ms; *ret stays when it is absent or (said) wrong. */
void part_duration(const struct part *part, const char *english, int64_t min_ms, int64_t *ret);

/* "6 par heure", "3 per 30 min", or `no`; *ret stays when it is absent or (said) wrong. */
void part_limit(const struct part *part, const char *english, struct policy_limit *ret);
/* A duration, or `no`, which is 0. */
void part_duration_or_no(const struct part *part, const char *english, int64_t *ret);

/* "18:00" under a key; *ret stays when it is absent or (said) wrong. False when absent or wrong. */
bool part_minute(const struct part *part, const char *english, int *ret);
/* A day, perhaps with a time (else *ret_minute is -1). */
bool part_time(const struct part *part, const char *english, int64_t *ret_day, int *ret_minute);
/* A list of at most 1000; 0 when it is absent or (said) no list. */
size_t list_length(struct load *l, const struct yaml_node *list, const char *what);
/* An id that nobody else has: people, hooks, teams and astreintes are all told by theirs. False (said) when taken. */
bool load_id_free(struct load *l, const struct part *part, const char *id);

/* The map of calendars; false when there is none. Its hours come before people, its astreintes and absences behind. */
bool load_calendars(struct load *l, const struct yaml_node *node, struct part *ret);
void load_hours(struct load *l, const struct part *calendars);
void load_rotas(struct load *l, const struct part *calendars);
/* Hours by their id; NULL (said at node) when there are none. */
const struct hours *load_hours_named(struct load *l, const struct yaml_node *node, const char *id);
/* Days and times of one span: days, from, to. False when (said) wrong. */
bool load_span(const struct part *part, struct hours_span *ret);
void load_teams(struct load *l, const struct yaml_node *list);
void load_quiet(struct load *l, const struct yaml_node *node);
/* look.c */
void load_look(struct load *l, const struct yaml_node *map);
void load_hooks(struct load *l, const struct yaml_node *list);
/* `at_most` of the settings, which are read after the people. */
void load_default_limit(struct load *l, const struct yaml_node *settings, struct policy_limit *ret);
/* Without a limit of their own people have that of the settings. */
void load_people(struct load *l, const struct yaml_node *list, const struct yaml_node *settings);
/* Adds to a step whom a scalar or list names, by these channels (NULL: all they have). */
void load_tell(struct load *l, const struct yaml_node *list, const struct yaml_node *by,
	struct policy_step *step);
#define TARGETS_MAX 200u /* of a step */
/* bulletin.c */
struct mailing_words {
	const char *key, *what; /* what: « le bulletin du lundi » */
};
void load_mailing(struct load *l, const struct yaml_node *node, const struct mailing_words *said,
	struct policy_mailing *ret);
/* election.c */
void load_elections(struct load *l, const struct yaml_node *node);
/* trial.c; the last: it goes over all chains. */
void load_trial(struct load *l, const struct yaml_node *map);
/* fallback: it will be given. */
void load_levels(struct load *l, const struct yaml_node *map, bool fallback);
void load_settings(struct load *l, const struct yaml_node *map);
/* A level without steps gets the fallback's, when that is given. */
void load_default_chains(struct policy *policy);
/* Everybody whom an id may mean: a person, a hook, a team's members, whoever is ever on duty in an astreinte. */
struct receiver {
	const struct policy_person *who; /* NULL: the hook by itself */
	const struct policy_hook *hook;
	const struct rota *rota;
};
#define RECEIVERS_MAX 100u
/* How many; 0 (said at node): nobody has this id, or nobody is ever on duty. */
size_t load_receivers(struct load *l, const struct yaml_node *node, struct slice id,
	struct receiver ret[static RECEIVERS_MAX]);
/* The receiver by this channel; NULL channel: its first. False when it has none. */
bool load_target(
	struct load *l, const struct receiver *r, const char *channel, struct policy_target *ret);
/* "did you mean" over the ids of all that can be told; NULL when nothing is near. */
const char *load_nearest(struct load *l, struct slice id);

/* Whose chain counts for an incident at a level; CHAIN_NONE: nobody's. */
enum policy_chain policy_chain_of(const struct incident *i, enum town_level level);

/* Duty (duty.c). Whether the receiver may be told of this level at a moment. */
bool duty_holds(const struct policy *policy, enum policy_chain chain, const struct policy_target *t,
	int64_t ms);
/* The first such moment from ms on, until's included; INT64_MAX: there is none. */
int64_t duty_first(const struct policy *policy, enum policy_chain chain,
	const struct policy_target *t, int64_t ms, int64_t until);
/* Whether a step reaches somebody then. */
bool duty_reached(const struct policy *policy, const struct policy_step *step, int64_t ms);
/* The next instant after ms at which anything about duty or quiet may change. */
int64_t duty_change(const struct policy *policy, int64_t ms);
/* Whether nobody of a chain can answer then (gaps.c). */
bool duty_gap(const struct policy *policy, enum policy_chain chain, int64_t ms);
/* Whether the fallback is told of a chain then: rouge or P1, in a gap; and the first such moment up to until, or INT64_MAX. */
bool relief_holds(const struct policy *policy, enum policy_chain chain, int64_t ms);
int64_t relief_first(
	const struct policy *policy, enum policy_chain chain, int64_t ms, int64_t until);
/* When the steps of a chain come, counted from base: quiet hours and gaps put all of them off, a step that reaches nobody
 * brings those behind it forward. */
#define STEPS_MAX 32u
struct timetable {
	int64_t at[STEPS_MAX];
	bool nobody; /* nobody is on duty in two months: such a plan rings as if it had no calendars */
};
void duty_timetable(
	const struct policy *policy, enum policy_chain chain, int64_t base, struct timetable *ret);
/* policy_first() by a timetable that is known. */
int64_t duty_told(const struct policy *policy, enum policy_chain chain,
	const struct timetable *table, size_t step, const struct policy_target *t, int64_t until);
#endif
