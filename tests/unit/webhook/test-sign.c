/* SPDX-License-Identifier: GPL-3.0-or-later
 * Signatures with a known value, the window to the millisecond, the memory of what was taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "sign.h"

#define NOW INT64_C(1795478400000)
#define SECRET SLICE("key")
#define FOX SLICE("The quick brown fox jumps over the lazy dog")
/* RFC 2104's well-known example. */
#define FOX_MAC SLICE("sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")

static int check(struct sign_request r, bool required, unsigned char mac[DIGEST_SIZE])
{
	_buf_ struct buf scratch = {0};
	int64_t at = -1;
	int outcome = sign_check(&r, SECRET, required, NOW, &scratch, mac, &at);
	if (outcome == 0)
		assert_in_range(at, NOW - SIGN_WINDOW, NOW + SIGN_WINDOW);
	else
		assert_int_equal(at, -1); /* untouched */
	return outcome;
}

static void test_body_alone(void **state)
{
	unsigned char mac[DIGEST_SIZE];
	(void)state;
	assert_int_equal(check((struct sign_request){FOX_MAC, {0}, FOX}, false, mac), 0);
	assert_int_equal(mac[0], 0xf7);
	assert_int_equal(check((struct sign_request){FOX_MAC, {0}, FOX}, true, mac), SIGN_BAD);
	assert_int_equal(check((struct sign_request){FOX_MAC, {0}, SLICE("The quick")}, false, mac),
		SIGN_BAD);
	/* Every bit of it counts. */
	for (size_t i = 0; i < FOX_MAC.n; i++) {
		char wrong[71];
		memcpy(wrong, FOX_MAC.p, FOX_MAC.n);
		wrong[i] ^= 1;
		assert_int_equal(
			check((struct sign_request){{wrong, FOX_MAC.n}, {0}, FOX}, false, mac),
			SIGN_BAD);
		assert_int_equal(check((struct sign_request){{FOX_MAC.p, i}, {0}, FOX}, false, mac),
			SIGN_BAD);
	}
}

/* The header for "stamp.body". */
static struct slice signature(const char *stamp, struct slice body, char out[80])
{
	_buf_ struct buf text = {0};
	unsigned char mac[DIGEST_SIZE];
	buf_printf(&text, "%s.", stamp);
	buf_add_slice(&text, body);
	digest_hmac(SECRET, buf_slice(&text), mac);
	memcpy(out, "sha256=", 7);
	digest_hex(mac, sizeof(mac), out + 7);
	return (struct slice){out, 71};
}

static void test_window(void **state)
{
	static const struct {
		int64_t seconds;
		int want;
	} cases[] = {{0, 0}, {-300, 0}, {300, 0}, {-301, SIGN_EXPIRED}, {301, SIGN_EXPIRED},
		{-NOW / 1000, SIGN_EXPIRED}, {INT64_C(90000000000), SIGN_EXPIRED}};
	unsigned char mac[DIGEST_SIZE];
	char header[80], stamp[24];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(stamp, sizeof(stamp), "%lld", (long long)(NOW / 1000 + cases[i].seconds));
		struct sign_request r = {signature(stamp, FOX, header), slice_of(stamp), FOX};
		assert_int_equal(check(r, true, mac), cases[i].want);
		assert_int_equal(check(r, false, mac), cases[i].want);
		r.signature = FOX_MAC; /* the body's own does not do beside a timestamp */
		assert_int_equal(check(r, false, mac), SIGN_BAD);
	}
	static const char *const wrong[] = {
		"", "-1", "+1", " 1", "1 ", "0x1", "1.0", "1e9", "1234567890123"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(check((struct sign_request){signature(wrong[i], FOX, header),
					       slice_of(wrong[i]), FOX},
					 true, mac),
			SIGN_BAD);
}

static void make_mac(uint32_t i, unsigned char mac[DIGEST_SIZE])
{
	digest_sha256((struct slice){(const char *)&i, sizeof(i)}, mac);
}

/* Remembered exactly as long as its timestamp is within the window, and not for ever. */
static void test_replay(void **state)
{
	struct replay p;
	unsigned char mac[DIGEST_SIZE];
	(void)state;
	replay_init(&p);
	for (uint32_t i = 0; i < 1200; i++) { /* one a second for 20 minutes */
		const int64_t now = NOW + i * CLOCK_SECOND;
		/* Stamped by clocks that go 5 minutes before, right, 5 minutes behind. */
		const int64_t at = now + ((int)(i % 3) - 1) * SIGN_WINDOW;
		make_mac(i, mac);
		assert_true(replay_room(&p, now));
		assert_false(replay_seen(&p, mac));
		replay_add(&p, mac, at);
		assert_true(replay_seen(&p, mac));
		for (uint32_t j = 0; j < i; j += 7) {
			const int64_t then =
				NOW + j * CLOCK_SECOND + ((int)(j % 3) - 1) * SIGN_WINDOW;
			make_mac(j, mac);
			if (then + SIGN_WINDOW >= now)
				assert_true(replay_seen(&p, mac));
			if (then + SIGN_WINDOW + CLOCK_MINUTE < now)
				assert_false(replay_seen(&p, mac));
		}
	}
	assert_true(p.n < 900);
	replay_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body_alone),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_replay),
	};
	return cmocka_run_group_tests_name("webhook sign", tests, NULL, NULL);
}
