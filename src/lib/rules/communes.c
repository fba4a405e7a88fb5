/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "communes.h"

#include <string.h>

struct slice communes_next(size_t *at)
{
	const char *start = communes.p + *at, *end;

	if (*at >= communes.n)
		return (struct slice){0};
	end = memchr(start, '\n', communes.n - *at);
	if (!end)
		end = communes.p + communes.n;
	*at = (size_t)(end - communes.p) + 1;
	return (struct slice){start, (size_t)(end - start)};
}
