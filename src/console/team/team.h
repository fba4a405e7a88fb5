/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages of the team share. */
#ifndef CONSOLE_TEAM_TEAM_H
#define CONSOLE_TEAM_TEAM_H
#include "../console.h"

/* The policy knows the absences that people entered by now: 0 or -errno. */
int team_absences(struct visit *v) _must_check_;
/* Opens the page with its heading and the way to the others. */
void team_open(struct visit *v, const char *title, const char *path);

/* absences.c's page: what is special about topics until the poll, if one is near. */
void team_put_candidates(struct visit *v);

/* away.c: the page with what was wrong and what was typed; NULL and nothing at first. */
struct absence_typed {
	struct slice person, substitute, from, to;
};
void absences_page(
	struct visit *v, unsigned status, const char *wrong, const struct absence_typed *typed);
#endif
