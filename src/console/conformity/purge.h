/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONSOLE_CONFORMITY_PURGE_H
#define CONSOLE_CONFORMITY_PURGE_H
#include "../console.h"

/* Asks store for a purge and answers, when it is done, with the way to its proof; else back, with why not. */
void purge_ask(struct visit *v, const struct purge_request *q, const char *back);
#endif
