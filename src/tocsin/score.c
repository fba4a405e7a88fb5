/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin score: comments as JSON lines in, one verdict a line out. Needs no service and no database. */
#include "command.h"
#include <tocsin/json/json.h>
#include <tocsin/record/comment.h>
#include <tocsin/rules/rules.h>
#include "lines.h"
#include "packs.h"

enum { OUT_BYTES = 1 << 16 };

struct job {
	struct context *x;
	const struct ruleset *rules;
	struct scorer *scorer;
	struct json_reader *reader;
	struct buf extra, out;
	uint64_t refused;
	bool closed; /* nobody reads our output any more */
};

static void flush(struct job *j, bool all)
{
	if (j->out.n < OUT_BYTES && !all)
		return;
	if (fwrite(j->out.p, 1, j->out.n, stdout) != j->out.n)
		j->closed = true;
	buf_clear(&j->out);
	if (all && fflush(stdout) != 0)
		j->closed = true;
}

static void refuse(struct job *j, const char *path, uint64_t line, const char *why)
{
	fprintf(stderr, "%s:%llu: %s\n", path, (unsigned long long)line, why);
	j->refused++;
}

static void score_line(struct job *j, const char *path, uint64_t number, struct slice line)
{
	struct json_value value;
	struct comment c;
	struct verdict v;
	struct error e = {0};
	if (json_parse(j->reader, line, &value, &e) < 0 ||
		comment_from_json(value, SLICE("-"), false, &c, &j->extra, &e) != COMMENT_OK) {
		refuse(j, path, number, e.text);
		return;
	}
	scorer_score(j->scorer, &c, &v);
	verdict_to_json(&j->out, &v, c.id, c.text, ruleset_hash(j->rules));
	flush(j, false);
}

static bool is_blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r", s.p[i]))
			return false;
	return true;
}

static int score_file(struct job *j, const char *path)
{
	struct lines lines;
	struct error e = {0};
	struct slice line;
	int r = lines_open(&lines, path, COMMENT_TEXT_MAX, &e);
	if (r < 0)
		return complain(j->x, EXIT_PROBLEMS, "%s", e.text);
	while (!j->closed && (r = lines_next(&lines, &line)) > 0) {
		if (r == LINES_LONG)
			refuse(j, path, lines.number,
				_w(j->x, "ligne trop longue (plus de 1 Mio)"));
		else if (!is_blank(line))
			score_line(j, path, lines.number, line);
	}
	lines_close(&lines);
	if (r < 0)
		return complain(j->x, EXIT_PROBLEMS, "%s : %s", path, strerror(-r));
	return EXIT_DONE;
}

int command_score(struct context *x, int argc, char **argv)
{
	const char *folder = NULL;
	const struct option_spec options[] = {{"rules", "règles", NULL, &folder}};
	struct job j = {.x = x};
	struct ruleset *rules = NULL;
	char *standard_input[] = {(char[]){"-"}};
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
	j.reader = json_reader_new(COMMENT_TEXT_MAX);
	for (int i = 0; i < argc && r == EXIT_DONE; i++)
		r = score_file(&j, argv[i]);
	flush(&j, true);
	if (r == EXIT_DONE && (j.refused || j.closed))
		r = EXIT_PROBLEMS;
	if (j.refused)
		complain(x, r,
			words_n(x->lang, "%llu ligne refusée", "%llu lignes refusées", j.refused),
			(unsigned long long)j.refused);
	json_reader_free(j.reader);
	scorer_free(j.scorer);
	buf_release(&j.extra);
	buf_release(&j.out);
	ruleset_free(rules);
	return r;
}
