/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <math.h>
#include <tocsin/record/incident.h>

static struct slice sources[] = {{"facebook", 8}, {"site", 4}};
static uint32_t counts[] = {31, 4};
static int64_t examples[] = {12, 40000000000};
static struct slice deaf[] = {{"instagram", 9}};
static const struct incident_facts facts = {.at = 1769510435000,
	.since = 1769510000000,
	.messages = 47,
	.authors = 39,
	.sources = 4,
	.recent = 20,
	.usual_low = 0.5,
	.usual_high = 3.25,
	.once_in = 41.5,
	.threshold = 6.25,
	.max_before = 9,
	.listening_since = 1760000000000,
	.top5_share = 21,
	.copied = 2,
	.questions = 17,
	.offences = 3,
	.series = {"\x01\x02\x03", 3},
	.per_source = sources,
	.per_source_count = counts,
	.n_per_source = 2,
	.examples = examples,
	.n_examples = 2,
	.deaf = deaf,
	.n_deaf = 1,
	.trigger = {"rise", 4}};

static void facts_come_back(void **state)
{
	_buf_ struct buf b = {0};
	struct incident_facts f;
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	incident_facts_encode(&b, &facts);
	assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), 0);
	assert_int_equal(f.at, facts.at);
	assert_int_equal(f.since, facts.since);
	assert_int_equal(f.messages, 47);
	assert_int_equal(f.authors, 39);
	assert_int_equal(f.sources, 4);
	assert_int_equal(f.recent, 20);
	assert_true(f.usual_low == 0.5 && f.usual_high == 3.25);
	assert_int_equal(f.max_before, 9);
	assert_int_equal(f.listening_since, facts.listening_since);
	assert_int_equal(f.top5_share, 21);
	assert_int_equal(f.copied, 2);
	assert_int_equal(f.questions, 17);
	assert_int_equal(f.offences, 3);
	assert_slice(f.series, "\x01\x02\x03");
	assert_int_equal(f.n_per_source, 2);
	assert_slice(f.per_source[1], "site");
	assert_int_equal(f.per_source_count[0], 31);
	assert_int_equal(f.examples[1], 40000000000);
	assert_slice(f.deaf[0], "instagram");
	assert_slice(f.trigger, "rise");
	assert_true(f.once_in == 41.5 && f.threshold == 6.25);
	assert_refuses_cuts(&b, incident_facts_decode(part_, &a, &f));
	arena_release(&a);
}

static void the_terms_of_an_emergent_topic_come_back(void **state)
{
	_buf_ struct buf plain = {0}, b = {0};
	struct slice terms[] = {{"fermée", 7}, {"péage", 6}};
	struct incident_facts emergent = facts, f;
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	emergent.terms = terms;
	emergent.n_terms = 2;
	incident_facts_encode(&plain, &facts);
	assert_int_equal(plain.p[0], 2); /* what a program without terms reads too */
	incident_facts_encode(&b, &emergent);
	assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), 0);
	assert_int_equal(f.n_terms, 2);
	assert_slice(f.terms[0], "fermée");
	assert_slice(f.terms[1], "péage");
	assert_slice(f.trigger, "rise");
	assert_refuses_cuts(&b, incident_facts_decode(part_, &a, &f));
	arena_release(&a);
}

/* With terms and without; what has none is written as before. */
static void likes_and_shares_come_back(void **state)
{
	struct slice terms[] = {{"fermée", 7}};
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	for (uint32_t n_terms = 0; n_terms < 2; n_terms++) {
		_buf_ struct buf b = {0};
		struct incident_facts liked = facts, f;
		liked.terms = terms;
		liked.n_terms = n_terms;
		liked.engagement = 1480;
		liked.echoed = 7;
		incident_facts_encode(&b, &liked);
		assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), 0);
		assert_true(f.engagement == 1480 && f.echoed == 7 && f.n_terms == n_terms);
		assert_refuses_cuts(&b, incident_facts_decode(part_, &a, &f));
	}
	arena_release(&a);
}

