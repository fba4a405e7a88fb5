/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every unit test of this room includes: packs written inline, and what they say of a text. */
#ifndef TESTING_H
#define TESTING_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <tocsin/rules/rules.h>

/* A folder that holds the pack as p.yaml and the forms of no dictionary, removed by drop_folder. */
char *make_folder(const char *pack);
void drop_folder(char *folder);
/* Fails with all problems when the pack has an error. */
struct ruleset *load(const char *pack);
/* All problems as text, one after the other; empty when it loads. */
void problems_of(const char *pack, struct buf *out);
/* Scores one text. The verdict lives until the next call. */
const struct verdict *score(struct scorer *s, const char *text);
/* "rule[matched text]" of each match, blank-separated. */
void matches_of(struct scorer *s, const char *text, struct buf *out);
void assert_matches(struct scorer *s, const char *text, const char *expected);
/* A pack with one rule whose `when` is given; scores 5. */
struct ruleset *one_rule(const char *when, const char *more);
#endif
