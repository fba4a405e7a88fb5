/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every write, sync and truncation of a day's work fails once, and then a dozen in a row. After each fault the caller does
 * what the processes do (roll back, wait, again); at the end nothing is lost and nothing is there twice. */
#include "fixture.h"

#include "faulty.h"

#define RESULTS 8u
#define ITEMS 40u

struct plan {
	const char *name;
	long length;
	int code;
};
static const struct plan plans[] = {{"one write", 1, SQLITE_IOERR}, {"full disk", 1, SQLITE_FULL},
	{"full for long", 12, SQLITE_FULL}};

/* Texts long enough that a transaction takes several pages, some of them over more than one. */
static void make(struct fixture *f, unsigned round)
{
	_buf_ struct buf text = {0};

	for (unsigned i = 0; i < ITEMS; i++) {
		const struct verdict flagged = {
			.level = VERDICT_QUEUE, .priority = i % 9 == 2 ? 1 : 3};
		char id[16];

		buf_clear(&text);
		buf_printf(&text, "texte %u.%u ", round, i);
		for (unsigned k = 0; k < (i == 7 ? 2000 : i * 5); k++)
			buf_add_string(&text, "abcdefgh");
		/* half of the ids come back in the next round as new versions */
		snprintf(id, sizeof(id), "%u", round / 2 * 1000 + i + (i % 2) * (round % 2) * 500);
		feed(f,
			&(struct comment){.source = SLICE("facebook"),
				.id = slice_of(id),
				.text = buf_slice(&text),
				.author = SLICE("a")},
			i % 5 == 2 ? &flagged : NULL);
	}
}

static int once(struct fixture *f, const struct store_result *r)
{
	struct error e = {""};
	int code = store_begin(f->store, &e);

	if (code == 0)
		code = store_result(f->store, r, false, &e);
	if (code == 0)
		code = store_commit(f->store, &e);
	if (code) {
		store_rollback(f->store);
		assert_true(code == -ENOSPC || code == -EIO);
		assert_true(e.text[0]);
	}
	return code;
}

static void work(struct fixture *f)
{
	struct error e;

	for (unsigned round = 0; round < RESULTS; round++) {
		struct store_result r;

		make(f, round);
		r = fixture_result(f);
		for (int tries = 0; once(f, &r) < 0; tries++)
			if (tries > 20)
				fail_msg("never again");
		fixture_next(f);
		/* what the process does between transactions; its faults are logged and tried again */
		if (round % 3 == 1 && store_upkeep(f->store, true, &e) < 0)
			assert_true(e.text[0]);
	}
}

struct sum {
	int64_t last;
	uint64_t present, unequal;
};

static int see(void *user, const struct stored_comment *c)
{
	struct sum *s = user;

	assert_true(c->seq == s->last + 1);
	assert_false(c->gone);
	assert_true(c->comment.text.n > 6 && !memcmp(c->comment.text.p, "texte ", 6));
	s->last = c->seq;
	return 0;
}

static int ledger(void *user, const struct ledger_row *l)
{
	struct sum *s = user;

	s->present += l->present;
	s->unequal += l->fresh != l->present;
	return 0;
}

static int count_incident(void *user, const struct incident *i)
{
	*(uint64_t *)user += i->facts.messages;
	return 0;
}

static void compare(struct fixture *f, struct store_counts counts)
{
	struct reader *r = fixture_reader(f);
	struct sum s = {0};
	uint64_t p1 = 0, queue[5];
	struct error e = {""};

	check(reader_comments(r, 0, UINT32_MAX, true, see, &s, &e), &e);
	assert_int_equal(s.last, counts.fresh + counts.version);
	check(reader_ledger(f->dir, ledger, &s, &e), &e);
	assert_int_equal(s.present, counts.fresh);
	assert_int_equal(s.unequal, 0);
	check(reader_incidents(r, true, count_incident, &p1, &e), &e);
	check(reader_queue_count(r, queue, &e), &e);
	/* as the undisturbed run has it */
	assert_int_equal(counts.fresh, 240);
	assert_int_equal(counts.version, 80);
	assert_int_equal(counts.dead + counts.duplicate, 0);
	assert_int_equal(p1, 4); /* each edited once: the same message */
	assert_int_equal(queue[1] + queue[3], 48);
	reader_close(r);
}

