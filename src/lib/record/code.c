/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/record/code.h>
#include <errno.h>
#include <stdio.h>
#include <tocsin/record/wire.h>

static const char signs[] = "23456789ACDEFGHJKMNPQRTVWXY";
#define NUMBER_DIGITS 15u /* E.164 */

const char *code_write(uint64_t random, char out[static CODE_TEXT])
{
	const size_t n = sizeof(signs) - 1;
	for (size_t i = 0; i < CODE_SIGNS; i++) {
		out[i] = signs[random % n];
		random /= n;
	}
	out[CODE_SIGNS] = 0;
	return out;
}

/* The sign that a character stands for; 0: none. */
static char sign_of(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 32);
	switch (c) {
	case 0: return 0;
	case 'B': return '8';
	case 'S': return '5';
	case 'Z': return '2';
	default: return strchr(signs, c) ? c : 0;
	}
}

static bool parts_signs(char c)
{
	return c && strchr(" \t\r\n.-_", c);
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		(unsigned char)c >= 0x80;
}

/* All of it is one code, however it is cut. */
static bool read_whole(struct slice s, char out[static CODE_TEXT])
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (parts_signs(s.p[i]))
			continue;
		char sign = sign_of(s.p[i]);
		if (!sign || n == CODE_SIGNS)
			return false;
		out[n++] = sign;
	}
	out[n] = 0;
	return n == CODE_SIGNS;
}

const char *code_show(struct slice code, char out[static CODE_SHOWN])
{
	int half = (int)(code.n / 2);
	out[0] = 0;
	if (code.n == CODE_SIGNS)
		snprintf(out, CODE_SHOWN, "%.*s-%.*s", half, code.p, half, code.p + half);
	return out;
}

static bool has_digit(const char *half)
{
	for (size_t i = 0; i < CODE_SIGNS / 2; i++)
		if (half[i] >= '0' && half[i] <= '9')
			return true;
	return false;
}

bool code_is_clear(const char *code)
{
	return has_digit(code) && has_digit(code + CODE_SIGNS / 2);
}

/* The length of the code that begins here, between other words: in one, or its halves with one sign between them. 0: none
 * does. */
static size_t clear_at(struct slice s, char out[static CODE_TEXT])
{
	for (size_t n = CODE_SIGNS; n <= CODE_SIGNS + 1; n++) {
		if (s.n < n || (s.n > n && is_word(s.p[n])))
			continue;
		if (n > CODE_SIGNS && !parts_signs(s.p[CODE_SIGNS / 2]))
			continue;
		/* of what was typed: in the word PASSAGES only the signs that it stands for are digits */
		if (read_whole((struct slice){s.p, n}, out) && has_digit(s.p) &&
			has_digit(s.p + n - CODE_SIGNS / 2))
			return n;
	}
	return 0;
}

bool code_read(struct slice typed, char out[static CODE_TEXT])
{
	char found[CODE_TEXT], one[CODE_TEXT];
	size_t n = 0;
	if (read_whole(typed, out))
		return true;
	for (size_t i = 0; i < typed.n;) {
		size_t length = clear_at((struct slice){typed.p + i, typed.n - i}, one);
		if (length) {
			memcpy(found, one, sizeof(found));
			n++;
			i += length;
		}
		while (i < typed.n && is_word(typed.p[i]))
			i++;
		while (i < typed.n && !is_word(typed.p[i]))
			i++;
	}
	if (n != 1)
		return false;
	memcpy(out, found, CODE_TEXT);
	return true;
}

void code_request_encode(struct buf *out, const struct code_request *r)
{
	wire_put_bytes(out, r->code);
	wire_put_bytes(out, r->sender);
	wire_put_bytes(out, r->means);
}

int code_request_decode(struct slice s, struct code_request *ret)
{
	struct wire w = wire_reader(s);
	struct code_request r = {0};
	r.code = wire_bytes(&w);
	r.sender = wire_bytes(&w);
	r.means = wire_bytes(&w);
	if (!wire_done(&w) || r.code.n != CODE_SIGNS)
		return -EBADMSG;
	*ret = r;
	return 0;
}

void code_reply_encode(struct buf *out, const struct code_reply *r)
{
	wire_put_u8(out, (uint8_t)r->outcome);
	wire_put_i64(out, r->until);
}

int code_reply_decode(struct slice s, struct code_reply *ret)
{
	struct wire w = wire_reader(s);
	uint8_t outcome = wire_u8(&w);
	int64_t until = wire_i64(&w);
	if (!wire_done(&w) || outcome >= CODE_OUTCOMES)
		return -EBADMSG;
	*ret = (struct code_reply){(enum code_outcome)outcome, until};
	return 0;
}

/* The digits behind the sign of an international number; 0: it is none. */
static size_t digits_of(struct slice s, char out[static NUMBER_DIGITS])
{
	size_t n = 0;
	if (s.n && *s.p == '+')
		s = (struct slice){s.p + 1, s.n - 1};
	else if (s.n > 2 && s.p[0] == '0' && s.p[1] == '0')
		s = (struct slice){s.p + 2, s.n - 2};
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ' ' || s.p[i] == '.' || s.p[i] == '-')
			continue;
		if (s.p[i] < '0' || s.p[i] > '9' || n == NUMBER_DIGITS)
			return 0;
		out[n++] = s.p[i];
	}
	return n;
}

bool code_same_number(struct slice a, struct slice b)
{
	char x[NUMBER_DIGITS], y[NUMBER_DIGITS];
	size_t n = digits_of(a, x);
	return n && n == digits_of(b, y) && memcmp(x, y, n) == 0;
}
