/* SPDX-License-Identifier: GPL-3.0-or-later
 * Saying that we work: a byte to the supervisor, a datagram to systemd (sd_notify(3), spoken by hand). */
#include <tocsin/service/service.h>
#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "private.h"

void service_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = path ? strlen(path) : 0;
	if (n < 2 || n >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0'; /* the abstract namespace */
	_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	/* A service manager that does not listen is no reason to stop. */
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
		(const struct sockaddr *)&to, length);
}

int64_t service_watchdog_ms(void)
{
	const char *pid = getenv("WATCHDOG_PID"), *us = getenv("WATCHDOG_USEC");
	if (!us || (pid && strtoll(pid, NULL, 10) != (long long)getpid()))
		return 0;
	long long limit = strtoll(us, NULL, 10);
	return limit > 0 ? limit / 2000 : 0;
}

/* The supervisor gives us standard output for this (its children inherit nothing above 2); afterwards what is printed
 * there goes to standard error. */
static void say_ready(struct service *s, int fd)
{
	if (write(fd, "R", 1) < 0)
		service_log(s, LOG_DEBUG_, "TOCSIN_READY_FD: %s", strerror(errno));
	if (fd != STDOUT_FILENO)
		close(fd);
	else if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		close(fd);
}

/* -1: nobody wants to know. */
static int ready_fd(void)
{
	const char *text = getenv("TOCSIN_READY_FD");
	char *end;
	long fd = text ? strtol(text, &end, 10) : -1;
	return text && *text && !*end && fd > 0 && fd != STDERR_FILENO && fd < 1 << 16 ? (int)fd
										       : -1;
}

void service_waits(struct service *s)
{
	int fd = ready_fd();
	if (fd >= 0 && write(fd, "W", 1) < 0)
		service_log(s, LOG_DEBUG_, "TOCSIN_READY_FD: %s", strerror(errno));
}

void service_ready(struct service *s)
{
	int fd = ready_fd();
	if (fd >= 0)
		say_ready(s, fd);
	unsetenv("TOCSIN_READY_FD"); /* said once, and nobody behind us says it again */
	service_notify("READY=1");
}
