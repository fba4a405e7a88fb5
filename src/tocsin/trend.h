/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin trend: detectors over lines of text, without a service. Each verb has the shape of a command. */
#ifndef TOCSIN_TREND_COMMAND_H
#define TOCSIN_TREND_COMMAND_H
#include "command.h"

int trend_topics(struct context *x, int argc, char **argv);
#endif
