/* SPDX-License-Identifier: GPL-3.0-or-later
 * Child processes. */
#ifndef TOCSIN_BASE_CHILD_H
#define TOCSIN_BASE_CHILD_H
#include <stdint.h>
#include <sys/types.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

struct child_limits { /* 0: none. What is beyond: no memory, SIGXFSZ, SIGKILL */
	uint64_t memory, file; /* bytes of address space, of one file */
	uint64_t cpu_s;
};
struct child_spec {
	const char *path; /* executable, absolute */
	char *const *argv; /* NULL-terminated */
	char *const *env; /* NULL: inherited */
	int in, out, err; /* descriptors for 0, 1, 2; -1: inherited (0: /dev/null) */
	int more; /* a descriptor for CHILD_MORE; 0: none */
	bool die_with_parent; /* PR_SET_PDEATHSIG SIGKILL: when the thread that spawns ends */
	bool own_group; /* setpgid, so that the terminal's ^C stays with the supervisor */
	struct child_limits limits; /* of it and of its children; leaves no core when one is set */
};
#define CHILD_MORE 3
/* All other descriptors above 2 are closed in the child. Returns 0 or -errno (also when exec failed). */
int child_spawn(const struct child_spec *spec, pid_t *ret_pid, struct error *e) _must_check_;

/* Runs a child to its end: input is written to it, its standard output appended to out (at most
 * max bytes; the rest is read and dropped). spec's in and out are not used. After deadline_ms milliseconds
 * it is killed, with its group when own_group. Returns 0 and the wait status, or -ETIMEDOUT, or -errno. */
int child_run(const struct child_spec *spec, struct slice input, struct buf *out, size_t max,
	int64_t deadline_ms, int *ret_status, struct error *e) _must_check_;
#endif
