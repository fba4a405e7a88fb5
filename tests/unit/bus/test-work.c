/* SPDX-License-Identifier: GPL-3.0-or-later
 * The seam: credit, leases, losses. */
#include "other.h"

#include <signal.h>

#include <tocsin/bus/seam.h>

struct side {
	struct seam *producer, *consumer, *second;
	struct delivery got[200];
	char items[200][16];
	int n, n2;
	struct seam_event events[200];
	int n_events;
};

static void on_delivery(void *user, const struct delivery *d)
{
	struct side *s = user;

	snprintf(s->items[s->n], sizeof(s->items[0]), "%.*s", (int)d->items.n, d->items.p);
	s->got[s->n++] = *d;
}

static void on_second(void *user, const struct delivery *d)
{
	(void)d;
	((struct side *)user)->n2++;
}

static void on_event(void *user, const struct seam_event *ev)
{
	struct side *s = user;

	s->events[s->n_events++] = *ev;
}

static int give(struct side *s, uint64_t batch)
{
	const struct delivery d = {.batch = batch,
		.first = 3,
		.count = 5,
		.attempt = 2,
		.accepted_at = 1234,
		.bundle = {9, 8, 7},
		.items = SLICE("abc")};

	return s->producer->ops->put(s->producer, &d);
}

static int give_alone(struct side *s, uint64_t batch)
{
	const struct delivery d = {.batch = batch, .count = 1, .attempt = 2, .items = SLICE("x")};

	return seam_put_alone(s->producer, &d);
}

static struct side *open_both(struct place *p, int64_t lease, uint32_t credit)
{
	struct side *s = calloc(1, sizeof(*s));

	assert_int_equal(seam_producer_open(p->bus, lease, on_event, s, &s->producer, &p->e), 0);
	assert_int_equal(
		seam_consumer_open(p->bus, "score.1", on_delivery, s, &s->consumer, &p->e), 0);
	assert_int_equal(s->consumer->ops->pull(s->consumer, credit), 0);
	turn_until(p, seam_credit(s->producer, false) == credit);
	return s;
}

static void close_both(struct place *p, struct side *s)
{
	s->producer->ops->close(s->producer);
	if (s->consumer)
		s->consumer->ops->close(s->consumer);
	free(s);
	place_free(p);
}

static void credit_bounds_flight(void **state)
{
	struct place *p = place_new();
	struct side *s = open_both(p, 30000, 3);

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(give(s, i), 0);
	assert_int_equal(give(s, 4), BUS_FULL);
	turn_until(p, s->n == 3);
	assert_int_equal(s->got[0].batch, 1);
	assert_int_equal(s->got[0].first, 3);
	assert_int_equal(s->got[0].count, 5);
	assert_int_equal(s->got[0].attempt, 2);
	assert_int_equal(s->got[0].accepted_at, 1234);
	assert_int_equal(s->got[0].bundle[2], 7);
	assert_string_equal(s->items[0], "abc");
	assert_int_equal(s->consumer->ops->ack(s->consumer, s->got[1].tag), 0);
	turn_until(p, s->n_events == 1);
	assert_int_equal(s->events[0].batch, 2);
	assert_int_equal(s->events[0].end, SEAM_DONE);
	/* ack gave the credit back, once, also when it is said twice */
	assert_int_equal(s->consumer->ops->ack(s->consumer, s->got[1].tag), 0);
	turn_for(p, 50);
	assert_int_equal(seam_credit(s->producer, false), 1);
	assert_int_equal(s->n_events, 1);
	assert_int_equal(
		s->consumer->ops->nak(s->consumer, s->got[2].tag, NAK_BUNDLE_ABSENT, 700), 0);
	turn_until(p, s->n_events == 2);
	assert_int_equal(s->events[1].end, SEAM_NAK);
	assert_int_equal(s->events[1].reason, NAK_BUNDLE_ABSENT);
	assert_int_equal(s->events[1].delay_ms, 700);
	assert_int_equal(s->consumer->ops->pull(s->consumer, 2), 0);
	turn_until(p, seam_credit(s->producer, false) == 4);
	close_both(p, s);
}

static void lease_runs_out(void **state)
{
	struct place *p = place_new();
	struct side *s = open_both(p, 2000, 4);

	(void)state;
	assert_int_equal(give(s, 1), 0);
	assert_int_equal(give(s, 2), 0);
	assert_int_equal(give(s, 3), 0);
	turn_until(p, s->n == 3);
	seam_scored(s->consumer, s->got[2].tag); /* renewed by the loop itself */
	for (int i = 0; i < 14; i++) {
		turn_for(p, 200);
		assert_int_equal(s->consumer->ops->extend(s->consumer, s->got[1].tag), 0);
	}
	assert_int_equal(s->n_events, 1);
	assert_int_equal(s->events[0].batch, 1);
	assert_int_equal(s->events[0].end, SEAM_LOST);
	assert_false(s->events[0].innocent);
	/* what comes too late is nobody's any more */
	assert_int_equal(s->consumer->ops->ack(s->consumer, s->got[0].tag), 0);
	turn_until(p, s->n_events == 2);
	assert_int_equal(s->events[1].batch, 2);
	close_both(p, s);
}

