/* SPDX-License-Identifier: GPL-3.0-or-later
 * The examples that authors write into their rules, run against the rules. */
#include <errno.h>

#include "scorer.h"

static bool matches(struct scorer *s, uint32_t rule, const struct comment *c)
{
	const struct rule *of = &s->r->rules[rule];

	begin(s, c);
	return is_in_force(of, c) && is_woken(s, of->clauses) && evaluate(s, of, 0);
}

static void fail(const struct ruleset *r, const struct sample *sample,
	enum problem_severity severity, const char *hint, const char *what, struct problems *p)
{
	const struct rule *rule = &r->rules[sample->rule];

	problem_add(p, severity, sample->path, sample->line, sample->column, hint,
		"« %.*s » %s : « %.*s »", (int)rule->id.n, rule->id.p, what,
		(int)sample->comment.text.n, sample->comment.text.p);
}

int ruleset_test(const struct ruleset *r, struct ruleset_tests *ret, struct problems *p)
{
	struct scorer *s = scorer_new(r);
	struct ruleset_tests n = {0};

	for (size_t i = 0; i < r->n_samples; i++) {
		const struct sample *sample = &r->samples[i];
		bool found;

		if (r->rules[sample->rule].status == RULE_RETIRED)
			continue;
		found = matches(s, sample->rule, &sample->comment);
		if (sample->kind == SAMPLE_TODO) {
			n.todo++;
			if (found)
				fail(r, sample, PROBLEM_WARNING, "déplacez l'exemple sous « oui »",
					"reconnaît désormais", p);
			continue;
		}
		if (found == (sample->kind == SAMPLE_MATCH)) {
			n.passed++;
			continue;
		}
		n.failed++;
		fail(r, sample, PROBLEM_ERROR, NULL,
			found ? "ne devait pas reconnaître" : "devait reconnaître", p);
	}
	scorer_free(s);
	*ret = n;
	return n.failed ? -EINVAL : 0;
}
