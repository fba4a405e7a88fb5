/* SPDX-License-Identifier: GPL-3.0-or-later
 * The verbs of `tocsin trend`: detectors without a service, one row in, one answer out; and what emerged as a draft of a rule. argv[0] is the verb. */
#ifndef TOCSIN_TREND_COMMANDS_H
#define TOCSIN_TREND_COMMANDS_H
#include "command.h"

int command_trend_series(struct context *x, int argc, char **argv);
int command_trend_volumes(struct context *x, int argc, char **argv);
int command_trend_topics(struct context *x, int argc, char **argv);
int command_trend_adopt(struct context *x, int argc, char **argv);
#endif
