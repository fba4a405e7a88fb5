/* SPDX-License-Identifier: GPL-3.0-or-later
 * What hostile inputs cost, one by one, in thread CPU time: bench-hostile RULES FOLDER
 * FOLDER holds a folder a class of inputs, a file an input. Of rule_yaml and rule_mutated each file is loaded as rules (what
 * does not hang on it, the machine's dictionary, is left out: names only); of rule_regex each expression is compiled, and run
 * by itself over every text of redos_subject. All others are a line of JSON as `tocsin score` reads it, with all views and
 * RULES; and once more with the bytes themselves as the text of a comment.
 * Prints the five slowest of each kind; exit 1 when one took 50 ms or more, 2 when nothing was measured. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/base/utf8.h>
#include <tocsin/json/json.h>
#include <tocsin/match/match.h>
#include <tocsin/rules/rules.h>

#define LIMIT_MS 50.0
#define FILE_MAX ((size_t)64 << 20)
enum { SLOWEST = 5 };

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of one kind: how many there are, and the slowest. */
struct figures {
	const char *kind;
	size_t n, over;
	double ms[SLOWEST];
	char *names[SLOWEST];
};

static void note(struct figures *f, const char *name, double ms)
{
	size_t at = SLOWEST;

	f->n++;
	f->over += ms >= LIMIT_MS;
	while (at && ms > f->ms[at - 1])
		at--;
	if (at == SLOWEST)
		return;
	free(f->names[SLOWEST - 1]);
	for (size_t i = SLOWEST - 1; i > at; i--) {
		f->ms[i] = f->ms[i - 1];
		f->names[i] = f->names[i - 1];
	}
	f->ms[at] = ms;
	f->names[at] = xstrdup(name);
}

static void print(struct figures *f)
{
	printf("%s: %zu, of which %zu took %.0f ms or more; the slowest\n", f->kind, f->n, f->over,
		LIMIT_MS);
	for (size_t i = 0; i < SLOWEST && i < f->n; i++) {
		printf("  %8.3f ms  %s\n", f->ms[i], f->names[i]);
		free(f->names[i]);
	}
}

struct bench {
	struct scorer *scorer;
	struct json_reader *json;
	struct buf extra, out;
	struct figures lines, texts, rules, expressions, runs;
	struct {
		char *name;
		struct buf text;
	} * subjects; /* of expressions */
	size_t n_subjects, cap_subjects;
};

static void score(struct bench *b, const struct comment *c)
{
	struct verdict v;

	scorer_score(b->scorer, c, &v);
	buf_clear(&b->out);
	verdict_to_json(&b->out, &v, c->id, c->text, "");
}

/* The text of the line, empty when it is refused. */
static struct slice time_line(struct bench *b, const char *name, struct slice line)
{
	struct json_value value;
	struct comment c = {0};
	struct error e;
	double start = cpu_ms();
	bool fine = json_parse(b->json, line, &value, &e) == 0 &&
		comment_from_json(value, SLICE("-"), false, &c, &b->extra, &e) == COMMENT_OK;

	if (fine)
		score(b, &c);
	note(&b->lines, name, cpu_ms() - start);
	return fine ? c.text : (struct slice){0};
}

static void time_text(struct bench *b, const char *name, struct slice bytes)
{
	_buf_ struct buf repaired = {0};
	struct comment c = {.id = SLICE("x")};
	double start = cpu_ms();

	utf8_repair(&repaired, bytes);
	c.text = utf8_cut(buf_slice(&repaired), COMMENT_TEXT_MAX);
	score(b, &c);
	note(&b->texts, name, cpu_ms() - start);
}

static void time_rules(struct bench *b, const char *name, const char *path)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	double start = cpu_ms();

	if (ruleset_load_names(path, &r, &p) == 0)
		ruleset_free(r);
	problems_release(&p);
	note(&b->rules, name, cpu_ms() - start);
}

