/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain.h"

void explain_context(struct scorer *s, enum context_operator op, struct match_span span,
	const struct finding *f, bool kept)
{
	(void)s;
	(void)op;
	(void)span;
	(void)f;
	(void)kept;
}
