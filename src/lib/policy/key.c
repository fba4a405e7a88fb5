/* SPDX-License-Identifier: GPL-3.0-or-later
 * The keys of notices, read back. */
#include <tocsin/policy/policy.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The next part of a key, up to '/'; false when there is none. */
static bool key_part(struct slice *rest, struct slice *ret)
{
	if (!rest->n)
		return false;
	const char *slash = memchr(rest->p, '/', rest->n);
	size_t n = slash ? (size_t)(slash - rest->p) : rest->n;
	*ret = (struct slice){rest->p, n};
	rest->p += n + (slash ? 1 : 0);
	rest->n -= n + (slash ? 1 : 0);
	return n > 0;
}

bool policy_key_read(struct slice key, struct policy_notice *ret)
{
	struct slice rest = key, part[6];
	struct policy_notice n = {.chain = CHAIN_NONE};
	char numbers[64];
	for (int i = 0; i < 6; i++)
		if (!key_part(&rest, &part[i]))
			return false;
	for (int i = 0; i < CHAINS; i++)
		if (slice_is(part[1], policy_chain_names[i]))
			n.chain = (enum policy_chain)i;
	int m = snprintf(numbers, sizeof(numbers), "%.*s %.*s", (int)part[2].n, part[2].p,
		(int)part[5].n, part[5].p);
	if (n.chain == CHAIN_NONE || m < 0 || (size_t)m >= sizeof(numbers) ||
		sscanf(numbers, "%" SCNu32 " %" SCNd64 ".%" SCNu32, &n.step, &n.base, &n.repeat) !=
			3)
		return false;
	*ret = n;
	return true;
}
