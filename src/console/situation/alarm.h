/* SPDX-License-Identifier: GPL-3.0-or-later
 * One alarm on a page: its level and figures, its curve, what is said, what the town hall says and does. How many and where,
 * never who. */
#ifndef CONSOLE_ALARM_H
#define CONSOLE_ALARM_H
#include "../console.h"

/* The forms of the page of one. */
enum alarm_form {
	FORM_NONE,
	FORM_NOTE,
	FORM_POINT,
	FORM_WORDING,
	FORM_INSTRUCTION,
	FORM_SILENCE,
	FORM_CLOSE,
	FORM_REOPEN,
	FORM_RELAY
};
struct typed { /* before, and not written: it comes back */
	enum alarm_form form;
	struct slice text;
	int64_t at; /* the moment that a note is about; 0: none was picked */
};
struct alarm {
	const struct incident
		*incident; /* with all that it points to: the reader is used meanwhile */
	struct typed typed;
	bool alone; /* the page of this one, with its main courante; else among others */
};
/* What is said and done about it: 0 or -errno; the arena is to be released either way. */
struct position;
int alarm_position(struct visit *v, int64_t incident, struct position *ret, struct error *e)
	_must_check_;
/* What is in force: its lines, a paragraph each; "version 2 · A. Roche (dir'com), 28/11 12:05", without the version when
 * it is 0. */
void alarm_lines(struct visit *v, struct slice text);
void alarm_signed(struct visit *v, const struct incident_entry *e, uint32_t version);
/* Whether he may take charge and write in the main courante: an astreinte only on duty. */
bool alarm_may_charge(const struct visit *v);
/* 0 or -errno. */
int alarm_put(struct visit *v, const struct alarm *a, struct error *e) _must_check_;
/* What the form shows: what was typed before, else what is given. */
struct slice alarm_typed(const struct alarm *a, enum alarm_form form, struct slice otherwise);
/* In an election period the cabinet sees how many, not what citizens say, whatever else it is but the moderation or the dir'com;
 * on pages and in the API. */
bool alarm_counts_only(const struct visit *v, uint16_t roles);
/* Its title for people, masked; without the words of citizens that it quotes, for those who see but counts. */
void alarm_title(struct visit *v, uint16_t roles, const struct incident *i, struct buf *out);
/* What made it ring, in a sentence, for those who see more than counts; nothing when there is none. */
void alarm_why(struct visit *v, struct slice why);
/* An element of a list: its level, its title that leads to it, from when to when. */
void alarm_line(struct visit *v, const struct incident *i);
/* The level as a word and a colour. */
void alarm_level(struct visit *v, enum town_level level);
#endif
