/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages of conformity share. */
#ifndef CONSOLE_CONFORMITY_CONFORMITY_H
#define CONSOLE_CONFORMITY_CONFORMITY_H
#include <tocsin/db/kept.h>
#include "stint.h"

enum { REASON_MAX = 1000 };

/* Opens the page with its heading and the way to the others, as far as the roles lead; back to nothing when one was begun. */
void conformity_open(struct visit *v, const char *title, const char *path);
void conformity_wrong(struct visit *v, const char *text);
/* Closes the page and answers with it. */
void conformity_end(struct visit *v, unsigned status);
/* "Motif", which is asked for and written down. */
void conformity_reason(struct visit *v, struct slice typed);
/* The form's reason: false when it has none. */
bool conformity_reason_read(struct visit *v, struct buf *ret);
/* A table within its own frame, which moves sideways on a narrow screen; heads end with NULL. */
void conformity_table(struct visit *v, const char *caption, const char *const *heads);
void conformity_table_end(struct visit *v);
void conformity_number(struct visit *v, uint64_t n); /* as a cell */
void conformity_day(struct visit *v, int64_t ms); /* "24/11/2026"; "–" when 0 */
void conformity_moment(struct visit *v, int64_t ms); /* "24/11/2026 12:10" */
void conformity_text(struct visit *v, struct slice text); /* of people, as a cell */
const char *conformity_kind(const struct visit *v, enum kept_as kind);

struct census conformity_census(const struct visit *v); /* that begins */
#endif
