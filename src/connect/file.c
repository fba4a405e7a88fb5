/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind jsonl: a file to its end, standard input, or a file that grows and is rotated under us. */
#include "connect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>

#define LOOK_MS 100 /* a followed file is looked at so often */
#define REPLAY_MS 50 /* a spread file moves on so often */
#define SETTLE 3 /* looks without growth before a file that was renamed counts as finished */

struct file {
	struct connect *c;
	const char *path;
	char *opened; /* the name it has now: path, or a rotated name */
	int fd;
	struct cursor cursor;
	bool has_cursor; /* a regular file */
	bool watched, readable; /* not regular: it is read when poll says so */
	bool at_end, waiting_for_file;
	int still; /* looks without growth since it was renamed */
	struct timespec written; /* last change that was looked at */
	uint64_t total; /* replay: lines of the file */
	int64_t started; /* replay: when line 0 would have been due */
	uint64_t upto; /* lines due by now */
};

static void pump(struct file *f);

static int use(struct file *f, int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	free(f->opened);
	f->opened = xstrdup(name);
	f->fd = fd;
	f->has_cursor = S_ISREG(st.st_mode);
	f->cursor = (struct cursor){.dev = st.st_dev, .inode = st.st_ino};
	f->at_end = false;
	f->still = 0;
	lines_restart(&f->c->lines, 0, 0);
	return 0;
}

static int use_path(struct file *f, const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return -errno;
	r = use(f, fd, name);
	if (r < 0)
		close(fd);
	return r;
}

/* Goes on behind the last line taken. */
static void resume(struct file *f, const struct cursor *old)
{
	f->cursor = *old;
	lines_restart(&f->c->lines, old->offset, old->line);
	if (lseek(f->fd, (off_t)old->offset, SEEK_SET) < 0)
		lines_restart(&f->c->lines, 0, 0);
}

/* The folder of the path, with a slash at its end unless it is "". */
static char *folder_of(const struct file *f)
{
	const char *slash = strrchr(f->path, '/');

	return xstrndup(f->path, slash ? (size_t)(slash + 1 - f->path) : 0);
}

/* The file of the cursor under another name in its folder: it was renamed while nobody looked. */
static bool open_renamed(struct file *f, const struct cursor *old)
{
	_free_ char *folder = folder_of(f);
	struct dirent *d;
	bool found = false;
	DIR *dir = opendir(*folder ? folder : ".");

	if (!dir)
		return false;
	while (!found && (d = readdir(dir))) {
		_free_ char *name = xasprintf("%s%s", folder, d->d_name);
		int fd;

		if (d->d_ino != old->inode || (fd = open(name, O_RDONLY | O_CLOEXEC)) < 0)
			continue;
		found = cursor_matches(old, fd) && use(f, fd, name) == 0;
		if (!found)
			close(fd);
	}
	closedir(dir);
	return found;
}

/* Opens what is to be read: behind the cursor, if the file is still that one. */
static int open_from(struct file *f, const struct cursor *old)
{
	int r = use_path(f, f->path);

	if (old && r == 0 && f->has_cursor && cursor_matches(old, f->fd)) {
		resume(f, old);
		return 0;
	}
	if (old && f->c->source->follow && (r == 0 || r == -ENOENT)) {
		int fresh = r == 0 ? f->fd : -1;

		if (open_renamed(f, old)) {
			close_fd(&fresh);
			resume(f, old);
			return 0;
		}
	}
	if (old && r == 0 && f->has_cursor)
		service_log(&f->c->service, LOG_INFO_, "%s : autre contenu, lu depuis le début",
			f->path);
	return r;
}

/* How new a rotated file is by what stands behind the path: ".1" is newer than ".2", "-20261125" than "-20261124".
 * The two ways are not mixed; 0 for what is no rotated file. */
enum { NUMBER_MAX = 10000 };
static int64_t newness(const char *suffix)
{
	int64_t v = 0;

	if (*suffix != '.' && *suffix != '-')
		return 0;
	for (const char *p = suffix + 1; *p; p++) {
		if (*p == '-' || *p == '_')
			continue;
		if (*p < '0' || *p > '9' || v > INT64_MAX / 100)
			return 0;
		v = 10 * v + (*p - '0');
	}
	return v < NUMBER_MAX ? -v : v;
}

