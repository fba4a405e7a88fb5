/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page on which a pack is edited. */
#ifndef CONSOLE_RULES_EDIT_H
#define CONSOLE_RULES_EDIT_H
#include "rules.h"

enum { EDIT_REASON_MAX = 1000 };
/* The page's head; the form, below what is to be said. base: the version that the text began from. No text: the draft takes
 * the pack away. loses: it has a box to tick, without which what takes much away is not published. */
void edit_open(struct visit *v, const char *name);
void edit_put_form(struct visit *v, const char *name, const char *base, struct slice text,
	struct slice reason, bool loses);
/* The hash of what is in force; "" when that cannot be told. Returns ret. */
const char *edit_active(struct visit *v, char ret[static 65]);
/* removed.c. In the form of a pack that is taken away: what goes with it. */
void removed_put(struct visit *v, const char *name);
/* The text of a pack that is called otherwise: its own name for itself follows, when it was the same. */
void renamed_text(struct slice text, const char *name, const char *to, struct buf *ret);
#endif
