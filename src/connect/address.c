/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "address.h"

void address_part(struct buf *out, struct slice text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (size_t i = 0; i < text.n; i++)
		if (memchr(plain, text.p[i], sizeof(plain) - 1))
			buf_add_char(out, text.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)text.p[i]);
}
