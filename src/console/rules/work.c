/* SPDX-License-Identifier: GPL-3.0-or-later
 * Input and output are files in memory: a child that waits for nobody, and a process to wait for. */
#include "work.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>

#define FILE_MOST (64u << 20)
#define NICE 10
/* A sanitizer's shadow takes more addresses than there is memory. */
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_MOST 0
#else
#define MEMORY_MOST (UINT64_C(768) << 20) /* the shipped packs are checked in 250 MiB */
#endif

struct running {
	struct works *all;
	bool used, late;
	pid_t pid;
	int pidfd, out, said, timer;
	char who[64];
	work_fn *done;
	void *user;
};
struct works {
	struct bus *bus;
	char *program; /* NULL: it was not found */
	struct running list[WORKS_MAX + 1]; /* the last one: WORK_OWN */
};

/* `tocsin` lies beside us: installed, or in the build tree. */
static char *find_program(void)
{
	static const char *const places[] = {"../../bin/tocsin", "../tocsin/tocsin"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0)
		return NULL;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		char *path = xasprintf("%s/%s", self, places[i]);
		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

struct works *works_new(struct bus *b)
{
	struct works *w = xcalloc(1, sizeof(*w));
	w->bus = b;
	w->program = find_program();
	return w;
}

static void release(struct running *r)
{
	bus_timer_cancel(r->all->bus, r->timer);
	bus_unwatch_fd(r->all->bus, r->pidfd);
	close_fd(&r->pidfd);
	close_fd(&r->out);
	close_fd(&r->said);
	*r = (struct running){0};
}

static void end(struct running *r)
{
	kill(-r->pid, SIGKILL);
}

struct works *works_free(struct works *w)
{
	if (!w)
		return NULL;
	for (size_t i = 0; i <= WORKS_MAX; i++) {
		struct running *r = &w->list[i];
		if (!r->used)
			continue;
		end(r);
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			;
		release(r);
	}
	free(w->program);
	free(w);
	return NULL;
}

void works_stop(struct works *w)
{
	for (size_t i = 0; i <= WORKS_MAX; i++)
		if (w->list[i].used)
			end(&w->list[i]);
}

static struct running *running_of(struct works *w, const char *who)
{
	for (size_t i = 0; i <= WORKS_MAX; i++)
		if (w->list[i].used && strcmp(w->list[i].who, who) == 0)
			return &w->list[i];
	return NULL;
}

bool works_said(struct works *w, const char *who, char *ret, size_t size)
{
	const struct running *r = running_of(w, who);
	struct stat st;
	ssize_t n = 0;
	if (!r)
		return false;
	if (fstat(r->said, &st) == 0)
		n = pread(r->said, ret, size - 1,
			st.st_size < (off_t)size ? 0 : st.st_size - (off_t)size + 1);
	ret[n > 0 ? n : 0] = '\0';
	return true;
}

void works_end(struct works *w, const char *who)
{
	struct running *r = running_of(w, who);
	if (r)
		end(r);
}

static void read_all(int fd, struct buf *ret)
{
	struct stat st;
	if (fstat(fd, &st) < 0 || st.st_size <= 0)
		return;
	size_t n = st.st_size < (off_t)WORK_OUT_MAX ? (size_t)st.st_size : WORK_OUT_MAX;
	ssize_t got = pread(fd, buf_reserve(ret, n), n, 0);
	ret->n += got > 0 ? (size_t)got : 0;
}

static void on_end(void *user, int fd, short events)
{
	struct running *r = user;
	_buf_ struct buf out = {0}, said = {0};
	int status = 0;
	(void)fd, (void)events;
	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	read_all(r->out, &out);
	read_all(r->said, &said);
	const struct work_result result = {.late = r->late,
		.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.out = buf_slice(&out),
		.said = buf_slice(&said)};
	work_fn *done = r->done;
	void *owner = r->user;
	release(r);
	done(owner, &result);
}

static void on_deadline(void *user)
{
	struct running *r = user;
	r->late = true;
	end(r);
}

static int memory_file(struct slice text)
{
	int fd = memfd_create("tocsin-rules", MFD_CLOEXEC);
	while (fd >= 0 && text.n) {
		ssize_t n = write(fd, text.p, text.n);
		if (n <= 0) {
			close_fd(&fd);
			return -1;
		}
		text.p += n;
		text.n -= (size_t)n;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Its turn comes last, and its end first when memory is short: nobody's comments wait for it. */
static void humble(pid_t pid)
{
	_free_ char *path = xasprintf("/proc/%ld/oom_score_adj", (long)pid);
	_fclose_ FILE *f = fopen(path, "we");
	if (f)
		(void)!fputs("1000", f);
	(void)!setpriority(PRIO_PROCESS, (id_t)pid, NICE);
}

/* 0 or -errno; what was opened is r's. */
static int start(struct running *r, const struct work *what)
{
	struct error e = {""};
	_close_ int in = memory_file(what->input);
	r->out = memory_file((struct slice){0});
	r->said = memory_file((struct slice){0});
	if (in < 0 || r->out < 0 || r->said < 0)
		return -ENOMEM;
	const struct child_spec spec = {.path = r->all->program,
		.argv = what->argv,
		.in = in,
		.out = r->out,
		.err = r->said,
		.die_with_parent = true,
		.own_group = true,
		.limits = {MEMORY_MOST, what->file_most ? what->file_most : FILE_MOST,
			(uint64_t)what->deadline_ms / 1000 + 1}};
	int code = child_spawn(&spec, &r->pid, &e);
	if (code < 0)
		return code;
	humble(r->pid);
	r->pidfd = pidfd_open(r->pid, 0);
	code = r->pidfd < 0 ? -errno : bus_watch_fd(r->all->bus, r->pidfd, POLLIN, on_end, r);
	if (code < 0) {
		end(r);
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return code;
}

static struct running *place(struct works *w, const char *who)
{
	struct running *free_one = NULL;
	if (!*who)
		return w->list[WORKS_MAX].used ? NULL : &w->list[WORKS_MAX];
	for (size_t i = 0; i < WORKS_MAX; i++) {
		if (w->list[i].used && strcmp(w->list[i].who, who) == 0)
			return NULL;
		if (!w->list[i].used)
			free_one = &w->list[i];
	}
	return free_one;
}

void work_start(struct works *w, const struct work *what)
{
	struct running *r = place(w, what->who);
	if (!r || !w->program) {
		what->done(what->user, &(struct work_result){.busy = r == NULL, .code = -1});
		return;
	}
	*r = (struct running){.all = w,
		.used = true,
		.pidfd = -1,
		.out = -1,
		.said = -1,
		.timer = -1,
		.done = what->done,
		.user = what->user};
	snprintf(r->who, sizeof(r->who), "%s", what->who);
	if (start(r, what) < 0) {
		release(r);
		what->done(what->user, &(struct work_result){.code = -1});
		return;
	}
	r->timer = bus_timer(w->bus, what->deadline_ms, 0, on_deadline, r);
}
