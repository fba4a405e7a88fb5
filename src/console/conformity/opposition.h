/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONSOLE_CONFORMITY_OPPOSITION_H
#define CONSOLE_CONFORMITY_OPPOSITION_H
#include "conformity.h"

/* Objections, those to decide first, each with what can be done about it: 0, or -errno. */
int opposition_put_list(struct visit *v, struct error *e) _must_check_;
/* To record one of an account; hidden: the fields that name it. Says instead that one is there already. */
int opposition_put_form(struct visit *v, struct slice hidden, const unsigned char key[static 16],
	struct error *e) _must_check_;
#endif
