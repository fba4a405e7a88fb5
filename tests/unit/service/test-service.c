/* SPDX-License-Identifier: GPL-3.0-or-later
 * The skeleton: options, log lines, quoting, metrics, signals, readiness. */
#include <tocsin/service/service.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

struct place {
	char folder[64];
	char *file;
	struct service s;
	char words[8][128];
	char *argv[9];
};

static int start(struct place *p, int argc, const char *const *words)
{
	for (int i = 0; i < argc; i++)
		p->argv[i] = strncpy(p->words[i], words[i], sizeof(p->words[i]) - 1);
	return service_start(&p->s, "tocsin-essai", "manuel\n", argc, p->argv);
}

static int make_place(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));
	strcpy(p->folder, "/tmp/tocsin-service-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	p->file = xasprintf("%s/tocsin.yaml", p->folder);
	_free_ char *run = xasprintf("%s/run", p->folder);
	assert_int_equal(mkdir(run, 0700), 0);
	assert_int_equal(
		file_write_atomic(p->file, SLICE("tocsin: 1\nfolders: {state: state, run: run}\n"),
			0600, NULL),
		0);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	service_end(&p->s);
	assert_int_equal(file_remove_tree(p->folder), 0);
	free(p->file);
	free(p);
	return 0;
}

static void options(void **state)
{
	struct place *p = *state;
	const char *words[] = {
		"x", "--config", p->file, "--instance", "facebook", "jsonl", "--log"};
	assert_int_equal(start(p, 7, words), 0);
	assert_string_equal(p->s.name, "tocsin-essai.facebook");
	assert_string_equal(service_instance(&p->s), "facebook");
	assert_int_equal(p->s.argc, 2);
	assert_string_equal(p->s.argv[0], "jsonl");
	assert_string_equal(p->s.argv[1], "--log");
	assert_true(p->s.signal_fd >= 0);
}

static void misuse(void **state)
{
	struct place *p = *state;
	const char *unknown[] = {"x", "--bavard"};
	const char *level[] = {"x", "--config", p->file, "--log", "fort"};
	const char *instance[] = {"x", "--config", p->file, "--instance", "../../etc"};
	const char *missing[] = {"x", "--config", "/nulle/part.yaml"};
	int quiet = open("/dev/null", O_WRONLY), old = dup(STDERR_FILENO);
	dup2(quiet, STDERR_FILENO);
	int a = start(p, 2, unknown), b = start(p, 5, level), c = start(p, 5, instance);
	int d = start(p, 3, missing);
	dup2(old, STDERR_FILENO);
	close(old);
	close(quiet);
	assert_int_equal(a, 2);
	assert_int_equal(b, 2);
	assert_int_equal(c, 2);
	assert_int_equal(d, 2);
}

static void start_plain(struct place *p)
{
	const char *words[] = {"x", "--config", p->file, "--log", "info"};
	assert_int_equal(start(p, 5, words), 0);
}

/* Standard error during f, as text. */
static char *captured(struct place *p, void (*f)(struct place *))
{
	_free_ char *path = xasprintf("%s/stderr", p->folder);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600), old = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	f(p);
	dup2(old, STDERR_FILENO);
	close(old);
	close(fd);
	_buf_ struct buf out = {0};
	assert_int_equal(file_read(path, 1 << 20, &out, NULL), 0);
	return xstrdup(buf_string(&out));
}

static void log_some(struct place *p)
{
	service_log(&p->s, LOG_DEBUG_, "on ne me voit pas");
	service_log(&p->s, LOG_INFO_, "un\ndeux\x1b[2J");
	service_log(&p->s, LOG_WARNING_, "%d %%", 5);
	service_log(&p->s, LOG_ERROR_, "%s", "trois");
}

/* As systemd does it: JOURNAL_STREAM names the device and inode of what standard error was at the start. */
static void log_to_journal(struct place *p)
{
	struct stat st;
	_free_ char *other = NULL;
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	_free_ char *stream = xasprintf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_some(p);
	other = xasprintf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino + 1);
	setenv("JOURNAL_STREAM", other, 1);
	service_log(&p->s, LOG_ERROR_, "quatre");
	unsetenv("JOURNAL_STREAM");
}

