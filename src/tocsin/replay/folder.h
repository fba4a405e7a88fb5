/* SPDX-License-Identifier: GPL-3.0-or-later
 * A temporary folder that goes with its process, however that ends: citizens' words are in it. $TMPDIR, else in memory where
 * there is some. */
#ifndef TOCSIN_REPLAY_FOLDER_H
#define TOCSIN_REPLAY_FOLDER_H
#include <sys/types.h>
#include <tocsin/base/error.h>

struct folder {
	char *path; /* NULL: none */
	int alive; /* the keeper hears when nobody holds this any more */
	pid_t keeper;
};
int folder_make(struct folder *f, struct error *e) _must_check_;
/* When it returns, the folder is gone. -errno when it is not. */
int folder_remove(struct folder *f) _must_check_;
#endif
