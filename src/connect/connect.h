/* SPDX-License-Identifier: GPL-3.0-or-later
 * What connect's files share: one source, its lines, and their way to ingest. */
#ifndef CONNECT_CONNECT_H
#define CONNECT_CONNECT_H
#include <tocsin/service/service.h>

#include "cursor.h"
#include "items.h"
#include "lines.h"
#include "window.h"

#define REFUSALS (COMMENT_BAD_VALUE + 1)

struct connect;
/* What a kind of source does. All but start may be NULL. */
struct kind {
	const char *name;
	int (*start)(struct connect *c, struct error *e);
	void (*space)(struct connect *c); /* the window has room again */
	void (*child)(struct connect *c); /* SIGCHLD */
	void (*stop)(struct connect *c); /* reads nothing more */
	void (*release)(struct connect *c);
	int (*test)(const struct source_config *
			source); /* `tocsin connect test`: what it would read, on standard output */
};
struct connect {
	struct service service;
	const struct source_config *source;
	const struct kind *kind;
	void *state; /* the kind's own */
	struct bus *bus;
	struct window window;
	struct items items;
	struct lines lines;
	struct buf place; /* where lines come from, for people: a path, a program */
	bool ended; /* nothing more will be read: leave when all is taken */
	bool failed; /* … and it cannot be read: leave, to be started again */
	bool trouble; /* the source itself does not answer */
	int64_t heard; /* wall ms of its last sign of life */
	char why[512]; /* its trouble, for `tocsin status`; "" when there is none */
	int64_t since, next_at; /* wall ms: of the trouble; when it is tried again, 0: not known */
	int64_t quota_at; /* wall ms: its quota is used up until then; 0: there is some */
	bool why_told; /* why is in the folder of metrics as it is now */
	enum put_status told_pause;
	uint64_t added, refusals[REFUSALS], told_refusals;
	uint64_t first_refused[REFUSALS]; /* its line, since that was told */
	unsigned first_column[REFUSALS]; /* … and the place in it, 0: not known */
};
int exports_test(const struct source_config *source);
extern const struct kind kind_jsonl, kind_csv, kind_command, kind_poll;

/* Moves the lines that were read into the window, up to line number `upto`. With `at_end` an unfinished last
 * line counts. cursor (may be NULL) is moved along and sent with each batch. False: the window is full. */
bool connect_take(struct connect *c, bool at_end, uint64_t upto, struct cursor *cursor);
/* One line that was just read becomes an item of the open batch: a comment, or its place in quarantine. */
void connect_add(struct connect *c, struct slot *s, enum line kind, struct slice line);
/* What is in the open batch goes now. */
void connect_flush(struct connect *c, struct cursor *cursor);
/* One read(2) into the lines: bytes, 0 at the end, or -errno. */
ssize_t connect_read(struct connect *c, int fd);
/* The cursor that ingest keeps, appended; without ingest there is nothing to do anyway. 0, -errno, -EINTR when asked
 * to stop. */
int connect_ask_cursor(struct connect *c, struct buf *ret) _must_check_;
/* A child of ours for one task ("look", "act") at this source, with limits, in its own group: input is its standard input,
 * ret_out reads what it prints. 0 or -errno (then *ret_pid is 0). */
int connect_spawn(struct connect *c, const char *task, struct slice input, pid_t *ret_pid,
	int *ret_out, struct error *e) _must_check_;
/* The source said something or failed to. next_at, when it is known, is set before. */
void connect_heard(struct connect *c);
void connect_trouble(struct connect *c, const char *format, ...) _format_(2, 3);
#endif
