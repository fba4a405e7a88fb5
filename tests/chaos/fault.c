/* SPDX-License-Identifier: GPL-3.0-or-later
 * LD_PRELOAD: the system calls that change files, failing, lying or dying on command; see README.md. */
#undef _FILE_OFFSET_BITS /* both names of each call are ours; off_t has 64 bits on every machine we run on */
#include "fault.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(off_t) == 8, "off_t");
__thread int fault_inside;

#define REAL(name) real_##name
#define DECLARE(type, name, ...) static type (*real_##name)(__VA_ARGS__)
DECLARE(ssize_t, write, int, const void *, size_t);
DECLARE(ssize_t, pwrite, int, const void *, size_t, off_t);
DECLARE(ssize_t, writev, int, const struct iovec *, int);
DECLARE(ssize_t, pwritev, int, const struct iovec *, int, off_t);
DECLARE(int, fsync, int);
DECLARE(int, fdatasync, int);
DECLARE(int, ftruncate, int, off_t);
DECLARE(int, truncate, const char *, off_t);
DECLARE(int, posix_fallocate, int, off_t, off_t);
DECLARE(int, fallocate, int, int, off_t, off_t);
DECLARE(int, openat, int, const char *, int, ...);
DECLARE(int, unlinkat, int, const char *, int);
DECLARE(int, renameat, int, const char *, int, const char *);

static void find(void *place, const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);
	memcpy(place, &found, sizeof(found));
}

__attribute__((constructor)) static void fault_begin(void)
{
	static bool done;
	if (done)
		return;
	done = true;
	find(&real_write, "write");
	find(&real_pwrite, "pwrite");
	find(&real_writev, "writev");
	find(&real_pwritev, "pwritev");
	find(&real_fsync, "fsync");
	find(&real_fdatasync, "fdatasync");
	find(&real_ftruncate, "ftruncate");
	find(&real_truncate, "truncate");
	find(&real_posix_fallocate, "posix_fallocate");
	find(&real_fallocate, "fallocate");
	find(&real_openat, "openat");
	find(&real_unlinkat, "unlinkat");
	find(&real_renameat, "renameat");
	fault_inside++;
	shadow_init();
	fault_inside--;
}

/* Where the descriptor's file is now; "" when it is no file. */
static void path_of(int fd, char path[static PATH_MAX])
{
	char link[64];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, PATH_MAX - 1);
	path[n > 0 && path[0] == '/' ? n : 0] = '\0';
}

/* The absolute path that at and path mean, without following a last link. */
static void path_at(int at, const char *path, char out[static PATH_MAX])
{
	char base[PATH_MAX], folder[PATH_MAX], real[PATH_MAX];
	const char *slash;
	if (path[0] == '/')
		snprintf(folder, sizeof(folder), "%s", path);
	else {
		if (at != AT_FDCWD)
			path_of(at, base);
		else if (!getcwd(base, sizeof(base)))
			base[0] = '\0';
		if (snprintf(folder, sizeof(folder), "%s/%s", base, path) >= PATH_MAX)
			folder[0] = '\0';
	}
	slash = strrchr(folder, '/');
	out[0] = '\0';
	if (!slash)
		return;
	size_t n = (size_t)(slash - folder);
	char last[NAME_MAX + 2];
	snprintf(last, sizeof(last), "%.*s", NAME_MAX + 1, slash);
	folder[n ? n : 1] = '\0';
	if (realpath(folder, real) &&
		snprintf(out, PATH_MAX, "%s%s", n ? real : "", last) >= PATH_MAX)
		out[0] = '\0';
}

/* --- writing */

struct writing {
	char path[PATH_MAX];
	bool shadowed;
	struct fault_effect effect;
};

static off_t position(int fd, off_t size)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags >= 0 && (flags & O_APPEND))
		return size;
	return lseek(fd, 0, SEEK_CUR);
}

