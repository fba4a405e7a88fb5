/* SPDX-License-Identifier: GPL-3.0-or-later
 * An account that sees some sources only: a moderator or a jurist of theirs and nothing else. While his visit is under way, the console's
 * reader is one that has nothing of other sources (db/reader/limit.c), so that pages need not ask; what he may open at all is
 * marked in the table of routes (ROUTE_LIMITED) and by the scopes of the API (SCOPES_LIMITED); a number that his reader does not have is
 * nobody's. */
#ifndef CONSOLE_LIMIT_H
#define CONSOLE_LIMIT_H
#include "../console.h"

bool limit_is(const struct visit *v);
/* Whether he sees this source. */
bool limit_has(const struct visit *v, struct slice source);
/* For what is done between them; sources empty: as everybody. 0, or -errno, and nothing may be done. before: what
 * limit_end takes. They nest. */
int limit_begin(struct visit *v, const char *sources, struct reader **before) _must_check_;
void limit_end(struct console *c, struct reader *before);
/* Whether the reader in place is his: what goes on later without limit_begin reads nothing (visit_reader). */
bool limit_holds(const struct visit *v);
/* Whether he has the comment of this number. */
bool limit_sees(struct visit *v, int64_t seq);
/* … the dossier of this number: all its pieces are of his sources. */
bool limit_sees_dossier(struct visit *v, int64_t id);
void limits_free(struct console *c);
#endif
