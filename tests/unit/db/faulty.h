/* SPDX-License-Identifier: GPL-3.0-or-later
 * A SQLite file system that fails when it is told to: the n-th write, sync, truncation or growth of the shared index from
 * now on, and so many after it. Everything else goes to the real one. */
#ifndef TEST_DB_FAULTY_H
#define TEST_DB_FAULTY_H
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

static struct faulty {
	sqlite3_vfs *real;
	long countdown; /* operations until the fault; 0: none */
	long length; /* how many operations fail in a row */
	int code; /* SQLITE_FULL or SQLITE_IOERR_… */
	long seen, failed;
} faulty;

struct faulty_file {
	sqlite3_file base;
	sqlite3_file *real; /* in the bytes behind */
};

static bool faulty_now(void)
{
	faulty.seen++;
	if (!faulty.countdown || --faulty.countdown > 0)
		return false;
	faulty.failed++;
	faulty.countdown = --faulty.length > 0;
	return true;
}

#define REAL(f) (((struct faulty_file *)(void *)(f))->real)
#define PASS(f, method, ...) REAL(f)->pMethods->method(REAL(f), __VA_ARGS__)

static int faulty_close(sqlite3_file *f)
{
	return REAL(f)->pMethods->xClose(REAL(f));
}
static int faulty_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return PASS(f, xRead, p, n, at);
}
/* Half of the bytes get there, as on a disk that fills up. */
static int faulty_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (faulty_now()) {
		(void)PASS(f, xWrite, p, n / 2, at);
		return faulty.code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	}
	return PASS(f, xWrite, p, n, at);
}
static int faulty_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return faulty_now() ? SQLITE_IOERR_TRUNCATE : PASS(f, xTruncate, n);
}
static int faulty_sync(sqlite3_file *f, int flags)
{
	return faulty_now() ? SQLITE_IOERR_FSYNC : PASS(f, xSync, flags);
}
static int faulty_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return PASS(f, xFileSize, n);
}
static int faulty_lock(sqlite3_file *f, int l)
{
	return PASS(f, xLock, l);
}
static int faulty_unlock(sqlite3_file *f, int l)
{
	return PASS(f, xUnlock, l);
}
static int faulty_reserved(sqlite3_file *f, int *r)
{
	return PASS(f, xCheckReservedLock, r);
}
static int faulty_control(sqlite3_file *f, int op, void *arg)
{
	return PASS(f, xFileControl, op, arg);
}
static int faulty_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}
static int faulty_device(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}
static int faulty_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p)
{
	if (extend && faulty_now())
		return SQLITE_IOERR_SHMSIZE;
	return PASS(f, xShmMap, page, size, extend, p);
}
static int faulty_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return PASS(f, xShmLock, at, n, flags);
}
static void faulty_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}
static int faulty_shm_unmap(sqlite3_file *f, int del)
{
	return PASS(f, xShmUnmap, del);
}

static const sqlite3_io_methods faulty_methods = {.iVersion = 2,
	.xClose = faulty_close,
	.xRead = faulty_read,
	.xWrite = faulty_write,
	.xTruncate = faulty_truncate,
	.xSync = faulty_sync,
	.xFileSize = faulty_size,
	.xLock = faulty_lock,
	.xUnlock = faulty_unlock,
	.xCheckReservedLock = faulty_reserved,
	.xFileControl = faulty_control,
	.xSectorSize = faulty_sector,
	.xDeviceCharacteristics = faulty_device,
	.xShmMap = faulty_shm_map,
	.xShmLock = faulty_shm_lock,
	.xShmBarrier = faulty_shm_barrier,
	.xShmUnmap = faulty_shm_unmap};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct faulty_file *x = (struct faulty_file *)(void *)f;
	int rc;

	(void)vfs;
	x->real = (sqlite3_file *)(void *)(x + 1);
	rc = faulty.real->xOpen(faulty.real, name, x->real, flags, out);
	f->pMethods = rc == SQLITE_OK ? &faulty_methods : NULL;
	return rc;
}

/* From now on every database goes through it. */
static void faulty_install(void)
{
	static sqlite3_vfs vfs;

	faulty.real = sqlite3_vfs_find(NULL);
	vfs = *faulty.real;
	vfs.zName = "faulty";
	vfs.szOsFile = (int)sizeof(struct faulty_file) + faulty.real->szOsFile;
	vfs.xOpen = faulty_open;
	vfs.pNext = NULL;
	sqlite3_vfs_register(&vfs, 1);
}

/* The at-th operation from now fails, and length - 1 after it. */
static void faulty_plan(long at, long length, int code)
{
	faulty = (struct faulty){
		.real = faulty.real, .countdown = at, .length = length, .code = code};
}
static void faulty_stop(void)
{
	faulty.countdown = 0;
}
#endif
