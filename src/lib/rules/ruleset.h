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

#define SCORE_ONE 100u /* scores are hundredths */

enum rule_status { RULE_DRAFT, RULE_SHADOW, RULE_LIVE, RULE_RETIRED };

enum condition_type { CONDITION_ATOM, CONDITION_ANY, CONDITION_ALL, CONDITION_NOT, CONDITION_NEAR };
struct condition {
	enum condition_type type;
	uint32_t atom;
	uint32_t within; /* words between two neighbours */
	bool ordered;
	struct condition **children;
	size_t n;
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
	struct slice service, reply, escalate, spike;
};

struct pack {
	struct slice id;
	uint32_t queue, alert; /* hundredths */
	uint32_t *caps; /* a category */
};

enum sample_kind { SAMPLE_MATCH, SAMPLE_NO_MATCH, SAMPLE_TODO };
struct sample {
	enum sample_kind kind;
	uint32_t rule;
	struct slice text;
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
	struct match_set *match;
	char hash[DIGEST_HEX];
};

/* Appends a zeroed element to a LIST of a struct. */
void *list_grow(void *list, size_t *n, size_t *cap, size_t size);
#define list_add(owner, name) \
	((owner)->name = list_grow( \
		 (owner)->name, &(owner)->n_##name, &(owner)->cap_##name, sizeof(*(owner)->name)), \
		&(owner)->name[(owner)->n_##name - 1])
#endif
