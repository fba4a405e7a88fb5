/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONSOLE_ITEM_H
#define CONSOLE_ITEM_H
#include "../console.h"

/* The page of one comment. wrong: why what was asked was not done, or NULL; typed: what was written for it. */
void item_page(struct visit *v, unsigned status, const char *wrong, struct slice typed);
#endif
