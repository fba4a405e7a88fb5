/* SPDX-License-Identifier: GPL-3.0-or-later
 * What French inflection costs: bench-inflect [DICTIONARY]
 * DICTIONARY is a path without .aff and .dic; the system's by default. Prints CPU time and, after each step, the
 * memory that the process has taken at most. */
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <tocsin/inflect/inflect.h>

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(const char *what, double since, double unit, const char *unit_name)
{
	struct rusage usage;
	double spent = cpu() - since;

	getrusage(RUSAGE_SELF, &usage);
	printf("%-44s %8.2f %s  %6.1f MiB\n", what, spent * unit, unit_name,
		(double)usage.ru_maxrss / 1024);
}

static void ask(struct inflect *i)
{
	static const char *const words[] = {
		"abruti", "vieux", "sale con", "tête de con", "ordures"};
	static const char *const verbs[] = {"démolir", "casser la gueule", "zgroumer"};
	enum { WORDS = sizeof(words) / sizeof(*words), VERBS = sizeof(verbs) / sizeof(*verbs) };
	struct inflect_forms f;
	double start = cpu();

	for (int n = 0; n < WORDS; n++)
		(void)inflect_words(i, slice_of(words[n]), &f);
	say("a term of words, first asked", start, 1e6 / WORDS, "us");
	start = cpu();
	for (int n = 0; n < VERBS; n++)
		(void)inflect_verb(i, slice_of(verbs[n]), &f);
	say("a verb, first asked", start, 1e6 / VERBS, "us");
}

static void look_up(struct inflect *i)
{
	static const char *const words[] = {"concours", "attardes", "konar", "demolirent"};
	enum { TIMES = 1000000 };
	unsigned found = 0;

	for (int view = INFLECT_PLAIN; view <= INFLECT_FOLDED; view++) {
		double start = cpu();

		for (unsigned n = 0; n < TIMES; n++)
			found +=
				inflect_is_word(i, slice_of(words[n % 4]), (enum inflect_view)view);
		say(view == INFLECT_PLAIN ? "inflect_is_word, plain" : "inflect_is_word, folded",
			start, 1e9 / TIMES, "ns");
	}
	printf("(%u found)\n", found);
}

int main(int argc, char **argv)
{
	_buf_ struct buf packed = {0};
	struct inflect *i, *again;
	struct error e;
	double start = cpu();
	int r = inflect_open(argc > 1 ? argv[1] : NULL, &i, &e);

	if (r != 0) {
		fprintf(stderr, "bench-inflect: %s\n", r < 0 ? e.text : "no dictionary");
		return 1;
	}
	say("inflect_open", start, 1e3, "ms");
	ask(i);
	start = cpu();
	printf("%zu forms\n", inflect_count(i));
	say("the set of all forms", start, 1e3, "ms");
	start = cpu();
	r = inflect_pack(i, &packed, &e);
	say("inflect_pack", start, 1e3, "ms");
	printf("%zu bytes\n", packed.n);
	inflect_close(i);
	start = cpu();
	if (r < 0 || inflect_open_bytes(buf_slice(&packed), &again, &e) < 0) {
		fprintf(stderr, "bench-inflect: %s\n", e.text);
		return 1;
	}
	say("inflect_open_bytes", start, 1e3, "ms");
	look_up(again);
	inflect_close(again);
	return 0;
}
