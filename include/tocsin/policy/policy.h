/* SPDX-License-Identifier: GPL-3.0-or-later
 * The escalation policy of tocsin.yaml: who is told, by which channel, after how long unless somebody
 * has taken charge. Pure: time is an argument, nothing is sent from here.
 *
 *   people:                                   # personnes
 *     - {id: morel, name: C. Morel, role: community manager, mail: morel@ville.example}
 *     - {id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example, sms: '+33612345678',
 *        hook: dircom-mattermost}              # sms: the section `sms` of tocsin.yaml names the gateway
 *   hooks:                                    # crochets: receivers of webhooks; a step may tell one by itself
 *     - {id: salon, title: Salon de crise, url: 'https://chat.ville.example/hooks/x', form: mattermost, cabinet: yes}
 *                                             # cabinet: somebody of it reads there
 *     - {id: si, url_file: /etc/tocsin/si.url, form: json, secret_file: /etc/tocsin/si.key}
 *   levels:                                   # niveaux
 *     jaune:  [{tell: morel}]
 *     orange: [{tell: dircom}, {tell: dgs, after: 15 min}]
 *     rouge:  [{tell: [dircom, dgs, dircab]}, {tell: maire, by: mail, after: 30 min}]
 *     gris:   [{tell: morel}]
 *     P1:     [{tell: [dircom, dgs]}, {tell: dircab, after: 10 min}]
 *   policy:                                   # politique
 *     repeat: 30 min              # each step again, then after two and four times that, until somebody takes charge
 *     ack: 60 min                 # how long taking charge holds
 *     code: 12 h                  # how long the code of a message can be used to take charge
 *     fallback: [dgs]             # secours: told when a message cannot be delivered, in this order, each by one channel
 *                                 # after the other;
 *                                 # without it: whoever `rouge` tells. Given, it is also told at once of rouge and P1
 *                                 # while nobody of the level is on duty, and makes the chain of a level without steps:
 *                                 # one after the other, `fallback_after` apart
 *     fallback_after: 10 min      # … or has not been delivered for so long
 *     give_up: 24 h               # abandon: after so long a message is a dead letter
 *     at_most: 6 per hour         # au_plus: so many messages a person and channel (« 6 par heure »); what is beyond goes
 *                                 # together, in the next message or when there is room again. Never rouge, P1, and
 *                                 # nothing waits behind what is lighter.
 *                                 # A person's own `at_most` comes before it; `no`: none. Without it: none.
 *     group: 2 min                # regroupement: alarms to one person, at one step, within so long go together; or `no`
 *     inhibit: yes                # inhibition: what an open topic explains does not ring beside it
 *     first_look: {P1: 15 min, P2: 2 h, P3: 8 h, P4: 24 h}    # premier_regard: by when somebody looks at what is
 *                                 # flagged; P1 whatever the hour, the others in working hours (the first of `hours`,
 *                                 # without any Monday to Friday 08:30 to 17:30): 8 h are about a working day
 *     trial: {start: 2027-01-04, period: 14 j, tell: dircom, by: mail}    # rodage: the first weeks, in which alarms go to
 *                                 # these alone, whatever the level and at once (`period` whole days, 14 without it; or
 *                                 # `end`). P1 and drills still call everybody. The fallback is told of what cannot be
 *                                 # delivered, of nothing else. What nobody has taken charge of rings for everybody when
 *                                 # it ends
 *     election: {title: élections municipales, from: 2025-09-01, to: 2026-03-22}      # élection: one, or a list; both
 *                                 # days whole. Pages and messages then say what the law asks of the town
 *     bulletin: {tell: com, at: '08:00'}      # each Monday by mail, also when nothing happened; à: 08:00 without it
 *     prescriptions: {tell: [juriste, dircom], at: '08:00'}   # by mail, thirty and seven days before the law's short
 *                                 # clock ends; without it: who reads the bulletin
 *     quiet:                      # calme: these levels wait, and are told together afterwards; never rouge, never P1
 *       - {levels: [jaune, gris], from: '21:00', to: '07:30'}     # or outside: bureau
 *   teams:                                    # équipes: told by their id, each member
 *     - {id: com, title: Équipe com, members: [morel, dircom]}
 *   calendars:                                # calendriers
 *     holidays: alsace-moselle                # fériés: a zone (without: metropole); or {zone, also: [days], except: [days]}
 *     hours:                                  # heures: the first are everybody's, who has no other (`hours: always`)
 *       - {id: bureau, days: lun-ven, from: '08:30', to: '17:30'}    # or spans: [{days, from, to}]; holidays: yes
 *     on_call:                                # astreintes: told by their id, whoever is on duty
 *       - {id: cadre, title: cadre d'astreinte, turn: [dupont, martin], start: 2027-01-01, handover: '18:00', period: 7 j}
 *       - {id: elu, file: elu.csv}            # of a spreadsheet: start; end; person. Comes before a turn
 *     absences:
 *       - {who: dupont, from: 2027-08-01, to: 2027-08-15, substitute: martin}
 *
 * Nobody is called off duty who is not on astreinte: a person is told in his hours, or while he is on duty in any
 * astreinte, and never while he is absent. A step whose receivers are all off duty brings the next one forward; whoever
 * comes on duty while it still rings is told then. When nobody of a chain is on duty it waits for the first: a gap, which
 * policy_gaps() finds beforehand; in a gap of rouge or P1 the fallback, when it is given, is told at once (step 0). Nobody is told of `vert`. */
