/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which processes there are, where their programs lie, and how one is started and mourned. */
#include "crew.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>
#include <tocsin/base/clock.h>
#include <tocsin/bus/seam.h>

extern char **environ;

struct member crew_member(const struct crew *c, const char *process, const char *instance,
	enum stage stage, const char *last_argument)
{
	struct member m = {.stage = stage, .ready_fd = -1};
	m.label = instance ? xasprintf("%s.%s", process, instance) : xstrdup(process);
	m.program = crew_program(c, process);
	m.argv = xcalloc(10, sizeof(*m.argv));
	size_t n = 0;
	m.argv[n++] = xasprintf("tocsin-%s", process);
	m.argv[n++] = xstrdup("--config");
	m.argv[n++] = xstrdup(c->config);
	m.argv[n++] = xstrdup("--log");
	m.argv[n++] = xstrdup(c->log_level);
	if (instance) {
		m.argv[n++] = xstrdup("--instance");
		m.argv[n++] = xstrdup(instance);
	}
	if (last_argument)
		m.argv[n++] = xstrdup(last_argument);
	return m;
}

struct member *crew_add(struct crew *c, struct member m)
{
	c->members = xreallocarray(c->members, c->n + 1, sizeof(*c->members));
	c->members[c->n] = m;
	return &c->members[c->n++];
}

void crew_member_release(struct member *m)
{
	for (size_t i = 0; m->argv[i]; i++)
		free(m->argv[i]);
	free(m->argv);
	free(m->label);
	free(m->program);
	free(m->spec);
	close_fd(&m->ready_fd);
}

static struct member *add(
	struct crew *c, const char *process, const char *instance, enum stage stage)
{
	return crew_add(c, crew_member(c, process, instance, stage, NULL));
}

static void list_members(struct crew *c)
{
	const struct config *config = &c->s->config;
	add(c, "store", NULL, STAGE_STORE)->reloads =
		true; /* who is who, and how long a charge holds */
	add(c, "ingest", NULL, STAGE_INGEST);
	for (int64_t i = 1; i <= config->workers; i++) {
		char number[24];
		snprintf(number, sizeof(number), "%lld", (long long)i);
		add(c, "score", number, STAGE_WORK)->scorer = true;
	}
	static const char *const readers[] = {"trend", "escalate", "search"};
	for (size_t i = 0; i < 3; i++)
		if (config->search || i < 2) {
			struct member *m = add(c, readers[i], NULL, STAGE_WORK);
			m->order = 1;
			m->reloads = i < 2;
		}
	crew_sources(c, config);
}

/* The folder of the programs: TOCSIN_LIBEXEC, ../libexec/tocsin beside us, or the build tree that we lie in. */
int crew_find(struct crew *c)
{
	const char *env = getenv("TOCSIN_LIBEXEC");
	if (env && *env) {
		c->libexec = xstrdup(env);
		return 0;
	}
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0)
		return -errno;
	self[n] = '\0';
	char *slash = strrchr(self, '/');
	*slash = '\0';
	c->libexec = xasprintf("%s/../libexec/tocsin", self);
	_free_ char *store = xasprintf("%s/tocsin-store", c->libexec);
	if (access(store, X_OK) == 0)
		return 0;
	free(c->libexec);
	c->libexec = NULL;
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	c->tree = xstrdup(self);
	return 0;
}

char *crew_program(const struct crew *c, const char *process)
{
	if (c->libexec)
		return xasprintf("%s/tocsin-%s", c->libexec, process);
	return xasprintf("%s/%s/tocsin-%s", c->tree, process, process);
}

int crew_init(
	struct crew *c, struct service *s, struct bus *b, const char *config, const char *log_level)
{
	*c = (struct crew){
		.s = s, .bus = b, .config = realpath(config, NULL), .log_level = log_level};
	if (!c->config)
		return -errno;
	int r = crew_find(c);
	if (r < 0)
		return r;
	list_members(c);
	for (size_t i = 0; i < c->n; i++)
		if (access(c->members[i].program, X_OK) < 0) {
			service_log(
				s, LOG_ERROR_, "%s: %s", c->members[i].program, strerror(errno));
			r = -ENOENT;
		}
	return r;
}

