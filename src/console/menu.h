/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pages that an account may open, at the head of each: with how many wait in them. */
#ifndef CONSOLE_MENU_H
#define CONSOLE_MENU_H
#include "console.h"

/* Who hears of anything (route.c). */
#define MENU_LISTENERS (ROLE_MODERATION | ROLE_DIRCOM | ROLE_CABINET | ROLE_DGS | ROLE_ONCALL)

void menu_put(struct visit *v);
#endif
