/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `tocsin` is asked to do for a page: a child process beside the loop, with limits of time and memory, for what
 * people write there may be anything. Few at a time, and one for each person; the machine's other work goes first, and when
 * memory is short they are the first to end. */
#ifndef CONSOLE_RULES_WORK_H
#define CONSOLE_RULES_WORK_H
#include <tocsin/base/child.h>
#include <tocsin/bus/bus.h>

#define WORKS_MAX 2u
#define WORK_OWN "" /* who: the console's own, beside those of people; one at a time */
#define WORK_OUT_MAX (16u << 20) /* bytes of its output that are read */

struct work_result {
	bool busy; /* nothing was started */
	bool late; /* it was killed when its time was over */
	int code; /* exit code; -1: none, for it was killed or could not be started */
	struct slice out, said; /* standard output and error */
};
typedef void work_fn(void *user, const struct work_result *r);
struct work {
	const char *who; /* the account that asks */
	char *const *argv; /* NULL-terminated, "tocsin" first */
	struct slice input; /* its standard input */
	int64_t deadline_ms;
	uint64_t file_most; /* bytes of one file that it writes; 0: the usual 64 MiB */
	work_fn *done; /* called once, from the loop or from work_start */
	void *user;
};
struct works;
struct works *works_new(struct bus *b);
/* Ends what runs; nobody is told. */
struct works *works_free(struct works *w);
/* Ends what runs: each is told. */
void works_stop(struct works *w);
/* The end of what his command has said so far on its standard error, with a NUL; false: he has none that runs. */
bool works_said(struct works *w, const char *who, char *ret, size_t size);
/* Ends his: told as any other end. */
void works_end(struct works *w, const char *who);
void work_start(struct works *w, const struct work *what);
#endif
