/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"
#include <tocsin/record/wire.h>

static void numbers_come_back(void **state)
{
	static const uint64_t values[] = {
		0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX >> 1, UINT64_MAX};
	_buf_ struct buf b = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		buf_clear(&b);
		wire_put_varint(&b, values[i]);
		wire_put_u64(&b, values[i]);
		wire_put_i64(&b, -(int64_t)(values[i] >> 1));
		wire_put_u32(&b, (uint32_t)values[i]);
		wire_put_u8(&b, (uint8_t)values[i]);
		struct wire w = wire_reader(buf_slice(&b));
		assert_true(wire_varint(&w) == values[i]);
		assert_true(wire_u64(&w) == values[i]);
		assert_true(wire_i64(&w) == -(int64_t)(values[i] >> 1));
		assert_int_equal(wire_u32(&w), (uint32_t)values[i]);
		assert_int_equal(wire_u8(&w), (uint8_t)values[i]);
		assert_true(wire_done(&w));
	}
}

static void bytes_are_little_endian(void **state)
{
	_buf_ struct buf b = {0};
	(void)state;
	wire_put_u32(&b, 0x01020304);
	wire_put_varint(&b, 300);
	assert_memory_equal(b.p, "\x04\x03\x02\x01\xac\x02", 6);
}

static void a_short_read_is_bad_for_good(void **state)
{
	struct wire w = wire_reader(SLICE("\x01\x02"));
	(void)state;
	assert_int_equal(wire_u32(&w), 0);
	assert_true(w.bad);
	assert_int_equal(wire_u8(&w), 0);
	assert_false(wire_done(&w));
}

static void a_length_that_lies_is_bad(void **state)
{
	struct wire w = wire_reader(SLICE("\x05"
					  "abc"));
	(void)state;
	struct slice s = wire_bytes(&w);
	assert_int_equal(s.n, 0);
	assert_true(w.bad);
	w = wire_reader(SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
			      "x"));
	assert_int_equal(wire_bytes(&w).n, 0);
	assert_true(w.bad);
}

static void a_varint_of_65_bits_is_bad(void **state)
{
	struct wire w = wire_reader(SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));
	(void)state;
	assert_true(wire_varint(&w) == 0);
	assert_true(w.bad);
	w = wire_reader(SLICE("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"));
	assert_true(wire_varint(&w) == 0);
	assert_true(w.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_back),
		cmocka_unit_test(bytes_are_little_endian),
		cmocka_unit_test(a_short_read_is_bad_for_good),
		cmocka_unit_test(a_length_that_lies_is_bad),
		cmocka_unit_test(a_varint_of_65_bits_is_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