void crew_release(struct crew *c)
{
	for (size_t i = 0; i < c->n; i++)
		crew_member_release(&c->members[i]);
	free(c->members);
	free(c->libexec);
	free(c->tree);
	free(c->config);
	*c = (struct crew){0};
}

/* Our environment without what is ours alone, and with the way to say "ready": standard output, for child_spawn
 * closes all others. */
static char **child_env(void)
{
	static const char *const ours[] = {
		"NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID=", "TOCSIN_READY_FD="};
	static char ready[] = "TOCSIN_READY_FD=1";
	size_t n = 0, kept = 0;
	while (environ[n])
		n++;
	char **env = xcalloc(n + 2, sizeof(*env));
	for (size_t i = 0; i < n; i++) {
		bool drop = false;
		for (size_t o = 0; o < sizeof(ours) / sizeof(*ours); o++)
			drop |= strncmp(environ[i], ours[o], strlen(ours[o])) == 0;
		if (!drop)
			env[kept++] = environ[i];
	}
	env[kept] = ready;
	return env;
}

static void retry_later(struct crew *c, struct member *m, int64_t lived)
{
	int64_t now = clock_monotonic();
	int64_t pause = backoff_next(&m->backoff, now, lived);
	m->state = MEMBER_WAITING;
	m->restart_at = now + pause;
	m->ready = false;
	service_log(c->s, LOG_DEBUG_, "%s: %lld ms", m->label, (long long)pause);
}

static void start(struct crew *c, struct member *m)
{
	int ends[2];
	struct error e = {0};
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
		retry_later(c, m, 0);
		return;
	}
	_free_ char **env = child_env();
	struct child_spec spec = {
		.path = m->program,
		.argv = m->argv,
		.env = env,
		.in = m->takes_stdin ? STDIN_FILENO : -1,
		.out = ends[1],
		.err = -1,
		.die_with_parent = true,
		.own_group = true,
	};
	int r = child_spawn(&spec, &m->pid, &e);
	close(ends[1]);
	m->starts++;
	m->started_at = clock_monotonic();
	if (r < 0) {
		close(ends[0]);
		m->pid = 0;
		service_log(c->s, LOG_ERROR_, "%s: %s", m->label, e.text);
		retry_later(c, m, 0);
		return;
	}
	m->ready_fd = ends[0];
	m->ready = false;
	m->state = MEMBER_RUNNING;
	service_log(c->s, LOG_DEBUG_, "%s: pid %ld", m->label, (long)m->pid);
}

static void look_for_readiness(struct crew *c, struct member *m)
{
	char byte;
	ssize_t n = read(m->ready_fd, &byte, 1);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == 1 && byte == 'W') {
		m->held = true;
		return; /* more will come */
	}
	if (n == 1 && byte == 'R') {
		m->held = false;
		m->ready = m->ever_ready = true;
		service_log(c->s, LOG_DEBUG_, "%s: ready after %lld ms", m->label,
			(long long)(clock_monotonic() - m->started_at));
	}
	close_fd(&m->ready_fd);
}

static bool stage_works(const struct crew *c, enum stage stage)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct member *m = &c->members[i];
		bool tried = stage == STAGE_EDGE &&
			(m->starts > 1 || m->held); /* one bad source must not keep the town deaf */
		if (m->stage == stage && !m->ever_ready && m->state != MEMBER_DONE && !tried)
			return false;
	}
	return true;
}

static void advance(struct crew *c)
{
	while (!c->stopping && !c->all_ready && stage_works(c, c->stage)) {
		if (c->on_stage)
			c->on_stage(c->user, c->stage);
		if (c->stage + 1 == STAGES)
			c->all_ready = true;
		else
			c->stage++;
		for (size_t i = 0; i < c->n; i++)
			if (c->members[i].stage == c->stage && c->members[i].state == MEMBER_IDLE)
				start(c, &c->members[i]);
	}
}

void crew_turn(struct crew *c)
{
	int64_t now = clock_monotonic();
	for (size_t i = 0; i < c->n; i++) {
		struct member *m = &c->members[i];
		if (m->ready_fd >= 0)
			look_for_readiness(c, m);
		bool due = m->state == MEMBER_IDLE && m->stage <= c->stage;
		due |= m->state == MEMBER_WAITING && m->restart_at <= now;
		if (due && !m->leaving && !(c->stopping && m->stage >= c->stop_stage))
			start(c, m);
	}
	crew_sources_turn(c);
	advance(c);
	if (c->stopping)
		crew_stop_turn(c);
}

