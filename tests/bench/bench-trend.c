/* SPDX-License-Identifier: GPL-3.0-or-later
 * The trend room alone: bench-trend [COMMENTS [SERIES [COMMENTS-A-SECOND]]]
 * Comments of 142 bytes, each in two topics, below a post, of a source and in the whole, spread over 1,000 topics, four
 * sources and 300 posts at a time (more than are remembered; each lives for some minutes), closed
 * minute by minute; prints CPU time a comment and a comment-series addition, and the peak memory. Then a year of
 * minutes with 150 comments a day, as at a restart. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <tocsin/base/clock.h>
#include <tocsin/trend/trend.h>

#define START INT64_C(1767567600000)

static double cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void count_said(void *user, const struct observe_request *r)
{
	*(long *)user += r->n;
}

static void run(const char *name, long comments, unsigned series, double gap_ms)
{
	static const char *const sources[] = {"facebook", "instagram", "site", "courriel"};
	struct trend_config config = trend_config_default();
	struct trend *t = trend_new(&config);
	uint64_t state = 88172645463325252u;
	char text[256], ids[2][24];
	long said = 0;
	double text_time = 0, began = cpu();
	for (long i = 0; i < comments; i++) {
		uint64_t r = draw(&state);
		struct slice topics[2];
		for (int k = 0; k < 2; k++) {
			int n = snprintf(ids[k], sizeof(ids[k]), "sujet%u",
				(unsigned)((r >> (8 + 16 * k)) % (series / 2)) * 2 + k);
			topics[k] = (struct slice){ids[k], (size_t)n};
		}
		double before = cpu();
		size_t n = 0;
		while (n < 142) { /* no two texts are copies */
			uint64_t w = draw(&state);
			for (unsigned k = 0; k < 3 + w % 7; k++)
				text[n++] = (char)('a' + (w >> (8 + 5 * k)) % 26);
			text[n++] = ' ';
		}
		text_time += cpu() - before;
		struct verdict v = {.topics = topics, .n_topics = 2};
		struct trend_fact f = {.seq = i + 1,
			.row = i + 1,
			.at = START + (int64_t)((double)i * gap_ms),
			.source = slice_of(sources[r % 4]),
			.author = 1 + (r >> 20) % 100000,
			.text = {text, n},
			.thread = 1 + (uint64_t)i / 2000 + (r >> 40) % 300,
			.verdict = &v};
		trend_advance(t, f.at, count_said, &said);
		trend_add(t, &f);
	}
	double spent = cpu() - began - text_time;
	struct rusage use;
	getrusage(RUSAGE_SELF, &use);
	printf("%s: %ld comments, %u series: %.0f ns a comment, %.0f ns an addition, %.2f million comments/s, %.2f s; %ld things "
	       "said, peak %ld MiB\n",
		name, comments, trend_status(t).series, spent / (double)comments * 1e9,
		spent / (double)comments / 5 * 1e9, (double)comments / spent / 1e6, spent, said,
		use.ru_maxrss / 1024);
	trend_free(t);
}

int main(int argc, char **argv)
{
	long comments = argc > 1 ? atol(argv[1]) : 2000000;
	unsigned series = argc > 2 ? (unsigned)atoi(argv[2]) : 1000;
	double rate = argc > 3 ? atof(argv[3]) : 100000;
	if (comments <= 0 || series < 2 || rate <= 0 || clock_zone_set("Europe/Paris") < 0) {
		fprintf(stderr, "usage: bench-trend [COMMENTS [SERIES [COMMENTS-A-SECOND]]]\n");
		return 2;
	}
	run("flood", comments, series, 1000 / rate);
	run("year", 150 * 365, 30, 86400000.0 / 150);
	return 0;
}
