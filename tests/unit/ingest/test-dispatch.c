/* SPDX-License-Identifier: GPL-3.0-or-later
 * The policy above the seam: who is delivered next, who is suspected, who is given up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "../../../src/ingest/dispatch.h"

static struct piece take(struct dispatch *d, bool alone, int64_t now)
{
	struct piece p = {0};

	assert_true(dispatch_next(d, alone, now, &p));
	dispatch_taken(d, &p);
	return p;
}

static bool nothing(struct dispatch *d, int64_t now)
{
	struct piece p;

	return !dispatch_next(d, false, now, &p) && !dispatch_next(d, true, now, &p);
}

static void plain_life(void **state)
{
	struct dispatch *d = dispatch_new();
	struct piece p;

	(void)state;
	dispatch_add(d, 10, 512);
	p = take(d, false, 0);
	assert_int_equal(p.batch, 10);
	assert_int_equal(p.first, 0);
	assert_int_equal(p.count, 512);
	assert_int_equal(p.attempt, 1);
	assert_true(nothing(d, 0));
	assert_false(dispatch_committed(d, 10, 0, 256));
	assert_false(dispatch_committed(d, 10, 0, 256)); /* said twice counts once */
	dispatch_ended(d, &p, DISPATCH_DONE, 0, 0);
	assert_false(dispatch_committed(d, 11, 0, 512)); /* unknown */
	assert_false(dispatch_committed(d, 10, 500, 13)); /* beyond its end */
	assert_true(dispatch_committed(d, 10, 256, 256));
	assert_false(dispatch_committed(d, 10, 256, 256));
	assert_int_equal(dispatch_counts(d).batches, 0);
	dispatch_tick(d, 1000000);
	assert_true(nothing(d, 1000000));
	dispatch_free(d);
}

static void done_without_committed_is_delivered_again(void **state)
{
	struct dispatch *d = dispatch_new();
	struct piece p;

	(void)state;
	dispatch_add(d, 1, 8);
	p = take(d, false, 0);
	dispatch_committed(d, 1, 2, 3);
	dispatch_ended(d, &p, DISPATCH_DONE, 0, 100);
	dispatch_tick(d, 100 + DISPATCH_DOUBT_MS - 1);
	assert_true(nothing(d, 100000));
	dispatch_tick(d, 100 + DISPATCH_DOUBT_MS);
	/* only what is not committed, in the same attempt */
	p = take(d, false, 5000);
	assert_int_equal(p.first, 0);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.attempt, 1);
	p = take(d, false, 5000);
	assert_int_equal(p.first, 5);
	assert_int_equal(p.count, 3);
	assert_true(nothing(d, 5000));
	dispatch_free(d);
}

static void returned_is_nobodys_fault(void **state)
{
	struct dispatch *d = dispatch_new();
	struct piece p, q;

	(void)state;
	dispatch_add(d, 1, 8);
	dispatch_add(d, 2, 8);
	for (int i = 0; i < 50; i++) {
		p = take(d, false, i * 1000);
		assert_int_equal(p.batch, 1); /* first again, before what is new */
		assert_int_equal(p.attempt, 1);
		dispatch_ended(d, &p, DISPATCH_RETURNED, 500, i * 1000);
		q = take(d, false, i * 1000); /* while it waits, others go on */
		assert_int_equal(q.batch, 2);
		dispatch_ended(d, &q, DISPATCH_RETURNED, 0, i * 1000);
	}
	dispatch_free(d);
}

/* Plays workers that die of one comment; everything else is committed. Returns the deliveries made. */
static int play(uint32_t count, uint32_t guilty, uint32_t *ret_bypassed)
{
	struct dispatch *d = dispatch_new();
	struct piece p;
	int deliveries = 0;
	bool over = false;

	dispatch_add(d, 7, count);
	while (!over && deliveries < 1000) {
		if (dispatch_bypass(d, 0, &p)) {
			assert_int_equal(p.count, 1);
			*ret_bypassed = p.first;
			assert_false(dispatch_bypass(d, 0, &p)); /* named again later only */
			over = dispatch_committed(d, 7, *ret_bypassed, 1);
			assert_int_equal(dispatch_counts(d).bypassed, 1);
			continue;
		}
		if (!dispatch_next(d, false, 0, &p) && !dispatch_next(d, true, 0, &p))
			break;
		dispatch_taken(d, &p);
		deliveries++;
		if (guilty >= p.first && guilty < p.first + p.count) {
			dispatch_ended(d, &p, DISPATCH_LOST, 0, 0);
		} else {
			over = dispatch_committed(d, 7, p.first, p.count);
			dispatch_ended(d, &p, DISPATCH_DONE, 0, 0);
		}
	}
	assert_true(over);
	assert_true(nothing(d, 1000000));
	assert_int_equal(dispatch_counts(d).batches, 0);
	dispatch_free(d);
	return deliveries;
}

static void only_the_guilty_is_given_up(void **state)
{
	static const uint32_t counts[] = {1, 2, 3, 5, 8, 100, 511, 512};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		for (uint32_t g = 0; g < counts[i]; g += counts[i] / 7 + 1) {
			uint32_t bypassed = UINT32_MAX;
			int n = play(counts[i], g, &bypassed);

			assert_int_equal(bypassed, g);
			assert_true(n >= (int)DISPATCH_ATTEMPTS && n <= 30);
		}
}