static void death_is_told_at_once(void **state)
{
	struct place *p = place_new();
	struct side *s = open_both(p, 30000, 4);
	struct bus *supervisor;

	(void)state;
	assert_int_equal(give(s, 1), 0);
	assert_int_equal(give(s, 2), 0);
	turn_until(p, s->n == 2);
	seam_scored(s->consumer, s->got[0].tag);
	turn_for(p, 50);
	assert_int_equal(bus_new(p->dir, &supervisor, &p->e), 0);
	assert_int_equal(seam_report_death(supervisor, 999999999), 0);
	turn_for(p, 200);
	assert_int_equal(s->n_events, 0);
	assert_int_equal(seam_report_death(supervisor, getpid()), 0);
	turn_until(p, s->n_events == 2);
	assert_int_equal(s->events[0].end, SEAM_LOST);
	assert_true(s->events[0].innocent); /* its result was sent */
	assert_int_equal(s->events[1].end, SEAM_LOST);
	assert_false(s->events[1].innocent);
	bus_free(supervisor);
	/* it lives, in fact: its next sign makes it known again, with its whole window */
	turn_until(p, seam_credit(s->producer, false) == 4);
	close_both(p, s);
}

static void suspects_go_alone(void **state)
{
	struct place *p = place_new();
	struct side *s = open_both(p, 30000, 4);

	(void)state;
	assert_int_equal(give(s, 1), 0);
	turn_until(p, s->n == 1);
	assert_int_equal(seam_credit(s->producer, true), 0);
	assert_int_equal(give_alone(s, 2), BUS_FULL);
	/* asking reserves the worker: nothing new goes to it until it is empty */
	assert_int_equal(seam_credit(s->producer, false), 0);
	assert_int_equal(give(s, 3), BUS_FULL);
	assert_int_equal(s->consumer->ops->ack(s->consumer, s->got[0].tag), 0);
	turn_until(p, seam_credit(s->producer, true) == 1);
	assert_int_equal(give_alone(s, 2), 0);
	assert_int_equal(give(s, 3), BUS_FULL);
	assert_int_equal(give_alone(s, 4), BUS_FULL);
	turn_until(p, s->n == 2);
	assert_int_equal(s->consumer->ops->ack(s->consumer, s->got[1].tag), 0);
	turn_until(p, seam_credit(s->producer, false) == 4);
	close_both(p, s);
}

/* A consumer in another process: takes three, acknowledges one, closes. */
static int be_consumer(const char *dir)
{
	struct side *s = calloc(1, sizeof(*s));
	struct error e;
	struct bus *b;

	if (bus_new(dir, &b, &e) < 0 ||
		seam_consumer_open(b, "w", on_delivery, s, &s->consumer, &e) < 0 ||
		s->consumer->ops->pull(s->consumer, 4) < 0)
		return 1;
	while (s->n < 3)
		if (bus_turn(b, 100) < 0)
			return 1;
	if (s->consumer->ops->ack(s->consumer, s->got[0].tag) < 0)
		return 1;
	s->consumer->ops->close(s->consumer);
	bus_free(b);
	free(s);
	return 0;
}

static void closing_returns_what_is_left(void **state)
{
	struct place *p = place_new();
	struct side *s = calloc(1, sizeof(*s));
	struct other consumer;

	(void)state;
	assert_int_equal(seam_producer_open(p->bus, 30000, on_event, s, &s->producer, &p->e), 0);
	consumer = other_start(p, "consumer");
	turn_until(p, seam_credit(s->producer, false) == 4);
	assert_int_equal(seam_workers(s->producer), 1);
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(give(s, i), 0);
	turn_until(p, s->n_events == 3);
	assert_int_equal(s->events[0].end, SEAM_DONE);
	assert_int_equal(s->events[1].end, SEAM_NAK);
	assert_int_equal(s->events[2].end, SEAM_NAK);
	assert_int_equal(s->events[2].reason, NAK_SHUTDOWN);
	assert_int_equal(seam_workers(s->producer), 0);
	assert_int_equal(other_ends(&consumer), 0);
	s->consumer = NULL;
	close_both(p, s);
}

static void work_is_shared(void **state)
{
	struct place *p = place_new();
	struct side *s = open_both(p, 30000, 4);

	(void)state;
	/* one pid, two connections: the newer one replaces the older, whose flight returns */
	assert_int_equal(give(s, 1), 0);
	turn_until(p, s->n == 1);
	assert_int_equal(seam_consumer_open(p->bus, "score.1", on_second, s, &s->second, &p->e), 0);
	assert_int_equal(s->second->ops->pull(s->second, 2), 0);
	turn_until(p, s->n_events == 1);
	assert_int_equal(s->events[0].end, SEAM_LOST);
	assert_true(s->events[0].innocent);
	s->second->ops->close(s->second);
	close_both(p, s);
}

static void producer_restarts(void **state)
{
	struct place *p = place_new();
	struct side *s = open_both(p, 30000, 4);
	int64_t start;

	(void)state;
	assert_int_equal(give(s, 1), 0);
	turn_until(p, s->n == 1);
	s->producer->ops->close(s->producer);
	assert_int_equal(seam_producer_open(p->bus, 30000, on_event, s, &s->producer, &p->e), 0);
	start = clock_monotonic();
	turn_until(p, seam_credit(s->producer, false) == 4);
	assert_true(clock_monotonic() - start < 1500);
	/* the old tag is not the new one's */
	assert_int_equal(s->consumer->ops->ack(s->consumer, s->got[0].tag), 0);
	turn_for(p, 100);
	assert_int_equal(s->n_events, 0);
	assert_int_equal(give(s, 1), 0);
	turn_until(p, s->n == 2);
	assert_int_equal(s->consumer->ops->ack(s->consumer, s->got[1].tag), 0);
	turn_until(p, s->n_events == 1);
	close_both(p, s);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return be_consumer(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(credit_bounds_flight),
		cmocka_unit_test(lease_runs_out),
		cmocka_unit_test(death_is_told_at_once),
		cmocka_unit_test(suspects_go_alone),
		cmocka_unit_test(closing_returns_what_is_left),
		cmocka_unit_test(work_is_shared),
		cmocka_unit_test(producer_restarts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