#define RARITY_BYTES 16 /* the last two doubles */

/* A row of a database from before rarity was kept. */
static void facts_of_the_first_version_are_read(void **state)
{
	_buf_ struct buf b = {0};
	struct incident_facts f;
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	incident_facts_encode(&b, &facts);
	b.p[0] = 1;
	assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), -EBADMSG);
	b.n -= RARITY_BYTES;
	assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), 0);
	assert_int_equal(f.messages, 47);
	assert_slice(f.trigger, "rise");
	assert_true(f.once_in == 0 && f.threshold == 0);
	b.p[0] = 3;
	assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), -EBADMSG);
	arena_release(&a);
}

static void a_rarity_that_is_no_number_is_not_known(void **state)
{
	static const double odd[] = {NAN, INFINITY, -INFINITY, -4};
	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		_buf_ struct buf b = {0};
		struct incident_facts f;
		struct arena a;
		arena_init(&a, 0);
		incident_facts_encode(
			&b, &(struct incident_facts){.once_in = odd[i], .threshold = odd[i]});
		assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), 0);
		assert_true(f.once_in == 0 && f.threshold == 0);
		arena_release(&a);
	}
}

static void the_series_is_counts(void **state)
{
	uint32_t counts_of[3] = {9, 9, 9};
	struct incident_facts f = {.series = {"\x01\x02\x83\x01", 4}};
	(void)state;
	assert_int_equal(incident_series(&f, counts_of, 3), 3);
	assert_true(counts_of[0] == 1 && counts_of[1] == 2 && counts_of[2] == 131);
	assert_int_equal(incident_series(&f, counts_of, 2), 2);
	f.series.n = 3; /* cut */
	assert_int_equal(incident_series(&f, counts_of, 3), 0);
	f.series = (struct slice){0};
	assert_int_equal(incident_series(&f, counts_of, 3), 0);
}

static void a_count_that_lies_is_refused(void **state)
{
	_buf_ struct buf b = {0};
	const struct incident_facts empty = {0};
	struct incident_facts f;
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	incident_facts_encode(&b, &empty);
	/* the three list counts and the trigger's length are the four bytes before the rarity */
	for (size_t back = RARITY_BYTES + 1; back <= RARITY_BYTES + 4; back++) {
		char old = b.p[b.n - back];
		b.p[b.n - back] = 0x7f;
		assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), -EBADMSG);
		b.p[b.n - back] = old;
	}
	assert_int_equal(incident_facts_decode(buf_slice(&b), &a, &f), 0);
	arena_release(&a);
}

static void a_copy_holds_when_the_row_is_gone(void **state)
{
	char topic[] = "eau", who[] = "morel";
	struct incident row = {.id = 7,
				.topic = slice_of(topic),
				.acked_by = slice_of(who),
				.facts = facts},
			copy;
	struct arena a;
	(void)state;
	arena_init(&a, 0);
	assert_int_equal(incident_copy(&row, &a, &copy), 0);
	memset(topic, 'x', 3);
	memset(who, 'x', 5);
	assert_int_equal(copy.id, 7);
	assert_slice(copy.topic, "eau");
	assert_slice(copy.acked_by, "morel");
	assert_int_equal(copy.facts.messages, 47);
	assert_ptr_not_equal(copy.facts.examples, examples);
	assert_int_equal(copy.facts.examples[1], 40000000000);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_come_back),
		cmocka_unit_test(facts_of_the_first_version_are_read),
		cmocka_unit_test(a_rarity_that_is_no_number_is_not_known),
		cmocka_unit_test(the_series_is_counts),
		cmocka_unit_test(a_copy_holds_when_the_row_is_gone),
		cmocka_unit_test(the_terms_of_an_emergent_topic_come_back),
		cmocka_unit_test(likes_and_shares_come_back),
		cmocka_unit_test(a_count_that_lies_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