#ifndef TOCSIN_POLICY_POLICY_H
#define TOCSIN_POLICY_POLICY_H
#include <stdint.h>
#include <tocsin/base/arena.h>
#include <tocsin/calendar/rota.h>
#include <tocsin/record/absence.h>
#include <tocsin/record/incident.h>
#include <tocsin/yaml/yaml.h>

/* The top-level keys of tocsin.yaml that belong to the policy, in both spellings. */
extern const struct yaml_key policy_root_keys[];
extern const size_t policy_root_keys_n;

#define POLICY_ID_MAX YAML_ID_MAX /* bytes of a person's or a hook's id */

enum policy_chain { CHAIN_JAUNE, CHAIN_ORANGE, CHAIN_ROUGE, CHAIN_GRIS, CHAIN_P1, CHAINS };
#define CHAIN_NONE CHAINS
extern const char
	*const policy_chain_names[CHAINS]; /* "jaune" … "P1": as in the file and in keys */

enum hook_form { HOOK_JSON, HOOK_MATTERMOST, HOOK_SLACK, HOOK_TEAMS };
struct policy_hook {
	const char *id, *title;
	const char *url,
		*url_file; /* exactly one is set; a file may hold it, for many are secrets */
	/* Key of the generic JSON form, or NULL: X-Tocsin-Signature: sha256=HEX, HMAC-SHA256 over "TIMESTAMP.BODY",
	 * TIMESTAMP being X-Tocsin-Timestamp (unix seconds): what tocsin-webhook takes as a source. */
	const char *secret_file;
	const char *const *internal; /* hosts that may be inside (net/fetch.h), or NULL */
	enum hook_form form;
	bool cabinet; /* somebody of the cabinet reads it */
	const struct yaml_node *node; /* its url in the file, or the hook's own */
};
struct policy_limit { /* at most n messages in ms; n 0: no limit */
	uint32_t n;
	int64_t ms;
};
struct policy_person {
	const char *id, *name, *role; /* role may be "" */
	const char *mail; /* or NULL */
	const char *sms; /* "+33612345678", or NULL */
	const struct policy_hook *hook; /* or NULL */
	const struct hours *hours; /* when he may be told; NULL: always */
	struct policy_limit limit;
};
struct policy_team {
	const char *id, *title;
	const struct policy_person **members;
	size_t n_members;
};
/* When the messages of some levels wait. */
struct policy_quiet_hours {
	unsigned chains; /* bits: 1 << chain */
	const struct hours *hours;
	bool outside; /* they wait outside these hours, else inside */
};
/* One receiver by one channel. */
struct policy_target {
	const char *channel; /* "mail", "sms" or "webhook" */
	const char *person; /* the person's id, or the hook's when it is told by itself */
	const char *name; /* for people: "A. Roche (dir'com)" */
	const char *address; /* mail address, number, or the hook's id */
	const struct policy_person *who; /* NULL: a hook by itself, always there */
	const struct rota *rota; /* told only while on duty in it; NULL: by himself */
	bool in_trial, only_in_trial; /* is told during the trial; never else */
};
/* The first weeks of an installation: alarms go to a few people only. */
struct policy_trial {
	int64_t from, to; /* [from, to); 0, 0: none, or none any more */
	const char *names; /* of who is told, for people; NULL: the file names no trial */
};
struct policy_step {
	int64_t after_ms;
	struct policy_target *targets;
	size_t n_targets;
};
struct policy_steps {
	struct policy_step *list;
	size_t n;
	bool by_default; /* the file names no step: the fallback's */
};
struct policy_mailing {
	struct policy_target *targets; /* by mail; none: it is not sent */
	size_t n_targets;
	int minute; /* of the day */
};
struct policy_election { /* [from, to) */
	int64_t from, to;
	const char *title; /* or NULL */
	const char **candidates; /* names: no topic is about them then */
	size_t n_candidates;
};
#define LOOK_PRIORITIES 4u
struct policy {
	struct policy_person *people;
	size_t n_people;
	struct policy_hook *hooks;
	size_t n_hooks;
	struct policy_team *teams;
	size_t n_teams;
	struct holidays holidays;
	struct hours *hours;
	size_t n_hours;
	struct rota *rotas;
	size_t n_rotas;
	struct rota_absence *absences; /* the file's first, n_absences_given of them */
	size_t n_absences, n_absences_given;
	struct rota_absence *absences_owned; /* of policy_away() */
	struct policy_quiet_hours *quiet;
	size_t n_quiet;
	struct policy_steps chains[CHAINS];
	struct policy_target
		*fallback; /* in order; each person by each channel, one after the other */
	size_t n_fallback;
	struct policy_mailing bulletin, prescriptions;
	struct policy_election *elections;
	size_t n_elections;
	struct policy_trial trial;
	struct policy *untried; /* the same without the trial, when there is one: policy_for() */
	bool fallback_given; /* by the file, else it is whoever rouge tells */
	int64_t repeat_ms, ack_ms, code_ms, fallback_after_ms, give_up_ms;
	int64_t group_ms; /* 0: each alarm is a message */
	int64_t look_ms[LOOK_PRIORITIES]; /* of P1 … P4 to the first look; 0: the usual */
	bool inhibit;
	bool empty; /* the file says nothing of people and levels: nobody would ever be told */
	struct arena arena;
};

