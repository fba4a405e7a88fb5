/* SPDX-License-Identifier: GPL-3.0-or-later
 * What finding costs, on one core: bench-match PATTERNS.txt TEXTS.txt [LOOP-TEXTS]
 * One expression a line, one text a line. Prints what loading costs, then CPU time a text of our scan with all hits
 * (with making the views, and without: the difference), beside others on the folded views: Vectorscan and RE2::Set,
 * which only say what matches, and a loop of PCRE2 over LOOP-TEXTS texts (1,000), whose hits must be ours.
 * 0 leaves the others out: with 10,000 patterns they take minutes. Then time a byte by length, and the worst texts of
 * 600 bytes over the median one. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

#include "peer.h"
#include "regex.h"
#include "scratch.h"

#define ROUNDS 5
#define TEXTS_MAX 100000u

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct lines {
	struct buf file;
	struct slice *list;
	size_t n, bytes;
};

static void read_lines(const char *path, size_t max, struct lines *l)
{
	struct error e;
	size_t cap = 0;

	if (file_read(path, (size_t)1 << 31, &l->file, &e) < 0) {
		fprintf(stderr, "%s\n", e.text);
		exit(1);
	}
	for (char *p = l->file.p, *end = p + l->file.n, *nl; p < end && l->n < max; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			nl = end;
		if (l->n == cap) {
			cap = cap ? 2 * cap : 1024;
			l->list = xreallocarray(l->list, cap, sizeof(*l->list));
		}
		if (nl > p)
			l->list[l->n++] = (struct slice){p, (size_t)(nl - p)};
		l->bytes += (size_t)(nl - p);
	}
}

struct bench {
	struct lines patterns, texts;
	struct match_set *set;
	struct match_scratch *scratch;
	struct match_spans spans;
	struct slice *folded;
	struct arena arena;
	size_t hits, hs_hits, set_hits;
	pcre2_code **codes;
	hs_database_t *hs;
	hs_scratch_t *hs_scratch;
	struct peer *re2;
};

static size_t heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void load(struct bench *b)
{
	struct match_builder *builder = match_builder_new();
	size_t refused = 0, ways[3] = {0}, before = heap();
	double t = cpu();
	struct error e;

	for (size_t i = 0; i < b->patterns.n; i++) {
		uint32_t atom = match_add_atom(builder, (uint32_t)i);
		struct match_fault fault;
		struct match_cost cost;

		if (match_add_regex(builder, atom, b->patterns.list[i], &fault) != 0) {
			if (!refused++)
				fprintf(stderr, "%.*s: %s\n", (int)b->patterns.list[i].n,
					b->patterns.list[i].p, fault.text);
			continue;
		}
		match_cost(builder, atom, &cost);
		ways[cost.way]++;
		if (getenv("BENCH_WAYS") && cost.way != MATCH_BY_WORDS) {
			printf("%c %.1e %.*s  <-", "wls"[cost.way], cost.rate,
				(int)b->patterns.list[i].n, b->patterns.list[i].p);
			for (size_t k = 0; k < cost.n_literals; k++)
				printf(" %.*s", (int)cost.literals[k].n, cost.literals[k].p);
			printf("\n");
		}
	}
	double added = cpu() - t;
	if (match_compile(builder, &b->set, &e) < 0) {
		fprintf(stderr, "%s\n", e.text);
		exit(1);
	}
	t = cpu() - t;
	match_builder_free(builder);
	printf("load: %.3f s (expressions %.3f), %.1f MiB of heap, %zu literals; by words %zu, by literals %zu, "
	       "by the shared scan %zu, refused %zu\n",
		t, added, (double)(heap() - before) / 1048576, b->set->n_literals, ways[0], ways[1],
		ways[2], refused);
	b->scratch = match_scratch_new(b->set);
}

/* Each owner that may be concerned has one atom here, of the same number. */
static size_t collect_all(struct bench *b)
{
	size_t words, before = b->spans.n;
	const uint64_t *owners = match_owners(b->scratch, &words);

	for (size_t i = 0; i < words; i++)
		for (uint64_t w = owners[i]; w; w &= w - 1)
			match_collect(b->scratch, (uint32_t)(i * 64 + (size_t)__builtin_ctzll(w)),
				&b->spans);
	return b->spans.n - before;
}

static void with_views(struct bench *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		match_scan(b->scratch, b->texts.list[i]);
		b->spans.n = 0;
		b->hits += collect_all(b);
	}
}

static void views_only(struct bench *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		text_views_make(b->scratch->views, b->texts.list[i]);
}

static int on_hs(
	unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *n)
{
	(void)id, (void)from, (void)to, (void)flags;
	++*(size_t *)n;
	return 0;
}

