/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stopping: from the edge down to store, each group before the next, each with a deadline. */
#include "crew.h"
#include <signal.h>
#include <tocsin/base/clock.h>

static int64_t patience(const struct crew *c)
{
	return c->stop_asked > 1 ? 1000 : 10000;
}

static void signal_group(struct crew *c, int number)
{
	for (size_t i = 0; i < c->n; i++) {
		struct member *m = &c->members[i];
		if (m->stage != c->stop_stage || m->order != c->stop_order)
			continue;
		if (m->pid > 0) {
			kill(m->pid, SIGCONT); /* a stopped process cannot hear */
			kill(m->pid, number);
		} else if (m->state != MEMBER_DONE) {
			m->state = MEMBER_STOPPED;
		}
	}
}

static bool group_gone(const struct crew *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->members[i].stage == c->stop_stage && c->members[i].order == c->stop_order &&
			c->members[i].pid > 0)
			return false;
	return true;
}

/* Nothing comes in any more: what is accepted may still be scored, for some seconds. */
static bool drained(struct crew *c, int64_t now)
{
	enum { DRAIN = 5000 };
	if (!c->drained || c->stop_asked > 1)
		return true;
	if (!c->drain_deadline)
		c->drain_deadline = now + DRAIN;
	return c->drained(c->user) || now >= c->drain_deadline;
}

/* From the edge to store; the workers in two groups: score, then those who read. */
void crew_stop_turn(struct crew *c)
{
	int64_t now = clock_monotonic();
	while (group_gone(c)) {
		if (c->stop_stage == STAGE_EDGE && !drained(c, now))
			return;
		if (c->stop_order == 0 && c->stop_stage == STAGE_WORK)
			c->stop_order = 1;
		else if (c->stop_stage == STAGE_STORE)
			return;
		else
			c->stop_stage--, c->stop_order = 0;
		c->stop_deadline = now + patience(c);
		signal_group(c, SIGTERM);
	}
	if (now >= c->stop_deadline) {
		service_log(c->s, LOG_WARNING_, "%s",
			words(c->s->config.lang, "un processus ne s'arrête pas : il est tué"));
		signal_group(c, SIGKILL);
		c->stop_deadline = now + 1000;
	}
}

void crew_stop(struct crew *c)
{
	int64_t now = clock_monotonic();
	if (!c->stopping) {
		c->stopping = true;
		c->stop_stage = STAGE_EDGE;
		c->stop_order = 0;
		c->stop_asked = 1;
		c->stop_deadline = now + patience(c);
		signal_group(c, SIGTERM);
		return;
	}
	c->stop_asked++;
	int64_t sooner = now + patience(c);
	if (c->stop_deadline > sooner)
		c->stop_deadline = sooner;
	if (c->stop_asked > 2)
		for (size_t i = 0; i < c->n; i++)
			if (c->members[i].pid > 0)
				kill(c->members[i].pid, SIGKILL);
}
