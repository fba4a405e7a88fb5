/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whom a report (COMMENT_REPORTED) asks to call back. What was written of it stands in the report; access and erasure find it by
 * the name or the number, for each has a keyed mark beside the report, as long as the report has its words. */
#ifndef DB_CALLER_H
#define DB_CALLER_H
#include "st.h"

/* How a name or a number is looked for: "0612345678" of "+33 6 12 34 56 78", "dupin rosalie" of "Mme Rosalie DUPIN". */
void caller_form(struct slice asked, struct buf *out);
/* Marks for each number and each name of one to four words in a row that a report's extra says. */
int caller_add(struct store *st, int64_t seq, struct slice extra, struct error *e) _must_check_;
int caller_forget(struct store *st, int64_t seq, struct error *e) _must_check_;
/* Those of reports that came before there were marks; once. */
int caller_fill(struct store *st, struct error *e) _must_check_;
#endif
