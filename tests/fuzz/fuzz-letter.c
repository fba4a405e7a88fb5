/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a mail: whatever they are, what is read of them is text, and what is trimmed of it is part of it. */
#include <stdint.h>
#include <stdlib.h>

#include <tocsin/base/utf8.h>
#include <tocsin/mime/mime.h>

#include "mail/quoted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool truth)
{
	if (!truth)
		abort();
}

static void check(const struct buf *b)
{
	require(utf8_valid(buf_slice(b)) && !(b->n && memchr(b->p, 0, b->n)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct mime_mail m = {0};
	_buf_ struct buf own = {0};

	mime_read((struct slice){(const char *)data, n}, &m);
	check(&m.subject);
	check(&m.author);
	check(&m.name);
	check(&m.id);
	check(&m.root);
	check(&m.body);
	quoted_trim(buf_slice(&m.body), &own);
	check(&own);
	require(own.n <= m.body.n);
	mime_release(&m);
	quoted_trim((struct slice){(const char *)data, n}, &own);
	return 0;
}
