/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages of several alarms that go to one receiver together. Pure. */
#ifndef ESCALATE_GROUP_H
#define ESCALATE_GROUP_H
#include "compose.h"

struct grouping {
	const struct message
		*list; /* composed each for itself; at least two, POLICY_TOGETHER_MAX at most */
	size_t n;
	struct slice
		key; /* of the message: the same at every attempt, whatever is left to say by then */
	bool led; /* list[0] is said whole, the others behind it; unless only they still ask */
	bool morning; /* quiet hours kept them back */
	bool fallback; /* each tells of a message that was not delivered */
	bool held; /* the receiver's limit has held some back */
	struct policy_limit limit;
};
/* One message of them. Strings live in the arena, and in the list. */
void compose_group(const struct grouping *g, struct arena *arena, struct message *ret);
#endif
