/* SPDX-License-Identifier: GPL-3.0-or-later
 * The configuration, the database and store, opened when a command needs them. */
#include "command.h"
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>

enum { ANSWER_MS = 10000, ANSWER_ALONE_MS = 2000 };

int complain(struct context *x, int code, const char *format, ...)
{
	(void)x;
	va_list args;
	va_start(args, format);
	fputs("tocsin: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return code;
}

void put_text(struct slice text, FILE *out)
{
	if (text.n > 0)
		fwrite(text.p, 1, text.n, out); /* main looks whether all of it went out */
}

void print_problems(struct context *x, const struct problems *p)
{
	_buf_ struct buf out = {0};
	for (size_t i = 0; i < p->n; i++)
		problem_print(&out, &p->list[i], _w(x, "erreur"), _w(x, "avertissement"),
			_w(x, "conseil"));
	put_text(buf_slice(&out), stderr);
}

static int set_zone(struct context *x, const char *zone)
{
	return clock_zone_set(zone) < 0
		? complain(x, EXIT_MISUSE, _w(x, "fuseau horaire inconnu : %s"), zone)
		: 0;
}

int need_config(struct context *x)
{
	if (x->loaded)
		return 0;
	struct problems p = {0};
	x->config_path = config_find(x->config_path);
	int r = settings_load(x->config_path, &x->config, &p);
	if (r < 0)
		print_problems(x, &p);
	problems_release(&p);
	if (r < 0)
		return EXIT_MISUSE;
	x->loaded = true;
	return set_zone(x, x->config.zone);
}

int need_zone(struct context *x)
{
	return access(config_find(x->config_path), F_OK) == 0 ? need_config(x)
							      : set_zone(x, CONFIG_ZONE);
}

/* The folder is somebody else's: who that is, for he can. */
static int refused(struct context *x, const char *folder)
{
	struct stat st;
	const struct passwd *owner = stat(folder, &st) == 0 ? getpwuid(st.st_uid) : NULL;
	if (owner)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "accès refusé à %s : l'utilisateur %s peut, par exemple avec « sudo -u %s tocsin … »"),
			folder, owner->pw_name, owner->pw_name);
	return complain(x, EXIT_PROBLEMS, _w(x, "accès refusé à %s"), folder);
}

int need_reader(struct context *x)
{
	int r = need_config(x);
	if (r || x->reader)
		return r;
	struct error e = {0};
	r = reader_open(x->config.state_dir, &x->reader, &e);
	if (r == -ENOENT)
		return complain(x, EXIT_PROBLEMS,
			_w(x, "pas encore de base de données dans %s : lancez « tocsin run »"),
			x->config.state_dir);
	if (r == -EACCES)
		return refused(x, x->config.state_dir);
	return r < 0 ? complain(x, EXIT_PROBLEMS, "%s", e.text) : 0;
}

bool supervisor_runs(const struct config *c)
{
	_buf_ struct buf path = {0};
	buf_printf(&path, "%s/tocsin.lock", c->run_dir);
	if (access(buf_string(&path), F_OK) < 0)
		return false;
	_close_ int fd = -1;
	return file_lock(buf_string(&path), &fd, NULL) == -EWOULDBLOCK;
}

int become_owner(struct context *x)
{
	struct stat st;
	if (geteuid() != 0 || stat(x->config.state_dir, &st) < 0 || st.st_uid == 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(st.st_gid, st.st_gid, st.st_gid) < 0 ||
		setresuid(st.st_uid, st.st_uid, st.st_uid) < 0)
		return complain(x, EXIT_PROBLEMS, "%s: %s", x->config.state_dir, strerror(errno));
	return 0;
}

int need_store(struct context *x)
{
	int r = need_config(x);
	if (r || x->store)
		return r;
	struct error e = {0};
	_free_ char *sockets = xasprintf("%s/bus", x->config.run_dir);
	if (access(sockets, F_OK) < 0 && errno == ENOENT) /* whoever asks makes no folder */
		return complain(
			x, EXIT_PROBLEMS, _w(x, "tocsin ne tourne pas : lancez « tocsin run »"));
	if (access(sockets, X_OK) < 0 && errno == EACCES)
		return refused(x, x->config.run_dir);
	r = become_owner(x);
	if (r)
		return r;
	struct commit_client_spec spec = {.name = "tocsin"};
	if (bus_new(x->config.run_dir, &x->bus, &e) < 0 ||
		commit_open(x->bus, &spec, &x->store, &e) < 0)
		return complain(x, EXIT_PROBLEMS, "%s", e.text);
	return 0;
}

int ask_store(struct context *x, enum request_verb verb, struct slice body, struct buf *reply)
{
	struct error e = {0};
	int r = need_store(x);
	if (r)
		return r;
	bool running = supervisor_runs(&x->config);
	int64_t patience = running ? ANSWER_MS : ANSWER_ALONE_MS;
	r = commit_request(x->store, verb, body, patience, reply, &e);
	if (r == BUS_TIMEOUT)
		return complain(x, running ? EXIT_UNSURE : EXIT_PROBLEMS,
			running ? _w(x, "pas de réponse de la base : voir « tocsin status »")
				: _w(x, "tocsin ne tourne pas : lancez « tocsin run »"));
	return r ? complain(x, EXIT_PROBLEMS, "%s", e.text) : 0;
}

int64_t town_clock(struct context *x)
{
	int64_t now;
	struct error e = {0};
	if (reader_clock(x->reader, x->config.clock_event, &now, &e) < 0 || now <= 0)
		return clock_now();
	return now;
}

void context_release(struct context *x)
{
	if (x->store)
		x->store = commit_close(x->store);
	if (x->bus)
		x->bus = bus_free(x->bus);
	if (x->reader)
		x->reader = reader_close(x->reader);
	if (x->loaded)
		config_release(&x->config);
	x->loaded = false;
}
