/* SPDX-License-Identifier: GPL-3.0-or-later
 * A compiled ruleset, as the scorer walks it.
 *
 *   comment ──match──▶ atoms that have a hit ──▶ rules that own one ──▶ conditions ──▶ scores
 *
 * A leaf of a condition is an atom of the engine (match room); it belongs to one rule. */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H
#include <tocsin/match/match.h>
#include <tocsin/rules/rules.h>

#include "cues.h"

#define CLUES_MAX 64u
#define SCORE_ONE 100u /* scores are hundredths */

enum condition_type {
	CONDITION_ATOM,
	CONDITION_ANY,
	CONDITION_ALL,
	CONDITION_NOT,
	CONDITION_NEAR,
	CONDITION_CONTEXT, /* keeps what its one child found and all operators allow */
	CONDITION_COUNT, /* how often its one child is found */
	CONDITION_CLUES, /* what its children are worth together */
	CONDITION_FIELD /* of the comment; has no place in the text */
};
enum comment_field { FIELD_SOURCE, FIELD_LANG, FIELD_THREAD, FIELD_AUTHOR };
/* Numbers of clauses [first, end): bits of what match wakes (triggers.c). Empty: never asleep. */
struct clauses {
	uint32_t first, end;
};

struct condition {
	enum condition_type type;
	uint32_t atom;
	uint32_t
		within; /* near: words between two neighbours; clues: between the first and the last */
	bool ordered; /* near */
	bool distinct; /* count */
	bool joined; /* context: its spans were put together by a near */
	uint8_t asked, wanted; /* context: bits of enum context_operator, and which must hold */
	uint32_t at_least, at_most; /* count; clues: points */
	int8_t *worth; /* clues: points of each child; below zero: wherever it stands in the comment */
	enum comment_field field;
	struct slice *values; /* field */
	size_t n_values;
	struct condition **children;
	size_t n;
	struct clauses clauses; /* what wakes it, when it is one of several of which any suffices */
	uint32_t *firsts; /* any: of each child, and behind the last; NULL: some are never asleep */
};

struct rule {
	struct slice id, title;
	uint32_t pack;
	enum rule_status status;
	bool topic;
	int category; /* index of categories[], -1 for a topic */
	uint8_t priority; /* 0, 1..4 */
	uint8_t lanes;
	bool disguise;
	uint32_t score; /* hundredths */
	struct condition *when, *unless; /* unless may be NULL */
	struct clauses clauses; /* of when */
	struct slice service, reply, escalate, spike, owner, law, review_by;
	int64_t expires; /* ms; comments written from then on are not concerned; 0 never */
	struct rule_rate rate; /* rate.at_least 0: none */
	struct rule_nominative *nominative; /* NULL: names nobody */
	char seal[17]; /* of its conditions; "" when nobody asked */
	unsigned line, column;
	const char *path;
};

struct rule_place {
	const char *path;
	unsigned line, column;
};

struct pack {
	struct slice id, owner;
	uint32_t queue, alert; /* hundredths */
	uint32_t *caps; /* a category */
};

enum sample_kind { SAMPLE_MATCH, SAMPLE_NO_MATCH, SAMPLE_TODO };
struct sample {
	enum sample_kind kind;
	uint32_t rule;
	struct comment comment; /* the text, and the fields that the author gave */
	const char *path;
	unsigned line, column;
};

#define LIST(type, name) \
	type *name; \
	size_t n_##name, cap_##name
struct ruleset {
	struct arena arena;
	LIST(struct rule, rules);
	LIST(struct pack, packs);
	LIST(struct sample, samples);
	LIST(struct rule_case, cases);
	LIST(uint32_t, clauses); /* of which rule each one is */
	struct match_set *match;
	/* The words that the context operators look at: a set of their own, scanned only for a comment where a rule that
	 * asks is a candidate (with the rules' atoms they cost every comment more than all rules: 9 us). */
	struct match_set *cues; /* NULL: no rule asks */
	uint32_t cue_atoms[CUES];
	char hash[DIGEST_HEX];
};

/* Appends a zeroed element to a LIST of a struct. */
void *list_grow(void *list, size_t *n, size_t *cap, size_t size);
#define list_add(owner, name) \
	((owner)->name = list_grow( \
		 (owner)->name, &(owner)->n_##name, &(owner)->cap_##name, sizeof(*(owner)->name)), \
		&(owner)->name[(owner)->n_##name - 1])
#endif
