/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rejouer sous un autre réglage: what the last weeks would have rung if one setting were another, beside what really rang.
 * `tocsin replay --if` hears them again in a child process (rules/work.h); nothing of the town is changed. */
#ifndef CONSOLE_REPLAY_REPLAY_H
#define CONSOLE_REPLAY_REPLAY_H
#include "../console.h"
#include "../rules/work.h"

enum { REPLAY_ID_MAX = 200 };

/* The setting that is another one, as the form names it. */
enum setting {
	SETTING_FLOOR, /* seuil */
	SETTING_TOPIC,
	SETTING_EMERGENT,
	SETTING_SOURCE,
	SETTING_ABSENT,
	SETTING_QUIET,
	SETTING_TRIAL,
	SETTINGS
};
struct asked {
	enum setting setting;
	struct buf what; /* level, topic, source or person */
	struct buf value; /* a number, a sensitivity, a person … */
	int from, to; /* of quiet hours: minutes since midnight; from < 0: none */
	int weeks;
};
void asked_release(struct asked *a);
/* setting.c: of the form; false: it is none that can be. */
bool asked_read(struct visit *v, struct asked *ret);
/* What follows --if. */
void asked_write(const struct asked *a, struct buf *out);
/* "à partir de 3 personnes pour le JAUNE" */
void asked_say(struct visit *v, const struct asked *a, struct buf *out);
/* How it is written for good: what to put where, as lines of YAML or the page that does it. */
void asked_put_lasting(struct visit *v, const struct asked *a);
const char *setting_name(enum setting setting); /* value of the radio */
const char *sensitivity_word(
	struct visit *v, size_t i, const char **ret_value); /* NULL at the end */

/* desk.c: what was asked for last by each; in memory alone. */
struct rehearsal {
	bool used, running, late;
	char who[64];
	struct asked asked;
	int64_t since, until; /* town clock: of the weeks */
	int64_t at; /* monotonic ms: began, or ended */
	int code;
	struct buf out, said;
};
struct replays *replays_new(struct bus *b);
struct replays *replays_free(struct replays *r);
void replays_stop(struct replays *r);

/* form.c */
void replay_put_form(struct visit *v);
/* found.c: what came of it. */
void replay_put_found(struct visit *v, const struct rehearsal *r);

/* strip.c: alarms as marks over the weeks, a row for each list. */
struct mark {
	int64_t at;
	enum town_level level;
};
struct marks {
	const char *title;
	struct mark *list;
	size_t n, cap;
};
void marks_add(struct marks *m, int64_t at, enum town_level level);
void strip_put(struct visit *v, const struct marks *rows, size_t n, int64_t since, int64_t until);
#endif
