/* SPDX-License-Identifier: GPL-3.0-or-later
 * Of which source somebody asks: one of the configuration, or one that was heard before. Nothing is found of any other, and that
 * would pass for an answer. */
#ifndef CONSOLE_CONFORMITY_SOURCE_H
#define CONSOLE_CONFORMITY_SOURCE_H
#include "conformity.h"

/* The field « Source » of a form. The reader is there (visit_reader). 0, or -errno. */
int source_put(struct visit *v, struct error *e) _must_check_;
/* 1: there is such a source, 0: there is none, or -errno. */
int source_is(struct visit *v, struct slice id, struct error *e) _must_check_;
#endif