/* Reads the policy from the root of tocsin.yaml; other top-level keys are not looked at. Every problem goes to
 * p with its place. folder: relative file names count from here. 0 or -EINVAL (then ret is empty). */
int policy_load(const struct yaml_file *f, const char *folder, struct policy *ret,
	struct problems *p) _must_check_;
void policy_release(struct policy *policy);
const struct policy_hook *policy_hook(const struct policy *policy, struct slice id);
const struct policy_person *policy_person(const struct policy *policy, struct slice id);
const struct rota *policy_rota(const struct policy *policy, struct slice id);
const struct policy_team *policy_team(const struct policy *policy, struct slice id);

/* Puts these absences beside the file's, in the place of those that were put there before. Nobody of an unknown id is away. */
void policy_away(struct policy *policy, const struct absence *list, size_t n);

/* Whether the receiver may be told at a moment: on duty in his hours or an astreinte, not absent. */
bool policy_on_duty(const struct policy *policy, const struct policy_target *t, int64_t ms);
/* Whether some astreinte has this person on duty. */
bool policy_on_call(const struct policy *policy, struct slice person, int64_t ms);
/* When the last Monday bulletin was due. */
int64_t policy_bulletin_due(const struct policy *policy, int64_t ms);
/* When the reminders of prescriptions of that day are due. */
int64_t policy_reminders_due(const struct policy *policy, int64_t ms);
/* The election period that a moment is of, or NULL. */
const struct policy_election *policy_election_at(const struct policy *policy, int64_t ms);
/* Whether a moment is of the trial. */
bool policy_trial_at(const struct policy *policy, int64_t ms);
/* The policy by which an incident rings: the one without the trial for P1, for the law asks that help be called within
 * minutes, whoever learns the tool; and for a drill, which somebody asked for. */
