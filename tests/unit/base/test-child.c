/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>

static struct child_spec shell_spec(char *const *argv)
{
	return (struct child_spec){.path = "/bin/sh", .argv = argv, .in = -1, .out = -1, .err = -1};
}

/* Runs a shell command to its end and returns its status. */
static int shell(const char *command, struct slice input, struct buf *out, size_t max,
	int64_t deadline, int *r)
{
	char text[512];
	snprintf(text, sizeof(text), "%s", command);
	char sh[] = "sh", c[] = "-c";
	char *argv[] = {sh, c, text, NULL};
	struct child_spec spec = shell_spec(argv);
	spec.own_group = true;
	int status = -1;
	struct error e = {""};
	*r = child_run(&spec, input, out, max, deadline, &status, &e);
	assert_true(*r == 0 || e.text[0]);
	return status;
}

static void test_output_and_status(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	int r, status = shell("echo bonjour; exit 3", SLICE(""), &out, 100, 5000, &r);
	assert_int_equal(r, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	assert_string_equal(buf_string(&out), "bonjour\n");
	status = shell("kill -9 $$", SLICE(""), &out, 100, 5000, &r);
	assert_int_equal(r, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* More than any pipe holds, both ways at once. */
static void test_large_both_ways(void **state)
{
	(void)state;
	_buf_ struct buf in = {0}, out = {0};
	for (int i = 0; i < 100000; i++)
		buf_printf(&in, "ligne %d\n", i);
	int r;
	shell("cat", buf_slice(&in), &out, SIZE_MAX, 20000, &r);
	assert_int_equal(r, 0);
	assert_true(slice_equal(buf_slice(&in), buf_slice(&out)));
	buf_clear(&out);
	shell("cat", buf_slice(&in), &out, 1000, 20000, &r);
	assert_int_equal(r, 0);
	assert_int_equal(out.n, 1000);
	assert_memory_equal(out.p, in.p, 1000);
}

/* A child that does not read: neither a signal nor a fault. */
static void test_child_that_reads_nothing(void **state)
{
	(void)state;
	_buf_ struct buf in = {0}, out = {0};
	memset(buf_reserve(&in, 1 << 20), 'x', 1 << 20);
	in.n = 1 << 20;
	signal(SIGPIPE, SIG_DFL);
	int r, status = shell("exec <&-; echo fini", buf_slice(&in), &out, 100, 5000, &r);
	assert_int_equal(r, 0);
	assert_int_equal(status, 0);
	assert_string_equal(buf_string(&out), "fini\n");
	sigset_t pending;
	sigpending(&pending);
	assert_false(sigismember(&pending, SIGPIPE));
}

static void test_deadline(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	int64_t start = clock_monotonic();
	int r;
	shell("echo avant; sleep 30", SLICE(""), &out, 100, 300, &r);
	assert_int_equal(r, -ETIMEDOUT);
	assert_string_equal(buf_string(&out), "avant\n");
	assert_true(clock_monotonic() - start < 5000);
}

/* A grandchild that keeps the output open does not hold us. */
static void test_grandchild(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	int64_t start = clock_monotonic();
	int r, status = shell("sleep 20 2>/dev/null & echo parti", SLICE(""), &out, 100, 15000, &r);
	assert_int_equal(r, 0);
	assert_int_equal(status, 0);
	assert_string_equal(buf_string(&out), "parti\n");
	assert_true(clock_monotonic() - start < 5000);
}

static void test_not_executed(void **state)
{
	(void)state;
	char name[] = "x";
	char *argv[] = {name, NULL};
	struct child_spec spec = shell_spec(argv);
	struct error e = {""};
	pid_t pid = -7;
	spec.path = "/nulle/part";
	assert_int_equal(child_spawn(&spec, &pid, &e), -ENOENT);
	assert_non_null(strstr(e.text, "/nulle/part"));
	spec.path = "/etc/passwd";
	assert_int_equal(child_spawn(&spec, &pid, &e), -EACCES);
	assert_int_equal(pid, -7);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nothing is left to reap */
	assert_int_equal(errno, ECHILD);
}

/* Only 0, 1 and 2 are open; signals are as for a new program, whatever we block or ignore. */
static void test_clean_start(void **state)
{
	(void)state;
	_buf_ struct buf out = {0};
	int extra = open("/dev/null", O_RDONLY), high = fcntl(extra, F_DUPFD, 200), r;
	sigset_t block;
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigprocmask(SIG_BLOCK, &block, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	/* all by the shell itself or in its place: a fork of its own would show in what it sees */
	shell("i=0; while [ $i -lt 300 ]; do [ -e /proc/self/fd/$i ] && echo $i; i=$((i+1)); done;"
	      "exec grep -E '^Sig(Blk|Ign)' /proc/self/status",
		SLICE(""), &out, 1000, 5000, &r);
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	close(extra);
	close(high);
	assert_int_equal(r, 0);
	assert_string_equal(buf_string(&out),
		"0\n1\n2\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

static void test_environment_and_input(void **state)
{
	(void)state;
	char sh[] = "sh", c[] = "-c", text[] = "echo \"$A-$HOME-$(cat)\"", a[] = "A=b";
	char *argv[] = {sh, c, text, NULL}, *env[] = {a, NULL};
	struct child_spec spec = shell_spec(argv);
	int ends[2], status;
	pid_t pid;
	assert_int_equal(pipe(ends), 0);
	spec.env = env;
	spec.out = ends[1];
	assert_int_equal(child_spawn(&spec, &pid, NULL), 0);
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	char got[64] = "";
	assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
	close(ends[0]);
	assert_string_equal(got, "b--\n"); /* input is /dev/null */
}

/* The descriptors we pass may themselves be 0, 1 or 2, in any order. */
static void test_crossed_descriptors(void **state)
{
	(void)state;
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	pid_t middle = fork();
	if (middle == 0) {
		char sh[] = "sh", c[] = "-c", text[] = "echo un; echo deux >&2";
		char *argv[] = {sh, c, text, NULL};
		struct child_spec spec = shell_spec(argv);
		pid_t pid;
		dup2(ends[1], 2); /* 2 is the pipe, 1 something else */
		int null = open("/dev/null", O_WRONLY);
		dup2(null, 1);
		spec.out = 2;
		spec.err = 1;
		if (child_spawn(&spec, &pid, NULL) != 0)
			_exit(1);
		_exit(waitpid(pid, NULL, 0) == pid ? 0 : 1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(middle, &status, 0), middle);
	assert_int_equal(status, 0);
	char got[64] = "";
	assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
	close(ends[0]);
	assert_string_equal(got, "un\n");
}

/* A fourth one, wherever it was; without it the place is empty (test_clean_start). */
static void test_one_more_descriptor(void **state)
{
	(void)state;
	for (int low = 0; low < 2; low++) {
		int ends[2], more[2], status;
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(pipe(more), 0);
		assert_int_equal(write(more[1], "quatre\n", 7), 7);
		close(more[1]);
		pid_t middle = fork();
		if (middle == 0) {
			char sh[] = "sh", c[] = "-c",
			     text[] = "cat <&3; [ -e /proc/self/fd/4 ] && echo cinq; exit 0";
			char *argv[] = {sh, c, text, NULL};
			struct child_spec spec = shell_spec(argv);
			pid_t pid;
			if (low) { /* they cross: ours is 1, and what was 3 becomes 1 */
				dup2(ends[1], 100);
				dup2(more[0], 1);
				dup2(100, 3);
			}
			spec.out = low ? 3 : ends[1];
			spec.more = low ? 1 : more[0];
			if (child_spawn(&spec, &pid, NULL) != 0)
				_exit(1);
			_exit(waitpid(pid, NULL, 0) == pid ? 0 : 1);
		}
		close(ends[1]);
		close(more[0]);
		assert_int_equal(waitpid(middle, &status, 0), middle);
		assert_int_equal(status, 0);
		char got[64] = "";
		assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
		close(ends[0]);
		assert_string_equal(got, "quatre\n");
	}
}

static void test_dies_with_parent(void **state)
{
	(void)state;
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	pid_t middle = fork();
	if (middle == 0) {
		char name[] = "sleep", seconds[] = "30";
		char *argv[] = {name, seconds, NULL};
		struct child_spec spec = shell_spec(argv);
		pid_t pid;
		spec.path = "/bin/sleep";
		spec.out = ends[1]; /* the grandchild alone keeps the pipe open */
		spec.die_with_parent = true;
		_exit(child_spawn(&spec, &pid, NULL) == 0 ? 0 : 1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(middle, &status, 0), middle);
	assert_int_equal(status, 0);
	int64_t start = clock_monotonic();
	char c;
	assert_int_equal(read(ends[0], &c, 1), 0); /* end of file: it is dead */
	assert_true(clock_monotonic() - start < 5000);
	close(ends[0]);
}

/* What is beyond the limits ends the child, not us. */
static void test_limits(void **state)
{
	(void)state;
	char sh[] = "sh", c[] = "-c";
	char large[] = "head -c 300000 /dev/zero > \"$0\"", busy[] = "while :; do :; done";
	char path[] = "/tmp/tocsin-child-XXXXXX";
	int fd = mkstemp(path), status = 0;
	char *argv[] = {sh, c, large, path, NULL}, *spin[] = {sh, c, busy, NULL};
	struct child_spec spec = shell_spec(argv);
	struct stat st;
	struct error e = {""};
	_buf_ struct buf out = {0};
	spec.limits.file = 100000;
	assert_true(fd >= 0);
	assert_int_equal(child_run(&spec, SLICE(""), &out, 100, 20000, &status, &e), 0);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 100000);
	spec = shell_spec(spin);
	spec.limits.cpu_s = 1;
	assert_int_equal(child_run(&spec, SLICE(""), &out, 100, 60000, &status, &e), 0);
	assert_true(WIFSIGNALED(status) &&
		(WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL));
	unlink(path);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_and_status),
		cmocka_unit_test(test_large_both_ways),
		cmocka_unit_test(test_child_that_reads_nothing),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_grandchild),
		cmocka_unit_test(test_not_executed),
		cmocka_unit_test(test_clean_start),
		cmocka_unit_test(test_environment_and_input),
		cmocka_unit_test(test_crossed_descriptors),
		cmocka_unit_test(test_one_more_descriptor),
		cmocka_unit_test(test_dies_with_parent),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests_name("base child", tests, NULL, NULL);
}
