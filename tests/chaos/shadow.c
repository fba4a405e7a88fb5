/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a power cut would leave. For each file below TOCSIN_FAULT_ROOT, in TOCSIN_FAULT_SHADOW:
 *   durable/NAME  its content as of its last fsync (absent: the file would not be there)
 *   log/NAME      what was written since: 'W' u64 offset, u32 n, bytes; 'T' u64 size; 'E' u64 size (grows only).
 *                 It exists, be it empty, for every file that was ever changed.
 *   names         renames and removals that no fsync has made durable, in their order:
 *                 "unlink\tA\n", "rename\tA\tB\n"
 * NAME is the path below the root with / as %2F. One lock for all processes. Nothing here is fsynced: it outlives
 * kill -9, which is all that happens to it. */
#include "fault.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[2048], folder[2048];
static size_t root_n;

struct name {
	char p[4096];
};

static void die(const char *what, const char *path)
{
	fprintf(stderr, "fault: %s %s: %s\n", what, path, strerror(errno));
	abort(); /* a shadow that is wrong proves nothing */
}

void shadow_init(void)
{
	const char *r = getenv("TOCSIN_FAULT_ROOT"), *f = getenv("TOCSIN_FAULT_SHADOW");
	char path[sizeof(folder) + 16];
	if (!r || !f || !realpath(r, root))
		return;
	root_n = strlen(root);
	snprintf(folder, sizeof(folder), "%s", f);
	mkdir(folder, 0700);
	snprintf(path, sizeof(path), "%s/durable", folder);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/log", folder);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		die("mkdir", path);
}

bool shadow_has(const char *path)
{
	size_t n = strlen(path);
	if (!root_n || strncmp(path, root, root_n) != 0 || path[root_n] != '/')
		return false;
	/* shared memory of SQLite: rebuilt from the log by its first reader */
	return !(n > 4 && strcmp(path + n - 4, "-shm") == 0) &&
		!(n > 10 && strcmp(path + n - 10, " (deleted)") == 0);
}

static struct name name_in(const char *kind, const char *path)
{
	struct name name;
	size_t at = (size_t)snprintf(name.p, sizeof(name.p), "%s/%s/", folder, kind);
	for (const char *p = path + root_n + 1; *p && at + 4 < sizeof(name.p); p++) {
		if (*p == '/' || *p == '%')
			at += (size_t)sprintf(name.p + at, "%%%02X", (unsigned char)*p);
		else
			name.p[at++] = *p;
	}
	name.p[at] = '\0';
	return name;
}

static int take_lock(void)
{
	char path[sizeof(folder) + 16];
	snprintf(path, sizeof(path), "%s/lock", folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		die("open", path);
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			die("flock", path);
	return fd;
}

static void write_all(int fd, const void *p, size_t n, off_t at, const char *path)
{
	const char *c = p;
	while (n) {
		ssize_t done = at < 0 ? write(fd, c, n) : pwrite(fd, c, n, at);
		if (done <= 0)
			die("write", path);
		c += done;
		n -= (size_t)done;
		at += at < 0 ? 0 : done;
	}
}

static void append(const char *path, const void *head, size_t head_n, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		die("open", path);
	write_all(fd, head, head_n, -1, path);
	write_all(fd, p, n, -1, path);
	close(fd);
}

static void copy(const char *from, const char *to)
{
	static char piece[1
		<< 16]; /* under the lock of this process's one caller at a time: see ensure */
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n;
	off_t at = 0;
	if (in < 0 || out < 0)
		die("copy", from);
	for (; (n = pread(in, piece, sizeof(piece), at)) > 0; at += n)
		write_all(out, piece, (size_t)n, at, to);
	close(in);
	close(out);
}

void shadow_ensure(const char *path)
{
	struct name log = name_in("log", path), durable = name_in("durable", path);
	struct stat st;
	if (access(log.p, F_OK) == 0)
		return;
	int lock = take_lock();
	if (access(log.p, F_OK) < 0) {
		if (stat(path, &st) == 0 && st.st_size > 0)
			copy(path, durable.p);
		append(log.p, "", 0, "", 0);
	}
	close(lock);
}

void shadow_wrote(const char *path, off_t at, const void *p, size_t n)
{
	struct name log = name_in("log", path);
	char head[13] = {'W'};
	uint64_t offset = (uint64_t)at;
	uint32_t size = (uint32_t)n;
	memcpy(head + 1, &offset, 8);
	memcpy(head + 9, &size, 4);
	int lock = take_lock();
	append(log.p, head, sizeof(head), p, n);
	close(lock);
}

void shadow_truncated(const char *path, off_t size, bool only_grow)
{
	struct name log = name_in("log", path);
	char head[9] = {only_grow ? 'E' : 'T'};
	uint64_t value = (uint64_t)size;
	memcpy(head + 1, &value, 8);
	int lock = take_lock();
	append(log.p, head, sizeof(head), "", 0);
	close(lock);
}

/* --- making durable, under the lock */

static char *read_whole(const char *path, size_t *ret_n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	*ret_n = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0)
		die("stat", path);
	char *p = malloc((size_t)st.st_size + 1);
	if (!p)
		die("malloc", path);
	ssize_t n;
	while (*ret_n < (size_t)st.st_size &&
		(n = pread(fd, p + *ret_n, (size_t)st.st_size - *ret_n, (off_t)*ret_n)) > 0)
		*ret_n += (size_t)n;
	p[*ret_n] = '\0';
	close(fd);
	return p;
}

