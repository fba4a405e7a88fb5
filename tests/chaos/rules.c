/* SPDX-License-Identifier: GPL-3.0-or-later
 * The control file: read again whenever it changes. */
#include "fault.h"
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum action { FAIL, SHORT, BUDGET, LIE, KILL, SLOW };
enum { RULES_MAX = 64, LOOK_MS = 5 };

struct rule {
	enum action action;
	int call; /* enum fault_call, or -1: any */
	char match[256], program[64];
	int error;
	uint64_t after, count; /* calls that pass first; how often it strikes (0: always) */
	double chance;
	long long bytes, ms;
	uint64_t seen, struck;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[RULES_MAX];
static size_t n_rules;
static struct timespec file_at;
static off_t file_size = -1;
static ino_t file_inode;
static int64_t looked_at;
static uint64_t state;

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* xorshift64*; one process, one sequence */
static double chance(void)
{
	if (!state) {
		const char *seed = getenv("TOCSIN_FAULT_SEED");
		state = 0x9e3779b97f4a7c15u ^ (seed ? strtoull(seed, NULL, 10) * 2654435761u : 1);
		for (const char *p = program_invocation_short_name; *p; p++)
			state = state * 31 + (unsigned char)*p;
		state |= 1;
	}
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (double)((state * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static int lookup(const char *word, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(word, names[i]) == 0)
			return i;
	return -1;
}

static int error_named(const char *word)
{
	static const char *const names[] = {"EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EINTR"};
	static const int values[] = {EIO, ENOSPC, EDQUOT, EROFS, EACCES, EINTR};
	int i = lookup(word, names, 6);
	return i < 0 ? 0 : values[i];
}

static void read_option(struct rule *r, const char *word)
{
	static const char *const calls[] = {
		"write", "fsync", "truncate", "rename", "open", "unlink"};
	int call = lookup(word, calls, CALLS);
	int error = error_named(word);
	const char *value = strchr(word, '=');
	if (call >= 0)
		r->call = call;
	else if (error)
		r->error = error;
	else if (!value)
		r->bytes = strtoll(word, NULL, 10);
	else if (strncmp(word, "after=", 6) == 0)
		r->after = strtoull(value + 1, NULL, 10);
	else if (strncmp(word, "count=", 6) == 0)
		r->count = strtoull(value + 1, NULL, 10);
	else if (strncmp(word, "p=", 2) == 0)
		r->chance = strtod(value + 1, NULL);
	else if (strncmp(word, "ms=", 3) == 0)
		r->ms = strtoll(value + 1, NULL, 10);
	else if (strncmp(word, "program=", 8) == 0)
		snprintf(r->program, sizeof(r->program), "%s", value + 1);
}

static void read_line(char *line)
{
	static const char *const actions[] = {"fail", "short", "budget", "lie", "kill", "slow"};
	char *rest = NULL;
	const char *word = strtok_r(line, " \t\n", &rest);
	const char *match = word ? strtok_r(NULL, " \t\n", &rest) : NULL;
	if (!match || word[0] == '#' || n_rules == RULES_MAX)
		return;
	int action = lookup(word, actions, 6);
	if (action < 0) {
		fprintf(stderr, "fault: %s ?\n", word);
		return;
	}
	struct rule *r = &rules[n_rules++];
	*r = (struct rule){.action = (enum action)action, .call = -1, .error = EIO, .chance = 1};
	if (r->action == SHORT || r->action == BUDGET)
		r->call = CALL_WRITE;
	if (r->action == LIE)
		r->call = CALL_FSYNC;
	snprintf(r->match, sizeof(r->match), "%s", match);
	while ((word = strtok_r(NULL, " \t\n", &rest)))
		read_option(r, word);
}

static void look(void)
{
	const char *path = getenv("TOCSIN_FAULT");
	struct stat st;
	int64_t now = now_ms();
	if (!path || now - looked_at < LOOK_MS)
		return;
	looked_at = now;
	if (stat(path, &st) < 0) {
		n_rules = 0;
		file_size = -1;
		return;
	}
	if (st.st_size == file_size && st.st_ino == file_inode &&
		st.st_mtim.tv_sec == file_at.tv_sec && st.st_mtim.tv_nsec == file_at.tv_nsec)
		return;
	FILE *f = fopen(path, "re");
	if (!f)
		return;
	char line[1024];
	n_rules = 0;
	while (fgets(line, sizeof(line), f))
		read_line(line);
	fclose(f);
	file_size = st.st_size;
	file_inode = st.st_ino;
	file_at = st.st_mtim;
}

/* Bytes of all files beside path (and itself) that match: they share one disk. */
static long long used_beside(const char *path, const char *match)
{
	char folder[4096], full[8192];
	const char *slash = strrchr(path, '/');
	long long used = 0;
	struct stat st;
	if (!slash || (size_t)(slash - path) >= sizeof(folder))
		return 0;
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	DIR *d = opendir(folder);
	if (!d)
		return 0;
	for (const struct dirent *e; (e = readdir(d));) {
		snprintf(full, sizeof(full), "%s/%s", folder, e->d_name);
		if (strstr(full, match) && stat(full, &st) == 0 && S_ISREG(st.st_mode))
			used += st.st_size;
	}
	closedir(d);
	return used;
}

static bool strikes(struct rule *r, enum fault_call call, const char *path)
{
	if ((r->call >= 0 && r->call != (int)call) || !strstr(path, r->match) ||
		(r->program[0] && !strstr(program_invocation_short_name, r->program)))
		return false;
	if (r->seen++ < r->after || (r->count && r->struck >= r->count))
		return false;
	if (r->chance < 1 && chance() >= r->chance)
		return false;
	r->struck++;
	return true;
}

struct fault_effect fault_ask(enum fault_call call, const char *path, off_t size, off_t end)
{
	const char *liar = getenv("TOCSIN_FAULT_LIE");
	struct fault_effect effect = {.lie = liar && liar[0] == '1'};
	long long sleep_ms = 0;
	pthread_mutex_lock(&lock);
	look();
	for (size_t i = 0; i < n_rules; i++) {
		struct rule *r = &rules[i];
		if (!strikes(r, call, path))
			continue;
		switch (r->action) {
		case FAIL: effect.error = r->error; break;
		case SHORT: effect.cut = true; break;
		case BUDGET:
			if (end > size && used_beside(path, r->match) + (end - size) > r->bytes)
				effect.error = ENOSPC;
			break;
		case LIE: effect.lie = true; break;
		case KILL: kill(getpid(), SIGKILL); break;
		case SLOW: sleep_ms += r->ms; break;
		}
	}
	pthread_mutex_unlock(&lock);
	if (sleep_ms)
		usleep((useconds_t)(sleep_ms * 1000));
	return effect;
}
