/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files, whole. */
#ifndef TOCSIN_BASE_FILE_H
#define TOCSIN_BASE_FILE_H
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

/* Appends the file ("-" is standard input). -EFBIG beyond max bytes. */
int file_read(const char *path, size_t max, struct buf *out, struct error *e) _must_check_;
/* Writes beside, fsyncs, renames, fsyncs the folder. mode as for open. */
int file_write_atomic(const char *path, struct slice data, unsigned mode, struct error *e)
	_must_check_;
/* mkdir -p with mode for what it makes; an existing folder keeps its mode. */
int file_make_folder(const char *path, unsigned mode, struct error *e) _must_check_;
/* An exclusive lock held until the descriptor closes; the file keeps the holder's pid.
 * -EWOULDBLOCK when another process holds it (the text names its pid). */
int file_lock(const char *path, int *ret_fd, struct error *e) _must_check_;
/* rm -r; missing is no fault. */
int file_remove_tree(const char *path) _must_check_;
#endif
