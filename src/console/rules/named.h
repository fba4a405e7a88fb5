/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages say of a rule or a topic that names a person: whom, under which mandate, why, who signed. */
#ifndef CONSOLE_RULES_NAMED_H
#define CONSOLE_RULES_NAMED_H
#include <tocsin/rules/nominative.h>
#include "../console.h"

/* "Jeanne Martin (maire), Paul Petit (conseiller municipal)" */
void named_persons(const struct visit *v, const struct rule_nominative *n, struct buf *out);
/* "martin, le 2027-01-15", or that nobody's signature holds. */
void named_signature(const struct visit *v, const struct rule_nominative *n, struct buf *out);
/* Rows of the facts of a rule in force, when it names a person. */
void named_facts(struct visit *v, struct slice id);
/* « Je signe », for a jurist, when that is all that the rule wants; and the way there, from above what is to be read first. */
void sign_put(struct visit *v, struct slice id);
void sign_put_way(struct visit *v, struct slice id);
/* Whether a jurist's signature is all that a rule of the bundle wants, in force or as a draft. */
bool named_waits(const struct ruleset *rules, size_t i);
/* Messages that say which rules in force, and which drafts, want a signature, when some do. */
void named_warn(struct visit *v);
#endif
