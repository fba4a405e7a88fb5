/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fault library's own rooms: rules (what shall go wrong) and the shadow (what a power cut would leave).
 * README.md is the manual. Whatever runs in here runs with `fault_inside` set, so that our own calls pass through. */
#ifndef CHAOS_FAULT_H
#define CHAOS_FAULT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum fault_call {
	CALL_WRITE,
	CALL_FSYNC,
	CALL_TRUNCATE,
	CALL_RENAME,
	CALL_OPEN,
	CALL_UNLINK,
	CALLS
};

extern __thread int fault_inside;

/* --- rules.c */
struct fault_effect {
	int error; /* errno to fail with, or 0 */
	bool cut; /* write: only a part */
	bool lie; /* fsync: say yes, make nothing durable */
};
/* What the rules want of this call on this file; may sleep, may kill the process. grow_from: the file's size, end: where the
 * write ends (both 0 for other calls). */
struct fault_effect fault_ask(enum fault_call call, const char *path, off_t size, off_t end);

/* --- shadow.c */
void shadow_init(void);
bool shadow_has(const char *path); /* under the root */
/* Before the first change of a file: what it is now is durable. */
void shadow_ensure(const char *path);
void shadow_wrote(const char *path, off_t at, const void *p, size_t n);
void shadow_truncated(const char *path, off_t size, bool only_grow);
/* A file or a folder; nothing when it is not under the root. */
void shadow_synced(const char *path);
void shadow_unlinked(const char *path);
void shadow_renamed(const char *from, const char *to);
#endif