static void apply_entries(int fd, const char *p, size_t n, const char *path)
{
	struct stat st;
	size_t at = 0;
	while (at + 9 <= n) {
		uint64_t value;
		uint32_t size;
		memcpy(&value, p + at + 1, 8);
		if (p[at] == 'W') {
			if (at + 13 > n)
				return;
			memcpy(&size, p + at + 9, 4);
			if (at + 13 + size > n)
				return; /* its process died while it noted this: never synced */
			write_all(fd, p + at + 13, size, (off_t)value, path);
			at += 13 + (size_t)size;
			continue;
		}
		bool grow = p[at] == 'E';
		if (fstat(fd, &st) < 0 ||
			((!grow || st.st_size < (off_t)value) && ftruncate(fd, (off_t)value) < 0))
			die("truncate", path);
		at += 9;
	}
}

static void apply_log(const char *path)
{
	struct name log = name_in("log", path), durable = name_in("durable", path);
	size_t n;
	char *p = read_whole(log.p, &n);
	int fd = open(durable.p, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		die("open", durable.p);
	apply_entries(fd, p, n, durable.p);
	free(p);
	close(fd);
	if (truncate(log.p, 0) < 0 && errno != ENOENT)
		die("truncate", log.p);
}

static bool same_folder(const char *path, const char *dir, size_t n)
{
	return strncmp(path, dir, n) == 0 && path[n] == '/' && !strchr(path + n + 1, '/');
}

static void commit_name(char *line)
{
	char *rest = NULL;
	const char *what = strtok_r(line, "\t", &rest), *a = strtok_r(NULL, "\t", &rest),
		   *b = strtok_r(NULL, "\t", &rest);
	struct name from = name_in("durable", a);
	if (strcmp(what, "unlink") == 0) {
		unlink(from.p);
		return;
	}
	struct name to = name_in("durable", b);
	if (rename(from.p, to.p) < 0) {
		/* Renamed before its content was synced: the new name may well be empty after the cut. */
		int fd = open(to.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (fd >= 0)
			close(fd);
	}
}

/* The removals and renames that concern this folder, in their order. */
static void commit_names(const char *dir, size_t dir_n)
{
	char path[sizeof(folder) + 16];
	size_t n;
	snprintf(path, sizeof(path), "%s/names", folder);
	char *all = read_whole(path, &n);
	if (!all || n == 0) {
		free(all);
		return;
	}
	char *keep = malloc(n + 1);
	size_t kept = 0;
	char *rest = NULL;
	for (char *line = strtok_r(all, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *a = strchr(line, '\t') + 1, *b = strchr(a, '\t');
		char first[4096];
		snprintf(first, sizeof(first), "%.*s", (int)(b ? b - a : (ptrdiff_t)strlen(a)), a);
		if (same_folder(first, dir, dir_n) || (b && same_folder(b + 1, dir, dir_n)))
			commit_name(line);
		else
			kept += (size_t)sprintf(keep + kept, "%s\n", line);
	}
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		die("open", path);
	write_all(fd, keep, kept, -1, path);
	close(fd);
	free(keep);
	free(all);
}

void shadow_synced(const char *path)
{
	struct stat st;
	bool is_dir = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	if (!shadow_has(path) && !(is_dir && root_n && strcmp(path, root) == 0))
		return;
	if (!is_dir)
		shadow_ensure(path);
	const char *slash = strrchr(path, '/');
	size_t n = is_dir || !slash ? strlen(path) : (size_t)(slash - path);
	int lock = take_lock();
	commit_names(path, n);
	if (!is_dir)
		apply_log(path);
	close(lock);
}

static void note_name(const char *what, const char *a, const char *b)
{
	char path[sizeof(folder) + 16], line[8400];
	snprintf(path, sizeof(path), "%s/names", folder);
	int n = b ? snprintf(line, sizeof(line), "%s\t%s\t%s\n", what, a, b)
		  : snprintf(line, sizeof(line), "%s\t%s\n", what, a);
	append(path, line, (size_t)n, "", 0);
}

void shadow_unlinked(const char *path)
{
	struct name log = name_in("log", path);
	int lock = take_lock();
	note_name("unlink", path, NULL);
	if (truncate(log.p, 0) < 0 && errno != ENOENT)
		die("truncate", log.p);
	close(lock);
}

/* A folder is durable at once, and so is its new name: what it holds moves in both halves of the shadow. */
static void move_folder(const char *kind, const char *from, const char *to)
{
	struct name old = name_in(kind, from), new = name_in(kind, to);
	char path[sizeof(folder) + 16];
	snprintf(path, sizeof(path), "%s/%s", folder, kind);
	size_t at = strlen(path) + 1, n = strlen(old.p + at);
	DIR *d = opendir(path);
	if (!d)
		die("opendir", path);
	for (struct dirent *e; (e = readdir(d));) {
		if (strncmp(e->d_name, old.p + at, n) != 0 || strncmp(e->d_name + n, "%2F", 3) != 0)
			continue;
		char a[sizeof(struct name)], b[sizeof(struct name)];
		snprintf(a, sizeof(a), "%s/%s", path, e->d_name);
		if ((size_t)snprintf(b, sizeof(b), "%s%s", new.p, e->d_name + n) >= sizeof(b))
			die("long name", a);
		if (rename(a, b) < 0)
			die("rename", a);
	}
	closedir(d);
}

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void shadow_renamed(const char *from, const char *to)
{
	if (is_folder(to)) {
		int held = take_lock();
		move_folder("durable", from, to);
		move_folder("log", from, to);
		close(held);
		return;
	}
	struct name a = name_in("log", from), b = name_in("log", to);
	int lock = take_lock();
	note_name("rename", from, to);
	if (rename(a.p, b.p) < 0 && errno != ENOENT)
		die("rename", a.p);
	append(a.p, "", 0, "", 0); /* the old name stays known */
	close(lock);
}
