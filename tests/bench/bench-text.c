/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the views cost, on one core: bench-text TEXTS [SECONDS]
 * TEXTS is a file of comments, one a line. The three views of all of them are made until SECONDS (1) of CPU
 * time have gone, in five rounds, of which the middle one counts. Then the same for texts cut from them of 40,
 * 120 and 560 bytes (the price of a byte must not depend on the length), with the maps that a hit needs, with
 * all that can be asked for, and where ICU was found at configure time for its fold: NFKC_Casefold, NFD,
 * marks dropped. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <tocsin/base/utf8.h>
#include <tocsin/text/text.h>
#if HAVE_ICU
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#endif

struct texts {
	struct slice *list;
	size_t n, cap, bytes;
};

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add(struct texts *t, struct slice text)
{
	if (!text.n)
		return;
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 1024;
		t->list = xreallocarray(t->list, t->cap, sizeof(*t->list));
	}
	t->list[t->n++] = text;
	t->bytes += text.n;
}

static void read_lines(struct slice file, struct texts *t)
{
	for (const char *p = file.p, *end = file.p + file.n, *line; p < end; p = line + 1) {
		line = memchr(p, '\n', (size_t)(end - p));
		if (!line)
			line = end;
		if (utf8_valid((struct slice){p, (size_t)(line - p)}))
			add(t, (struct slice){p, (size_t)(line - p)});
	}
}

/* The whole file as texts of about n bytes. */
static void cut_texts(const struct texts *from, struct slice file, size_t n, struct texts *ret)
{
	const char *end = from->list[from->n - 1].p + from->list[from->n - 1].n;

	for (const char *p = file.p; p + 4 * n < end && ret->bytes < (size_t)4 << 20;) {
		struct slice s = utf8_cut((struct slice){p, n}, n);

		add(ret, s);
		p += n;
		while (p < end && ((unsigned char)*p & 0xc0) == 0x80)
			p++;
	}
}

typedef void work(void *state, struct slice text);

static void make(void *state, struct slice text)
{
	text_views_make(state, text);
}

static void make_and_map(void *state, struct slice text)
{
	uint32_t start, end;

	text_views_make(state, text);
	text_view_origin(state, TEXT_SQUEEZED, 0, 1, &start, &end);
}

static void make_all(void *state, struct slice text)
{
	const struct text_mask *masks;
	const struct text_word *words;

	text_views_make(state, text);
	text_masks(state, &masks);
	text_words(state, &words);
}

#if HAVE_ICU
static void icu_fold(void *state, struct slice text)
{
	static UChar a[8192], b[8192];
	static char out[8192];
	UErrorCode e = U_ZERO_ERROR;
	const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&e),
			   *nfd = unorm2_getNFDInstance(&e);
	int32_t n, m, kept = 0, length;

	(void)state;
	u_strFromUTF8(a, 8192, &n, text.p, (int32_t)text.n, &e);
	n = unorm2_normalize(fold, a, n, b, 8192, &e);
	m = unorm2_normalize(nfd, b, n, a, 8192, &e);
	for (int32_t i = 0; i < m && U_SUCCESS(e);) {
		int32_t start = i;
		UChar32 c;

		U16_NEXT(a, i, m, c);
		if (c < 0x300 || u_charType(c) != U_NON_SPACING_MARK)
			while (start < i)
				a[kept++] = a[start++];
	}
	u_strToUTF8(out, sizeof(out), &length, a, kept, &e);
}
#endif

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The middle of five rounds, in seconds a comment. */
static double measure(const char *name, work *f, void *state, const struct texts *t, double seconds)
{
	enum { ROUNDS = 5 };
	double took[ROUNDS];

	for (size_t round = 0; round < ROUNDS; round++) {
		double start = cpu();
		size_t done = 0;

		do {
			for (size_t i = 0; i < 1024; i++, done++)
				f(state, t->list[done % t->n]);
		} while (cpu() - start < seconds / ROUNDS);
		took[round] = (cpu() - start) / (double)done;
	}
	qsort(took, ROUNDS, sizeof(*took), by_value);
	printf("%-22s %8.3f us/comment %9.5f us/byte\n", name, took[ROUNDS / 2] * 1e6,
		took[ROUNDS / 2] * 1e6 * (double)t->n / (double)t->bytes);
	fflush(stdout);
	return took[ROUNDS / 2];
}

static void measure_lengths(
	struct text_views *views, const struct texts *t, struct slice file, double seconds)
{
	static const size_t lengths[] = {40, 120, 560};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct texts cut = {0};
		char name[40];

		snprintf(name, sizeof(name), "views of %zu bytes", lengths[i]);
		cut_texts(t, file, lengths[i], &cut);
		if (cut.n)
			measure(name, make, views, &cut, seconds);
		free(cut.list);
	}
}

int main(int argc, char **argv)
{
	double seconds = argc > 2 ? strtod(argv[2], NULL) : 1;
	_buf_ struct buf file = {0};
	struct texts t = {0};
	struct error e;
	struct text_views *views;
	double ours;

	if (argc < 2 || file_read(argv[1], (size_t)1 << 31, &file, &e) < 0) {
		fprintf(stderr, "%s\n", argc < 2 ? "bench-text TEXTS [SECONDS]" : e.text);
		return 2;
	}
	read_lines(buf_slice(&file), &t);
	if (!t.n)
		return 1;
	printf("%zu texts of %zu bytes\n", t.n, t.bytes / t.n);
	views = text_views_new();
	ours = measure("views", make, views, &t, seconds);
#if HAVE_ICU
	printf("%.1f times ICU's fold\n", measure("icu", icu_fold, NULL, &t, seconds) / ours);
#else
	(void)ours;
#endif
	measure("views and maps", make_and_map, views, &t, seconds);
	measure("views, masks, words", make_all, views, &t, seconds);
	measure_lengths(views, &t, buf_slice(&file), seconds);
	text_views_free(views);
	free(t.list);
	return 0;
}