static void parts_cover_the_whole(void **state)
{
	(void)state;
	for (uint32_t count = 1; count <= 40; count++) {
		struct dispatch *d = dispatch_new();
		unsigned char seen[40] = {0};
		struct piece p;
		int parts = 0;

		dispatch_add(d, 1, count);
		p = take(d, false, 0);
		dispatch_ended(d, &p, DISPATCH_LOST, 0, 0);
		assert_false(dispatch_next(d, false, 0, &p)); /* suspects go alone */
		while (dispatch_next(d, true, 0, &p)) {
			dispatch_taken(d, &p);
			assert_int_equal(p.attempt, 2);
			for (uint32_t i = 0; i < p.count; i++)
				seen[p.first + i]++;
			parts++;
		}
		for (uint32_t i = 0; i < count; i++)
			assert_int_equal(seen[i], 1);
		assert_int_equal(parts, count < 4 ? (int)count : 4);
		dispatch_free(d);
	}
}

/* Ends that belong to no delivery, or to one that is over, change nothing. */
static void stray_ends(void **state)
{
	struct dispatch *d = dispatch_new();
	struct piece p, stray = {1, 0, 8, 3};

	(void)state;
	dispatch_add(d, 1, 8);
	dispatch_ended(d, &stray, DISPATCH_LOST, 0, 0);
	p = take(d, false, 0);
	dispatch_ended(d, &stray, DISPATCH_LOST, 0, 0);
	assert_int_equal(dispatch_counts(d).in_flight, 1);
	assert_true(dispatch_committed(d, 1, 0, 8));
	dispatch_ended(d, &p, DISPATCH_LOST, 0, 0);
	assert_true(nothing(d, 0));
	assert_int_equal(dispatch_counts(d).split, 0);
	dispatch_free(d);
}

/* The only guilty comment of a batch, with a restart after each loss: as many losses as without. */
static void a_restart_forgets_no_loss(void **state)
{
	enum { GUILTY = 137, COUNT = 512 };
	struct dispatch *d = dispatch_new();
	struct piece p, given_up, list[64];
	size_t n = 0;
	int losses = 0;

	(void)state;
	dispatch_add(d, 3, COUNT);
	while (!dispatch_bypass(d, 0, &given_up)) {
		uint32_t covered = 0;

		while (dispatch_next(d, false, 0, &p) || dispatch_next(d, true, 0, &p)) {
			dispatch_taken(d, &p);
			covered += p.count;
			if (p.first <= GUILTY && GUILTY < p.first + p.count) {
				dispatch_ended(d, &p, DISPATCH_LOST, 0, 0);
				losses++;
				break;
			}
			assert_false(dispatch_committed(d, 3, p.first, p.count));
		}
		assert_true(covered > 0);
		n = dispatch_suspects(d, list, 64);
		assert_true(n > 0 && n <= 64);
		dispatch_free(d);
		d = dispatch_new();
		assert_true(dispatch_add_again(d, 3, COUNT, list, n));
		assert_int_equal(dispatch_suspects(d, list, 64), n);
		assert_true(losses < 20);
	}
	assert_int_equal(given_up.first, GUILTY);
	assert_int_equal(given_up.count, 1);
	assert_int_equal(losses, DISPATCH_ATTEMPTS);
	/* and nothing is left out: all others, and it, make the batch */
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(dispatch_committed(d, 3, i, 1), i == COUNT - 1);
	dispatch_free(d);
}

static void what_is_no_memory_of_the_batch_is_refused(void **state)
{
	static const struct piece bad[][2] = {
		{{7, 0, 2, 2}, {8, 2, 2, 2}}, /* another batch's */
		{{7, 4, 2, 2}, {7, 0, 2, 2}}, /* not in order */
		{{7, 0, 4, 2}, {7, 3, 2, 2}}, /* twice the same */
		{{7, 0, 4, 2}, {7, 4, 0, 2}}, /* nothing */
		{{7, 0, 4, 2}, {7, 4, 13, 2}}, {{7, 0, 4, 2}, {7, 17, 1, 2}}, /* beyond its end */
		{{7, 0, 4, 2}, {7, 4, UINT32_MAX, 2}}, {{7, 0, 4, 2}, {7, UINT32_MAX, 2, 2}},
		{{7, 0, 1, 2}, {7, 4, 2, DISPATCH_ATTEMPTS + 1}}, /* two given up as one */
	};
	struct dispatch *d = dispatch_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(dispatch_add_again(d, 7, 16, bad[i], 2));
	assert_int_equal(dispatch_counts(d).batches, 0);
	assert_true(dispatch_add_again(d, 7, 16, bad[4], 1));
	assert_int_equal(dispatch_counts(d).waiting, 2);
	dispatch_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_life),
		cmocka_unit_test(done_without_committed_is_delivered_again),
		cmocka_unit_test(returned_is_nobodys_fault),
		cmocka_unit_test(only_the_guilty_is_given_up),
		cmocka_unit_test(parts_cover_the_whole),
		cmocka_unit_test(stray_ends),
		cmocka_unit_test(a_restart_forgets_no_loss),
		cmocka_unit_test(what_is_no_memory_of_the_batch_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
