/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

static int failed(struct error *e, const char *what, const char *path)
{
	int code = errno ? -errno : -EIO;
	return error_set(e, code, "%s : %s : %s", path, what, strerror(-code));
}

int file_read(const char *path, size_t max, struct buf *out, struct error *e)
{
	bool standard = strcmp(path, "-") == 0;
	_close_ int opened = standard ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (!standard && opened < 0)
		return failed(e, "ouverture", path);
	size_t start = out->n;
	for (;;) {
		char *at = buf_reserve(out, 64 << 10);
		ssize_t n = read(standard ? STDIN_FILENO : opened, at, 64 << 10);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(e, "lecture", path);
		if (n == 0)
			return 0;
		out->n += (size_t)n;
		if (out->n - start > max)
			return error_set(e, -EFBIG, "%s : plus de %zu octets", path, max);
	}
}

static int write_all(int fd, struct slice data)
{
	while (data.n) {
		ssize_t n = write(fd, data.p, data.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data = (struct slice){data.p + n, data.n - (size_t)n};
	}
	return 0;
}

static int sync_folder(const char *path)
{
	_free_ char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	_close_ int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -1 : fsync(fd);
}

int file_write_atomic(const char *path, struct slice data, unsigned mode, struct error *e)
{
	_free_ char *beside = xasprintf("%s.%ld.tmp", path, (long)getpid());
	_close_ int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return failed(e, "écriture", beside);
	if (fchmod(fd, mode) != 0 || write_all(fd, data) != 0 || fsync(fd) != 0 ||
		rename(beside, path) != 0 || sync_folder(path) != 0) {
		int r = failed(e, "écriture", path);
		unlink(beside);
		return r;
	}
	return 0;
}

int file_make_folder(const char *path, unsigned mode, struct error *e)
{
	_free_ char *part = xstrdup(path);
	for (char *p = part + 1;; p++) {
		if (*p && *p != '/')
			continue;
		char kept = *p;
		*p = '\0';
		if (mkdir(part, mode) != 0 && errno != EEXIST)
			return failed(e, "création du dossier", part);
		if (!kept)
			break;
		*p = kept;
	}
	struct stat st;
	if (stat(path, &st) != 0)
		return failed(e, "dossier", path);
	if (!S_ISDIR(st.st_mode))
		return error_set(e, -ENOTDIR, "%s n'est pas un dossier", path);
	return 0;
}

int file_lock(const char *path, int *ret_fd, struct error *e)
{
	_close_ int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(e, "verrou", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		char pid[32] = "?";
		ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);
		pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
		if (errno != EWOULDBLOCK)
			return failed(e, "verrou", path);
		return error_set(e, -EWOULDBLOCK, "%s : déjà tenu par le processus %s", path,
			*pid ? pid : "?");
	}
	char pid[32];
	int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		return failed(e, "verrou", path);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

static int remove_at(int folder, const char *name)
{
	if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	DIR *d = fdopendir(fd);
	int r = 0;
	for (struct dirent *entry; d && r == 0 && (entry = readdir(d));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = remove_at(fd, entry->d_name);
	if (d)
		closedir(d);
	else
		close(fd);
	if (r == 0 && unlinkat(folder, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
		r = -errno;
	return r;
}

int file_remove_tree(const char *path)
{
	return remove_at(AT_FDCWD, path);
}
