/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence.h"

#include <tocsin/record/wire.h>

void evidence_mark(struct slice salt, int64_t accepted, struct slice handle, struct slice body,
	unsigned char ret[static DIGEST_SIZE])
{
	_buf_ struct buf b = {0};

	wire_put_i64(&b, accepted);
	wire_put_bytes(&b, handle);
	wire_put_bytes(&b, body);
	digest_hmac(salt, buf_slice(&b), ret);
}

void evidence_link(const unsigned char previous[static DIGEST_SIZE], struct slice mark, int64_t seq,
	int64_t accepted, unsigned char ret[static DIGEST_SIZE])
{
	_buf_ struct buf b = {0};

	buf_add(&b, previous, DIGEST_SIZE);
	wire_put_bytes(&b, mark);
	wire_put_i64(&b, seq);
	wire_put_i64(&b, accepted);
	digest_sha256(buf_slice(&b), ret);
}
