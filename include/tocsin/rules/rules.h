/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rulesets: load and check YAML packs, compile them, score comments. Pure: no network, no database,
 * no clock; the same comment and the same bundle give the same verdict. */
#ifndef TOCSIN_RULES_RULES_H
#define TOCSIN_RULES_RULES_H
#include <tocsin/base/arena.h>
#include <tocsin/base/problem.h>
#include <tocsin/digest/digest.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/verdict.h>

struct ruleset; /* immutable once loaded; shared by scorers */

/* Loads every *.yaml of a folder (sorted by name), or one file. Every problem goes to p; a ruleset is
 * returned only when there is no error. Returns 0, -EINVAL (problems), or -errno. */
int ruleset_load(const char *path, struct ruleset **ret, struct problems *p) _must_check_;
/* The same for who only asks ruleset_info(), in a fraction of the time: without what scoring needs. No scorer can be made
 * of it, and it has no hash. */
int ruleset_load_names(const char *path, struct ruleset **ret, struct problems *p) _must_check_;
/* As ruleset_load; and when there is no error, what is doubtful goes to p as warnings: rules without examples, that can never
 * match or say what another one says, words of the dictionary and communes that a rule matches without meaning them,
 * slow expressions, names that nobody uses, dates gone by at `now` (ms). A rule accepts some with a reason (« admis »). A rule that
 * names a person without a mandate, a reason and a jurist's signature is an error here (nominative.h), and here alone: what is
 * in force stays so. */
int ruleset_check(const char *path, int64_t now, struct ruleset **ret, struct problems *p)
	_must_check_;
struct ruleset *ruleset_free(struct ruleset *r);
/* SHA-256 over sources (by name), text tables and library versions, in hex. */
const char *ruleset_hash(const struct ruleset *r);
size_t ruleset_count(const struct ruleset *r); /* rules and topics */

enum rule_status { RULE_DRAFT, RULE_SHADOW, RULE_LIVE, RULE_RETIRED };

/* « rythme »: the rule counts only at the n-th of its hits within a while, by one author or in one thread. Scoring is
 * pure and knows one comment: it tells such a hit apart (verdict.rated); who counts (trend) has the comment that reaches it
 * scored anew (scorer_score_rated). */
enum rule_rate_by { RULE_RATE_AUTHOR, RULE_RATE_THREAD };
#define RULE_RATE_MAX 64u /* at_least is 2 … so much */
struct rule_rate {
	enum rule_rate_by by;
	uint32_t at_least; /* 0: the rule has no rate */
	int64_t within_ms;
};

/* What trend and the commands need to know of a topic or a rule. */
struct rule_info {
	struct slice id, title, category, pack;
	bool topic; /* a topic, else a rule */
	enum rule_status status;
	uint8_t priority; /* 0, 1..4 */
	uint8_t lanes; /* bits of enum verdict_lane */
	uint32_t score; /* hundredths */
	struct slice service, reply, escalate, spike; /* spike: of a topic, "low|normal|high|off" */
	struct slice owner, law; /* owner: the rule's, else the pack's */
	struct slice review_by; /* "2027-06-30" or empty */
	int64_t expires; /* ms, 0 never: from then on (the comment's created_at) it is as if retired */
	struct rule_rate rate;
	const char *path; /* of its file */
	unsigned line, column;
};
/* i < ruleset_count. Slices live as long as the ruleset. */
struct rule_info ruleset_info(const struct ruleset *r, size_t i);

/* Scratch of one thread. */
struct scorer;
struct scorer *scorer_new(const struct ruleset *r);
struct scorer *scorer_free(struct scorer *s);
/* Scores one comment. The verdict's slices live until the next call. Never fails: a limit that is hit is a
 * verdict "unscored, for a human". */
void scorer_score(struct scorer *s, const struct comment *c, struct verdict *ret);
/* The same, when the rates of these rules (ids) hold for this comment: each that matches counts as if it had none. It
 * stays in verdict.rated. */
void scorer_score_rated(struct scorer *s, const struct comment *c, const struct slice *rules,
	uint32_t n, struct verdict *ret);

/* Runs the examples of all rules (drafts and shadows too). Each that fails is an error with its place; a todo
 * that matches by now is a warning. Returns 0, or -EINVAL when one failed. */
struct ruleset_tests {
	size_t passed, failed, todo;
};
int ruleset_test(const struct ruleset *r, struct ruleset_tests *ret, struct problems *p)
	_must_check_;

/* Cases: comments that follow each other, and what must come of each; in files of their own beside the packs (« cas »).
 * Whoever plays them counts rates as trend does. */
struct rule_names {
	const struct slice *list; /* ids of rules and topics */
	size_t n;
};
struct case_comment {
	struct comment comment; /* created_at: always given */
	bool has_level;
	enum verdict_level level;
	struct rule_names match, rated, no_match; /* count; wait for their rate; neither */
	unsigned line, column;
};
struct rule_case {
	struct slice title;
	struct case_comment *comments;
	size_t n;
	const char *path;
	unsigned line, column;
};
/* They live as long as the ruleset. */
size_t ruleset_cases(const struct ruleset *r, const struct rule_case **ret);

/* Appends the JSON Schema (draft-07) of a file of rules, made of the same table of keys as the reader: rules/schema.json,
 * for editors. What it cannot say (a list that does not exist, a rule that finds nothing) the reader says. */
struct buf;
void ruleset_schema(struct buf *out);

/* Rewrites the text of a pack: keys and choices in one spelling (words in quotes stay), lines tidied; comments and
 * everything else stay where they are. path is for problems. Appends to out. 0, or -EINVAL (no YAML). */
enum ruleset_spelling { RULESET_AS_IT_IS, RULESET_FRENCH, RULESET_ENGLISH };
int ruleset_format(struct slice text, const char *path, enum ruleset_spelling spelling,
	struct buf *out, struct problems *p) _must_check_;

/* Copies a folder of packs that loads without error into bundles/<hash>/ atomically, with the forms of its words
 * (formes.bin: who loads the bundle needs no dictionary); returns the hash. */
int ruleset_publish(const char *folder, const char *bundles, char ret_hash[static DIGEST_HEX],
	struct problems *p) _must_check_;
/* Whether two folders hold the same packs, to the byte; one that cannot be read is like no other. Their hashes may differ all the
 * same: those say with what engine and libraries, too. */
bool ruleset_same_sources(const char *a, const char *b);
#endif
