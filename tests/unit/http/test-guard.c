/* SPDX-License-Identifier: GPL-3.0-or-later
 * The guard by the table: what a header is, and whether everybody would read it alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "guard.h"

#define HOST "Host: x\r\n"
#define N(table) (sizeof(table) / sizeof(*(table)))

static const char *const methods[] = {"GET", "POST", NULL};
static const struct guard_limits limits = {methods, 1000};

/* The status that these bytes get; 1 = not complete. */
static unsigned status_of(struct slice raw, struct guard_verdict *v)
{
	struct guard_field fields[GUARD_FIELDS_MAX];
	struct guard_head head;
	size_t n;
	int r = guard_read(raw, 4096, fields, &head, &n);
	*v = (struct guard_verdict){0};
	if (r)
		return r == GUARD_MORE ? 1 : r == GUARD_TOO_LARGE ? 431 : 400;
	*v = guard_check(&head, &limits);
	return v->status;
}

static void test_table(void **state)
{
	static const struct {
		const char *raw;
		unsigned status;
	} cases[] = {
		{"GET / HTTP/1.1\r\n" HOST "\r\n", 0},
		{"GET / HTTP/1.0\r\n\r\n", 0},
		{"GET /a%20b?c=d&e HTTP/1.1\r\n" HOST "Accept: */*\r\n\r\n", 0},
		{"GET / HTTP/1.1\r\nHOST: x\r\n\r\n", 0},
		{"GET / HTTP/1.1\r\nHost:x\r\n\r\n", 0},
		{"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0},
		{"GET / HTTP/1.1\r\n" HOST "A:\r\n\r\n", 0},
		{"GET / HTTP/1.1\r\n" HOST "A: \xc3\xa9\r\n\r\n", 0},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 0},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n", 0},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length:\t7 \t\r\n\r\n", 0},
		{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n", 0},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 7\r\nExpect: 100-Continue\r\n\r\n", 0},
		/* not yet complete */
		{"", 1},
		{"GET / HTT", 1},
		{"GET / HTTP/1.1\r", 1},
		{"GET / HTTP/1.1\r\n" HOST, 1},
		{"GET / HTTP/1.1\r\n" HOST "\r", 1},
		/* never will be */
		{"\r\n", 400},
		{"GET /\n", 400},
		{"GET / HTTP/1.1\r\n A", 1}, /* until its line ends */
		{"GET / HTTP/1.1\r\n A: b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nA : b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n: b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nA\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nA: b\x7f\r\n\r\n", 400},
		{"GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
		{"GET / HTTP/1.1 \r\n" HOST "\r\n", 400},
		{"GET a HTTP/1.1\r\n" HOST "\r\n", 400},
		{"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400},
		{"GET /#a HTTP/1.1\r\n" HOST "\r\n", 400},
		{"GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", 400},
		{"GET / HTTP/1.10\r\n" HOST "\r\n", 400},
		{"GET / http/1.1\r\n" HOST "\r\n", 400},
		{"GET / HTTP/1.1\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},
		{"GET / HTTP/1.0\r\n" HOST HOST "\r\n", 400},
		{"GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 0},
		{"GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 7\r\nContent-Length: 7\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "content-length: 7\r\nContent-Length: 8\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST
		 "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n",
			400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 7\r\nTransfer-Encoding: x\r\n\r\n",
			400},
		{"POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: \r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 7,7\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: -7\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: +7\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 07x\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 9999999999999999999\r\n\r\n", 400},
		{"BREW / HTTP/1.1\r\n" HOST "\r\n", 405},
		{"get / HTTP/1.1\r\n" HOST "\r\n", 405},
		{"POST / HTTP/1.1\r\n" HOST "\r\n", 411},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n", 413},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 999999999999999999\r\n\r\n", 413},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 7\r\nExpect: x\r\n\r\n", 417},
		{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n", 501},
		{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \r\n\r\n", 501},
		{"GET / HTTP/2.0\r\n" HOST "\r\n", 505},
		{"GET / HTTP/0.9\r\n" HOST "\r\n", 505},
	};
	struct guard_verdict v;
	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		unsigned got = status_of(slice_of(cases[i].raw), &v);
		if (got != cases[i].status)
			print_error("%s: %u\n", cases[i].raw, got);
		assert_int_equal(got, cases[i].status);
	}
}

static void test_nul(void **state)
{
	static const struct slice cases[] = {
		{"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 28},
		{"GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", 29},
		{"GET / HTTP/1.1\r\nA\0: y\r\n\r\n", 25},
	};
	struct guard_verdict v;
	(void)state;
	for (size_t i = 0; i < N(cases); i++)
		assert_int_equal(status_of(cases[i], &v), 400);
}

static void test_framing(void **state)
{
	struct guard_verdict v;
	(void)state;
	assert_int_equal(status_of(SLICE("POST / HTTP/1.1\r\n" HOST
					 "Content-Length: 123\r\nExpect: 100-continue\r\n\r\nrest"),
				 &v),
		0);
	assert_true(v.framed && v.waits && !v.chunked);
	assert_int_equal(v.length, 123);
	assert_int_equal(
		status_of(
			SLICE("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"), &v),
		0);
	assert_true(v.framed && v.chunked && !v.waits);
	/* A refusal whose end is known may be told behind the body; one whose end is not, must not. */
	assert_int_equal(
		status_of(SLICE("POST / HTTP/1.1\r\n" HOST "Content-Length: 5000\r\n\r\n"), &v),
		413);
	assert_true(v.framed);
	assert_int_equal(status_of(SLICE("POST / HTTP/1.1\r\n" HOST
					 "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
				 &v),
		400);
	assert_false(v.framed);
}

/* A prefix of a good header is never refused, and a good one is read to its last byte. */
static void test_prefixes(void **state)
{
	const struct slice good = SLICE(
		"POST /v1/x?y HTTP/1.1\r\n" HOST "Content-Length: 3\r\nA: b \t\r\n\r\nabcGET");
	struct guard_field fields[GUARD_FIELDS_MAX];
	struct guard_head head;
	size_t n = 0, end = good.n - 6;
	(void)state;
	for (size_t i = 0; i < end; i++)
		assert_int_equal(
			guard_read((struct slice){good.p, i}, 4096, fields, &head, &n), GUARD_MORE);
	for (size_t i = end; i <= good.n; i++) {
		assert_int_equal(guard_read((struct slice){good.p, i}, 4096, fields, &head, &n), 0);
		assert_int_equal(n, end);
	}
	assert_true(slice_is(head.target, "/v1/x?y"));
	assert_int_equal(head.n_fields, 3);
	assert_true(slice_is(fields[2].name, "A") && slice_is(fields[2].value, "b"));
}

static void test_limits(void **state)
{
	struct guard_field fields[GUARD_FIELDS_MAX];
	struct guard_head head;
	size_t n;
	static char raw[8192];
	const struct slice begin = SLICE("GET / HTTP/1.1\r\n");
	(void)state;
	memcpy(raw, begin.p, begin.n);
	for (size_t i = begin.n; i < sizeof(raw); i++)
		raw[i] = 'a';
	struct slice s = {raw, 4096};
	assert_int_equal(guard_read(s, 4097, fields, &head, &n), GUARD_MORE);
	assert_int_equal(guard_read(s, 4096, fields, &head, &n), GUARD_TOO_LARGE);
	assert_int_equal(guard_read(s, 100, fields, &head, &n), GUARD_TOO_LARGE);
	/* Exactly full. */
	memcpy(raw + 4096 - 4, "\r\n\r\n", 4);
	raw[begin.n + 1] = ':';
	assert_int_equal(guard_read(s, 4096, fields, &head, &n), 0);
	assert_int_equal(n, 4096);
	assert_int_equal(guard_read(s, 4095, fields, &head, &n), GUARD_TOO_LARGE);
	size_t at = begin.n;
	for (unsigned i = 0; i < GUARD_FIELDS_MAX; i++, at += 5)
		memcpy(raw + at, "a: b\r\n", 6), at++;
	memcpy(raw + at, "\r\n", 2);
	assert_int_equal(guard_read((struct slice){raw, at + 2}, 8192, fields, &head, &n), 0);
	assert_int_equal(head.n_fields, GUARD_FIELDS_MAX);
	memcpy(raw + at, "a: b\r\n\r\n", 8);
	assert_int_equal(
		guard_read((struct slice){raw, at + 8}, 8192, fields, &head, &n), GUARD_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests_name("http guard", tests, NULL, NULL);
}