const struct policy *policy_for(const struct policy *policy, const struct incident *i);
/* By when somebody should look at what was flagged then. Never earlier for what was flagged later: of one priority the
 * oldest is due first. */
int64_t policy_look_by(const struct policy *policy, unsigned priority, int64_t flagged_at);
/* How long that is, in working time but for P1. */
int64_t policy_look_ms(const struct policy *policy, unsigned priority);
/* By when, when they come for the n-th time (from 1): each deadline is as long as the first. */
int64_t policy_look_again(
	const struct policy *policy, unsigned priority, int64_t flagged_at, unsigned n);
/* When so much working time has passed, a day of it being a working day: by when the public is answered, or a service
 * reminded. */
int64_t policy_answer_by(const struct policy *policy, int64_t from, int64_t ms);
/* Whether a level's messages wait then. */
bool policy_quiet_at(const struct policy *policy, enum policy_chain chain, int64_t ms);
/* When a receiver of a step (from 1) is told first, of a case that rings from base on and nobody takes charge of: at the
 * step's time, or when he comes on duty. INT64_MAX: not until then. */
int64_t policy_first(const struct policy *policy, enum policy_chain chain, int64_t base,
	uint32_t step, const struct policy_target *t, int64_t until);
/* The fallback from place n on that is told at a moment: the first on duty, else the first. n_fallback: none is left. */
size_t policy_fallback(const struct policy *policy, size_t n, int64_t ms);

/* From place n on: how many are the same person, by one channel after the other. */
size_t policy_fallback_run(const struct policy *policy, size_t n);

/* Who of the fallback has been told until then of an alarm that rings from base on, because nobody of its chain was on
 * duty; NULL: nobody. */
const struct policy_target *policy_relief(
	const struct policy *policy, enum policy_chain chain, int64_t base, int64_t until);

/* A stretch of time in which a level reaches nobody, and is not put off by quiet hours either. A hook by itself (a room
 * of a chat) is somebody for jaune and gris, nobody for what must be answered. */
enum policy_gap_why {
	GAP_OFF_DUTY, /* everybody whom the level names is off duty, and it names no astreinte */
	GAP_HOLE, /* the astreinte that it names has nobody then */
	GAP_ABSENT, /* … has somebody, who is absent and not replaced */
	GAP_TRIAL /* nobody whom the trial names is on duty */
};
struct policy_gap {
	enum policy_chain chain;
	int64_t from, to; /* [from, to) */
	enum policy_gap_why why; /* at its beginning */
	const struct rota *rota; /* GAP_HOLE, GAP_ABSENT */
	const struct policy_person *absent; /* GAP_ABSENT */
};
/* All gaps in [from, to), exact to the minute, by level, then in the order of time; the trial leaves P1 alone. The array
 * lives in the arena. */
size_t policy_gaps(const struct policy *policy, int64_t from, int64_t to, struct arena *arena,
	struct policy_gap **ret);

/* One incident with its main courante, oldest entry first, both read at the same moment. Whether it is taken charge
 * of is what its row says: store ends an acknowledgement (expiry, higher level, doubled volume) with an entry. */
struct policy_case {
	const struct incident *incident;
	const struct incident_entry *entries;
	size_t n_entries;
	bool event_clock; /* the town clock follows the data: entries count by `at`, else by `written_at` */
};

/* Where a case stands at a moment of the town clock. */
enum policy_quiet { QUIET_NOT, QUIET_ACKED, QUIET_SILENCED, QUIET_CLOSED, QUIET_VERT };
struct policy_state {
	enum policy_quiet quiet;
	int64_t until; /* QUIET_ACKED, QUIET_SILENCED: when it ends */
	enum policy_chain
		chain; /* whose steps count now; CHAIN_NONE when quiet is QUIET_VERT or QUIET_CLOSED */
	int64_t base; /* steps count from here */
	bool ack_lost; /* it had been taken charge of, and that has expired or was broken */
	int64_t next_at; /* the next step that has not come yet (else the next repeat); 0 when quiet */
	uint32_t next_step; /* from 1; 0 when next_at is a repeat of all */
};
struct policy_state policy_state(
	const struct policy *policy, const struct policy_case *c, int64_t now);

