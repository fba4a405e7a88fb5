/* SPDX-License-Identifier: GPL-3.0-or-later
 * The database's writer alone, synchronous=FULL, with transactions of 8192 comments in batches of 512:
 *   bench-store FOLDER increasing|random COMMENTS [KNOWN]
 * KNOWN comments are stored first and not measured. Prints comments/s, and the log's and file's sizes.
 *   bench-store FOLDER increasing|random COMMENTS KNOWN COPY beside|inside
 * After that a backup of it all is made into COPY while batches of 512 are stored every 20 ms: by a process beside, as
 * `tocsin backup` does it, or between two transactions, as store did once. Prints the longest transaction, and that of
 * ten seconds without a backup before. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/db/reader.h>
#include <tocsin/db/store.h>
#include <tocsin/record/batch.h>
#include <tocsin/record/comment.h>
#include <tocsin/record/verdict.h>

#define BATCH 512u
#define GROUP 16u

static uint64_t state = 88172645463325252;

/* xorshift64: the same run each time */
static uint64_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static const char filler[] =
	"Bonjour, depuis lundi les poubelles de la rue des Lilas ne sont plus ramassées, c'est une "
	"honte, on paie assez cher ! Quand est-ce que la mairie va enfin réagir ?";

static void comment(struct buf *items, struct buf *verdicts, uint64_t i, bool random)
{
	char id[40], author[24];
	struct comment c = {
		.source = SLICE("facebook"), .created_at = 1764000000000 + (int64_t)i * 10};
	struct verdict v = {0};
	struct slice topic = SLICE("dechets");
	_buf_ struct buf b = {0};

	snprintf(id, sizeof(id), "%llu", (unsigned long long)(random ? next_random() : i));
	snprintf(author, sizeof(author), "u%llu", (unsigned long long)(next_random() % 50000));
	c.id = slice_of(id);
	c.author = slice_of(author);
	c.text = (struct slice){filler, 80 + next_random() % 80};
	v.topics = &topic;
	v.n_topics = i % 3 == 0;
	if (i % 20 == 0)
		v = (struct verdict){
			.level = VERDICT_QUEUE, .lanes = LANE_MODERATION, .priority = 3};
	batch_add(items, &c);
	verdict_encode(&b, &v);
	batch_add_item(verdicts, buf_slice(&b));
}

static void must(int r, const struct error *e)
{
	if (!r)
		return;
	fprintf(stderr, "%s (%d)\n", e->text, r);
	exit(1);
}

struct run {
	struct store *st;
	uint64_t made, batch;
	double storing, cpu; /* seconds in the store alone */
	int64_t worst_us;
	unsigned batches; /* a transaction */
	bool random;
};

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Makes a group outside the clock, stores it inside. */
static void group(struct run *run)
{
	static const unsigned char bundle[32];
	struct buf items[GROUP] = {0}, verdicts[GROUP] = {0};
	struct error e;
	int64_t start, took;

	for (unsigned b = 0; b < run->batches; b++)
		for (unsigned i = 0; i < BATCH; i++)
			comment(&items[b], &verdicts[b], run->made++, run->random);
	run->cpu -= cpu_seconds();
	start = clock_monotonic_us();
	must(store_begin(run->st, &e), &e);
	for (unsigned b = 0; b < run->batches; b++) {
		const struct store_result r = {.batch = ++run->batch,
			.count = BATCH,
			.accepted_at = 1764000000000,
			.bundle = bundle,
			.items = buf_slice(&items[b]),
			.verdicts = buf_slice(&verdicts[b])};

		must(store_result(run->st, &r, false, &e), &e);
	}
	must(store_commit(run->st, &e), &e);
	must(store_upkeep(run->st, false, &e), &e);
	took = clock_monotonic_us() - start;
	run->storing += (double)took / 1e6;
	run->cpu += cpu_seconds();
	if (took > run->worst_us)
		run->worst_us = took;
	for (unsigned b = 0; b < run->batches; b++) {
		buf_release(&items[b]);
		buf_release(&verdicts[b]);
	}
}