static void vectorscan(struct bench *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		hs_scan(b->hs, b->folded[i].p, (unsigned)b->folded[i].n, 0, b->hs_scratch, on_hs,
			&b->hs_hits);
}

static void re2_set(struct bench *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		b->set_hits += peer_find(b->re2, b->folded[i].p, b->folded[i].n);
}

static int compare_doubles(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

typedef void pass_function(struct bench *b, size_t from, size_t to);

#define PASSES_MAX 4
/* Medians of several passes whose rounds alternate, so that a busy machine slows all alike. us a text. */
static void median_times(
	struct bench *b, pass_function *const *passes, size_t n, size_t texts, double *ret)
{
	double times[PASSES_MAX][ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++)
		for (size_t p = 0; p < n; p++) {
			double t = cpu();

			passes[p](b, 0, texts);
			times[p][i] = (cpu() - t) / (double)texts * 1e6;
		}
	for (size_t p = 0; p < n; p++) {
		qsort(times[p], ROUNDS, sizeof(**times), compare_doubles);
		ret[p] = times[p][ROUNDS / 2];
	}
}

/* Peers over the same folded views. */
static void load_peers(struct bench *b)
{
	size_t n = b->patterns.n, used = 0;
	const char **texts = xcalloc(n, sizeof(*texts));
	unsigned *flags = xcalloc(n, sizeof(*flags)), *ids = xcalloc(n, sizeof(*ids));
	hs_compile_error_t *error;

	b->re2 = peer_new((size_t)1 << 30);
	b->codes = xcalloc(n, sizeof(*b->codes));
	for (size_t i = 0; i < n; i++) {
		struct match_fault f;

		b->codes[i] = regex_compile(b->patterns.list[i], &f);
		if (!b->codes[i] || !regex_ready(b->codes[i], &f))
			exit(1);
		peer_add(b->re2, b->patterns.list[i].p, b->patterns.list[i].n);
		texts[used] = arena_string(&b->arena, b->patterns.list[i]);
		flags[used] = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH;
		ids[used++] = (unsigned)i;
	}
	peer_compile(b->re2);
	if (!getenv("BENCH_NO_HS")) {
		if (hs_compile_multi(texts, flags, ids, (unsigned)used, HS_MODE_BLOCK, NULL, &b->hs,
			    &error) != HS_SUCCESS) {
			fprintf(stderr, "vectorscan: %s\n", error->message);
			exit(1);
		}
		hs_alloc_scratch(b->hs, &b->hs_scratch);
	}
	free(texts);
	free(flags);
	free(ids);
}

static void fold(struct bench *b)
{
	b->folded = xcalloc(b->texts.n, sizeof(*b->folded));
	for (size_t i = 0; i < b->texts.n; i++) {
		text_views_make(b->scratch->views, b->texts.list[i]);
		b->folded[i] = arena_copy(&b->arena, text_view(b->scratch->views, TEXT_FOLDED));
	}
}

static bool same_spans(const struct match_spans *a, const struct match_spans *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].start != b->list[i].start || a->list[i].end != b->list[i].end)
			return false;
	return true;
}

/* PCRE2 in a loop over the first texts; its hits against ours. Returns its time a text. */
static double loop(struct bench *b, size_t n)
{
	struct matcher m;
	size_t hits = 0, wrong = 0;
	double spent = 0;

	matcher_init(&m);
	for (size_t i = 0; i < n; i++) {
		struct match_spans found = {0};
		struct slice text = b->folded[i];
		double t = cpu();

		for (size_t k = 0; k < b->patterns.n; k++) {
			for (size_t at = 0; at < text.n;) {
				if (matcher_run(&m, b->codes[k], text, at, 0) < 0)
					break;
				at = matcher_found(&m)[1];
				match_spans_push(&found,
					(struct match_span){(uint32_t)matcher_found(&m)[0],
						(uint32_t)at, false});
			}
		}
		spent += cpu() - t;
		match_scan(b->scratch, b->texts.list[i]);
		b->spans.n = 0;
		collect_all(b);
		hits += found.n;
		if (!same_spans(&found, &b->spans)) {
			if (!wrong++)
				printf("not the same hits: %.*s\n", (int)text.n, text.p);
		}
		free(found.list);
	}
	matcher_release(&m);
	printf("hits of the PCRE2 loop: %zu in %zu texts; texts with other hits: %zu\n", hits, n,
		wrong);
	return spent / (double)n * 1e6;
}