static void log_long(struct place *p)
{
	char text[5000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	service_log(&p->s, LOG_INFO_, "%s", text);
}

static void log_lines(void **state)
{
	struct place *p = *state;
	start_plain(p);
	_free_ char *text = captured(p, log_some);
	assert_string_equal(text,
		"tocsin-essai: un deux [2J\n"
		"tocsin-essai: warning: 5 %\n"
		"tocsin-essai: error: trois\n");
	_free_ char *journal = captured(p, log_to_journal);
	assert_string_equal(journal,
		"<6>tocsin-essai: un deux [2J\n"
		"<4>tocsin-essai: warning: 5 %\n"
		"<3>tocsin-essai: error: trois\n"
		"tocsin-essai: error: quatre\n");
	_free_ char *one = captured(p, log_long);
	assert_true(strlen(one) <= 2048);
	assert_ptr_equal(strchr(one, '\n'), one + strlen(one) - 1);
}

static void quoting(void **state)
{
	struct place *p = *state;
	start_plain(p);
	assert_string_equal(log_quote(&p->s, SLICE("été \"x\" \\ \n\xff\xc2\x85")),
		"\"été \\\"x\\\" \\\\ \\x0a\\xff\\xc2\\x85\"");
	assert_string_equal(log_quote(&p->s, SLICE("")), "\"\"");
	char text[1000];
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "é", 2);
	const char *first = log_quote(&p->s, (struct slice){text, sizeof(text)});
	assert_true(strlen(first) <= 120);
	assert_non_null(strstr(first, "…\""));
	/* Still there after three more. */
	for (int i = 0; i < 3; i++)
		assert_string_equal(log_quote(&p->s, SLICE("x")), "\"x\"");
	assert_non_null(strstr(first, "…\""));
}

static void metrics(void **state)
{
	struct place *p = *state;
	start_plain(p);
	service_metric_set(&p->s, "a", NULL, 3);
	service_metric_add(&p->s, "a", NULL, 4);
	service_metric_add(&p->s, "b", "source=\"x\"", 0.5);
	service_metric_add(&p->s, "b", "source=\"y\"", 1e12);
	service_metrics_flush(&p->s);
	_free_ char *path = xasprintf("%s/run/metrics/tocsin-essai.prom", p->folder);
	_buf_ struct buf out = {0};
	assert_int_equal(file_read(path, 1 << 20, &out, NULL), 0);
	const char *text = buf_string(&out);
	assert_non_null(strstr(text, "tocsin_process_pid "));
	assert_non_null(strstr(text, "\ntocsin_a 7\n"));
	assert_non_null(strstr(text, "\ntocsin_b{source=\"x\"} 0.5\n"));
	assert_non_null(strstr(text, "\ntocsin_b{source=\"y\"} 1000000000000\n"));
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void signals(void **state)
{
	struct place *p = *state;
	start_plain(p);
	assert_int_equal(service_signal_read(&p->s), SERVICE_NONE);
	raise(SIGHUP);
	assert_int_equal(service_signal_read(&p->s), SERVICE_RELOAD);
	raise(SIGTERM);
	assert_int_equal(service_signal_read(&p->s), SERVICE_STOP);
	raise(SIGINT);
	assert_int_equal(service_signal_read(&p->s), SERVICE_STOP);
	assert_int_equal(service_watch_children(&p->s), 0);
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(service_signal_read(&p->s), SERVICE_CHILD);
	assert_int_equal(service_signal_read(&p->s), SERVICE_NONE);
}

static void readiness(void **state)
{
	struct place *p = *state;
	int ends[2];
	char number[16], byte;
	start_plain(p);
	assert_int_equal(pipe(ends), 0);
	snprintf(number, sizeof(number), "%d", ends[1]);
	setenv("TOCSIN_READY_FD", number, 1);
	service_waits(&p->s);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(byte, 'W');
	service_ready(&p->s);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(byte, 'R');
	assert_int_equal(read(ends[0], &byte, 1), 0); /* and closed */
	assert_null(getenv("TOCSIN_READY_FD"));
	close(ends[0]);
}

static void systemd(void **state)
{
	struct place *p = *state;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	snprintf(a.sun_path, sizeof(a.sun_path), "%s/notify", p->folder);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	setenv("NOTIFY_SOCKET", a.sun_path, 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	unsetenv("WATCHDOG_PID");
	start_plain(p);
	service_ready(&p->s);
	service_notify("STATUS=été");
	char text[64];
	ssize_t n = recv(fd, text, sizeof(text), MSG_DONTWAIT);
	assert_int_equal(n, 7);
	assert_memory_equal(text, "READY=1", 7);
	n = recv(fd, text, sizeof(text), MSG_DONTWAIT);
	assert_int_equal(n, (ssize_t)strlen("STATUS=été"));
	assert_int_equal(service_watchdog_ms(), 15000);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(service_watchdog_ms(), 0);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	service_notify("STATUS=personne"); /* nobody listens: nothing happens */
	close(fd);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
	const struct CMUnitTest tests[] = {T(options), T(misuse), T(log_lines), T(quoting),
		T(metrics), T(signals), T(readiness), T(systemd)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
