/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a comparison of two sets of rules found. */
#ifndef TOCSIN_RULES_COMPARE_H
#define TOCSIN_RULES_COMPARE_H
#include <tocsin/base/arena.h>
#include <tocsin/rules/rules.h>
#include "changes.h"
#include "judged.h"

enum { EXAMPLES = 3 /* of each rule and side */ };

struct example {
	struct slice id, text;
	uint32_t start, end; /* of the match */
};

struct rule_change {
	struct slice id;
	uint64_t before, after; /* comments that it matched */
	uint64_t found, lost; /* only after, only before */
	struct judged judged; /* of `after` */
	struct example found_examples[EXAMPLES], lost_examples[EXAMPLES];
};

struct comparison {
	struct scorer *old, *new;
	struct arena arena;
	struct map *ids; /* rule id → index */
	struct rule_change *rules;
	size_t n, cap;
	uint64_t comments;
	int64_t span[2]; /* of a file: from, before */
	int64_t first_at, last_at; /* event time; 0: of a file without dates */
	/* by enum verdict_level: that level or more */
	uint64_t before[3], after[3], found[3], lost[3];
	const struct history_item *item; /* at hand; NULL: of a file */
	struct changes written;
};

/* A table with examples, or one JSON object. */
void comparison_print(struct context *x, struct comparison *c);
#endif
