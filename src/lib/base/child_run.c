/* SPDX-License-Identifier: GPL-3.0-or-later
 * A child from its start to its end, with text in and text out. */
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

struct run {
	int in, out, pidfd; /* our ends */
	struct slice input;
	struct buf *output;
	size_t room; /* bytes of output that are still kept */
};

/* Writes what the pipe takes. A child that closed its input is no fault. SIGPIPE is swallowed, whatever
 * this process does with it otherwise. */
static void feed(struct run *r)
{
	sigset_t pipe_only, old, pending;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	bool was_pending = sigismember(&pending, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &old);
	ssize_t n = write(r->in, r->input.p, r->input.n);
	int error = errno;
	if (n < 0 && error == EPIPE && !was_pending)
		sigtimedwait(&pipe_only, NULL, &(struct timespec){0});
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (n > 0) {
		r->input.p += n;
		r->input.n -= (size_t)n;
	}
	if (r->input.n == 0 || (n < 0 && error != EAGAIN && error != EINTR))
		close_fd(&r->in);
}

/* Takes what the pipe has; false when there is no more for now. */
static bool take(struct run *r)
{
	char chunk[16384];
	ssize_t n = read(r->out, chunk, sizeof(chunk));
	if (n < 0 && errno == EINTR)
		return true;
	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		close_fd(&r->out);
		return false;
	}
	size_t keep = (size_t)n < r->room ? (size_t)n : r->room;
	buf_add(r->output, chunk, keep);
	r->room -= keep;
	return true;
}

/* Until the child ends, or -ETIMEDOUT, or another fault. A grandchild that keeps the output open does not
 * count. */
static int talk(struct run *r, int64_t until)
{
	for (;;) {
		struct pollfd polls[3] = {
			{.fd = r->pidfd, .events = POLLIN},
			{.fd = r->out, .events = POLLIN},
			{.fd = r->in, .events = POLLOUT},
		};
		int64_t left = until - clock_monotonic();
		if (left <= 0)
			return -ETIMEDOUT;
		int n = poll(polls, 3, left > 60000 ? 60000 : (int)left);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0)
			continue;
		if (polls[2].revents)
			feed(r);
		if (polls[1].revents)
			take(r);
		if (polls[0].revents) {
			/* bounded: what a pipe can hold, twice */
			for (int i = 0; r->out >= 0 && i < 128 && take(r); i++)
				;
			return 0;
		}
	}
}

static int make_pipes(int in[2], int out[2])
{
	if (pipe2(in, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(out, O_CLOEXEC) < 0) {
		int error = errno;
		close(in[0]);
		close(in[1]);
		return -error;
	}
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	return 0;
}

int child_run(const struct child_spec *spec, struct slice input, struct buf *out, size_t max,
	int64_t deadline_ms, int *ret_status, struct error *e)
{
	int to[2] = {-1, -1}, from[2] = {-1, -1};
	int64_t until = clock_monotonic() + deadline_ms;
	int r = make_pipes(to, from);
	if (r < 0)
		return error_set(e, r, "%s : %s", spec->path, error_reason(r));
	_close_ int child_in = to[0];
	_close_ int child_out = from[1];
	struct run run = {to[1], from[0], -1, input, out, max};
	struct child_spec piped = *spec;
	piped.in = child_in;
	piped.out = child_out;
	pid_t pid;
	r = child_spawn(&piped, &pid, e);
	if (r < 0)
		goto out;
	close_fd(&child_in);
	close_fd(&child_out);
	if (input.n == 0)
		close_fd(&run.in);
	run.pidfd = pidfd_open(pid, 0);
	r = run.pidfd < 0 ? -errno : talk(&run, until);
	if (r < 0)
		kill(spec->own_group ? -pid : pid, SIGKILL);
	int status = 0;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			r = -errno;
			break;
		}
	if (r == -ETIMEDOUT)
		error_set(e, r, "%s : toujours pas fini après %lld ms", spec->path,
			(long long)deadline_ms);
	else if (r < 0)
		error_set(e, r, "%s : %s", spec->path, error_reason(r));
	else
		*ret_status = status;
out:
	close_fd(&run.in);
	close_fd(&run.out);
	close_fd(&run.pidfd);
	return r;
}
