/* SPDX-License-Identifier: GPL-3.0-or-later
 * A drill as it goes: followed live, then accounted for. */
#ifndef TOCSIN_EXERCICE_H
#define TOCSIN_EXERCICE_H
#include "command.h"

struct drill {
	int64_t id, opened_at; /* town clock */
	int64_t patience; /* ms; 0: until somebody answers */
};
/* Prints what the main courante says of it, as it says it, until it is acknowledged, closed, interrupted (INT, TERM), or
 * patience is at an end; then the account. 0 when somebody took charge and every message that went out arrived. */
int drill_follow(struct context *x, const struct drill *d);
#endif
