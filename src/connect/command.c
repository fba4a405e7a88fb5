/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind command: any program that prints one JSON object a line. */
#include "connect.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>

#define BACK_OFF_MIN_MS 1000
#define BACK_OFF_MAX_MS 60000
#define KILL_MS 1000
#define PIPE_BYTES (1 << 20)
#define SAID_MAX 1024 /* bytes of a line of its standard error */

struct command {
	struct connect *c;
	char *path;
	pid_t pid; /* 0: not running */
	int out, err;
	bool watched, out_over, err_over, exited;
	int status;
	int64_t back_off;
	struct lines said;
};

static void run_again(void *user);
static void pump(struct command *m, bool readable);

/* argv[0] as the shell would find it. NULL when there is no such program. */
static char *find_program(const char *name)
{
	_free_ char *paths = xstrdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char *save = NULL;

	if (strchr(name, '/'))
		return realpath(name, NULL);
	for (char *p = strtok_r(paths, ":", &save); p; p = strtok_r(NULL, ":", &save)) {
		char *full = xasprintf("%s/%s", p, name);

		if (access(full, X_OK) == 0)
			return full;
		free(full);
	}
	return NULL;
}

static void say(struct command *m, struct slice line)
{
	service_log(&m->c->service, LOG_INFO_, "%s dit : %s", m->c->source->command[0],
		log_quote(&m->c->service, line));
}

static void on_err(void *user, int fd, short revents)
{
	struct command *m = user;
	struct slice line;
	size_t room;
	char *p = lines_room(&m->said, &room);
	ssize_t n = read(fd, p, room);

	(void)revents;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0)
		lines_added(&m->said, (size_t)n);
	while (lines_next(&m->said, n <= 0, &line) != LINE_NONE)
		say(m, line);
	if (n <= 0) {
		bus_unwatch_fd(m->c->bus, fd);
		close_fd(&m->err);
	}
}

static void set_watch(struct command *m, bool on);

static void on_out(void *user, int fd, short revents)
{
	(void)fd;
	(void)revents;
	pump(user, true);
}

static void set_watch(struct command *m, bool on)
{
	if (m->watched == on || m->out < 0)
		return;
	m->watched = on;
	if (!on)
		bus_unwatch_fd(m->c->bus, m->out);
	else if (bus_watch_fd(m->c->bus, m->out, POLLIN, on_out, m) < 0)
		connect_trouble(m->c, "descripteur perdu");
}

/* One run is over: what comes next depends on how it ended. */
static void run_over(struct command *m)
{
	struct connect *c = m->c;
	bool good = WIFEXITED(m->status) && WEXITSTATUS(m->status) == 0;
	int64_t pause = c->source->restart_ms;

	m->pid = 0;
	if (good) {
		m->back_off = 0;
		if (!pause) {
			c->ended = true;
			if (window_empty(&c->window))
				bus_stop(c->bus);
			return;
		}
	} else {
		m->back_off = m->back_off ? 2 * m->back_off : BACK_OFF_MIN_MS;
		if (m->back_off > BACK_OFF_MAX_MS)
			m->back_off = BACK_OFF_MAX_MS;
		if (pause < m->back_off)
			pause = m->back_off;
		connect_trouble(c, "%s : %s %d, repris dans %lld ms", c->source->command[0],
			WIFSIGNALED(m->status) ? "tué par le signal" : "terminé avec le code",
			WIFSIGNALED(m->status) ? WTERMSIG(m->status) : WEXITSTATUS(m->status),
			(long long)pause);
	}
	bus_timer(c->bus, pause, 0, run_again, m);
}

static void pump(struct command *m, bool readable)
{
	struct connect *c = m->c;
	bool room;

	if (c->ended || (m->out_over && !m->pid))
		return;
	room = connect_take(c, m->out_over, UINT64_MAX, NULL);
	if (room && readable && !m->out_over) {
		ssize_t n = connect_read(c, m->out);

		if (n > 0) {
			connect_heard(c);
		} else {
			set_watch(m, false);
			close_fd(&m->out);
			m->out_over = true;
		}
		room = connect_take(c, m->out_over, UINT64_MAX, NULL);
	}
	if (room)
		connect_flush(c, NULL);
	set_watch(m, room);
	if (room && m->out_over && m->exited)
		run_over(m);
}

