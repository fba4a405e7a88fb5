/* SPDX-License-Identifier: GPL-3.0-or-later
 * The keys of whoever is signed in: what a page says of them to console.js, the help, the page on which they are changed.
 * They are kept with the account: several people may share a computer. */
#ifndef CONSOLE_SHORTCUTS_H
#define CONSOLE_SHORTCUTS_H
#include "console.h"

/* data-key="j" of a button, with a blank before it; nothing when there is none. */
void shortcuts_put_key(struct visit *v, enum shortcut act);
/* Of the page itself: the keys that are no button's. */
void shortcuts_put_page(struct visit *v);
/* The help, which scripts show. */
void shortcuts_put_help(struct visit *v);
#endif
