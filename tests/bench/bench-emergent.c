/* SPDX-License-Identifier: GPL-3.0-or-later
 * The emergent room alone: bench-emergent [FILE [COMMENTS]]
 * Hears comments of about 140 bytes: the lines of FILE again and again, each in another order of its words so that none is
 * a copy, else words drawn by Zipf's law out of 20,000 with French articles between. Prints thread CPU time a comment. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tocsin/base/alloc.h>
#include <tocsin/emergent/emergent.h>

#define WORDS 20000u
#define TEXT 1024u
#define BATCH 512

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

/* A name for a number: the same one again for the same number. */
static size_t spell(char *out, unsigned word)
{
	static const char *const parts[] = {"ba", "cor", "du", "fin", "ga", "lo", "mu", "ni", "por",
		"ra", "so", "tu", "vi", "zo", "chi", "dra"};
	char *p = out;

	for (unsigned n = word * 2654435761u, i = 0; i < 2 + n % 3; i++, n /= 7)
		p = stpcpy(p, parts[n % 16]);
	return (size_t)(p + sprintf(p, "%c%c", 'a' + word % 26, 'a' + word / 26 % 26) - out);
}

static size_t by_zipf(char *out, uint64_t *state)
{
	static const char *const little[] = {
		"le", "de", "la", "et", "les", "pour", "est", "que", "dans", "une"};
	char *p = out;

	while (p - out < 130) {
		uint64_t r = draw(state);
		if (r % 5 < 2)
			p = stpcpy(p, little[r / 5 % 10]);
		else
			p += spell(p,
				(unsigned)pow(
					WORDS, (double)(r >> 11) / (double)(UINT64_C(1) << 53)));
		*p++ = ' ';
	}
	return (size_t)(p - out);
}

/* A line of the file, begun at another of its words. */
static size_t of_file(char *out, FILE *file, uint64_t *state)
{
	char line[TEXT];

	if (!fgets(line, sizeof(line), file)) {
		rewind(file);
		if (!fgets(line, sizeof(line), file))
			return 0;
	}
	line[strcspn(line, "\n")] = '\0';
	size_t n = strlen(line), at = n ? draw(state) % n : 0;
	const char *blank = strchr(line + at, ' ');
	at = blank ? (size_t)(blank + 1 - line) : 0;
	memcpy(out, line + at, n - at);
	out[n - at] = ' ';
	memcpy(out + n - at + 1, line, at);
	return n + 1;
}

static void count(void *user, const struct emergent_topic *topic)
{
	(void)topic;
	++*(long *)user;
}

int main(int argc, char **argv)
{
	const struct emergent_config config = emergent_config_default();
	struct emergent *e = emergent_new(&config);
	long comments = argc > 2 ? atol(argv[2]) : 500000, told = 0;
	FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
	uint64_t state = 88172645463325252u;
	static struct {
		char p[2 * TEXT];
		size_t n;
	} texts[BATCH];
	static uint64_t authors[BATCH];
	double spent = 0;

	if (comments <= 0 || (argc > 1 && !file)) {
		fprintf(stderr, "usage: bench-emergent [FILE [COMMENTS]]\n");
		return 2;
	}
	for (long i = 0; i < comments;) {
		long n = comments - i < BATCH ? comments - i : BATCH;
		for (long k = 0; k < n; k++) {
			texts[k].n = file ? of_file(texts[k].p, file, &state)
					  : by_zipf(texts[k].p, &state);
			authors[k] = 1 + draw(&state) % 100000;
		}
		double before = cpu();
		for (long k = 0; k < n; k++, i++)
			emergent_hear(e,
				&(struct emergent_message){.at = INT64_C(1767567600000) + i * 100,
					.author = authors[k],
					.id = {(const char *)&i, sizeof(i)},
					.text = {texts[k].p, texts[k].n}},
				count, &told);
		spent += cpu() - before;
	}
	printf("%ld comments: %.2f µs a comment, %.0f thousand comments/s; %ld topics told\n",
		comments, spent / (double)comments * 1e6, (double)comments / spent / 1e3, told);
	emergent_free(e);
	if (file)
		fclose(file);
	return 0;
}
