/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever somebody types or sends as an SMS: no code, or one that reads as itself. Any bytes as a request or a reply:
 * refused, or the same again. */
#include <stdlib.h>
#include <tocsin/record/code.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct slice typed = {(const char *)data, n};
	char code[CODE_TEXT], again[CODE_TEXT];
	struct code_request q;
	struct code_reply r;
	_buf_ struct buf wire = {0}, reply = {0};
	if (code_read(typed, code)) {
		require(strlen(code) == CODE_SIGNS && !strpbrk(code, "01BILOSUZ"));
		require(code_read(slice_of(code), again) && strcmp(code, again) == 0);
	}
	(void)code_same_number(typed, SLICE("+33612345678"));
	require(!code_same_number(typed, typed) || n >= 1);
	if (code_request_decode(typed, &q) == 0) {
		code_request_encode(&wire, &q);
		struct code_request same;
		require(code_request_decode(buf_slice(&wire), &same) == 0 &&
			slice_equal(same.code, q.code) && slice_equal(same.sender, q.sender) &&
			slice_equal(same.means, q.means));
	}
	if (code_reply_decode(typed, &r) == 0) {
		code_reply_encode(&reply, &r);
		require(slice_equal(buf_slice(&reply), typed));
	}
	return 0;
}
