/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many prescriptions end within seven days, for every page: counted again behind the pages, from the loop, when something has
 * changed, and never for more than a fiftieth of the time. */
#ifndef CONSOLE_CONFORMITY_SOON_H
#define CONSOLE_CONFORMITY_SOON_H
#include "../console.h"

#define SOON_ROLES (ROLE_DPO | ROLE_JURIST | ROLE_MODERATION | ROLE_DIRCOM)

/* As it was counted last; 0 before that. */
uint64_t soon_count(struct visit *v);
void soon_end(struct console *c);
#endif
