/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `tocsin incident` and its report share: an incident as JSON, the keys of one object; what the town hall says of it
 * and what its teams are to do. */
#ifndef TOCSIN_INCIDENT_H
#define TOCSIN_INCIDENT_H
#include <tocsin/json/json.h>
#include <tocsin/record/position.h>
#include "command.h"
#include "people.h"

void incident_json(struct json_writer *w, const struct incident *i);

void position_json(const struct position *p, struct json_writer *w);
/* "A. Roche, 24/11 12:05" */
void position_author(const struct incident_entry *e, struct people *people, struct buf *out);
/* tocsin incident langage|consigne N TEXTE: argv begins with the word. */
bool position_is(const char *word);
int position_set(struct context *x, int argc, char **argv, const char *who) _must_check_;
/* tocsin incident reopen|rouvrir N: argv begins with the word. */
bool reopen_is(const char *word);
int reopen_ask(struct context *x, int argc, char **argv, const char *who, const char *reason)
	_must_check_;
#endif
