/* SPDX-License-Identifier: GPL-3.0-or-later
 * The lists of comments: what waits in each lane (À modérer, À répondre), and everything (Tout lire). */
#ifndef CONSOLE_FILE_H
#define CONSOLE_FILE_H
#include "../console.h"

struct file {
	const char *path, *title; /* title: French, for words() */
	enum verdict_lane lane; /* 0: everything, whether it waits or not */
};
#define FILES 3u
extern const struct file files[FILES];
/* The one whose page the visit asks for, or NULL. */
const struct file *file_of(const struct visit *v);
/* An address of ours: one of the lists, or what a search found, with a plain query. */
bool file_is_list(struct slice address);
/* For a form on a list, or on what a search found: the list comes back with it, as it is read. */
void file_put_return(struct visit *v);
/* Back to the list that the form was on, À modérer when it was on none; there to the item seq, 0: to its top. */
void file_go_back(struct visit *v, int64_t seq);
#endif
