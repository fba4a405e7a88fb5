/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register of erasures, and a database that a backup took the place of. */
#include "said.h"

static char *registry, *saved;

static int start(void **state)
{
	(void)state;
	fixture_start(&f);
	store_close(f.store);
	registry = erasures_path(f.dir);
	saved = xasprintf("%s/saved.db", f.dir);
	f.spec.erasures = registry;
	fixture_open(&f);
	return 0;
}

static int stop(void **state)
{
	_free_ char *folder = xasprintf("%s.effacements", f.dir);

	(void)state;
	assert_int_equal(file_remove_tree(folder), 0);
	f.spec.erasures = NULL;
	free(registry);
	free(saved);
	fixture_end(&f);
	return 0;
}

static void copy_db(const char *from, const char *to)
{
	_buf_ struct buf b = {0};
	struct error e = {""};

	check(file_read(from, 1 << 28, &b, &e), &e);
	check(file_write_atomic(to, buf_slice(&b), 0600, &e), &e);
}

/* The database as it is now is kept; later it comes back. */
static void back_up(void)
{
	_free_ char *db = xasprintf("%s/store.db", f.dir);

	store_close(f.store);
	copy_db(db, saved);
	fixture_open(&f);
}

static struct store_again restore(void)
{
	_free_ char *db = xasprintf("%s/store.db", f.dir);
	struct store_again done = {0};
	struct error e = {""};

	store_close(f.store);
	copy_db(saved, db);
	f.spec.restored = true;
	fixture_open(&f);
	f.spec.restored = false;
	check(store_again(f.store, SLICE("refait"), &done, &e), &e);
	return done;
}

/* The account of what was done is searched for his names too, which only the database knows. */
static void erased_again(void **state)
{
	struct store_again done;

	(void)state;
	f.accepted = clock_now() - CLOCK_HOUR;
	says("1", "jd38", "un mot de trop", NULL);
	says("2", "paul", "un mot de plus", NULL);
	decided(2, "anne", "comme jd38, et Jeanne D.");
	back_up();
	purge("jd38");
	done = restore();
	assert_true(done.whole);
	assert_int_equal(done.erasures, 1);
	assert_false(in_file("un mot de trop"));
	assert_int_equal(
		fixture_count(&f,
			"SELECT count(*) FROM audit WHERE instr(why, 'jd38') OR instr(why, 'Jeanne')"),
		0);
	assert_true(in_file("un mot de plus"));
	assert_int_equal(
		fixture_count(
			&f, "SELECT count(*) FROM audit WHERE why = 'refait' AND who = 'tocsin'"),
		1);
}

/* What the same account says after its erasure was never erased. */
static void later_ones_stay(void **state)
{
	struct store_again done;

	(void)state;
	f.accepted = clock_now() - CLOCK_HOUR;
	says("1", "jd38", "un mot de trop", NULL);
	f.accepted = clock_now() + CLOCK_HOUR;
	says("2", "jd38", "un mot bien plus tard", NULL);
	back_up();
	purge("jd38");
	done = restore();
	assert_int_equal(done.erasures, 1);
	assert_false(in_file("un mot de trop"));
	assert_true(in_file("un mot bien plus tard"));
}

/* A comment that its source sends again is not written, and counts as one that was purged. */
static void sent_again(void **state)
{
	(void)state;
	back_up();
	f.accepted = clock_now() - CLOCK_HOUR;
	says("1", "jd38", "un mot de trop", NULL);
	purge("jd38");
	assert_true(restore().whole);
	f.accepted = clock_now() + CLOCK_HOUR;
	says("1", "jd38", "un mot de trop", NULL);
	says("2", "jd38", "un autre", NULL);
	assert_false(in_file("un mot de trop"));
	assert_true(in_file("un autre"));
	assert_int_equal(fixture_count(&f, "SELECT count(*) FROM item WHERE state & 4"), 1);
}

/* Who objects has no name in the database, and is found by his key. */
static void one_without_a_name(void **state)
{
	struct store_again done;

	(void)state;
	f.accepted = clock_now() - CLOCK_HOUR;
	says("1", "jd38", "un mot de trop", NULL);
	fixture_change(&f, "UPDATE item SET handle = zeroblob(length(handle))");
	back_up();
	purge("jd38");
	done = restore();
	assert_true(done.whole);
	assert_int_equal(done.erasures, 1);
	assert_false(in_file("un mot de trop"));
}

static void lines_grow_old(void **state)
{
	const int64_t year = 366 * CLOCK_DAY;
	_buf_ struct buf before = {0}, after = {0};
	struct error e = {""};

	(void)state;
	f.accepted = clock_now() - CLOCK_HOUR;
	says("1", "jd38", "un mot de trop", NULL);
	back_up();
	purge("jd38");
	check(file_read(registry, 1 << 20, &before, &e), &e);
	purge_of(NULL, NULL);
	check(file_read(registry, 1 << 20, &after, &e), &e);
	assert_true(slice_equal(buf_slice(&before), buf_slice(&after)));
	store_keep(f.store, &(struct keep){-year, -year, -year, NULL, 0, NULL});
	purge_of(NULL, NULL);
	buf_clear(&after);
	check(file_read(registry, 1 << 20, &after, &e), &e);
	assert_true(after.n < before.n);
	assert_null(memmem(after.p, after.n, "compte", 6));
	/* the backup is older than what is left of it */
	assert_false(restore().whole);
	assert_true(in_file("un mot de trop"));
}

/* Nothing is erased that could not be erased again. */
static void nobody_writes_it(void **state)
{
	_free_ char *folder = xasprintf("%s.effacements", f.dir);
	_buf_ struct buf body = {0};
	struct error e = {""};

	(void)state;
	f.accepted = clock_now() - CLOCK_HOUR;
	says("1", "jd38", "un mot de trop", NULL);
	store_close(f.store);
	assert_int_equal(file_remove_tree(folder), 0);
	check(file_write_atomic(folder, SLICE("une chose"), 0600, &e), &e);
	fixture_open(&f);
	assert_non_null(store_register_fault(f.store));
	purge_encode(&body,
		&(struct purge_request){.author = SLICE("jd38"),
			.source = SLICE("facebook"),
			.who = SLICE("dpo"),
			.reason = SLICE("demande")});
	assert_true(store_purge_begin(f.store, buf_slice(&body), &e) < 0);
	assert_non_null(strstr(e.text, "le registre des effacements ne s'écrit pas"));
	assert_non_null(strstr(e.text, folder));
	assert_true(in_file("un mot de trop"));
	purge_of(NULL, NULL); /* by age needs none */
	unlink(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(erased_again, start, stop),
		cmocka_unit_test_setup_teardown(later_ones_stay, start, stop),
		cmocka_unit_test_setup_teardown(sent_again, start, stop),
		cmocka_unit_test_setup_teardown(one_without_a_name, start, stop),
		cmocka_unit_test_setup_teardown(lines_grow_old, start, stop),
		cmocka_unit_test_setup_teardown(nobody_writes_it, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