static void by_length(struct bench *b)
{
	static const size_t ranges[][2] = {{30, 50}, {100, 140}, {480, 640}};
	double us[3] = {0};

	for (size_t r = 0; r < 3; r++) {
		struct bench part = *b;
		size_t n = 0, bytes = 0;

		part.texts.list = xcalloc(b->texts.n, sizeof(*part.texts.list));
		for (size_t i = 0; i < b->texts.n && n < 20000; i++)
			if (b->texts.list[i].n >= ranges[r][0] &&
				b->texts.list[i].n <= ranges[r][1]) {
				part.texts.list[n++] = b->texts.list[i];
				bytes += b->texts.list[i].n;
			}
		if (n)
			median_times(&part, (pass_function *const[]){with_views}, 1, n, &us[r]);
		us[r] *= (double)n / (double)bytes;
		b->spans = part.spans;
		free(part.texts.list);
		printf("%zu to %zu bytes (%zu texts): %.2f ns a byte\n", ranges[r][0], ranges[r][1],
			n, us[r] * 1e3);
	}
	printf("a byte at 40 over at 120: %.2f; at 560 over at 120: %.2f\n", us[0] / us[1],
		us[2] / us[1]);
}

static double one_time(struct bench *b, struct slice text)
{
	double best = 1;

	for (int i = 0; i < 5; i++) {
		double t = cpu();

		match_scan(b->scratch, text);
		b->spans.n = 0;
		collect_all(b);
		t = cpu() - t;
		best = t < best ? t : best;
	}
	return best * 1e6;
}

/* Texts of the file of about 600 bytes, against texts that are nothing but one pattern's letters again and again. */
static void worst(struct bench *b)
{
	double *times = xcalloc(b->texts.n, sizeof(*times)), most = 0, hostile = 0;
	struct slice bad = {0};
	_buf_ struct buf text = {0};
	size_t n = 0;

	for (size_t i = 0; i < b->texts.n; i++)
		if (b->texts.list[i].n >= 450 && b->texts.list[i].n <= 750) {
			times[n++] = one_time(b, b->texts.list[i]);
			most = times[n - 1] > most ? times[n - 1] : most;
		}
	if (!n)
		return;
	qsort(times, n, sizeof(*times), compare_doubles);
	for (size_t i = 0; i < b->patterns.n; i++) {
		struct slice p = b->patterns.list[i];
		double t;

		buf_clear(&text);
		while (text.n < 600) {
			for (size_t k = 0; k < p.n; k++)
				if (p.p[k] == '\\')
					k++;
				else if (strchr("()|+?[]{}:*,", p.p[k]) == NULL)
					buf_add_char(&text, p.p[k]);
				else if (p.p[k] == '|')
					buf_add_char(&text, ' ');
			buf_add_char(&text, ' ');
		}
		text.n = 600;
		t = one_time(b, buf_slice(&text));
		if (t > hostile) {
			hostile = t;
			bad = p;
		}
	}
	printf("texts of 600 bytes: median %.2f us, worst of the file %.1f times that, worst made of one pattern %.1f "
	       "times (%.*s)\n",
		times[n / 2], most / times[n / 2], hostile / times[n / 2], (int)bad.n, bad.p);
	free(times);
}

int main(int argc, char **argv)
{
	struct bench b = {0};
	pass_function *const passes[] = {with_views, views_only, re2_set, vectorscan};
	double us[4] = {0}, ours, pcre;
	size_t n, hits;

	if (argc < 3) {
		fprintf(stderr, "usage: bench-match PATTERNS.txt TEXTS.txt [LOOP-TEXTS]\n");
		return 2;
	}
	arena_init(&b.arena, 0);
	read_lines(argv[1], SIZE_MAX, &b.patterns);
	read_lines(argv[2], TEXTS_MAX, &b.texts);
	n = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000;
	load(&b);
	fold(&b);
	if (n)
		load_peers(&b);
	n = n < b.texts.n ? n : b.texts.n;
	median_times(&b, passes, !n ? 2 : b.hs ? 4 : 3, b.texts.n, us);
	hits = b.hits / ROUNDS;
	ours = us[0] - us[1];
	pcre = n ? loop(&b, n) : 0;
	printf("%zu patterns, %zu texts of %.0f bytes, %zu hits; CPU us a text:\n", b.patterns.n,
		b.texts.n, (double)b.texts.bytes / (double)b.texts.n, hits);
	printf("  views %.3f, views + scan + all hits %.3f\n", us[1], us[0]);
	printf("  scan + all hits          %8.3f\n", ours);
	if (n) {
		printf("  vectorscan, all patterns %8.3f   %.2f times ours\n", us[3], us[3] / ours);
		printf("  RE2::Set, all patterns   %8.3f   %.2f times ours\n", us[2], us[2] / ours);
		printf("  PCRE2 in a loop          %8.3f   %.1f times ours\n", pcre, pcre / ours);
	}
	by_length(&b);
	worst(&b);
	return 0;
}
