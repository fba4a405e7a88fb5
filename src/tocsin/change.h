/* SPDX-License-Identifier: GPL-3.0-or-later
 * What commands share by which a person changes something: who it was is never left out. */
#ifndef TOCSIN_CHANGE_H
#define TOCSIN_CHANGE_H
#include "command.h"

enum { CHANGE_TEXT_MAX = 4000, CHANGE_WHO_MAX = 100 };

/* An option that must be there, of at most so many bytes; else EXIT_MISUSE after saying so. */
int change_required(struct context *x, const char *name, const char *value, size_t max)
	_must_check_;
/* A text and who signs it; EXIT_MISUSE after saying that a name is missing or something is too long. */
int change_signed(struct context *x, const char *who, const char *text) _must_check_;
/* Ids of sources that tocsin.yaml knows, with commas between them, or nothing; else EXIT_MISUSE after saying which is none. */
int change_sources(struct context *x, const char *sources) _must_check_;
/* Asks store, then says what was done. The exit code. */
int change_ask(struct context *x, enum request_verb verb, const struct buf *body, const char *done)
	_must_check_;
/* What decide takes: its decisions and categories, a line each. Appended. */
void decide_choices(struct context *x, struct buf *out);
#endif
