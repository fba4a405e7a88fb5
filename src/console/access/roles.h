/* SPDX-License-Identifier: GPL-3.0-or-later
 * The roles of accounts as people call them, and what each sees. */
#ifndef CONSOLE_ROLES_H
#define CONSOLE_ROLES_H
#include "../console.h"

const char *role_title(const struct visit *v, unsigned role); /* by its bit */
const char *role_sees(const struct visit *v, unsigned role);
/* "modération, juristes"; "–" for none. */
void roles_put(struct visit *v, uint16_t roles);
#endif