#define POLICY_KEY_MAX 192u
/* One message that is due. */
struct policy_notice {
	int64_t due_at; /* town clock */
	enum policy_chain chain;
	uint32_t step, repeat; /* step from 1, 0: the fallback in a gap; repeat from 0 */
	const struct policy_target *target;
	int64_t base; /* town clock from which the steps count: opening, rise, or end of an acknowledgement */
	char key[POLICY_KEY_MAX]; /* "incident/level/step/person/channel/base.repeat": the same for the same
	                              message whenever it is asked for */
	/* of policy_late() only: the acknowledgement or close that came first, in the case's entries, and when */
	const struct incident_entry *end;
	int64_t ended_at;
};
#define POLICY_KEY_FALLBACK \
	"secours/" /* begins the keys of messages about those that were not delivered */
#define POLICY_KEY_LATE "/late" /* ends the keys of policy_late() */
/* Chain, step, base and repeat of a key; false when it is not one of these. */
bool policy_key_read(struct slice key, struct policy_notice *ret);
/* Everything due up to now, in the order of its time, then step, then receiver. Of the repeats of one step
 * only the latest (after a stop nobody gets yesterday's repeats). Levels that the case passed through
 * unacknowledged count: whoever should have been told of `jaune` is told although it is `rouge` by now.
 * The array lives in the arena. Properties, which its test holds: an open incident that nobody has taken
 * charge of is never silent for longer than four times the repeat; taken charge of means quiet until that expires or is
 * broken by a higher level or a doubled volume; no key comes twice. A silence keeps quiet the level at which it
 * was asked for and what is below (asked for before anything rose: all but rouge), and never a P1. */
size_t policy_due(const struct policy *policy, const struct policy_case *c, int64_t now,
	struct arena *arena, struct policy_notice **ret);

/* The first moment after now at which policy_due() may say more or something else, as long as case and policy stay what
 * they are; at most a day ahead. Until then whoever knows what was due need not ask. */
int64_t policy_next(const struct policy *policy, const struct policy_case *c, int64_t now);

/* What was due before somebody took charge (then only what was due at once) or before it was closed, told in time or
 * not: the caller knows what was told, and says the rest afterwards, once. Also of closed incidents; in the order of
 * time. What a silence kept quiet at its end was not due. Repeats are not asked for. Whoever was off duty, or had quiet hours, is
 * told when he comes on duty: due_at may lie ahead, and behind ended_at. The array lives in the arena. */
size_t policy_late(const struct policy *policy, const struct policy_case *c, struct arena *arena,
	struct policy_notice **ret);

/* The open incident that explains another one to a receiver, for whom it then does not ring by itself: the whole (`ensemble`), a source's or a post's volume, or a category
 * (topic "categorie:…"), is explained by a topic that is open at the same level or a higher one, rings or is taken charge
 * of (a topic that is kept quiet explains nothing), and makes at least half of its messages, also of the last 15 minutes'. The heaviest of them, then
 * the oldest, of those in whose chain the person stands, on duty now, by whatever channel: who does not hear of the topic
 * hears of the whole. NULL: none, or the policy says `inhibit: no`. quiet: of each in open. A P1, a drill, a source that is not
 * heard, a raid and a campaign explain nothing and are explained by nothing. When the explaining one falls, is closed or
 * kept quiet, or the other rises above it, the other rings. */
struct policy_open {
	const struct incident *incident;
	enum policy_quiet quiet;
};
bool policy_may_be_explained(const struct policy *policy, const struct incident *i);
const struct incident *policy_explains(const struct policy *policy, const struct incident *i,
	const struct policy_open *open, size_t n, const struct policy_target *to, int64_t now);
#define POLICY_KEY_EXPLAINED \
	"/explained" /* ends the key of a notice that was not given for that reason */

/* Delivery that failed or may have failed: what next, after this attempt (from 1)? */
struct policy_retry {
	int64_t delay_ms; /* wait before the next: 5 s doubling to 5 min */
	bool tell_fallback; /* it has been failing for `fallback_after` */
	bool give_up; /* … for `give_up`: it becomes a dead letter */
};
struct policy_retry policy_retry(const struct policy *policy, uint32_t attempt);
#endif
