/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Unix socket: everybody may reach for it, and the kernel says who does. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "private.h"

enum { BACKLOG = 512, EVERYBODY = 0666 };

static int name(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	memcpy(ret->sun_path, path, strlen(path) + 1);
	return 0;
}

/* What a process left that was killed: a socket at which nobody listens. Nothing else is taken away. */
static void clear(const char *path, const struct sockaddr_un *a)
{
	struct stat st;
	if (lstat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return;
	_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)a, sizeof(*a)) < 0 &&
		errno == ECONNREFUSED)
		unlink(path);
}

int local_listen(const char *path, int *ret_fd, struct error *e)
{
	struct sockaddr_un a;
	int r = name(path, &a);
	_close_ int fd = -1;
	if (r == 0) {
		clear(path, &a);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof(a)) < 0 ||
			chmod(path, EVERYBODY) < 0 || listen(fd, BACKLOG) < 0)
			r = -errno;
	}
	if (r < 0)
		return error_set(e, r, "%s : %s", path, strerror(-r));
	*ret_fd = fd;
	fd = -1;
	return 0;
}

bool local_welcome(const struct http_options *o, int fd)
{
	struct ucred who;
	socklen_t n = sizeof(who);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) < 0)
		return false;
	for (size_t i = 0; i < o->n_peers; i++)
		if (o->peers[i] == who.uid)
			return true;
	return false;
}
