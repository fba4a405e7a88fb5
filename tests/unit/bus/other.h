/* SPDX-License-Identifier: GPL-3.0-or-later
 * The other end in a process of its own: this program anew (argv[1] is the run folder, argv[2] a word), for a fork
 * beside ZeroMQ's threads may hang. It lives until the test closes its standard input, or fails. */
#ifndef TEST_OTHER_H
#define TEST_OTHER_H
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>

struct other {
	pid_t pid;
	int hold;
};

static inline struct other other_start(struct place *p, const char *word)
{
	char *name = xstrdup(program_invocation_short_name), *copy = xstrdup(word);
	char *argv[] = {name, p->dir, copy, NULL};
	struct other o;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const struct child_spec spec = {.path = "/proc/self/exe",
		.argv = argv,
		.in = ends[0],
		.out = -1,
		.err = -1,
		.die_with_parent = true};
	assert_int_equal(child_spawn(&spec, &o.pid, &p->e), 0);
	close(ends[0]);
	free(name);
	free(copy);
	o.hold = ends[1];
	return o;
}

/* Its exit code, or -1 when a signal ended it. */
static inline int other_ends(struct other *o)
{
	int status;

	close_fd(&o->hold);
	assert_int_equal(waitpid(o->pid, &status, 0), o->pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void other_let_go(void *user, int fd, short revents)
{
	(void)fd;
	(void)revents;
	bus_stop(user);
}

/* In the other process: turns the loop until the test lets go. */
static inline int other_live(struct bus *b)
{
	int r = bus_watch_fd(b, STDIN_FILENO, POLLIN, other_let_go, b);

	return r < 0 ? r : bus_run(b);
}
#endif