static void tell_death(struct crew *c, const struct member *m, int status, int64_t lived)
{
	enum words_lang lang = c->s->config.lang;
	char life[40];
	words_duration(lang, lived, life);
	if (WIFSIGNALED(status))
		service_log(c->s, LOG_WARNING_,
			words(lang, "%s a été tué (%s) après %s ; il repart"), m->label,
			strsignal(WTERMSIG(status)), life);
	else
		service_log(c->s, LOG_WARNING_,
			words(lang, "%s s'est arrêté (code %d) après %s ; il repart"), m->label,
			WEXITSTATUS(status), life);
}

static void mourn(struct crew *c, struct member *m, int status)
{
	enum { NEVER_WORKED = 5 };
	int64_t lived = clock_monotonic() - m->started_at;
	pid_t pid = m->pid;
	m->pid = 0;
	m->last_status = status;
	if (m->ready_fd >= 0)
		look_for_readiness(c, m);
	close_fd(&m->ready_fd);
	m->ready = false;
	if (m->scorer && seam_report_death(c->bus, pid) < 0)
		service_log(c->s, LOG_DEBUG_, "seam_report_death");
	if (c->stopping && m->stage >= c->stop_stage) {
		m->state = MEMBER_STOPPED;
		return;
	}
	if (m->leaving || m->renewed) { /* as it was told to */
		m->state = m->leaving ? MEMBER_STOPPED : MEMBER_IDLE;
		m->renewed = false;
		return;
	}
	if (m->finite && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		m->state = MEMBER_DONE;
		m->ever_ready = true;
		service_log(c->s, LOG_DEBUG_, "%s: done", m->label);
		return;
	}
	tell_death(c, m, status, lived);
	bool misuse = WIFEXITED(status) && WEXITSTATUS(status) == 2;
	if (misuse || (!m->ever_ready && m->starts >= NEVER_WORKED)) {
		/* one bad source must not keep the town deaf: only --until-done gives up for it */
		if (m->stage != STAGE_EDGE)
			c->hopeless = true;
		else if (!m->looks_on)
			c->source_hopeless = true;
	}
	retry_later(c, m, lived);
}

void crew_reap(struct crew *c)
{
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		for (size_t i = 0; i < c->n; i++)
			if (c->members[i].pid == pid)
				mourn(c, &c->members[i], status);
}

bool crew_stopped(const struct crew *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->members[i].pid > 0)
			return false;
	return true;
}

bool crew_finite(const struct crew *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->members[i].stage == STAGE_EDGE && !c->members[i].finite &&
			!c->members[i].looks_on)
			return false;
	return true;
}

size_t crew_sources_left(const struct crew *c)
{
	size_t left = 0;
	for (size_t i = 0; i < c->n; i++)
		left += c->members[i].finite && c->members[i].state != MEMBER_DONE;
	return left;
}

bool crew_ready(const struct crew *c, const char *label)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->members[i].label, label) == 0)
			return c->members[i].state == MEMBER_RUNNING && c->members[i].ready;
	return false;
}

const char *crew_held(const struct crew *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->members[i].held && !c->members[i].leaving)
			return c->members[i].label;
	return NULL;
}

void crew_reload(const struct crew *c, bool config)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct member *m = &c->members[i];
		bool may = m->reloads && (config || m->stage == STAGE_EDGE);
		if (may && m->ready && m->pid > 0 && !m->leaving && !m->renewed)
			kill(m->pid, SIGHUP);
	}
}

void crew_metrics(const struct crew *c, const struct member *m)
{
	bool here = !m->leaving;
	char label[128];
	snprintf(label, sizeof(label), "process=\"%s\"", m->label);
	service_metric_set(c->s, "member_state", label, here ? (double)m->state : MEMBER_STOPPED);
	service_metric_set(c->s, "member_ready", label, here && m->ready);
	service_metric_set(c->s, "member_pid", label, here ? (double)m->pid : 0);
	service_metric_set(c->s, "member_starts", label, here ? m->starts : 0);
}
