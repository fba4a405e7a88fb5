/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backoff.h"
#include <stdbool.h>

enum { FAST = 5, MINUTE = 60000, LONG_LIFE = 10000, SOME_LIFE = 2000, LONGEST = 10000 };

int64_t backoff_next(struct backoff *b, int64_t now, int64_t lived)
{
	bool long_ago = now - b->window_start >= MINUTE && lived >= SOME_LIFE;
	if (lived >= LONG_LIFE || long_ago || (b->fast == 0 && b->slow == 0))
		*b = (struct backoff){.window_start = now};
	if (b->fast < FAST)
		return b->fast++ == 0 ? 100 : 200;
	int64_t pause = INT64_C(400) << (b->slow < 6 ? b->slow : 6);
	b->slow++;
	return pause < LONGEST ? pause : LONGEST;
}
