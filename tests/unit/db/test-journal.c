/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <stdio.h>
#include <sys/stat.h>

static int open_dir(void **state)
{
	char *dir = xmalloc(64);

	make_folder(dir);
	*state = dir;
	return 0;
}

static int remove_dir(void **state)
{
	int r = file_remove_tree(*state);

	free(*state);
	return r;
}

static struct journal *open_in(const char *dir)
{
	_free_ char *path = xasprintf("%s/journal.db", dir);
	struct error e = {""};
	struct journal *j = NULL;

	check(journal_open(path, &j, &e), &e);
	return j;
}

static uint64_t add(struct journal *j, const char *items, uint32_t n)
{
	struct error e = {""};
	uint64_t id = 0;

	check(journal_add(j, DAY0, slice_of(items), n, &id, &e), &e);
	return id;
}

static void group(struct journal *j, uint64_t ids[3])
{
	struct error e = {""};

	check(journal_begin(j, &e), &e);
	ids[0] = add(j, "un", 1);
	ids[1] = add(j, "deux", 2);
	ids[2] = add(j, "trois", 3);
	check(journal_count_received(j, DAY0, SLICE("facebook"), 6, &e), &e);
	check(journal_cursor_set(j, SLICE("facebook"), SLICE("c6"), &e), &e);
	check(journal_commit(j, &e), &e);
}

static void keeps_what_was_committed(void **state)
{
	struct journal *j = open_in(*state);
	struct error e = {""};
	struct journal_batch b;
	_buf_ struct buf cursor = {0};
	uint64_t ids[3], n, lowest, identity = journal_identity(j);

	group(j, ids);
	assert_true(ids[1] == ids[0] + 1 && ids[2] == ids[0] + 2);
	assert_true(ids[0] == (identity << 32) + 1);
	journal_close(j);
	j = open_in(*state);
	assert_true(journal_identity(j) == identity);
	check(journal_waiting(j, &n, &lowest, &e), &e);
	assert_int_equal(n, 6);
	assert_true(lowest == ids[0]);
	assert_int_equal(journal_next(j, 0, &b, &e), 0);
	assert_true(b.id == ids[0] && b.count == 1 && b.accepted_at == DAY0);
	assert_true(slice_is(b.items, "un"));
	assert_int_equal(journal_next(j, ids[1], &b, &e), 0);
	assert_true(slice_is(b.items, "trois"));
	assert_int_equal(journal_next(j, ids[2], &b, &e), JOURNAL_END);
	assert_int_equal(journal_get(j, ids[1], &b, &e), 0);
	assert_true(slice_is(b.items, "deux"));
	assert_int_equal(journal_get(j, ids[2] + 1, &b, &e), -ENOENT);
	check(journal_cursor_get(j, SLICE("facebook"), &cursor, &e), &e);
	assert_true(slice_is(buf_slice(&cursor), "c6"));
	journal_close(j);
}

static void rolls_a_group_back(void **state)
{
	struct journal *j = open_in(*state);
	struct error e = {""};
	struct journal_batch b;
	uint64_t first, again, n, lowest;

	check(journal_begin(j, &e), &e);
	first = add(j, "perdu", 4);
	journal_rollback(j);
	check(journal_waiting(j, &n, &lowest, &e), &e);
	assert_int_equal(n, 0);
	assert_true(lowest == first);
	assert_int_equal(journal_next(j, 0, &b, &e), JOURNAL_END);
	check(journal_begin(j, &e), &e);
	again = add(j, "gardé", 1);
	check(journal_commit(j, &e), &e);
	assert_true(again == first);
	journal_close(j);
}

static void never_gives_an_id_twice(void **state)
{
	struct journal *j = open_in(*state);
	struct error e = {""};
	uint64_t ids[3], n, lowest, id;

	group(j, ids);
	check(journal_release(j, ids, 3, &e), &e);
	check(journal_release(j, ids, 3, &e), &e); /* again: as gone as before */
	check(journal_waiting(j, &n, &lowest, &e), &e);
	assert_int_equal(n, 0);
	assert_true(lowest == ids[2] + 1);
	journal_close(j);
	j = open_in(*state);
	check(journal_begin(j, &e), &e);
	id = add(j, "quatre", 1);
	check(journal_commit(j, &e), &e);
	assert_true(id == ids[2] + 1);
	journal_close(j);
}

static void has_one_writer(void **state)
{
	_free_ char *path = xasprintf("%s/journal.db", (char *)*state);
	struct journal *j = open_in(*state), *other = NULL;
	struct error e = {""};

	assert_int_equal(journal_open(path, &other, &e), -EWOULDBLOCK);
	journal_close(j);
	check(journal_open(path, &other, &e), &e);
	journal_close(other);
}

static bool file_has(const char *dir, const char *name, const char *word)
{
	_free_ char *path = xasprintf("%s/%s", dir, name);
	_buf_ struct buf b = {0};
	struct error e = {""};

	if (access(path, F_OK) < 0)
		return false;
	check(file_read(path, 1 << 30, &b, &e), &e);
	return b.n && memmem(b.p, b.n, word, strlen(word));
}

/* Batches of many sizes, released in an order that makes SQLite move what stays. */
static void scrub_leaves_no_word(void **state)
{
	struct journal *j = open_in(*state);
	struct error e = {""};
	uint64_t ids[300];
	_buf_ struct buf b = {0};

	for (int round = 0; round < 3; round++) {
		check(journal_begin(j, &e), &e);
		for (unsigned i = 0; i < 300; i++) {
			buf_clear(&b);
			for (unsigned k = 0; k < 1 + i * 7 % 40; k++)
				buf_add_string(&b,
					i % 3 ? "motplante remplissage " : "reste remplissage ");
			ids[i] = add(j, buf_string(&b), 1);
		}
		check(journal_commit(j, &e), &e);
		for (unsigned i = 0; i < 300; i++)
			if (i * 7 % 300 % 3)
				check(journal_release(j, &ids[i * 7 % 300], 1, &e), &e);
	}
	assert_true(file_has(*state, "journal.db", "motplante") ||
		file_has(*state, "journal.db-wal", "motplante"));
	check(journal_scrub(j, &e), &e);
	assert_false(file_has(*state, "journal.db", "motplante"));
	assert_false(file_has(*state, "journal.db-wal", "motplante"));
	assert_true(file_has(*state, "journal.db", "reste"));
	journal_close(j);
}

static void idle_empties_the_log_when_nothing_waits(void **state)
{
	struct journal *j = open_in(*state);
	struct error e = {""};
	uint64_t ids[3];
	_free_ char *wal = xasprintf("%s/journal.db-wal", (char *)*state);
	struct stat st;

	group(j, ids);
	check(journal_release(j, ids, 3, &e), &e);
	assert_int_equal(stat(wal, &st), 0);
	assert_true(st.st_size > 0);
	usleep(1100 * 1000);
	check(journal_idle(j, &e), &e);
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_size, 0);
	journal_close(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keeps_what_was_committed, open_dir, remove_dir),
		cmocka_unit_test_setup_teardown(rolls_a_group_back, open_dir, remove_dir),
		cmocka_unit_test_setup_teardown(never_gives_an_id_twice, open_dir, remove_dir),
		cmocka_unit_test_setup_teardown(has_one_writer, open_dir, remove_dir),
		cmocka_unit_test_setup_teardown(scrub_leaves_no_word, open_dir, remove_dir),
		cmocka_unit_test_setup_teardown(
			idle_empties_the_log_when_nothing_waits, open_dir, remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
