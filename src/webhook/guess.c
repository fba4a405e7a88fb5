/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guess.h"
#include <tocsin/base/clock.h>

static struct slice name_of(struct slice sender)
{
	return (struct slice){sender.p, sender.n < GUESS_NAME ? sender.n : GUESS_NAME};
}

static bool is(const struct guess_sender *s, struct slice name)
{
	return s->n_name && slice_equal((struct slice){s->name, s->n_name}, name);
}

/* A clock that was put back begins the span anew. */
static bool within(int64_t since, int64_t now, int64_t span)
{
	return now >= since && now - since < span;
}

bool guess_allowed(const struct guesses *g, struct slice sender, int64_t now)
{
	const struct slice name = name_of(sender);
	for (size_t i = 0; i < GUESS_SENDERS; i++) {
		const struct guess_sender *s = &g->senders[i];
		if (!is(s, name))
			continue;
		return !(within(s->minute, now, CLOCK_MINUTE) && s->in_minute >= GUESS_MINUTE) &&
			!(within(s->day, now, CLOCK_DAY) && s->in_day >= GUESS_TOTAL);
	}
	return true;
}

/* The sender's place: its own, a free one, or the one that has been quiet longest. */
static struct guess_sender *place(struct guesses *g, struct slice name)
{
	struct guess_sender *best = &g->senders[0];
	for (size_t i = 0; i < GUESS_SENDERS; i++) {
		struct guess_sender *s = &g->senders[i];
		if (is(s, name))
			return s;
		if (best->n_name && (!s->n_name || s->last < best->last))
			best = s;
	}
	*best = (struct guess_sender){.n_name = name.n};
	memcpy(best->name, name.p, name.n);
	return best;
}

void guess_wrong(struct guesses *g, struct slice sender, int64_t now)
{
	const struct slice name = name_of(sender);
	if (!name.n)
		return;
	struct guess_sender *s = place(g, name);
	if (!within(s->minute, now, CLOCK_MINUTE)) {
		s->minute = now;
		s->in_minute = 0;
	}
	if (!within(s->day, now, CLOCK_DAY)) {
		s->day = now;
		s->in_day = 0;
	}
	s->in_minute++;
	s->in_day++;
	s->last = now;
}
