/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many requests of an hour or a day a source may cost (its `quota`). Counted in a file of the state folder before each is made, so
 * that nobody's death makes us ask for more. */
#ifndef CONNECT_QUOTA_H
#define CONNECT_QUOTA_H
#include <tocsin/base/error.h>
#include <tocsin/service/config.h>

#define QUOTA_CALM_MS (15 * 60 * 1000) /* one that is filled again within so long is no trouble */

struct quota {
	int64_t start_ms; /* of the hour or day that runs */
	uint32_t used;
};
enum quota_outcome { QUOTA_FREE = 0, QUOTA_SPENT = 1 };
/* Pure: one more request. QUOTA_SPENT: not counted; *ret_ms is how long until there is room again. A clock that was put back begins a
 * new period with what was used. */
int quota_step(struct quota *q, uint32_t most, int64_t period_ms, int64_t now, int64_t *ret_ms);
/* … of this source, kept; an outcome or -errno. *ret_left: how many are left then. A source without a limit is always free. */
int quota_take(const struct config *config, const struct source_config *source, int64_t now,
	uint32_t *ret_left, int64_t *ret_ms, struct error *e) _must_check_;
#endif