static void store_survives_every_fault(void **state)
{
	long runs = 0;

	(void)state;
	for (unsigned p = 0; p < sizeof(plans) / sizeof(*plans); p++)
		for (long at = 1;; at += 1 + at / 40) {
			struct fixture f;
			struct store_counts counts;

			fixture_start(&f);
			faulty_plan(at, plans[p].length, plans[p].code);
			work(&f);
			faulty_stop();
			counts = store_counts(f.store);
			compare(&f, counts);
			/* also as the next start finds it */
			store_close(f.store);
			fixture_open(&f);
			compare(&f, counts);
			fixture_end(&f);
			runs++;
			if (!faulty.failed)
				break;
		}
	print_message("# %ld runs\n", runs);
	assert_true(runs > 100);
}

static void journal_group(struct journal *j, unsigned round, uint64_t *waiting)
{
	char text[3000];
	struct error e = {""};
	uint64_t id, before, lowest;
	int r = 0;

	check(journal_waiting(j, &before, &lowest, &e), &e);
	for (int tries = 0;; tries++) {
		r = journal_begin(j, &e);
		for (unsigned i = 0; r == 0 && i < 10; i++) {
			snprintf(text, sizeof(text), "lot %u.%u %01000u", round, i, i);
			r = journal_add(j, DAY0, slice_of(text), 3, &id, &e);
		}
		if (r == 0)
			r = journal_count_received(j, DAY0, SLICE("s"), 30, &e);
		if (r == 0)
			r = journal_commit(j, &e);
		if (r == 0)
			break;
		assert_true(r == -ENOSPC || r == -EIO);
		journal_rollback(j);
		check(journal_waiting(j, waiting, &lowest, &e), &e);
		assert_int_equal(*waiting, before);
		assert_true(tries < 20);
	}
	check(journal_waiting(j, waiting, &lowest, &e), &e);
	assert_int_equal(*waiting, before + 30);
}

static void journal_day(struct journal *j)
{
	struct error e = {""};
	uint64_t waiting = 0, lowest, ids[5];

	for (unsigned round = 0; round < 6; round++) {
		journal_group(j, round, &waiting);
		if (round % 2 == 0)
			continue;
		check(journal_waiting(j, &waiting, &lowest, &e), &e);
		for (unsigned i = 0; i < 5; i++)
			ids[i] = lowest + i;
		for (int tries = 0; journal_release(j, ids, 5, &e) < 0; tries++)
			assert_true(tries < 20);
		if (round == 3 && journal_scrub(j, &e) < 0)
			assert_true(e.text[0]);
	}
}

static void journal_compare(struct journal *j)
{
	struct journal_batch b;
	struct error e = {""};
	uint64_t waiting, lowest, n = 0, next = 0;
	int r;

	check(journal_waiting(j, &waiting, &lowest, &e), &e);
	assert_int_equal(waiting, 6 * 30 - 3 * 15);
	while ((r = journal_next(j, next, &b, &e)) == 0) {
		unsigned round, i;

		assert_true(!next || b.id == next + 1);
		next = b.id;
		assert_int_equal(sscanf(b.items.p, "lot %u.%u", &round, &i), 2);
		assert_int_equal(round * 10 + i, 15 + n);
		n++;
	}
	assert_int_equal(r, JOURNAL_END);
	assert_int_equal(n, 45);
}

static void journal_survives_every_fault(void **state)
{
	long runs = 0;

	(void)state;
	for (unsigned p = 0; p < sizeof(plans) / sizeof(*plans); p++)
		for (long at = 1;; at++) {
			char dir[64];
			_free_ char *path = NULL;
			struct journal *j = NULL;
			struct error e = {""};

			make_folder(dir);
			path = xasprintf("%s/journal.db", dir);
			check(journal_open(path, &j, &e), &e);
			faulty_plan(at, plans[p].length, plans[p].code);
			journal_day(j);
			faulty_stop();
			journal_compare(j);
			journal_close(j);
			check(journal_open(path, &j, &e), &e);
			journal_compare(j);
			journal_close(j);
			assert_int_equal(file_remove_tree(dir), 0);
			runs++;
			if (!faulty.failed)
				break;
		}
	print_message("# %ld runs\n", runs);
	assert_true(runs > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(journal_survives_every_fault),
		cmocka_unit_test(store_survives_every_fault),
	};

	faulty_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
