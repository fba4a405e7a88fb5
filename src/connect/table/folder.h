/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tables of a folder, or the one that a path names, and which of them were read. */
#ifndef CONNECT_FOLDER_H
#define CONNECT_FOLDER_H
#include <stdint.h>
#include <sys/stat.h>
#include <tocsin/base/buf.h>

#define FOLDER_MAX 2048u /* tables of a folder */

/* Of a table as it is: another size, time, name or file is another state. */
struct state_key {
	unsigned char digest[8];
};
struct state_key state_key(const char *path, const struct stat *st);
struct states { /* a set */
	struct state_key *keys;
	size_t n, cap;
};
bool states_have(const struct states *s, struct state_key key);
void states_add(struct states *s, struct state_key key);
void states_release(struct states *s);
/* As hexadecimal digits, and back: false, and nothing, for what is none. */
void states_print(struct buf *out, const struct states *s);
bool states_parse(struct slice text, struct states *ret);

struct table_file {
	char *path;
	struct stat st;
};
struct folder {
	struct table_file *list; /* by name */
	size_t n, cap;
	bool more; /* over FOLDER_MAX: the rest is left out */
};
/* Regular files of the folder whose name ends with .csv, .tsv or .txt and begins with no dot, never a link; for a path that is
 * no folder, itself. 0 or -errno. */
int folder_list(const char *path, struct folder *ret) _must_check_;
void folder_release(struct folder *f);
/* An open descriptor of the very file that was listed, or -errno (-ESTALE: another stands there). */
int folder_open(const struct table_file *file);
#endif
