/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

struct place {
	char folder[64];
	char path[128];
};

static int make_place(void **state)
{
	struct place *x = xcalloc(1, sizeof(*x));
	strncpy(x->folder, "/tmp/test-file-XXXXXX", sizeof(x->folder) - 1);
	if (!mkdtemp(x->folder))
		return -1;
	snprintf(x->path, sizeof(x->path), "%s/f", x->folder);
	*state = x;
	return 0;
}

static int remove_place(void **state)
{
	struct place *x = *state;
	int r = file_remove_tree(x->folder);
	free(x);
	return r;
}

static void test_write_and_read(void **state)
{
	struct place *x = *state;
	struct error e = {""};
	struct stat st;
	_buf_ struct buf big = {0}, back = {0};
	for (int i = 0; i < 50000; i++)
		buf_printf(&big, "%d\n", i);
	umask(0077);
	assert_int_equal(file_write_atomic(x->path, SLICE("avant"), 0600, &e), 0);
	assert_int_equal(file_write_atomic(x->path, buf_slice(&big), 0644, &e), 0);
	assert_int_equal(stat(x->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	buf_add_string(&back, "+");
	assert_int_equal(file_read(x->path, big.n, &back, &e), 0);
	assert_int_equal(back.n, big.n + 1);
	assert_memory_equal(back.p + 1, big.p, big.n);
	size_t before = back.n;
	assert_int_equal(file_read(x->path, big.n - 1, &back, &e), -EFBIG);
	assert_true(back.n <= before + big.n - 1);
	/* nothing is left beside */
	_free_ char *command = xasprintf("%s", x->folder);
	unlink(x->path);
	assert_int_equal(rmdir(command), 0);
	assert_int_equal(mkdir(command, 0700), 0);
}

static void test_faults_are_said(void **state)
{
	struct place *x = *state;
	struct error e = {""};
	_buf_ struct buf out = {0};
	assert_int_equal(file_read(x->path, 10, &out, &e), -ENOENT);
	assert_non_null(strstr(e.text, x->path));
	assert_non_null(strstr(e.text, "introuvable"));
	assert_int_equal(file_read(x->folder, 10, &out, &e), -EISDIR);
	assert_int_equal(file_write_atomic("/nulle/part/f", SLICE("x"), 0600, &e), -ENOENT);
	assert_int_equal(file_write_atomic("/proc/f", SLICE("x"), 0600, NULL), -ENOENT);
}

static void test_folders(void **state)
{
	struct place *x = *state;
	struct error e = {""};
	struct stat st;
	_free_ char *deep = xasprintf("%s/a/b//c/", x->folder);
	_free_ char *a = xasprintf("%s/a", x->folder);
	umask(0077);
	assert_int_equal(file_make_folder(deep, 0750, &e), 0);
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0750);
	assert_int_equal(chmod(a, 0711), 0);
	assert_int_equal(file_make_folder(deep, 0700, &e), 0);
	assert_int_equal(stat(a, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0711); /* what was there keeps its mode */
	assert_int_equal(file_write_atomic(x->path, SLICE(""), 0600, &e), 0);
	_free_ char *under = xasprintf("%s/g", x->path);
	assert_int_equal(file_make_folder(x->path, 0700, &e), -ENOTDIR);
	assert_int_equal(file_make_folder(under, 0700, &e), -ENOTDIR);
	assert_int_equal(file_make_folder("", 0700, &e), -ENOENT);
}

static void test_remove_tree(void **state)
{
	struct place *x = *state;
	_free_ char *deep = xasprintf("%s/a/b", x->folder);
	_free_ char *top = xasprintf("%s/a", x->folder);
	_free_ char *link = xasprintf("%s/a/link", x->folder);
	assert_int_equal(file_make_folder(deep, 0700, NULL), 0);
	assert_int_equal(file_write_atomic(x->path, SLICE("reste"), 0600, NULL), 0);
	assert_int_equal(symlink("..", link), 0);
	assert_int_equal(file_remove_tree(top), 0);
	assert_int_equal(access(top, F_OK), -1);
	assert_int_equal(access(x->path, F_OK), 0); /* links are removed, not followed */
	assert_int_equal(file_remove_tree(top), 0);
}

static void test_lock(void **state)
{
	struct place *x = *state;
	struct error e = {""};
	int fd = -1, status;
	assert_int_equal(file_lock(x->path, &fd, &e), 0);
	_buf_ struct buf text = {0};
	assert_int_equal(file_read(x->path, 100, &text, &e), 0);
	assert_int_equal(strtol(buf_string(&text), NULL, 10), getpid());
	pid_t pid = fork();
	if (pid == 0) {
		int other;
		struct error said = {""};
		char mine[32];
		snprintf(mine, sizeof(mine), "%ld", (long)getppid());
		int r = file_lock(x->path, &other, &said);
		_exit(r == -EWOULDBLOCK && strstr(said.text, mine) ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fd);
	assert_int_equal(file_lock(x->path, &fd, &e), 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	assert_int_equal(file_lock("/nulle/part", &fd, &e), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_write_and_read, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_faults_are_said, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_folders, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_remove_tree, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_lock, make_place, remove_place),
	};
	return cmocka_run_group_tests_name("base file", tests, NULL, NULL);
}
