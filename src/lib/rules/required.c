/* SPDX-License-Identifier: GPL-3.0-or-later
 * Of which clues a text needs at least one. What is in every text (« il », « nous », a future) is worth little: such clues
 * never suffice together, and no rule is looked at for them alone. */
#include "loader.h"

#define WORTH_MAX 10u

uint64_t required_clues(const int8_t *worth, const double *frequency, size_t n, uint32_t at_least)
{
	/* by points: the set of clues that is worth no more, and is found most often */
	struct {
		double frequency;
		uint64_t clues;
	} best[CLUES_MAX * WORTH_MAX] = {{0}};
	uint64_t counting = 0;
	size_t most = sizeof(best) / sizeof(*best) - 1;

	most = at_least - 1 < most ? at_least - 1 : most;
	for (size_t i = 0; i < n; i++) {
		size_t points = worth[i] > 0 ? (size_t)worth[i] : 0;

		if (!points)
			continue;
		counting |= UINT64_C(1) << i;
		for (size_t sum = most; sum >= points; sum--) {
			double with = best[sum - points].frequency + frequency[i];

			if (with <= best[sum].frequency)
				continue;
			best[sum].frequency = with;
			best[sum].clues = best[sum - points].clues | UINT64_C(1) << i;
		}
	}
	return counting & ~best[most].clues;
}
