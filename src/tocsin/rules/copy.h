/* SPDX-License-Identifier: GPL-3.0-or-later
 * The packs in force in a folder of one's own, where one of them is changed before all are published anew. */
#ifndef TOCSIN_RULES_COPY_H
#define TOCSIN_RULES_COPY_H
#include "../replay/folder.h"

/* except: a file name that is left out, or NULL. Who calls removes the folder, also when it fails. */
int packs_copy(const char *bundle, const char *except, struct folder *ret, struct error *e)
	_must_check_;
#endif
