/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which messages go out now, which wait, and which go together. Pure: the outbox and what has been sent lately go in, the
 * same question has the same answer, so that nothing about it is kept anywhere and no death loses it.
 *
 *   rouge, P1          go at once, each by itself; what waits for the same receiver goes along
 *   drills, summaries of what is past, the fallback's message of a P1: at once, each by itself
 *   the fallback's others: at once; those for one receiver together, for a message of several that fails leaves one for
 *                      each of its alarms
 *   the rest           what is due to one receiver at one step goes together. Whoever got such a message less than
 *                      `group` ago gets the next one when that time is over, unless it is of a higher level; nothing
 *                      waits longer for company than `group` from when it was due.
 *                      Whoever has had `at_most` messages waits until the oldest of them is that old, and gets
 *                      everything then in one message, or with the next rouge or P1. Messages that were all lighter than
 *                      the heaviest of what waits do not count: an orange is not held up by six jaunes, and takes along
 *                      whatever was.
 *
 * What may have arrived goes again as the same message, so that whoever gets it twice knows it for one, and waits for nothing.
 *
 * What quiet hours kept back is told in one message a receiver when they end, whatever its step, with the summary of what
 * was over by then: it waits POLICY_MORNING_MS for that.
 *
 * A receiver is a person by one channel, to one address. A hook by itself (a room of a chat) has no limit. */
#ifndef TOCSIN_POLICY_DISPATCH_H
#define TOCSIN_POLICY_DISPATCH_H
#include <tocsin/policy/policy.h>

#define POLICY_MORNING_MS \
	10000 /* a summary comes so long after the end of quiet hours at the latest, when it comes with it */

#define POLICY_TOGETHER_MAX \
	25u /* rows of one message, which names each; what is beyond goes right behind it, in the next one */

/* A row of the outbox that may go. */
struct policy_pending {
	int64_t id, due_at;
	struct slice key, channel, target, person;
	bool drill;
	bool urgent; /* of a P1, or of its drill; also the fallback's message of one */
	bool tried; /* an attempt has failed: it waits for no company any more */
	bool maybe; /* an attempt may have arrived: it goes again as it went then, with nothing more and nothing less */
	int64_t attempt_at; /* … the same for what went with it */
};
/* A step's message that went out, or is on its way. */
struct policy_sent {
	struct slice channel, target, person;
	int64_t at;
	int64_t message; /* the same for what went together, which counts once */
	enum policy_chain chain;
	uint32_t step;
};
/* Chain and step of what has been sent under a key; false: it counts for nothing (a drill, a fallback's, a summary). */
bool policy_sent_of(struct slice key, bool drill, struct policy_sent *ret);
struct policy_desk {
	const struct policy_pending *rows;
	size_t n;
	const struct policy_sent
		*sent; /* of the last day, the longest limit, in the order of time */
	size_t n_sent;
	int64_t now; /* of the same clock as due_at and at */
};
enum policy_wait { WAIT_NOT, WAIT_COMPANY, WAIT_LIMIT };
/* One message. */
struct policy_dispatch {
	const struct policy_pending **rows; /* at least one */
	size_t n;
	enum policy_wait wait;
	int64_t at; /* goes at now, or waits until then */
	bool held; /* goes now, and his limit is what it has waited for */
	bool morning; /* what quiet hours kept back */
	bool led; /* rows[0] is a message of its own, with which the others go along */
};
/* Every row in exactly one of them. What goes now stands before what waits, real alarms before drills, P1 before all others.
 * The arrays live in the arena. */
size_t policy_dispatch(const struct policy *policy, const struct policy_desk *desk,
	struct arena *arena, struct policy_dispatch **ret);
/* The limit of a person, by id; n is 0: none. */
struct policy_limit policy_limit_of(const struct policy *policy, struct slice person);
/* How heavy a level is: gris, jaune, orange, rouge, P1. */
int policy_weight(enum policy_chain chain);
#endif
