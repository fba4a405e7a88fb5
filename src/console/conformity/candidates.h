/* SPDX-License-Identifier: GPL-3.0-or-later
 * The accounts that a name, a handle or an address may mean: who answers for the data picks one, and sees nothing of their texts
 * before. */
#ifndef CONSOLE_CONFORMITY_CANDIDATES_H
#define CONSOLE_CONFORMITY_CANDIDATES_H
#include <tocsin/db/whom.h>
#include "conformity.h"

/* Whether somebody must pick: what was typed is not the one account of this name that there is. */
bool candidates_need_pick(const struct whom *w);
/* The page; why: the reason that was given, which goes on with the pick. */
void candidates_page(struct visit *v, const struct whom *w, struct slice why);
#endif
