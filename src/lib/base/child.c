/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* In the child, between fork and exec: only async-signal-safe calls. */
static void become(const struct child_spec *spec, pid_t parent, int tell)
{
	int want[3] = {spec->in, spec->out, spec->err}, keep[3] = {-1, -1, -1};
	if (spec->die_with_parent && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent))
		goto fail;
	if (spec->own_group && setpgid(0, 0) != 0)
		goto fail;
	if (want[0] < 0 && (want[0] = open("/dev/null", O_RDONLY)) < 0)
		goto fail;
	/* Above 2 first, so that no dup2 overwrites what another needs. */
	for (int i = 0; i < 3; i++)
		if (want[i] >= 0 && (keep[i] = fcntl(want[i], F_DUPFD_CLOEXEC, 10)) < 0)
			goto fail;
	if (tell < 3 && (tell = fcntl(tell, F_DUPFD_CLOEXEC, 10)) < 0)
		goto fail;
	for (int i = 0; i < 3; i++)
		if (keep[i] >= 0 && dup2(keep[i], i) < 0)
			goto fail;
	if (dup2(tell, 3) < 0 || fcntl(3, F_SETFD, FD_CLOEXEC) != 0)
		goto fail;
	tell = 3;
	close_range(4, ~0U, 0);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (spec->env)
		execve(spec->path, spec->argv, spec->env);
	else
		execv(spec->path, spec->argv);
fail:;
	int code = errno ? errno : EIO;
	while (write(tell, &code, sizeof(code)) < 0 && errno == EINTR)
		;
	_exit(127);
}

int child_spawn(const struct child_spec *spec, pid_t *ret_pid, struct error *e)
{
	int pipes[2];
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return error_set(e, -errno, "%s : pipe : %s", spec->path, strerror(errno));
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		become(spec, parent, pipes[1]);
	int saved = errno, code = 0;
	close(pipes[1]);
	_close_ int listen = pipes[0];
	if (pid < 0)
		return error_set(e, -saved, "%s : fork : %s", spec->path, strerror(saved));
	ssize_t n;
	while ((n = read(listen, &code, sizeof(code))) < 0 && errno == EINTR)
		;
	if (n == sizeof(code)) {
		waitpid(pid, NULL, 0);
		return error_set(e, -code, "%s : %s", spec->path, strerror(code));
	}
	*ret_pid = pid;
	return 0;
}

struct talk {
	int in, out;
	struct slice input;
	struct buf *answer;
	size_t room;
};

/* Writes and reads until both ends are closed or the time is up. */
static int converse(struct talk *t, int64_t until)
{
	while (t->in >= 0 || t->out >= 0) {
		if (t->in >= 0 && !t->input.n)
			close_fd(&t->in);
		int64_t left = until - clock_monotonic();
		if (left <= 0)
			return -ETIMEDOUT;
		struct pollfd fds[2] = {{t->in, POLLOUT, 0}, {t->out, POLLIN, 0}};
		if (poll(fds, 2, left > 1000 ? 1000 : (int)left) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents) {
			ssize_t n = write(t->in, t->input.p, t->input.n);
			if (n > 0)
				t->input = (struct slice){t->input.p + n, t->input.n - (size_t)n};
			else if (n < 0 && errno != EAGAIN && errno != EINTR)
				close_fd(&t->in); /* it does not read us: no fault */
		}
		if (fds[1].revents) {
			char block[4096];
			ssize_t n = read(t->out, block, sizeof(block));
			if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
				close_fd(&t->out);
			size_t take = n > 0 ? (size_t)n : 0;
			take = take > t->room ? t->room : take;
			buf_add(t->answer, block, take);
			t->room -= take;
		}
	}
	return 0;
}

static int wait_until(pid_t pid, int64_t until, int *ret_status)
{
	for (;;) {
		pid_t r = waitpid(pid, ret_status, WNOHANG);
		if (r == pid)
			return 0;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (clock_monotonic() >= until)
			return -ETIMEDOUT;
		poll(NULL, 0, 5);
	}
}

int child_run(const struct child_spec *spec, struct slice input, struct buf *out, size_t max,
	int64_t deadline_ms, int *ret_status, struct error *e)
{
	int in[2] = {-1, -1}, answer[2] = {-1, -1};
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0) {
		int r = error_set(e, -errno, "%s : pipe : %s", spec->path, strerror(errno));
		close_fd(&in[0]), close_fd(&in[1]);
		return r;
	}
	struct child_spec with = *spec;
	with.in = in[0];
	with.out = answer[1];
	pid_t pid = 0;
	int r = child_spawn(&with, &pid, e);
	close_fd(&in[0]);
	close_fd(&answer[1]);
	struct talk t = {in[1], answer[0], input, out, max};
	if (r == 0) {
		/* A child that reads nothing must not kill us: SIGPIPE is the caller's to ignore. */
		fcntl(t.in, F_SETFL, O_NONBLOCK);
		fcntl(t.out, F_SETFL, O_NONBLOCK);
		int64_t until = clock_monotonic() + deadline_ms;
		r = converse(&t, until);
		if (r == 0)
			r = wait_until(pid, until, ret_status);
		if (r < 0) {
			kill(spec->own_group ? -pid : pid, SIGKILL);
			waitpid(pid, ret_status, 0);
			error_set(e, r, "%s : %s", spec->path,
				r == -ETIMEDOUT ? "délai dépassé" : strerror(-r));
		}
	}
	close_fd(&t.in);
	close_fd(&t.out);
	return r;
}
