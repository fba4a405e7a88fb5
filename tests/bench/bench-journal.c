/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ingest's journal alone, synchronous=FULL: groups of 16 batches of 512 comments are added, read back and released behind,
 * with at most WAITING comments waiting (0: released at the end):
 *   bench-journal FOLDER COMMENTS [WAITING]
 * Prints comments/s for add, for next and for release, and the memory taken. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/db/journal.h>
#include <tocsin/record/batch.h>

#define BATCH 512u
#define GROUP 16u

static void must(int r, const struct error *e)
{
	if (!r)
		return;
	fprintf(stderr, "%s (%d)\n", e->text, r);
	exit(1);
}

struct run {
	struct journal *j;
	struct buf items;
	uint64_t low, high; /* batches that wait: [low, high) */
	double add, read, release;
};

static void add(struct run *run)
{
	int64_t start = clock_monotonic_us();
	struct error e;

	must(journal_begin(run->j, &e), &e);
	for (unsigned i = 0; i < GROUP; i++) {
		uint64_t id;

		must(journal_add(run->j, clock_now(), buf_slice(&run->items), BATCH, &id, &e), &e);
		must(journal_count_received(run->j, clock_now(), SLICE("facebook"), BATCH, &e), &e);
		if (!run->high)
			run->low = id;
		run->high = id + 1;
	}
	must(journal_commit(run->j, &e), &e);
	run->add += (double)(clock_monotonic_us() - start) / 1e6;
}

static void release(struct run *run)
{
	uint64_t ids[GROUP];
	struct journal_batch b;
	int64_t start = clock_monotonic_us();
	struct error e;
	unsigned n = 0;

	while (n < GROUP && run->low + n < run->high) {
		must(journal_next(run->j, run->low + n - 1, &b, &e), &e);
		ids[n++] = b.id;
	}
	run->read += (double)(clock_monotonic_us() - start) / 1e6;
	start = clock_monotonic_us();
	must(journal_release(run->j, ids, n, &e), &e);
	run->release += (double)(clock_monotonic_us() - start) / 1e6;
	run->low += n;
}

int main(int argc, char **argv)
{
	struct run run = {0};
	_free_ char *path = NULL;
	uint64_t wanted, waiting, made = 0;
	struct error e;
	struct rusage u;

	if (argc < 3) {
		fputs("bench-journal FOLDER COMMENTS [WAITING]\n", stderr);
		return 2;
	}
	path = xasprintf("%s/journal.db", argv[1]);
	wanted = strtoull(argv[2], NULL, 10);
	waiting = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	for (unsigned i = 0; i < BATCH; i++) {
		char id[32];
		struct comment c = {.source = SLICE("facebook"),
			.author = SLICE("u123456"),
			.text = SLICE(
				"Bonjour, depuis lundi les poubelles de la rue des Lilas ne sont plus"
				" ramassées, c'est une honte, on paie assez cher !"),
			.created_at = 1764000000000};

		snprintf(id, sizeof(id), "%u", i);
		c.id = slice_of(id);
		batch_add(&run.items, &c);
	}
	must(journal_open(path, &run.j, &e), &e);
	for (; made < wanted; made += BATCH * GROUP) {
		add(&run);
		if (waiting && (run.high - run.low) * BATCH > waiting)
			release(&run);
	}
	getrusage(RUSAGE_SELF, &u);
	while (run.low < run.high)
		release(&run);
	printf("journal: add %.0f, read %.0f, release %.0f comments/s; all three %.0f; %ld MiB\n",
		(double)made / run.add, (double)made / run.read, (double)made / run.release,
		(double)made / (run.add + run.read + run.release), u.ru_maxrss / 1024);
	journal_close(run.j);
	buf_release(&run.items);
	return 0;
}
