/* SPDX-License-Identifier: GPL-3.0-or-later
 * Views: filters that are kept under a name, by each for himself, or for the team. */
#ifndef CONSOLE_VIEWS_H
#define CONSOLE_VIEWS_H
#include "filter.h"

/* Links to those that one has; nothing when there are none. */
void views_put(struct visit *v);
/* The form that keeps what is shown. */
void views_put_form(struct visit *v, const char *path, const struct filter *f);
#endif