/* False: fails with errno. *at < 0: the file's own position, which is put there. */
static bool before_write(struct writing *w, int fd, off_t *at, size_t n)
{
	struct stat st;
	path_of(fd, w->path);
	if (!w->path[0] || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return true;
	if (*at < 0)
		*at = position(fd, st.st_size);
	w->effect = fault_ask(CALL_WRITE, w->path, st.st_size, *at + (off_t)n);
	if (w->effect.error) {
		errno = w->effect.error;
		return false;
	}
	w->shadowed = shadow_has(w->path);
	if (w->shadowed)
		shadow_ensure(w->path);
	return true;
}

static ssize_t do_write(int fd, const void *p, size_t n, off_t at, bool positioned)
{
	struct writing w = {.shadowed = false};
	ssize_t done = -1;
	fault_inside++;
	if (!positioned)
		at = -1;
	if (before_write(&w, fd, &at, n)) {
		if (w.effect.cut && n > 1)
			n /= 2;
		done = positioned ? real_pwrite(fd, p, n, at) : real_write(fd, p, n);
		int saved = errno;
		if (done > 0 && w.shadowed)
			shadow_wrote(w.path, at, p, (size_t)done);
		errno = saved;
	}
	fault_inside--;
	return done;
}

ssize_t write(int fd, const void *p, size_t n)
{
	if (!real_write)
		fault_begin();
	return fault_inside ? real_write(fd, p, n) : do_write(fd, p, n, 0, false);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (!real_pwrite)
		fault_begin();
	return fault_inside ? real_pwrite(fd, p, n, at) : do_write(fd, p, n, at, true);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite(fd, p, n, at);
}

/* One buffer after the other: a partial write is allowed to a caller of these. */
static ssize_t do_writev(int fd, const struct iovec *v, int count, off_t at, bool positioned)
{
	ssize_t all = 0;
	for (int i = 0; i < count; i++) {
		if (v[i].iov_len == 0)
			continue;
		ssize_t n = do_write(fd, v[i].iov_base, v[i].iov_len, at + all, positioned);
		if (n < 0)
			return all ? all : n;
		all += n;
		if ((size_t)n < v[i].iov_len)
			break;
	}
	return all;
}

static bool is_file(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
	if (!real_writev)
		fault_begin();
	return fault_inside || !is_file(fd) ? real_writev(fd, v, count)
					    : do_writev(fd, v, count, 0, false);
}

ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
	if (!real_pwritev)
		fault_begin();
	return fault_inside ? real_pwritev(fd, v, count, at) : do_writev(fd, v, count, at, true);
}

ssize_t pwritev64(int fd, const struct iovec *v, int count, off_t at)
{
	return pwritev(fd, v, count, at);
}

/* With flags (RWF_SYNC …) it is not for us: nothing we test uses them. */
ssize_t pwritev2(int fd, const struct iovec *v, int count, off_t at, int flags)
{
	if (flags) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return at < 0 ? writev(fd, v, count) : pwritev(fd, v, count, at);
}

ssize_t pwritev64v2(int fd, const struct iovec *v, int count, off_t at, int flags)
{
	return pwritev2(fd, v, count, at, flags);
}

/* --- syncing */

static int do_sync(int fd, int (*real)(int))
{
	char path[PATH_MAX];
	struct fault_effect effect = {0};
	int r = -1;
	fault_inside++;
	path_of(fd, path);
	if (path[0])
		effect = fault_ask(CALL_FSYNC, path, 0, 0);
	if (effect.error) {
		errno = effect.error;
	} else if (effect.lie) {
		r = 0;
	} else {
		/* Before the call: were we killed in between, nobody was told that it is durable, yet it may be. */
		if (path[0])
			shadow_synced(path);
		r = real(fd);
	}
	fault_inside--;
	return r;
}

int fsync(int fd)
{
	if (!real_fsync)
		fault_begin();
	return fault_inside ? real_fsync(fd) : do_sync(fd, real_fsync);
}

int fdatasync(int fd)
{
	if (!real_fdatasync)
		fault_begin();
	return fault_inside ? real_fdatasync(fd) : do_sync(fd, real_fdatasync);
}

/* --- sizes */

/* False: fails with errno. path is "" when there is nothing to note. */
static bool before_size(char path[static PATH_MAX], off_t size)
{
	struct stat st;
	if (!path[0] || stat(path, &st) < 0)
		st.st_size = 0;
	struct fault_effect effect = {0};
	if (path[0])
		effect = fault_ask(CALL_TRUNCATE, path, st.st_size, size);
	if (effect.error) {
		errno = effect.error;
		return false;
	}
	if (path[0] && shadow_has(path))
		shadow_ensure(path);
	else
		path[0] = '\0';
	return true;
}

int ftruncate(int fd, off_t size)
{
	char path[PATH_MAX];
	int r = -1;
	if (!real_ftruncate)
		fault_begin();
	if (fault_inside)
		return real_ftruncate(fd, size);
	fault_inside++;
	path_of(fd, path);
	if (before_size(path, size)) {
		r = real_ftruncate(fd, size);
		if (r == 0 && path[0])
			shadow_truncated(path, size, false);
	}
	fault_inside--;
	return r;
}

int ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

int truncate(const char *name, off_t size)
{
	char path[PATH_MAX];
	int r = -1;
	if (!real_truncate)
		fault_begin();
	if (fault_inside)
		return real_truncate(name, size);
	fault_inside++;
	path_at(AT_FDCWD, name, path);
	if (before_size(path, size)) {
		r = real_truncate(name, size);
		if (r == 0 && path[0])
			shadow_truncated(path, size, false);
	}
	fault_inside--;
	return r;
}

int truncate64(const char *name, off_t size)
{
	return truncate(name, size);
}

/* Returns the error instead of setting errno. */
int posix_fallocate(int fd, off_t at, off_t n)
{
	char path[PATH_MAX];
	if (!real_posix_fallocate)
		fault_begin();
	if (fault_inside)
		return real_posix_fallocate(fd, at, n);
	fault_inside++;
	path_of(fd, path);
	int r = before_size(path, at + n) ? real_posix_fallocate(fd, at, n) : errno;
	if (r == 0 && path[0])
		shadow_truncated(path, at + n, true);
	fault_inside--;
	return r;
}

