/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin score: comments as JSON lines in, one verdict a line out. Needs no service and no database. */
#include "command.h"
#include <tocsin/rules/rules.h>
#include "comments.h"
#include "packs.h"

enum { OUT_BYTES = 1 << 16, CLOSED = -1 /* nobody reads our output any more */ };

struct job {
	const struct ruleset *rules;
	struct scorer *scorer;
	struct buf out;
};

static int flush(struct job *j)
{
	size_t n = j->out.n;
	buf_clear(&j->out);
	return fwrite(j->out.p, 1, n, stdout) == n ? 0 : CLOSED;
}

static int score(void *user, const struct comment *c)
{
	struct job *j = user;
	struct verdict v;
	scorer_score(j->scorer, c, &v);
	verdict_to_json(&j->out, &v, c->id, c->text, ruleset_hash(j->rules));
	return j->out.n < OUT_BYTES ? 0 : flush(j);
}

int command_score(struct context *x, int argc, char **argv)
{
	const char *folder = NULL;
	const struct option_spec options[] = {{"rules", "règles", NULL, &folder}};
	struct job j = {0};
	struct ruleset *rules = NULL;
	char *standard_input[] = {(char[]){"-"}};
	uint64_t refused = 0;
	int r = options_parse(x, options, 1, &argc, argv);
	if (r)
		return r;
	r = packs_load(x, folder, &rules);
	if (r)
		return r;
	if (argc == 0) {
		argc = 1;
		argv = standard_input;
	}
	j.rules = rules;
	j.scorer = scorer_new(rules);
	for (int i = 0; i < argc && r == 0; i++)
		r = comments_each(x, argv[i], score, &j, &refused);
	if (r != CLOSED && (flush(&j) < 0 || fflush(stdout) != 0))
		r = CLOSED;
	if (r == 0 || r == CLOSED) {
		int problems = comments_refused(x, refused);
		r = r == CLOSED ? EXIT_PROBLEMS : problems;
	}
	scorer_free(j.scorer);
	buf_release(&j.out);
	ruleset_free(rules);
	return r;
}
