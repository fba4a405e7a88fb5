/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which rules a command means, and loading them with everything that is wrong said. */
#ifndef TOCSIN_PACKS_H
#define TOCSIN_PACKS_H
#include <tocsin/rules/rules.h>
#include "command.h"

/* folder: a folder of packs or one file; NULL: the configuration's, or the installed ones where there is no
 * configuration. 0 or the exit code, after saying why. */
int packs_load(struct context *x, const char *folder, struct ruleset **ret) _must_check_;
/* What a start, SIGHUP and `tocsin status` say of packs (%s) that both the folder and somebody else changed. */
#define DISPUTED_PACKS(lang) \
	words(lang, \
		"règles changées dans le dossier et aussi ailleurs, celles en vigueur restent : %s. " \
		"« tocsin rules pull DOSSIER --force » les écrit dans le dossier ; ou modifiez-les dans la console")
#endif
