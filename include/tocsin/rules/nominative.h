/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rules and topics that name a person: under which public mandate, why, and which jurist signed. A person is named when a rule that
 * is heard (live, or in observation) holds a name declared under « personnes », or one of the elected officials' (list
 * elus_noms) by itself. A rule that takes elus_noms whole protects all of them alike and names nobody; a topic that does follows
 * what is said of them, and names them, unless it is in observation (a second pair of eyes). Functions (« le maire ») are nobody's
 * name. Nothing here is asked when a comment is scored. */
#ifndef TOCSIN_RULES_NOMINATIVE_H
#define TOCSIN_RULES_NOMINATIVE_H
#include <tocsin/rules/rules.h>

#define ELECTED_LIST "elus_noms" /* the names of all elected officials, of any group */
#define SEAL_TEXT 17u /* 16 hex digits */

struct named_person {
	struct slice name, mandate; /* mandate: empty when nobody declared the person */
};
struct rule_nominative {
	const struct named_person *persons;
	size_t n;
	bool elected; /* a topic about all elected officials by their names */
	struct slice reason, jurist, signed_on, seal; /* as written; empty when they are not */
	char due[SEAL_TEXT]; /* the seal of the condition as it is */
	int64_t signed_at; /* start of signed_on in universal time, ms */
	bool heard; /* live or in observation: else it names nobody yet */
	const char *path; /* of the signature, or of the rule while there is none */
	unsigned line, column;
};
/* NULL: it names nobody, or its author said why that is no person (« admis: {personne: …} »). Lives as long as the ruleset. */
const struct rule_nominative *ruleset_nominative(const struct ruleset *r, size_t i);

/* ruleset_load_names() for who judges what is published: names are sought as ruleset_check() does, in small letters too, and every
 * rule has its seal. */
int ruleset_load_persons(const char *path, struct ruleset **ret, struct problems *p) _must_check_;
/* Of its conditions as they are; "" when it was loaded otherwise and names nobody. */
const char *ruleset_seal(const struct ruleset *r, size_t i);

/* What a rule that is heard lacks. Bits. */
enum nominative_lack {
	LACKS_MANDATE = 1, /* of a person */
	LACKS_REASON = 2,
	LACKS_JURIST = 4,
	LACKS_DATE = 8,
	LACKS_PAST = 16, /* signed tomorrow or later, wherever one is */
	LACKS_SEAL = 32, /* none, or of another condition */
};
unsigned nominative_lacks(const struct rule_nominative *n, int64_t now);
/* The ids of the rules that lack any, ", " between, appended. Of a ruleset of ruleset_load_persons(): a publication is judged by no
 * other, and one that is loaded otherwise misses names in small letters. */
void nominative_unsigned(const struct ruleset *r, int64_t now, struct buf *out);
/* Adds one problem for each of those bits, with its place and what to do. */
void nominative_say(const struct ruleset *r, size_t i, unsigned lacks,
	enum problem_severity severity, struct problems *p);
#endif
