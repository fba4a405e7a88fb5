/* SPDX-License-Identifier: GPL-3.0-or-later
 * The escalation policy of tocsin.yaml: who is told, by which channel, after how long unless somebody
 * has taken charge. Pure: time is an argument, nothing is sent from here.
 *
 *   people:                                   # personnes
 *     - {id: morel, name: C. Morel, role: community manager, mail: morel@ville.example}
 *     - {id: dircom, name: A. Roche, role: dir'com, mail: dircom@ville.example, hook: dircom-mattermost}
 *   hooks:                                    # crochets: receivers of webhooks; a step may tell one by itself
 *     - {id: salon, title: Salon de crise, url: 'https://chat.ville.example/hooks/x', form: mattermost}
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
 *     fallback: [dgs]             # secours: told when a message cannot be delivered, in this order;
 *                                 # without it: whoever `rouge` tells
 *     fallback_after: 10 min      # … or has not been delivered for so long
 *     give_up: 24 h               # abandon: after so long a message is a dead letter
 *
 * `calendars` (calendriers) is reserved for office hours and on-call duty: the key is known and refused
 * with a clear word until it means something. Nobody is told of `vert`. */
#ifndef TOCSIN_POLICY_POLICY_H
#define TOCSIN_POLICY_POLICY_H
#include <stdint.h>
#include <tocsin/base/arena.h>
#include <tocsin/record/incident.h>
#include <tocsin/yaml/yaml.h>

/* The top-level keys of tocsin.yaml that belong to the policy, in both spellings. */
extern const struct yaml_key policy_root_keys[];
extern const size_t policy_root_keys_n;

#define POLICY_ID_MAX 48u /* bytes of a person's or a hook's id: letters, digits, - _ . */

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
	enum hook_form form;
};
struct policy_person {
	const char *id, *name, *role; /* role may be "" */
	const char *mail; /* or NULL */
	const struct policy_hook *hook; /* or NULL */
};
/* One receiver by one channel. */
struct policy_target {
	const char *channel; /* "mail" or "webhook" */
	const char *person; /* the person's id, or the hook's when it is told by itself */
	const char *name; /* for people: "A. Roche (dir'com)" */
	const char *address; /* mail address, or the hook's id */
};
struct policy_step {
	int64_t after_ms;
	struct policy_target *targets;
	size_t n_targets;
};
struct policy_steps {
	struct policy_step *list;
	size_t n;
};
struct policy {
	struct policy_person *people;
	size_t n_people;
	struct policy_hook *hooks;
	size_t n_hooks;
	struct policy_steps chains[CHAINS];
	struct policy_target *fallback; /* in order; each person's first channel */
	size_t n_fallback;
	int64_t repeat_ms, ack_ms, fallback_after_ms, give_up_ms;
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
	uint32_t step, repeat; /* step from 1, repeat from 0 */
	const struct policy_target *target;
	int64_t base; /* town clock from which the steps count: opening, rise, or end of an acknowledgement */
	char key[POLICY_KEY_MAX]; /* "incident/level/step/person/channel/base.repeat": the same for the same
	                              message whenever it is asked for */
	/* of policy_late() only: the acknowledgement or close that came first, in the case's entries, and when */
	const struct incident_entry *end;
	int64_t ended_at;
};
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

/* What was due before somebody took charge (then only what was due at once) or before it was closed, told in time or
 * not: the caller knows what was told, and says the rest afterwards, once. Also of closed incidents; in the order of
 * time. What a silence kept quiet at its end was not due. Repeats are not asked for. The array lives in the arena. */
size_t policy_late(const struct policy *policy, const struct policy_case *c, struct arena *arena,
	struct policy_notice **ret);

/* Delivery that failed or may have failed: what next, after this attempt (from 1)? */
struct policy_retry {
	int64_t delay_ms; /* wait before the next: 5 s doubling to 5 min */
	bool tell_fallback; /* it has been failing for `fallback_after` */
	bool give_up; /* … for `give_up`: it becomes a dead letter */
};
struct policy_retry policy_retry(const struct policy *policy, uint32_t attempt);
#endif
