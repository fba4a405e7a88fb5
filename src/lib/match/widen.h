/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_WIDEN_H
#define MATCH_WIDEN_H
#include <tocsin/base/buf.h>

#include "ast.h"

/* Appends the cover of the tree, in RE2's syntax over bytes. */
void tree_widen(const struct tree *tree, struct buf *out);
#endif
