/* SPDX-License-Identifier: GPL-3.0-or-later
 * News: numbered, with gaps seen. */
#include "place.h"

#include <tocsin/bus/news.h>

struct heard {
	int n, gaps;
	struct news last;
};

static void on_news(void *user, const struct news *n, bool gap)
{
	struct heard *h = user;

	h->n++;
	h->gaps += gap;
	h->last = *n;
}

static void say_until_heard(struct place *p, struct news_writer *w, struct heard *h)
{
	int before = h->n;

	for (int i = 0; i < 200 && h->n == before; i++) {
		news_say(w, NEWS_CLOCK, 0, 0);
		turn_for(p, 10);
	}
	assert_true(h->n > before);
	turn_for(p, 30);
}

static void in_order_without_gap(void **state)
{
	struct place *p = place_new();
	struct heard h = {0};
	struct news_writer *w;
	struct news_reader *r;
	int before, gaps;

	(void)state;
	assert_int_equal(news_bind(p->bus, &w, &p->e), 0);
	assert_int_equal(news_open(p->bus, on_news, &h, &r, &p->e), 0);
	say_until_heard(p, w, &h);
	assert_int_equal(h.gaps, 1); /* the first one: what was before is unknown */
	before = h.n;
	gaps = h.gaps;
	for (int i = 0; i < 100; i++)
		news_say(w, NEWS_COMMENTS, 1000 + i, 77);
	turn_until(p, h.n == before + 100);
	assert_int_equal(h.gaps, gaps);
	assert_int_equal(h.last.kind, NEWS_COMMENTS);
	assert_int_equal(h.last.subject, 1099);
	assert_int_equal(h.last.clock, 77);
	news_close(r);
	news_unbind(w);
	place_free(p);
}

static void restart_is_a_gap(void **state)
{
	struct place *p = place_new();
	struct heard h = {0};
	struct news_writer *w;
	struct news_reader *r;
	int gaps;

	(void)state;
	assert_int_equal(news_bind(p->bus, &w, &p->e), 0);
	assert_int_equal(news_open(p->bus, on_news, &h, &r, &p->e), 0);
	say_until_heard(p, w, &h);
	gaps = h.gaps;
	news_unbind(w);
	assert_int_equal(news_bind(p->bus, &w, &p->e), 0);
	say_until_heard(p, w, &h);
	assert_int_equal(h.gaps, gaps + 1);
	news_close(r);
	news_unbind(w);
	place_free(p);
}

/* 30,000 notices while the reader does not look: more than the high-water marks hold. */
static void overflow_is_a_gap(void **state)
{
	struct place *p = place_new();
	struct heard h = {0};
	struct news_writer *w;
	struct news_reader *r;
	int gaps, before;

	(void)state;
	assert_int_equal(news_bind(p->bus, &w, &p->e), 0);
	assert_int_equal(news_open(p->bus, on_news, &h, &r, &p->e), 0);
	say_until_heard(p, w, &h);
	gaps = h.gaps;
	before = h.n;
	for (int i = 0; i < 60000; i++)
		news_say(w, NEWS_COMMENTS, i, 0);
	turn_for(p, 300);
	say_until_heard(p, w, &h);
	assert_true(h.n - before < 60000);
	assert_true(h.gaps > gaps);
	news_close(r);
	news_unbind(w);
	place_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_without_gap),
		cmocka_unit_test(restart_is_a_gap),
		cmocka_unit_test(overflow_is_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