static void time_runs(struct bench *b, const char *name, const struct match_set *set)
{
	struct match_scratch *scratch = match_scratch_new(set);
	struct match_spans spans = {0};

	for (size_t i = 0; i < b->n_subjects; i++) {
		_free_ char *both = xasprintf("%s over %s", name, b->subjects[i].name);
		double start = cpu_ms();

		spans.n = 0;
		match_scan(scratch, buf_slice(&b->subjects[i].text));
		match_collect(scratch, 0, &spans);
		note(&b->runs, both, cpu_ms() - start);
	}
	free(spans.list);
	match_scratch_free(scratch);
}

static void time_expression(struct bench *b, const char *name, struct slice pattern)
{
	struct match_builder *builder = match_builder_new();
	struct match_set *set = NULL;
	struct match_fault fault;
	struct error e;
	double start = cpu_ms();
	uint32_t atom = match_add_atom(builder, 0);
	bool fine = match_add_regex(builder, atom, pattern, &fault) == 0 &&
		match_compile(builder, &set, &e) == 0;

	note(&b->expressions, name, cpu_ms() - start);
	if (fine) {
		time_runs(b, name, set);
		match_set_free(set);
	}
	match_builder_free(builder);
}

static void keep_subject(struct bench *b, const char *name, struct slice text)
{
	b->subjects = xgrow(b->subjects, b->n_subjects, &b->cap_subjects, sizeof(*b->subjects));
	b->subjects[b->n_subjects].name = xstrdup(name);
	b->subjects[b->n_subjects].text = (struct buf){0};
	buf_add_slice(&b->subjects[b->n_subjects++].text, text);
}

static void time_input(struct bench *b, const char *class, const char *name, const char *path)
{
	_buf_ struct buf file = {0};
	struct slice bytes, text;
	struct error e;

	if (file_read(path, FILE_MAX, &file, &e) < 0) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
	bytes = buf_slice(&file);
	if (strcmp(class, "rule_yaml") == 0 || strcmp(class, "rule_mutated") == 0) {
		time_rules(b, name, path);
	} else if (strcmp(class, "rule_regex") == 0) {
		time_expression(b, name, bytes);
	} else {
		text = time_line(b, name, bytes);
		if (strcmp(class, "redos_subject") == 0)
			keep_subject(b, name, text);
		time_text(b, name, bytes);
	}
}

static int is_shown(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

/* Calls back what the folder holds, in order. */
static void each(struct bench *b, const char *folder, const char *class)
{
	struct dirent **list;
	int n = scandir(folder, &list, is_shown, alphasort);

	for (int i = 0; i < n; i++) {
		_free_ char *path = xasprintf("%s/%s", folder, list[i]->d_name);
		_free_ char *name = xasprintf("%s/%s", class ? class : "", list[i]->d_name);

		if (class)
			time_input(b, class, name, path);
		else
			each(b, path, list[i]->d_name); /* redos_subject comes before rule_regex */
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

int main(int argc, char **argv)
{
	struct bench b = {.lines.kind = "lines of JSON, to verdict lines",
		.texts.kind = "the same bytes as a text",
		.rules.kind = "files of rules, read",
		.expressions.kind = "expressions, compiled",
		.runs.kind = "expressions, over a text"};
	struct figures *all[] = {&b.lines, &b.texts, &b.rules, &b.expressions, &b.runs};
	struct problems p = {0};
	struct ruleset *r = NULL;
	size_t n = 0, over = 0;

	if (argc != 3 || ruleset_load(argv[1], &r, &p) < 0) {
		fprintf(stderr, "%s\n", p.n ? p.list[0].text : "bench-hostile RULES FOLDER");
		return 2;
	}
	b.scorer = scorer_new(r);
	b.json = json_reader_new(COMMENT_TEXT_MAX);
	each(&b, argv[2], NULL);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		n += all[i]->n;
		over += all[i]->over;
		print(all[i]);
	}
	for (size_t i = 0; i < b.n_subjects; i++) {
		free(b.subjects[i].name);
		buf_release(&b.subjects[i].text);
	}
	free(b.subjects);
	buf_release(&b.extra);
	buf_release(&b.out);
	json_reader_free(b.json);
	scorer_free(b.scorer);
	ruleset_free(r);
	problems_release(&p);
	return n ? over != 0 : 2;
}