/* The name of the file that came after the open one, which may have been renamed more than once since it was the path. */
static char *next_name(const struct file *f)
{
	_free_ char *folder = folder_of(f);
	const char *base = f->path + strlen(folder);
	int64_t own = 0, next = 0;
	struct dirent *d;
	struct stat st;
	DIR *dir = opendir(*folder ? folder : ".");
	char *found = NULL;

	if (!dir || fstat(f->fd, &st) < 0)
		st.st_ino = 0;
	for (int turn = 0; dir && turn < 2; turn++, rewinddir(dir))
		while ((d = readdir(dir))) {
			int64_t n = strncmp(d->d_name, base, strlen(base)) == 0
				? newness(d->d_name + strlen(base))
				: 0;

			if (turn == 0 && n && d->d_ino == st.st_ino)
				own = n;
			if (turn == 0 || !own || !n || n <= own || (n < 0) != (own < 0) ||
				(next && n > next))
				continue;
			next = n;
			free(found);
			found = xasprintf("%s%s", folder, d->d_name);
		}
	if (dir)
		closedir(dir);
	return found ? found : xstrdup(f->path);
}

static void finish(struct file *f)
{
	struct connect *c = f->c;
	struct cursor *cursor = f->has_cursor ? &f->cursor : NULL;

	if (!connect_take(c, true, f->upto, cursor))
		return; /* tried again when there is room */
	connect_flush(c, cursor);
	if (lines_left(&c->lines))
		return; /* more of it is due later */
	c->ended = true;
	if (window_empty(&c->window))
		bus_stop(c->bus);
}

/* The old file is over when the next one has something to say: until then its writer may still hold the old one. What
 * is left of it is a line, then comes the next one. */
static void change_file(struct file *f)
{
	struct connect *c = f->c;
	_free_ char *name = next_name(f);
	struct stat st;
	int old = f->fd, r;

	if (stat(name, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
		return;
	if (!connect_take(c, true, UINT64_MAX, &f->cursor))
		return;
	connect_flush(c, &f->cursor);
	f->fd = -1;
	r = use_path(f, name);
	if (r < 0) {
		f->fd = old;
		if (r != -ENOENT)
			connect_trouble(c, "%s : %s", name, strerror(-r));
		return;
	}
	close_fd(&old);
	service_log(&c->service, LOG_INFO_, "%s : nouveau fichier", name);
	pump(f);
}

/* Other bytes stand where the last line was read: the file was emptied and filled again between two looks. */
static bool rewritten(struct file *f, const struct stat *now)
{
	const struct lines *l = &f->c->lines;
	struct slice tail = lines_tail(l);
	char there[LINES_TAIL];

	if (now->st_mtim.tv_sec == f->written.tv_sec && now->st_mtim.tv_nsec == f->written.tv_nsec)
		return false;
	f->written = now->st_mtim;
	if (tail.n)
		return pread(f->fd, there, tail.n, (off_t)(l->offset - tail.n)) !=
			(ssize_t)tail.n ||
			memcmp(there, tail.p, tail.n) != 0;
	return f->cursor.offset == l->offset && !cursor_matches(&f->cursor, f->fd);
}

static void truncated(struct file *f)
{
	struct connect *c = f->c;

	if (!connect_take(c, true, UINT64_MAX, &f->cursor))
		return;
	connect_flush(c, &f->cursor);
	service_log(&c->service, LOG_INFO_, "%s : vidé, relu depuis le début", f->path);
	lines_restart(&c->lines, 0, 0);
	f->at_end = false;
	if (lseek(f->fd, 0, SEEK_SET) == 0)
		pump(f);
}

/* A followed file at its end: has it grown, shrunk, or been renamed? */
static void look(void *user)
{
	struct file *f = user;
	struct connect *c = f->c;
	struct stat now, named;

	if (c->ended)
		return;
	if (f->fd < 0) {
		int r = use_path(f, f->path);

		if (r < 0)
			return;
		f->waiting_for_file = false;
		connect_heard(c);
		pump(f);
		return;
	}
	if (!f->at_end || fstat(f->fd, &now) < 0)
		return;
	if ((uint64_t)now.st_size < c->lines.offset + lines_left(&c->lines) || rewritten(f, &now)) {
		truncated(f);
	} else if ((uint64_t)now.st_size > c->lines.offset + lines_left(&c->lines)) {
		f->still = 0;
		f->at_end = false;
		pump(f);
	} else if (stat(f->path, &named) == 0 &&
		(named.st_ino != now.st_ino || named.st_dev != now.st_dev)) {
		if (++f->still >= SETTLE) /* its writer may still hold the renamed file */
			change_file(f);
	}
}

static bool due(struct file *f)
{
	return f->c->lines.number < f->upto;
}

static void reached_end(struct file *f)
{
	struct connect *c = f->c;

	connect_flush(c, f->has_cursor ? &f->cursor : NULL);
	f->at_end = true;
	if (!c->source->follow)
		finish(f);
}

static void set_watch(struct file *f, bool on);

/* Reads and sends until the window is full, nothing is due, or nothing is there. */
static void pump(struct file *f)
{
	struct connect *c = f->c;
	struct cursor *cursor = f->has_cursor ? &f->cursor : NULL;
	bool room = true;

	if (f->fd < 0 || c->ended)
		return;
	if (f->at_end && !c->source->follow) {
		finish(f);
		return;
	}
	while ((room = connect_take(c, false, f->upto, cursor)) && due(f)) {
		ssize_t n;

		if (!f->has_cursor && !f->readable)
			break;
		n = connect_read(c, f->fd);
		f->readable = false;
		if (n < 0) {
			/* begun anew, behind the last line taken: nothing else would wake it again */
			connect_trouble(c, "%s : %s", f->path, strerror((int)-n));
			c->failed = true;
			bus_stop(c->bus);
			return;
		}
		if (n == 0) {
			set_watch(f, false);
			reached_end(f);
			return;
		}
		connect_heard(c);
	}
	if (room)
		connect_flush(c, cursor);
	set_watch(f, room);
}

static void on_readable(void *user, int fd, short revents)
{
	struct file *f = user;

	(void)fd;
	(void)revents;
	f->readable = true;
	pump(f);
}

/* Only what is no regular file is watched, and only while there is room for it. */
static void set_watch(struct file *f, bool on)
{
	if (f->has_cursor || f->watched == on)
		return;
	f->watched = on;
	if (!on)
		bus_unwatch_fd(f->c->bus, f->fd);
	else if (bus_watch_fd(f->c->bus, f->fd, POLLIN, on_readable, f) < 0)
		connect_trouble(f->c, "%s : ne peut être attendu", f->path);
}

/* Replay: counts the lines, then lets so many be due as time has passed. */
static uint64_t count_lines(int fd)
{
	_free_ char *block = xmalloc(1 << 20);
	uint64_t lines = 0;
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, block, 1 << 20, at)) > 0) {
		for (const char *p = block; (p = memchr(p, '\n', (size_t)(block + n - p))); p++)
			lines++;
		at += n;
	}
	return lines + 1;
}

