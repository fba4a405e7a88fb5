/* SPDX-License-Identifier: GPL-3.0-or-later
 * What incidents of observers and of single comments share. */
#ifndef DB_INCIDENT_H
#define DB_INCIDENT_H
#include "st.h"

#define WHO_MACHINE SLICE("tocsin")

/* An open incident as far as changing it needs. */
struct current {
	int64_t id, level, state, ack_level, ack_messages;
	bool anybody; /* no author is known: each message may be another person's */
};
/* A new incident with its first entry, by who, from o's kind, level, topic, title and facts. */
int incident_open(struct store *st, const struct observation *o, struct slice who,
	struct slice author, int64_t *ret_id, struct error *e) _must_check_;
/* Opens, changes or closes the open incident of o's kind and topic. */
int incident_observe_one(struct store *st, const struct observation *o, struct error *e)
	_must_check_;
/* A higher level, twice the volume, or perhaps another person is not what was acknowledged. */
int incident_break_ack(struct store *st, const struct current *c, const struct observation *o,
	struct error *e) _must_check_;
/* Lives until the next call. */
struct slice incident_encoded(struct store *st, const struct incident_facts *f);
#endif
