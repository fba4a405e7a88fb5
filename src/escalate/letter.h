/* SPDX-License-Identifier: GPL-3.0-or-later
 * One message while it is being composed. */
#ifndef ESCALATE_LETTER_H
#define ESCALATE_LETTER_H
#include "compose.h"
#include "write.h"

struct letter {
	const struct compose *c;
	const struct policy_notice *n;
	const struct incident *i;
	const struct incident_facts *f;
	enum words_lang l;
	struct policy_state state;
	bool counts_only; /* nothing of what citizens say */
	struct writer w;
};

/* The level that the case has now; of a case that has calmed down, the one this message is about. */
enum policy_chain letter_chain(const struct letter *j);
bool letter_over(const struct letter *j);
/* The time as people say it, seen from the moment of writing. */
const char *letter_time(const struct letter *j, int64_t ms, char out[static CLOCK_TEXT]);
const char *letter_at(const struct letter *j, int64_t ms, char out[static CLOCK_TEXT]);
/* curve.c: the curve for the picture of a mail, after what has been said so far; nothing when it is too short. */
void letter_curve(struct letter *j);
/* reasons.c: why it rings, a block for the text and one for the rhythm; in which sources, by how few. */
void letter_why(struct letter *j);
void letter_where(struct letter *j);
/* Who is in charge, or what happens when nobody answers. */
void letter_charge(struct letter *j);
/* When the next point of the situation is promised, or that it did not come. */
void letter_next(struct letter *j);
/* That it is the trial, until when, and who else is told. */
void letter_trial(struct letter *j);
/* What the law asks of the town in an election period. */
void letter_election(struct letter *j);
#endif
