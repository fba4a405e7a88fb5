/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/file.h>
#include <tocsin/base/alloc.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>

enum { READ_SIZE = 64 << 10 };

static int fault(struct error *e, const char *path, int error)
{
	return error_set(e, -error, "%s : %s", path, error_reason(-error));
}

int file_read(const char *path, size_t max, struct buf *out, struct error *e)
{
	bool standard_input = strcmp(path, "-") == 0;
	_close_ int own = standard_input ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int fd = standard_input ? STDIN_FILENO : own;
	size_t total = 0;
	if (fd < 0)
		return fault(e, path, errno);
	for (;;) {
		char *p = buf_reserve(out, READ_SIZE);
		ssize_t n = read(fd, p, READ_SIZE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault(e, path, errno);
		if (n == 0)
			return 0;
		total += (size_t)n;
		if (total > max)
			return error_set(e, -EFBIG, "%s : plus de %zu octets", path, max);
		out->n += (size_t)n;
	}
}

static int write_all(int fd, struct slice data)
{
	while (data.n) {
		ssize_t n = write(fd, data.p, data.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data.p += n;
		data.n -= (size_t)n;
	}
	return 0;
}

/* The folder of a path, on the heap. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

static int sync_folder(const char *path)
{
	_free_ char *folder = folder_of(path);
	_close_ int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

int file_write_atomic(const char *path, struct slice data, unsigned mode, struct error *e)
{
	_free_ char *beside = xasprintf("%s.XXXXXX", path);
	_close_ int fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return fault(e, path, errno);
	int r = write_all(fd, data);
	if (r == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		r = -errno;
	if (r == 0 && rename(beside, path) < 0)
		r = -errno;
	if (r < 0) {
		unlink(beside);
		return fault(e, path, -r);
	}
	r = sync_folder(path);
	return r < 0 ? fault(e, path, -r) : 0;
}

static int make_one(const char *path, unsigned mode)
{
	struct stat st;
	if (mkdir(path, mode) == 0)
		return chmod(path, mode) < 0 ? -errno : 0; /* whatever the umask */
	int error = errno;
	if (error == EEXIST && stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
	return -error;
}

int file_make_folder(const char *path, unsigned mode, struct error *e)
{
	_free_ char *copy = xstrdup(path);
	for (char *p = copy + 1; copy[0]; p++) {
		char c = *p;
		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		int r = make_one(copy, mode);
		if (r < 0)
			return fault(e, copy, -r);
		*p = c;
		if (c == '\0')
			return 0;
	}
	return fault(e, path, ENOENT);
}

int file_lock(const char *path, int *ret_fd, struct error *e)
{
	_close_ int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return fault(e, path, errno);
	char pid[24];
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return fault(e, path, errno);
		ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);
		pid[n < 0 ? 0 : n] = '\0';
		pid[strcspn(pid, "\n")] = '\0';
		return error_set(e, -EWOULDBLOCK, "%s : déjà tenu par le processus %s", path, pid);
	}
	int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		return fault(e, path, errno ? errno : EIO);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path) < 0 && errno != ENOENT ? -errno : 0;
}

int file_remove_tree(const char *path)
{
	int r = nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (r == -1 && errno == ENOENT)
		return 0;
	if (r == -1)
		return -errno;
	return r;
}
