/* SPDX-License-Identifier: GPL-3.0-or-later
 * Someone listens to what decides: called by the evaluation only when there is an explainer. */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H
#include "context.h"

struct explainer;
void explain_context(struct scorer *s, enum context_operator op, struct match_span span,
	const struct finding *f, bool kept);
#endif
