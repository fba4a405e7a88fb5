/* SPDX-License-Identifier: GPL-3.0-or-later
 * What scoring costs, on one core: bench-score RULES COMMENTS.jsonl [COMMENTS]
 * The texts of the file are scored in turn until COMMENTS (1,000,000) are done. Prints what loading the rules costs,
 * then CPU time a comment: the views alone, the whole verdict, and its encoding. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/json/json.h>
#include <tocsin/rules/rules.h>
#include <tocsin/text/text.h>

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct texts {
	struct arena arena;
	struct slice *list;
	size_t n, cap, bytes;
};

static void add(struct texts *t, struct slice text)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 1024;
		t->list = xreallocarray(t->list, t->cap, sizeof(*t->list));
	}
	t->list[t->n++] = arena_copy(&t->arena, text);
	t->bytes += text.n;
}

static int read_texts(const char *path, struct texts *t)
{
	_buf_ struct buf file = {0};
	struct json_reader *reader = json_reader_new(COMMENT_TEXT_MAX);
	struct error e;

	if (file_read(path, (size_t)1 << 31, &file, &e) < 0) {
		fprintf(stderr, "%s\n", e.text);
		json_reader_free(reader);
		return -1;
	}
	for (char *p = file.p, *end = file.p + file.n, *line; p < end; p = line + 1) {
		struct json_value v, text;

		line = memchr(p, '\n', (size_t)(end - p));
		if (!line)
			line = end;
		if (json_parse(reader, (struct slice){p, (size_t)(line - p)}, &v, &e) == 0 &&
			v.type == JSON_OBJECT && json_get(v, SLICE("text"), &text) &&
			text.type == JSON_STRING)
			add(t, json_string(text));
	}
	json_reader_free(reader);
	return t->n ? 0 : -1;
}

static int load(const char *path, struct ruleset **ret, struct problems *p)
{
	double start = cpu();
	struct rusage usage;
	int r = ruleset_load(path, ret, p);

	getrusage(RUSAGE_SELF, &usage);
	if (r == 0)
		printf("loading    %8.3f s, %.0f MiB at most\n", cpu() - start,
			(double)usage.ru_maxrss / 1024);
	return r;
}

static void run_views(const struct texts *t, size_t comments)
{
	struct text_views *views = text_views_new();
	double start = cpu();

	for (size_t i = 0; i < comments; i++)
		text_views_make(views, t->list[i % t->n]);
	printf("views      %8.3f us\n", (cpu() - start) / (double)comments * 1e6);
	text_views_free(views);
}

static void run_scores(const struct ruleset *r, const struct texts *t, size_t comments)
{
	struct scorer *s = scorer_new(r);
	_buf_ struct buf out = {0};
	size_t flagged = 0, matches = 0, unscored = 0;
	double start = cpu();

	for (size_t i = 0; i < comments; i++) {
		const struct comment c = {.text = t->list[i % t->n]};
		struct verdict v;

		scorer_score(s, &c, &v);
		buf_clear(&out);
		verdict_encode(&out, &v);
		flagged += v.level > VERDICT_NONE;
		matches += v.n_matches;
		unscored += v.unscored != 0;
	}
	printf("verdict    %8.3f us, of it the views; %.2f %% flagged, %.2f matches a comment, %zu unscored\n",
		(cpu() - start) / (double)comments * 1e6,
		100.0 * (double)flagged / (double)comments, (double)matches / (double)comments,
		unscored);
	scorer_free(s);
}

int main(int argc, char **argv)
{
	struct problems p = {0};
	struct ruleset *r = NULL;
	struct texts t = {0};
	size_t comments = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000000;

	if (argc < 3) {
		fprintf(stderr, "bench-score RULES COMMENTS.jsonl [COMMENTS]\n");
		return 2;
	}
	arena_init(&t.arena, 0);
	if (read_texts(argv[2], &t) < 0 || load(argv[1], &r, &p) < 0) {
		fprintf(stderr, "%s\n", p.n ? p.list[0].text : "no texts");
		return 1;
	}
	printf("%zu rules and topics, %zu texts of %zu bytes, %zu comments\n", ruleset_count(r),
		t.n, t.bytes / t.n, comments);
	run_views(&t, comments);
	run_scores(r, &t, comments);
	problems_release(&p);
	ruleset_free(r);
	arena_release(&t.arena);
	free(t.list);
	return 0;
}