int posix_fallocate64(int fd, off_t at, off_t n)
{
	return posix_fallocate(fd, at, n);
}

int fallocate(int fd, int mode, off_t at, off_t n)
{
	char path[PATH_MAX];
	int r = -1;
	if (!real_fallocate)
		fault_begin();
	if (fault_inside)
		return real_fallocate(fd, mode, at, n);
	fault_inside++;
	path_of(fd, path);
	if (mode != 0 && shadow_has(path)) {
		errno = EOPNOTSUPP; /* holes have no place in the shadow */
	} else if (before_size(path, at + n)) {
		r = real_fallocate(fd, mode, at, n);
		if (r == 0 && path[0])
			shadow_truncated(path, at + n, true);
	}
	fault_inside--;
	return r;
}

int fallocate64(int fd, int mode, off_t at, off_t n)
{
	return fallocate(fd, mode, at, n);
}

/* --- names */

static int do_open(int at, const char *name, int flags, mode_t mode)
{
	char path[PATH_MAX];
	struct stat st;
	int r = -1;
	if (!real_openat)
		fault_begin();
	if (fault_inside || !name)
		return real_openat(at, name, flags, mode);
	fault_inside++;
	path_at(at, name, path);
	struct fault_effect effect = {0};
	if (path[0])
		effect = fault_ask(CALL_OPEN, path, 0, 0);
	if (effect.error) {
		errno = effect.error;
	} else {
		bool empties = (flags & O_TRUNC) && path[0] && shadow_has(path) &&
			stat(path, &st) == 0 && st.st_size > 0;
		if (empties)
			shadow_ensure(path);
		r = real_openat(at, name, flags, mode);
		int saved = errno;
		if (r >= 0 && empties)
			shadow_truncated(path, 0, false);
		errno = saved;
	}
	fault_inside--;
	return r;
}

#define OPEN_MODE(flags) \
	mode_t mode = 0; \
	if ((flags) & (O_CREAT | O_TMPFILE)) { \
		va_list list; \
		va_start(list, flags); \
		mode = va_arg(list, mode_t); \
		va_end(list); \
	}

int open(const char *name, int flags, ...)
{
	OPEN_MODE(flags)
	return do_open(AT_FDCWD, name, flags, mode);
}

int open64(const char *name, int flags, ...)
{
	OPEN_MODE(flags)
	return do_open(AT_FDCWD, name, flags, mode);
}

int openat(int at, const char *name, int flags, ...)
{
	OPEN_MODE(flags)
	return do_open(at, name, flags, mode);
}

int openat64(int at, const char *name, int flags, ...)
{
	OPEN_MODE(flags)
	return do_open(at, name, flags, mode);
}

int unlinkat(int at, const char *name, int flags)
{
	char path[PATH_MAX];
	int r = -1;
	if (!real_unlinkat)
		fault_begin();
	if (fault_inside || (flags & AT_REMOVEDIR))
		return real_unlinkat(at, name, flags);
	fault_inside++;
	path_at(at, name, path);
	struct fault_effect effect = {0};
	if (path[0])
		effect = fault_ask(CALL_UNLINK, path, 0, 0);
	bool shadowed = path[0] && shadow_has(path) && access(path, F_OK) == 0;
	if (effect.error) {
		errno = effect.error;
	} else {
		if (shadowed)
			shadow_ensure(path);
		r = real_unlinkat(at, name, flags);
		int saved = errno;
		if (r == 0 && shadowed)
			shadow_unlinked(path);
		errno = saved;
	}
	fault_inside--;
	return r;
}

int unlink(const char *name)
{
	return unlinkat(AT_FDCWD, name, 0);
}

int renameat(int at, const char *from, int to_at, const char *to)
{
	char a[PATH_MAX], b[PATH_MAX];
	struct stat st;
	int r = -1;
	if (!real_renameat)
		fault_begin();
	if (fault_inside)
		return real_renameat(at, from, to_at, to);
	fault_inside++;
	path_at(at, from, a);
	path_at(to_at, to, b);
	struct fault_effect effect = {0};
	if (b[0])
		effect = fault_ask(CALL_RENAME, b, 0, 0);
	bool shadowed = a[0] && b[0] && shadow_has(a) && shadow_has(b) && stat(a, &st) == 0 &&
		(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
	if (effect.error) {
		errno = effect.error;
	} else {
		if (shadowed && S_ISREG(st.st_mode)) {
			shadow_ensure(a);
			shadow_ensure(b);
		}
		r = real_renameat(at, from, to_at, to);
		int saved = errno;
		if (r == 0 && shadowed)
			shadow_renamed(a, b);
		errno = saved;
	}
	fault_inside--;
	return r;
}

int rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}
