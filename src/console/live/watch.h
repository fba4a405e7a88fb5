/* SPDX-License-Identifier: GPL-3.0-or-later
 * What has changed since the last look, told as events: what came into the queue, what was taken, left or decided, which
 * alarm rose. Nothing of a citizen is in them: numbers, and names of those who work. */
#ifndef CONSOLE_WATCH_H
#define CONSOLE_WATCH_H
#include "../console.h"

struct watch_claim {
	int64_t row, seq, until;
};
struct watch_alarm {
	int64_t id;
	enum town_level level;
	enum incident_state state;
};
struct watch {
	bool begun;
	int64_t seq, decision, gone; /* the last that were seen */
	uint64_t waiting[2]; /* À modérer, À répondre */
	struct watch_claim *claims;
	size_t n_claims, cap_claims;
	struct watch_alarm *alarms;
	size_t n_alarms, cap_alarms;
};
void watch_release(struct watch *w);

/* roles: who may hear of it. data: a JSON object in one line. */
typedef void watch_say_fn(void *user, const char *event, uint16_t roles, struct slice data);
/* The first look says nothing: it sees how things are. 0 or -errno. */
int watch_look(struct watch *w, struct console *c, watch_say_fn *say, void *user, struct error *e)
	_must_check_;
#endif
