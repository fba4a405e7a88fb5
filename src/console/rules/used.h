/* SPDX-License-Identifier: GPL-3.0-or-later
 * What uses a list of words: rules and topics of a folder's packs, also by other lists, macros and exceptions. */
#ifndef CONSOLE_RULES_USED_H
#define CONSOLE_RULES_USED_H
#include "../console.h"

/* A part of a page. */
void used_put(struct visit *v, const char *folder, struct slice list);
#endif
