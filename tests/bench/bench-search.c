/* SPDX-License-Identifier: GPL-3.0-or-later
 * Full text behind a database that bench-store made: fills search.db from nothing.
 *   bench-search FOLDER
 * Prints comments/s, CPU a comment, the size of the index and what one query takes. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/db/search.h>

static void must(int r, const struct error *e)
{
	if (r >= 0)
		return;
	fprintf(stderr, "%s (%d)\n", e->text, r);
	exit(1);
}

static int count(void *user, int64_t seq)
{
	(void)seq;
	++*(int *)user;
	return 0;
}

int main(int argc, char **argv)
{
	struct search *s = NULL;
	_free_ char *path = NULL;
	int64_t start, took, seq, behind;
	struct error e;
	struct rusage u;
	struct stat st;
	int r, hits = 0;

	if (argc < 2) {
		fputs("bench-search FOLDER\n", stderr);
		return 2;
	}
	path = xasprintf("%s/search.db", argv[1]);
	unlink(path);
	must(search_open(argv[1], true, &s, &e), &e);
	start = clock_monotonic_us();
	do {
		r = search_fill(s, 4096, &e);
		must(r, &e);
	} while (r != SEARCH_CAUGHT_UP);
	took = clock_monotonic_us() - start;
	must(search_lag(s, &seq, &behind, &e), &e);
	getrusage(RUSAGE_SELF, &u);
	if (stat(path, &st) < 0)
		return 1;
	printf("search: %.0f comments/s (%lld), %.2f µs of CPU each, %.0f bytes each, %ld MiB\n",
		(double)seq * 1e6 / (double)took, (long long)seq,
		((double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
			(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec)) /
			(double)seq,
		(double)st.st_size / (double)seq, u.ru_maxrss / 1024);
	start = clock_monotonic_us();
	must(search_query(s, &(struct search_ask){SLICE("honte poubelles"), .limit = 100}, count,
		     &hits, &e),
		&e);
	printf("search: %d hits in %.1f ms\n", hits, (double)(clock_monotonic_us() - start) / 1000);
	search_close(s);
	return 0;
}
