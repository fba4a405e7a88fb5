/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ledger balances at every moment, while another process accepts, stores and releases. */
#include "fixture.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define LOOKS 60

/* What ingest and store do between them, each in its own order of commits. */
static void run_town(struct fixture *f)
{
	_free_ char *path = xasprintf("%s/journal.db", f->dir);
	struct journal *j = NULL;
	struct error e = {""};
	uint64_t ids[4] = {0};
	_buf_ struct buf body = {0};

	check(journal_open(path, &j, &e), &e);
	for (unsigned round = 0;; round++) {
		f->accepted = clock_now();
		for (unsigned i = 0; i < 30; i++) {
			char id[32];

			/* every third comes twice, every seventh changed */
			snprintf(id, sizeof(id), "%u", round * 20 + i);
			feed_text(f, id, i % 7 ? "texte" : id);
		}
		check(journal_begin(j, &e), &e);
		check(journal_add(j, f->accepted, buf_slice(&f->items), f->n, &f->batch, &e), &e);
		check(journal_count_received(j, f->accepted, SLICE("facebook"), f->n, &e), &e);
		check(journal_commit(j, &e), &e);
		ids[round % 4] = f->batch;
		usleep(300); /* each look reads all rows: they must not grow without end */
		fixture_commit(f);
		if (round % 4 != 3)
			continue;
		check(journal_release(j, ids, 4, &e), &e);
		buf_clear(&body);
		wire_put_u64(&body, ids[3] + 1);
		assert_int_equal(ask(f, REQUEST_RELEASED, buf_slice(&body), NULL), 0);
		check(store_upkeep(f->store, round % 100 == 99, &e), &e);
	}
}

struct look {
	uint64_t received, unbalanced, pending;
	char text[160];
};

static int see(void *user, const struct ledger_row *l)
{
	struct look *k = user;

	k->received += l->received;
	k->pending += l->pending;
	k->unbalanced += !l->balanced;
	if (!l->balanced)
		snprintf(k->text, sizeof(k->text),
			"received %d fresh %d version %d duplicate %d pending %d present %d",
			(int)l->received, (int)l->fresh, (int)l->version, (int)l->duplicate,
			(int)l->pending, (int)l->present);
	return 0;
}

static void balances_while_all_runs(void **state)
{
	struct fixture f;
	struct look last = {0};
	int seen_pending = 0, seen_growth = 0;
	pid_t child;

	(void)state;
	f = (struct fixture){.batch = 1};
	make_folder(f.dir);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		f.spec = (struct store_spec){.state_dir = f.dir};
		fixture_open(&f);
		run_town(&f);
		_exit(1);
	}
	/* more looks when the other process hardly got a turn between them */
	for (int i = 0; i < LOOKS || (seen_growth <= LOOKS / 4 && i < 100 * LOOKS); i++) {
		struct look k = {0};
		struct error e = {""};
		int r = reader_ledger(f.dir, see, &k, &e);

		if (r < 0 && !last.received) { /* not begun yet */
			usleep(20000);
			i--;
			continue;
		}
		check(r, &e);
		if (k.unbalanced)
			print_message("# look %d: %s\n", i, k.text);
		assert_int_equal(k.unbalanced, 0);
		assert_true(k.received >= last.received);
		seen_pending += k.pending > 0;
		seen_growth += k.received > last.received;
		last = k;
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	print_message("# %d looks at something pending, %d at something new\n", seen_pending,
		seen_growth);
	assert_true(seen_growth > LOOKS / 4);
	assert_int_equal(file_remove_tree(f.dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(balances_while_all_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
