/* SPDX-License-Identifier: GPL-3.0-or-later
 * From an incident to the message that one person gets. Pure: what it needs is in its arguments. */
#ifndef ESCALATE_COMPOSE_H
#define ESCALATE_COMPOSE_H
#include "message.h"

struct compose_reader {
	struct slice person, address; /* a person's or a hook's id; where it is told */
};
struct compose {
	const struct policy *policy;
	const struct policy_case *c;
	enum words_lang lang;
	struct slice town;
	const char *bundle; /* hex, "" when none */
	const struct slice *verbatims; /* masked already */
	size_t n_verbatims;
	const struct slice *rumours; /* to check, or what was found of each; masked already */
	size_t n_rumours;
	struct incident_questions questions;
	struct slice card; /* where the topic's fiche réflexe is; empty: it has none */
	struct slice verbatim_source; /* of the first; for P1 */
	const struct slice
		*deaf; /* sources that are not heard now; the incident's own facts may be older */
	size_t n_deaf;
	/* Persons whose message has not arrived, by id: they must not pass for told. */
	const struct slice *unreached;
	size_t n_unreached;
	/* People, hooks and addresses that are told how many and not what citizens say: cabinet.h. */
	const struct slice *counted;
	size_t n_counted;
	struct compose_reader reader; /* who reads it, when that is not whom it was for */
	bool first; /* nobody was told of this incident yet: what comes late is no reminder */
	/* A source's name for people. */
	struct slice (*source_title)(const void *user, struct slice id);
	const void *user;
	int64_t now, wall; /* town clock, wall clock */
};
/* The message of a notice; strings live in the arena. */
void compose_notice(const struct compose *c, const struct policy_notice *n, struct arena *arena,
	struct message *ret);
/* Whether he is told how many alone: by himself, or by an address that he shares with who is. */
bool compose_is_counted(const struct slice *counted, size_t n, const struct compose_reader *reader);
/* A message that was composed for somebody else, without what citizens say: without its quotes; without its title and its
 * sentences, when they may be made of citizens' words. It says so. */
void compose_bare(struct message *m, struct arena *arena);
/* … what is left out, in a sentence. */
struct writer;
void compose_left_out(struct writer *w, enum words_lang l);
/* An alarm that was over before its receiver could be told. */
struct compose_past {
	const struct incident *incident;
	enum policy_chain chain; /* the highest that the receiver should have been told of */
	int64_t from, to; /* town clock: rang, ended */
	bool acked; /* somebody took charge; else closed */
	struct slice who; /* by whom; "tocsin" when it calmed down by itself */
};
struct compose_summary {
	enum words_lang lang;
	struct slice town;
	const struct policy_target *to;
	struct slice key;
	struct compose_past *lines; /* sorted here: the highest first */
	size_t n_lines;
	bool counts_only; /* nothing of what citizens say */
	int64_t now, wall;
};
/* One message for all of them. */
void compose_summary(const struct compose_summary *s, struct arena *arena, struct message *ret);
/* The name of an incident for people; title: masked already. */
void compose_title(
	enum words_lang l, const struct incident *i, struct slice title, struct buf *out);
const char *compose_level(enum words_lang l, enum policy_chain chain);
#define COMPOSE_TITLE_BYTES 120u /* the subject must keep room for what is to be done */

/* A message could not be delivered: told to the fallback. reason: for people. stuck: it is still being tried. */
struct compose_undelivered {
	const struct policy_target *to; /* who is told */
	struct slice key;
	struct slice person, reason; /* who was not reached, and why */
	bool stuck;
};
/* From the message that did not arrive. */
void compose_undelivered(const struct message *lost, const struct compose_undelivered *u,
	int64_t wall, struct arena *arena, struct message *ret);
/* "menace" of "P1:menace". */
struct slice compose_category(const struct incident *i);
#endif
