/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"

static void look_at_one(struct trend *t, struct series *s, int64_t m, struct trend_look *ret)
{
	series_look_at(t, s);
	*ret = (struct trend_look){.id = slice_of(s->id),
		.title = slice_of(s->title),
		.seq = s->events.n ? events_back(&s->events, 0)->seq : 0,
		.usual_day = series_level(s)};
	for (int w = 0; w < WINDOWS; w++) {
		ret->count[w] = series_window(s, w, m);
		ret->threshold[w] = s->q[w];
	}
}

void trend_look(struct trend *t, trend_look_fn *fn, void *user)
{
	for (uint32_t i = 0; t->next && i < t->n_series; i++) {
		struct trend_look l;
		look_at_one(t, t->series[i], t->next - 1, &l);
		if (l.count[WINDOW_DAY] || t->series[i]->type >= SERIES_SOURCE)
			fn(user, &l);
	}
}
