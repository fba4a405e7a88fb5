/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOCSIN_RULES_EXPLAIN_COMMAND_H
#define TOCSIN_RULES_EXPLAIN_COMMAND_H
#include <tocsin/base/utf8.h>
#include <tocsin/rules/explain.h>
#include "author.h"

/* Prints why a text gets its verdict: in words, or as one JSON object. text is valid UTF-8. */
void explain_text(
	struct context *x, const struct ruleset *rules, struct scorer *s, struct slice text);
#endif
