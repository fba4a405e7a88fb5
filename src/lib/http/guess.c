/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/http/guess.h>
#include <tocsin/base/clock.h>
#include <tocsin/http/http.h>

/* key: room for the name of an address. */
static struct slice name_of(struct slice sender, struct address_key *key)
{
	if (http_address_key(sender, key))
		return (struct slice){key->bytes, sizeof(key->bytes)};
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
	struct address_key key;
	const struct slice name = name_of(sender, &key);
	const uint32_t times = g->times ? g->times : 1;
	for (size_t i = 0; i < GUESS_SENDERS; i++) {
		const struct guess_sender *s = &g->senders[i];
		if (!is(s, name))
			continue;
		return !(within(s->minute, now, CLOCK_MINUTE) &&
			       s->in_minute >= times * GUESS_MINUTE) &&
			!(within(s->hour, now, CLOCK_HOUR) && s->in_hour >= times * GUESS_TOTAL);
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
	struct address_key key;
	const struct slice name = name_of(sender, &key);
	if (!name.n)
		return;
	struct guess_sender *s = place(g, name);
	if (!within(s->minute, now, CLOCK_MINUTE)) {
		s->minute = now;
		s->in_minute = 0;
	}
	if (!within(s->hour, now, CLOCK_HOUR)) {
		s->hour = now;
		s->in_hour = 0;
	}
	s->in_minute++;
	s->in_hour++;
	s->last = now;
}
