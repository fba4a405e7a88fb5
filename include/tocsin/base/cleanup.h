/* SPDX-License-Identifier: GPL-3.0-or-later
 * Locals that clean up after themselves, and the two attributes every header uses. */
#ifndef TOCSIN_BASE_CLEANUP_H
#define TOCSIN_BASE_CLEANUP_H
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f) __attribute__((cleanup(f)))
#define _must_check_ __attribute__((warn_unused_result))
#define _format_(string, first) __attribute__((format(printf, string, first)))

static inline void free_ptr(void *p)
{
	free(*(void **)p);
	*(void **)p = NULL;
}
static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
static inline void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
	*f = NULL;
}
#define _free_ _cleanup_(free_ptr)
#define _close_ _cleanup_(close_fd)
#define _fclose_ _cleanup_(close_file)
#endif
