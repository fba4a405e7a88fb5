/* SPDX-License-Identifier: GPL-3.0-or-later
 * The live account of `tocsin run --account`: what comes in, what waits, what rings and to whom. On a terminal a
 * block that is redrawn in place, below the alarms; elsewhere plain lines. */
#ifndef TOCSIN_ACCOUNT_H
#define TOCSIN_ACCOUNT_H
#include "command.h"

struct account;
struct account *account_new(struct context *x, const struct config *config);
struct account *account_free(struct account *a);
/* Looks and prints; at most a few times a second. reader may be NULL. */
void account_turn(struct account *a, struct reader *reader);
/* The table at the end. */
void account_summary(struct account *a, struct reader *reader);
#endif
