/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

bool place_read(struct slice text, struct queue_key *ret)
{
	int64_t *const parts[] = {&ret->rank, &ret->flagged_at, &ret->row};
	size_t i = 0, digits = 0;
	*ret = (struct queue_key){0};
	for (size_t k = 0; k < text.n; k++) {
		char c = text.p[k];
		if (c == '-' && digits && i < 2) {
			i++;
			digits = 0;
		} else if (c >= '0' && c <= '9' && ++digits <= 18) {
			*parts[i] = 10 * *parts[i] + (c - '0');
		} else {
			return false;
		}
	}
	return i == 2 && digits;
}

void place_write(struct buf *out, const struct queue_key *key)
{
	buf_printf(out, "%lld-%lld-%lld", (long long)key->rank, (long long)key->flagged_at,
		(long long)key->row);
}