static void replay(void *user)
{
	struct file *f = user;
	int64_t span = f->c->source->replay_ms, past = clock_monotonic() - f->started;

	if (f->upto == UINT64_MAX || f->c->ended)
		return;
	f->upto = past >= span ? UINT64_MAX
			       : (uint64_t)((double)f->total * (double)past / (double)span);
	pump(f);
}

static void start_replay(struct file *f)
{
	struct connect *c = f->c;
	int64_t span = c->source->replay_ms;

	f->total = count_lines(f->fd);
	f->upto = c->lines.number;
	f->started = clock_monotonic() -
		(int64_t)((double)span * (double)c->lines.number / (double)f->total);
	bus_timer(c->bus, 0, REPLAY_MS, replay, f);
}

static void first(void *user)
{
	struct file *f = user;

	connect_heard(f->c);
	pump(f);
}

/* The cursor that ingest keeps. -EINTR when asked to stop. */
static int ask_cursor(struct file *f, struct cursor *ret, bool *has)
{
	_buf_ struct buf text = {0};
	int r = connect_ask_cursor(f->c, &text);

	*has = r == 0 && cursor_parse(buf_slice(&text), ret);
	return r < 0 ? r : 0;
}

static int start(struct connect *c, struct error *e)
{
	struct file *f = c->state = xcalloc(1, sizeof(*f));
	bool input = strcmp(c->source->path, "-") == 0, has = false;
	struct cursor old;
	int r = 0;

	f->c = c;
	f->fd = -1;
	f->path = c->source->path;
	f->upto = UINT64_MAX;
	buf_add_string(&c->place, f->path);
	if (input) {
		r = use(f, STDIN_FILENO, "-");
		f->has_cursor = false;
		if (r == 0)
			bus_timer(c->bus, 0, 0, first, f);
		return r;
	}
	r = ask_cursor(f, &old, &has);
	if (r == -EINTR) {
		c->ended = true;
		return 0;
	}
	if (r == 0)
		r = open_from(f, has ? &old : NULL);
	if (r == -ENOENT && c->source->follow) {
		connect_trouble(c, "%s : pas encore là", f->path);
		r = 0;
	}
	if (r < 0)
		return error_set(e, r, "%s : %s", f->path, strerror(-r));
	if (c->source->follow)
		bus_timer(c->bus, LOOK_MS, LOOK_MS, look, f);
	if (c->source->replay_ms > 0 && f->fd >= 0 && !c->source->follow && f->has_cursor)
		start_replay(f);
	else
		bus_timer(c->bus, 0, 0, first, f);
	return 0;
}

static void space(struct connect *c)
{
	pump(c->state);
}

static void stop(struct connect *c)
{
	struct file *f = c->state;

	connect_flush(c, f->has_cursor ? &f->cursor : NULL);
}

static void release(struct connect *c)
{
	struct file *f = c->state;

	if (!f)
		return;
	if (f->fd > STDIN_FILENO)
		close_fd(&f->fd);
	free(f->opened);
	free(f);
}

const struct kind kind_jsonl = {
	.name = "jsonl", .start = start, .space = space, .stop = stop, .release = release};
