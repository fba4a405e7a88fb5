/* SPDX-License-Identifier: GPL-3.0-or-later
 * Old bundles of rules. The supervisor publishes them and takes them away again; the time of a bundle's folder is when it
 * was last seen active. One goes when it is not among the KEEP seen last, no verdict that still has its text was made
 * by it, and nothing that waits in the journal was accepted within MARGIN of its time or before, for that may be with
 * a scorer under its stamp. The verdicts are read a page a turn. Any doubt, and all of them stay until the next time. */
#include "run.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/file.h>
#include <tocsin/digest/digest.h>

enum { KEEP = 10, PAGE = 4000, MARGIN_MS = 24 * 3600 * 1000 };

struct prunable {
	char hex[DIGEST_HEX];
	int64_t seen; /* wall ms */
	bool needed;
};

static char *path_of(const struct run *r, const char *hex)
{
	return xasprintf("%s/bundles/%s", r->s.config.state_dir, hex);
}

void prune_touch(const struct run *r, const char *hex)
{
	_free_ char *path = path_of(r, hex);
	if (hex[0])
		(void)!utimensat(
			AT_FDCWD, path, NULL, 0); /* a folder that is not there has no time */
}

static int newest_first(const void *a, const void *b)
{
	const struct prunable *x = a, *y = b;
	if (x->seen != y->seen)
		return x->seen < y->seen ? 1 : -1;
	return strcmp(x->hex, y->hex);
}

/* The copy of a publisher that was killed: .HASH.PID (ruleset_publish). */
static bool is_leftover(const char *name, const struct stat *st)
{
	long pid;
	if (name[0] != '.' || strspn(name + 1, "0123456789abcdef") != DIGEST_HEX - 1 ||
		name[DIGEST_HEX] != '.' || !S_ISDIR(st->st_mode))
		return false;
	pid = strtol(name + DIGEST_HEX + 1, NULL, 10);
	return pid > 0 &&
		((kill((pid_t)pid, 0) < 0 && errno == ESRCH) ||
			st->st_mtim.tv_sec * CLOCK_SECOND < clock_now() - MARGIN_MS);
}

static void remove_leftovers(const struct run *r)
{
	_free_ char *folder = path_of(r, "");
	DIR *d = opendir(folder);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		struct stat st;
		_free_ char *path = path_of(r, entry->d_name);
		if (fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			is_leftover(entry->d_name, &st))
			(void)!file_remove_tree(path);
	}
	if (d)
		closedir(d);
}

static void list_bundles(const struct run *r, struct prune *p)
{
	_free_ char *folder = path_of(r, "");
	DIR *d = opendir(folder);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		struct stat st;
		if (strlen(entry->d_name) != DIGEST_HEX - 1 ||
			strspn(entry->d_name, "0123456789abcdef") != DIGEST_HEX - 1 ||
			fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISDIR(st.st_mode))
			continue;
		p->list = xreallocarray(p->list, p->n + 1, sizeof(*p->list));
		struct prunable *one = &p->list[p->n++];
		*one = (struct prunable){
			.seen = st.st_mtim.tv_sec * CLOCK_SECOND + st.st_mtim.tv_nsec / 1000000};
		memcpy(one->hex, entry->d_name, DIGEST_HEX);
	}
	if (d)
		closedir(d);
}

static void need(void *user, const char *hex)
{
	struct prune *p = user;
	for (size_t i = 0; i < p->n; i++)
		p->list[i].needed |= strcmp(p->list[i].hex, hex) == 0;
}

static size_t left(const struct prune *p)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++)
		n += !p->list[i].needed;
	return n;
}

/* What is active, or may still come back from a scorer. False when that cannot be known now. */
static bool need_active(struct run *r)
{
	struct prune *p = &r->prune;
	struct error e = {0};
	char store[65], folder[65], ingest[65];
	int64_t oldest;
	if (reader_bundle(run_reader(r), store, &e) < 0 ||
		reader_folder_bundle(run_reader(r), folder, &e) < 0 ||
		reader_pending(r->s.config.state_dir, &oldest, ingest, &e) < 0) {
		service_log(&r->s, LOG_DEBUG_, "prune: %s", e.text);
		return false;
	}
	need(p, r->bundle);
	need(p, store);
	need(p, folder); /* the next merge asks what it said */
	need(p, ingest);
	for (size_t i = 0; i < p->n; i++)
		p->list[i].needed |= oldest <= p->list[i].seen + MARGIN_MS;
	return true;
}

void prune_release(struct prune *p)
{
	free(p->list);
	*p = (struct prune){0};
}

static void begin(struct run *r)
{
	struct prune *p = &r->prune;
	prune_release(p);
	prune_touch(r, r->bundle);
	remove_leftovers(r);
	list_bundles(r, p);
	if (p->n)
		qsort(p->list, p->n, sizeof(*p->list), newest_first);
	for (size_t i = 0; i < p->n && i < KEEP; i++)
		p->list[i].needed = true;
	p->running = need_active(r) && left(p) > 0;
}

static void finish(struct run *r)
{
	struct prune *p = &r->prune;
	size_t gone = 0;
	if (!need_active(r)) /* again: reading took its time */
		return;
	for (size_t i = 0; i < p->n; i++) {
		if (p->list[i].needed)
			continue;
		_free_ char *path = path_of(r, p->list[i].hex);
		int status = file_remove_tree(path);
		if (status < 0)
			service_log(&r->s, LOG_WARNING_, "%s: %s", path, strerror(-status));
		gone += status == 0;
	}
	service_log(&r->s, LOG_INFO_,
		words_n(r->s.config.lang, "%zu ancien jeu de règles effacé",
			"%zu anciens jeux de règles effacés", gone),
		gone);
}

void prune_turn(struct run *r)
{
	struct prune *p = &r->prune;
	struct error e = {0};
	if (!r->bundle_told || !run_reader(r))
		return;
	if (p->asked)
		begin(r); /* anew, if it was under way */
	if (!p->running)
		return;
	int status = reader_bundles(run_reader(r), &p->seq, PAGE, need, p, &e);
	if (status == 0 && left(p) > 0)
		return;
	if (status == READER_END && left(p) > 0)
		finish(r);
	else if (status < 0)
		service_log(&r->s, LOG_DEBUG_, "prune: %s", e.text);
	prune_release(p);
}
