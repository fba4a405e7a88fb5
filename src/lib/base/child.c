/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/child.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdalign.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define STACK (32u << 10) /* of the child until it executes */
/* The child shares our memory, and never returns: what AddressSanitizer notes of its stack would stay, over ours. */
#define UNMARKED __attribute__((no_sanitize("address")))

/* How many descriptors the child has. */
UNMARKED static int places(const struct child_spec *spec)
{
	return spec->more ? CHILD_MORE + 1 : CHILD_MORE;
}

/* Puts descriptors at 0, 1, 2 and perhaps 3. Those among them that are below that move up first, so that
 * none is overwritten before its turn. */
UNMARKED static int place(const struct child_spec *spec)
{
	const int n = places(spec);
	int want[CHILD_MORE + 1] = {spec->in, spec->out, spec->err, spec->more};
	if (want[0] < 0) {
		want[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (want[0] < 0)
			return -1;
	}
	for (int i = 0; i < n; i++) {
		if (want[i] < 0 || want[i] >= n)
			continue;
		want[i] = fcntl(want[i], F_DUPFD_CLOEXEC, n);
		if (want[i] < 0)
			return -1;
	}
	for (int i = 0; i < n; i++)
		if (want[i] >= 0 && dup2(want[i], i) < 0)
			return -1;
	return 0;
}

UNMARKED static int limit(const struct child_limits *l)
{
	const struct {
		int what;
		uint64_t most;
	} all[] = {{RLIMIT_AS, l->memory}, {RLIMIT_FSIZE, l->file}, {RLIMIT_CPU, l->cpu_s}};
	bool any = false;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (!all[i].most)
			continue;
		any = true;
		if (setrlimit((__rlimit_resource_t)all[i].what,
			    &(struct rlimit){all[i].most, all[i].most}) < 0)
			return -1;
	}
	return any ? setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) : 0;
}

/* Only async-signal-safe calls from here to exec: the parent may have threads. Its memory is ours too until then, and it
 * waits: nothing of it is changed but errno. */
UNMARKED static void become(const struct child_spec *spec, pid_t parent, int *report)
{
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL); /* fails for KILL, STOP and libc's own: as it should */
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if ((spec->own_group && setpgid(0, 0) < 0) || limit(&spec->limits) < 0)
		return;
	if (spec->die_with_parent) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
			return;
		if (getppid() != parent) /* it died before the prctl */
			_exit(127);
	}
	/* The report must not be at a place that place() fills. */
	const int n = places(spec);
	if (*report < n && (*report = fcntl(*report, F_DUPFD_CLOEXEC, n)) < 0)
		return;
	if (place(spec) < 0)
		return;
	if (*report > n && close_range((unsigned)n, (unsigned)*report - 1, 0) < 0)
		return;
	if (close_range((unsigned)*report + 1, ~0U, 0) < 0)
		return;
	execve(spec->path, spec->argv, spec->env ? spec->env : environ);
}

struct birth {
	const struct child_spec *spec;
	pid_t parent;
	int report;
};

UNMARKED static int live(void *arg)
{
	const struct birth *b = arg;
	int report = b->report;
	become(b->spec, b->parent, &report);
	int error = errno;
	ssize_t n = write(report, &error, sizeof(error));
	_exit(n < 0 ? 126 : 127);
}

int child_spawn(const struct child_spec *spec, pid_t *ret_pid, struct error *e)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(e, -errno, "%s : %s", spec->path, error_reason(-errno));
	_close_ int reader = ends[0];
	_close_ int writer = ends[1];
	/* Nothing of ours may run in the child: no handler between fork and exec. */
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	/* As posix_spawn() does: fork() would copy the tables of all our pages, and then every page that we write to, which
	 * costs more than most of what children do. */
	alignas(16) char stack[STACK];
	struct birth birth = {spec, getpid(), writer};
	pid_t pid = clone(live, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, &birth);
	int error = errno;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (pid < 0)
		return error_set(e, -error, "%s : %s", spec->path, error_reason(-error));
	close_fd(&writer);
	ssize_t n;
	do {
		n = read(reader, &error, sizeof(error));
	} while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof(error)) { /* nothing was executed */
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		return error_set(e, -error, "%s : %s", spec->path, error_reason(-error));
	}
	*ret_pid = pid;
	return 0;
}
