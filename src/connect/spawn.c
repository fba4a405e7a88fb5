/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever reads a server's answers is a child of ours, with limits. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>

#include "connect.h"

/* A page of 8 MiB at most, and what is made of it. A sanitizer's shadow takes more addresses than there is memory. */
#ifdef __SANITIZE_ADDRESS__
#define CHILD_MEMORY 0
#else
#define CHILD_MEMORY (UINT64_C(512) << 20)
#endif
#define CHILD_FILE (64u << 20) /* it writes none, but what it complains to may be one */
#define CHILD_CPU_S 300 /* a first look may be of thousands of pages; it goes on where it was */

/* An open descriptor that reads as this text, or -errno. */
static int text_fd(struct slice text)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	if (fd >= 0 &&
		(write(fd, text.p, text.n) != (ssize_t)text.n || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		return -EIO;
	}
	return fd < 0 ? -errno : fd;
}

/* Where the configuration was read: the child gets what we read, whatever is there by now. */
static char *path_of(const struct config *c)
{
	const char *slash = strrchr(c->file.path, '/');

	return xasprintf("%s/%s", c->folder, slash ? slash + 1 : c->file.path);
}

int connect_spawn(struct connect *c, const char *task, struct slice input, pid_t *ret_pid,
	int *ret_out, struct error *e)
{
	_free_ char *config = path_of(&c->service.config);
	_free_ char *id = xstrdup(c->source->id);
	_free_ char *what = xstrdup(task);
	char name[] = "tocsin-connect", from[] = "--config", which[] = "--instance";
	char as_read[] = "--text", more[] = {'0' + CHILD_MORE, 0};
	char *argv[] = {name, from, config, as_read, more, which, id, what, NULL};
	_close_ int in = text_fd(input), text = text_fd(config_text(&c->service.config));
	int ends[2], r;

	if (in < 0)
		return error_set(e, in, "%s", error_reason(in));
	if (text < 0)
		return error_set(e, text, "%s", error_reason(text));
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(e, -errno, "%s", error_reason(-errno));
	r = child_spawn(&(struct child_spec){.path = "/proc/self/exe",
				.argv = argv,
				.in = in,
				.out = ends[1],
				.err = -1,
				.more = text,
				.die_with_parent = true,
				.own_group = true,
				.limits = {CHILD_MEMORY, CHILD_FILE, CHILD_CPU_S}},
		ret_pid, e);
	close(ends[1]);
	if (r < 0) {
		close(ends[0]);
		*ret_pid = 0;
		return r;
	}
	*ret_out = ends[0];
	return 0;
}