static void child(struct connect *c)
{
	struct command *m = c->state;

	if (!m->pid || m->exited || waitpid(m->pid, &m->status, WNOHANG) != m->pid)
		return;
	m->exited = true;
	if (m->out_over)
		pump(m, false);
}

static int make_pipes(int out[2], int err[2])
{
	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(err, O_CLOEXEC) < 0) {
		int r = -errno;

		close(out[0]);
		close(out[1]);
		return r;
	}
	if (fcntl(out[0], F_SETPIPE_SZ, PIPE_BYTES) < 0)
		return 0; /* smaller blocks, no harm */
	return 0;
}

static int spawn(struct command *m, struct error *e)
{
	struct connect *c = m->c;
	int out[2] = {-1, -1}, err[2] = {-1, -1}, r = make_pipes(out, err);
	const struct child_spec spec = {.path = m->path,
		.argv = c->source->command,
		.in = -1,
		.out = out[1],
		.err = err[1],
		.die_with_parent = true,
		.own_group = true};

	if (r < 0)
		return error_set(e, r, "%s", strerror(-r));
	r = child_spawn(&spec, &m->pid, e);
	close(out[1]);
	close(err[1]);
	if (r < 0) {
		close(out[0]);
		close(err[0]);
		m->pid = 0;
		return r;
	}
	if (m->err >= 0) { /* something that the last run left behind holds its other end */
		bus_unwatch_fd(c->bus, m->err);
		close_fd(&m->err);
	}
	m->out = out[0];
	m->err = err[0];
	m->out_over = m->exited = m->watched = false;
	return bus_watch_fd(c->bus, m->err, POLLIN, on_err, m);
}

/* Lines of one run are told from those of another by its start. */
static void name_run(struct command *m)
{
	char text[CLOCK_TEXT];

	buf_clear(&m->c->place);
	buf_printf(&m->c->place, "%s@%s", m->c->source->id, clock_format(clock_now(), text));
	lines_restart(&m->c->lines, 0, 0);
	lines_restart(&m->said, 0, 0);
}

static void run_again(void *user)
{
	struct command *m = user;
	struct error e;

	if (m->c->ended)
		return;
	name_run(m);
	if (spawn(m, &e) < 0) {
		m->back_off = m->back_off ? 2 * m->back_off : BACK_OFF_MIN_MS;
		if (m->back_off > BACK_OFF_MAX_MS)
			m->back_off = BACK_OFF_MAX_MS;
		connect_trouble(m->c, "%s : %s", m->c->source->command[0], e.text);
		bus_timer(m->c->bus, m->back_off, 0, run_again, m);
		return;
	}
	set_watch(m, true);
}

static int start(struct connect *c, struct error *e)
{
	struct command *m = c->state = xcalloc(1, sizeof(*m));
	int r;

	m->c = c;
	m->out = m->err = -1;
	lines_init(&m->said, SAID_MAX);
	r = service_watch_children(&c->service);
	if (r < 0)
		return error_set(e, r, "signaux : %s", strerror(-r));
	if (chdir(c->service.config.folder) < 0)
		return error_set(e, -errno, "%s : %s", c->service.config.folder, strerror(errno));
	m->path = find_program(c->source->command[0]);
	if (!m->path)
		return error_set(e, -ENOENT, "programme introuvable : %s", c->source->command[0]);
	name_run(m);
	bus_timer(c->bus, 0, 0, run_again, m);
	return 0;
}

static void space(struct connect *c)
{
	pump(c->state, false);
}

static void stop(struct connect *c)
{
	struct command *m = c->state;

	set_watch(m, false);
	connect_flush(c, NULL);
	if (m->pid > 0 && !m->exited)
		kill(-m->pid, SIGTERM);
}

static void release(struct connect *c)
{
	struct command *m = c->state;
	int64_t until = clock_monotonic() + KILL_MS;

	if (!m)
		return;
	while (m->pid > 0 && !m->exited) {
		if (waitpid(m->pid, &m->status, WNOHANG) != 0)
			break;
		if (clock_monotonic() > until)
			kill(-m->pid, SIGKILL);
		poll(NULL, 0, 10);
	}
	close_fd(&m->out);
	close_fd(&m->err);
	lines_release(&m->said);
	free(m->path);
	free(m);
}

const struct kind kind_command = {.name = "command",
	.start = start,
	.space = space,
	.child = child,
	.stop = stop,
	.release = release};
