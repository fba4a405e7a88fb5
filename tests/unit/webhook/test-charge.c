/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people who take charge read, and how often a sender may be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <tocsin/base/clock.h>
#include <tocsin/http/guess.h>
#include "page.h"

#define NOW INT64_C(1795478400000)
#define ONE SLICE("198.51.100.7")

static void wrong_codes_are_bounded(void **state)
{
	static struct guesses g;
	int64_t now = NOW;
	(void)state;
	g = (struct guesses){0};
	for (unsigned i = 0; i < GUESS_MINUTE; i++) {
		assert_true(guess_allowed(&g, ONE, now));
		guess_wrong(&g, ONE, now);
	}
	assert_false(guess_allowed(&g, ONE, now + CLOCK_MINUTE - 1));
	assert_true(guess_allowed(&g, SLICE("198.51.100.8"), now));
	assert_true(guess_allowed(&g, ONE, now + CLOCK_MINUTE));
	for (unsigned i = GUESS_MINUTE; i < GUESS_TOTAL; i++) {
		now += CLOCK_MINUTE;
		assert_true(guess_allowed(&g, ONE, now));
		guess_wrong(&g, ONE, now);
	}
	assert_false(guess_allowed(&g, ONE, now + CLOCK_MINUTE));
	assert_false(guess_allowed(&g, ONE, NOW + CLOCK_HOUR - 1));
	assert_true(guess_allowed(&g, ONE, NOW + CLOCK_HOUR));
	assert_true(
		guess_allowed(&g, ONE, NOW - CLOCK_DAY)); /* a clock put back locks nobody out */
}

static void five_wrong_from(struct guesses *g, const char *sender)
{
	*g = (struct guesses){0};
	for (unsigned i = 0; i < GUESS_MINUTE; i++)
		guess_wrong(g, slice_of(sender), NOW);
}

/* Nobody gains by the addresses of his network, and the whole proxy is not one sender. */
static void a_sender_is_a_network(void **state)
{
	static struct guesses g;
	(void)state;
	five_wrong_from(&g, "2001:db8:1:2::7");
	assert_false(guess_allowed(&g, SLICE("2001:db8:1:2:ffff::1"), NOW));
	assert_true(guess_allowed(&g, SLICE("2001:db8:1:3::7"), NOW));
	five_wrong_from(&g, "::ffff:198.51.100.7");
	assert_false(guess_allowed(&g, ONE, NOW));
	assert_true(guess_allowed(&g, SLICE("198.51.100.8"), NOW));
	five_wrong_from(&g, "");
	assert_true(guess_allowed(&g, SLICE(""), NOW));
	five_wrong_from(&g, "+33612345678");
	assert_false(guess_allowed(&g, SLICE("+33612345678"), NOW));
	assert_true(guess_allowed(&g, SLICE("+33612345679"), NOW));
}

static void what_is_a_guess(void **state)
{
	(void)state;
	for (int i = 0; i < CODE_OUTCOMES; i++) {
		const struct page p = {PAGE_ANSWER, {(enum code_outcome)i, 0}, NOW};
		assert_int_equal(page_is_guess(&p),
			i == CODE_UNKNOWN || i == CODE_STRANGER || i == CODE_LIMITED);
	}
	assert_false(page_is_guess(&(struct page){.kind = PAGE_AWAY, .reply = {CODE_UNKNOWN, 0}}));
}

static void the_quietest_is_forgotten(void **state)
{
	static struct guesses g;
	char name[32];
	(void)state;
	g = (struct guesses){0};
	for (unsigned i = 0; i < GUESS_MINUTE; i++)
		guess_wrong(&g, ONE, NOW + 1);
	for (unsigned i = 0; i < 4 * GUESS_SENDERS; i++) {
		snprintf(name, sizeof(name), "10.0.%u.%u", i / 256, i % 256);
		guess_wrong(&g, slice_of(name), NOW);
	}
	assert_false(guess_allowed(&g, ONE, NOW + 2)); /* it spoke last */
}

static void answers(void **state)
{
	static const unsigned statuses[CODE_OUTCOMES] = {[CODE_TAKEN] = 200,
		[CODE_UNKNOWN] = 404,
		[CODE_STRANGER] = 404,
		[CODE_EXPIRED] = 410,
		[CODE_USED] = 410,
		[CODE_CLOSED] = 410,
		[CODE_SURPASSED] = 410,
		[CODE_LIMITED] = 429};
	(void)state;
	for (int l = 0; l < 2; l++)
		for (int i = 0; i < CODE_OUTCOMES; i++) {
			_buf_ struct buf said = {0}, html = {0};
			const struct page p = {PAGE_ANSWER,
				{(enum code_outcome)i, i == CODE_TAKEN ? NOW + CLOCK_HOUR : 0},
				NOW};
			enum words_lang lang = l ? WORDS_EN : WORDS_FR;
			page_sentence(&said, lang, &p);
			page_write(&html, lang, &p);
			assert_int_equal(page_status(&p), statuses[i]);
			assert_true(said.n > 10);
			assert_non_null(strstr(buf_string(&html), buf_string(&said)));
			assert_int_equal(strstr(html.p, "<form") == NULL, i == CODE_TAKEN);
			assert_null(strstr(html.p, "<script"));
		}
}

static void a_day_is_said_when_it_is_another(void **state)
{
	_buf_ struct buf near = {0}, far = {0};
	struct page p = {PAGE_ANSWER, {CODE_TAKEN, NOW + CLOCK_MINUTE}, NOW};
	(void)state;
	page_sentence(&near, WORDS_FR, &p);
	p.reply.until = NOW + 2 * CLOCK_DAY;
	page_sentence(&far, WORDS_FR, &p);
	assert_string_equal(buf_string(&near), "Pris en charge jusqu'à 01:01.");
	assert_string_equal(buf_string(&far), "Pris en charge jusqu'au 26/11 à 01:00.");
	buf_clear(&far);
	p.reply.outcome = CODE_USED;
	page_sentence(&far, WORDS_FR, &p);
	assert_string_equal(
		buf_string(&far), "Code déjà reçu : pris en charge jusqu'au 26/11 à 01:00.");
}

int main(void)
{
	setenv("TZ", "Europe/Paris", 1);
	tzset();
	const struct CMUnitTest tests[] = {cmocka_unit_test(wrong_codes_are_bounded),
		cmocka_unit_test(a_sender_is_a_network), cmocka_unit_test(what_is_a_guess),
		cmocka_unit_test(the_quietest_is_forgotten), cmocka_unit_test(answers),
		cmocka_unit_test(a_day_is_said_when_it_is_another)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
