/* SPDX-License-Identifier: GPL-3.0-or-later
 * A big site counts all its comments for each page that it gives (a second, behind a million of them). So its window is read whole
 * only when PATIENCE times as long has passed as that takes, or when something went from the pages that are read, or its total
 * is another one while nothing new came: something was approved or went behind them. Else a look ends at what it knows.
 *
 * In the mark, DUE is when it is read whole again, by our clock, TOTAL what X-WP-Total said at DATE, 0 when that is not known. */
#include "look.h"

#include <tocsin/base/clock.h>

#define PATIENCE 10
#define CALM_MAX (10 * CLOCK_MINUTE)

static int64_t total_of(const struct pass *p)
{
	int64_t total;

	return slice_number(slice_of(pass_kept(p, 0)), &total) ? total : 0;
}

/* The marks have them in the order of the list: what stood before one that is still there should be there too. */
static bool has_gap(const struct wp *w)
{
	bool missing = false;

	for (size_t i = 0; i < w->n_known; i++) {
		bool there = wordpress_stands(w, w->known[i]);

		if (there && missing)
			return true;
		missing |= !there;
	}
	return false;
}

bool wordpress_is_calm(const struct pass *p, struct wp *w)
{
	int64_t total = w->at == w->began_at ? total_of(p) : 0;

	if (pass_now(p) >= w->due_at || w->due_at > pass_now(p) + CALM_MAX || !w->oldest ||
		w->oldest >= w->began_at || (total && w->total && total != w->total) || has_gap(w))
		return false;
	w->total = total;
	return true;
}

void wordpress_was_whole(const struct pass *p, struct wp *w)
{
	int64_t now = clock_now(), took = now > pass_now(p) ? now - pass_now(p) : 0;
	int64_t calm = took < CALM_MAX / PATIENCE ? took * PATIENCE : CALM_MAX;

	w->due_at = now + calm;
	w->total = w->at == w->began_at ? total_of(p) : 0;
}