static void release(struct run *run)
{
	_buf_ struct buf body = {0}, reply = {0};
	struct error e;

	wire_put_u64(&body, run->batch);
	must(store_begin(run->st, &e), &e);
	must(store_request(run->st, REQUEST_RELEASED, buf_slice(&body), &reply, &e), &e);
	must(store_commit(run->st, &e), &e);
}

extern char **environ;

static void copy_here(const char *folder, const char *copy)
{
	struct error e;

	must(file_make_folder(copy, 0700, &e), &e);
	must(reader_backup(folder, copy, &e), &e);
}

static void store_alone(struct run *run)
{
	int64_t start;
	struct error e;
	unsigned n = 0;

	run->batches = 1;
	must(store_upkeep(run->st, true, &e),
		&e); /* the log of all that went before is not what we ask for */
	start = clock_monotonic();
	run->worst_us = 0;
	for (; clock_monotonic() - start < 10000; n++) {
		group(run);
		usleep(20000);
	}
	printf("no backup: %u transactions, the longest pause %.0f ms\n", n,
		(double)run->worst_us / 1000);
}

static void copy_while_storing(struct run *run, char **argv, const char *copy, bool beside)
{
	char *again[] = {argv[0], (char[]){"copy"}, argv[1], strdupa(copy), NULL};
	int64_t start, worst = 0;
	pid_t pid = 0;
	int status = 0;
	unsigned n = 0;

	store_alone(run);
	start = clock_monotonic();
	run->worst_us = 0;
	if (beside && posix_spawn(&pid, "/proc/self/exe", NULL, NULL, again, environ) != 0)
		exit(1);
	if (!beside) {
		copy_here(argv[1], copy);
		worst = (clock_monotonic() - start) * 1000;
	}
	do {
		group(run);
		n++;
		usleep(20000);
	} while (beside && waitpid(pid, &status, WNOHANG) == 0);
	if (status != 0)
		exit(1);
	worst = run->worst_us > worst ? run->worst_us : worst;
	printf("backup %s: %.1f s, %u transactions meanwhile, the longest pause %.0f ms\n",
		beside ? "beside" : "inside", (double)(clock_monotonic() - start) / 1000, n,
		(double)worst / 1000);
}

int main(int argc, char **argv)
{
	struct run run = {.batches = GROUP};
	struct store_spec spec = {.keep = {1, 1, 1}};
	uint64_t wanted, known;
	struct error e;
	struct rusage u;

	if (argc == 4 && strcmp(argv[1], "copy") == 0) {
		copy_here(argv[2], argv[3]);
		return 0;
	}
	if (argc < 4) {
		fputs("bench-store FOLDER increasing|random COMMENTS [KNOWN [COPY beside|inside]]\n",
			stderr);
		return 2;
	}
	spec.state_dir = argv[1];
	run.random = argv[2][0] == 'r';
	wanted = strtoull(argv[3], NULL, 10);
	known = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
	must(store_open(&spec, &run.st, &e), &e);
	while (run.made < known)
		group(&run);
	known = run.made;
	run.storing = run.cpu = 0;
	run.worst_us = 0;
	while (run.made < known + wanted) {
		group(&run);
		if (run.made % (BATCH * GROUP * 16) == 0)
			release(&run);
	}
	getrusage(RUSAGE_SELF, &u);
	printf("store %s: %.0f comments/s (%llu after %llu), %.2f µs of CPU each, worst transaction"
	       " %.0f ms, %ld MiB\n",
		argv[2], (double)(run.made - known) / run.storing,
		(unsigned long long)(run.made - known), (unsigned long long)known,
		run.cpu * 1e6 / (double)(run.made - known), (double)run.worst_us / 1000,
		u.ru_maxrss / 1024);
	if (argc > 6)
		copy_while_storing(&run, argv, argv[5], strcmp(argv[6], "beside") == 0);
	store_close(run.st);
	return 0;
}
