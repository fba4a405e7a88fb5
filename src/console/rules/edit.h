/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page on which a pack is edited. */
#ifndef CONSOLE_RULES_EDIT_H
#define CONSOLE_RULES_EDIT_H
#include "rules.h"

enum { EDIT_REASON_MAX = 1000 };
/* The page's head; the form, below what is to be said. base: the version that the text began from. */
void edit_open(struct visit *v, const char *name);
void edit_put_form(struct visit *v, const char *name, const char *base, struct slice text,
	struct slice reason);
/* The hash of what is in force; "" when that cannot be told. Returns ret. */
const char *edit_active(struct visit *v, char ret[static 65]);
#endif
