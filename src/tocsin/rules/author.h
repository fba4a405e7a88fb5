/* SPDX-License-Identifier: GPL-3.0-or-later
 * The verbs of `tocsin rules`: what an author does with packs. Each gets its own words (argv without "rules" and the
 * verb), answers an exit code, and says itself what is wrong. */
#ifndef TOCSIN_RULES_AUTHOR_H
#define TOCSIN_RULES_AUTHOR_H
#include "../command.h"
#include "../packs.h"

int rules_check(struct context *x, int argc, char **argv);
int rules_test(struct context *x, int argc, char **argv);
int rules_explain(struct context *x, int argc, char **argv);
int rules_try(struct context *x, int argc, char **argv);
int rules_backtest(struct context *x, int argc, char **argv);
int rules_diff(struct context *x, int argc, char **argv);
int rules_fmt(struct context *x, int argc, char **argv);
int rules_missed(struct context *x, int argc, char **argv);
int rules_list(struct context *x, int argc, char **argv);
int rules_push(struct context *x, int argc, char **argv);
int rules_pull(struct context *x, int argc, char **argv);
int rules_log(struct context *x, int argc, char **argv);
int rules_rollback(struct context *x, int argc, char **argv);
int rules_sign(struct context *x, int argc, char **argv);
int rules_follow(struct context *x, int argc, char **argv);
int rules_unfollow(struct context *x, int argc, char **argv);

/* Who publishes, and why. */
struct signature {
	const char *who, *reason;
	const char *over; /* the hash that must be active, or NULL */
	bool force; /* also when much would go */
	const char *town; /* the configuration's folder, when that is published; or NULL */
	const char *
		jurist; /* who signs rules that name a person, with this publication; NULL: nobody */
	bool again; /* it was in force once: its signatures were looked at then */
	struct buf signs; /* ids of those, once they are looked at */
};
/* --who, --reason, --over and, for a push, --juriste and --force; at most one word stays in argv. 0 or the exit code. */
int signature_read(struct context *x, bool push, struct signature *ret, int *argc, char **argv)
	_must_check_;
/* What publishing a folder does: its examples; then what would go, candidates, persons; then it is in force, whole. 0 or the exit
 * code. */
int rules_examples(struct context *x, const char *folder) _must_check_;
int rules_put(struct context *x, const char *folder, struct signature *s) _must_check_;
/* Both. */
int rules_publish(struct context *x, const char *folder, struct signature *s) _must_check_;

/* In an election period: that no topic of the packs of a folder names a candidate. 0, or the exit code after each has been
 * said with its place. */
int rules_candidates(struct context *x, const char *folder) _must_check_;

/* Whether what a folder names persons for may be published over the folder `active` (NULL: nothing is in force). s->signs gets what is
 * signed anew. s NULL: nobody publishes. 0, or the exit code after each refusal has been said with its place. */
int rules_persons(struct context *x, const char *folder, const char *active, struct signature *s)
	_must_check_;
/* Whom a rule names, under which mandate, why, who signed; nothing when n is NULL. */
struct rule_nominative;
struct json_writer;
void nominative_print(struct context *x, const struct rule_nominative *n, struct buf *out);
void nominative_json(struct json_writer *w, const struct rule_nominative *n);

/* How problems are shown: for people (each with its line and a caret), or for machines. */
enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CODEQUALITY };
/* "text|json|codequality" or EXIT_MISUSE after saying so. */
int report_format_of(struct context *x, const char *word, enum report_format *ret) _must_check_;
/* Text goes to standard error, machine forms to standard output. */
void report(struct context *x, const struct problems *p, enum report_format format);

/* The folder of packs a verb means: the one given, the configuration's, or the installed one. 0 or the exit code. */
int rules_folder(struct context *x, const char *given, const char **ret) _must_check_;
/* Whether that is the folder of the configuration: what is published from there is what it says. */
bool rules_is_town(const struct context *x, const char *folder);
/* Refuses (after saying what) to publish a folder that lacks a P1 rule that is in force in the folder `active`, or a third of
 * at least ten that are. 0 or the exit code. */
int lost_check(struct context *x, const char *active, const char *folder) _must_check_;
/* Whether the folder may take the place of what is in force: lost_check() unless force, no topic about a candidate in an election
 * period, and nobody named without a signature. s: who publishes, NULL when a folder is read. 0 or the exit code, after saying why. */
int rules_may_replace(struct context *x, const char *folder, struct signature *s) _must_check_;
#endif
