/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mails left in the folder quote comments: after a purge, those go whose message store has wiped, and what a death
 * in the middle of writing has left. */
#include "escalate.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <tocsin/base/clock.h>

#define NAME_DIGITS 8u
#define UNFINISHED_MS (2 * CLOCK_MINUTE) /* a file still being written is younger */

/* The file that a row went into, alone or with others: the digits before ".eml", as its result says. */
static struct slice digits_of(struct slice detail)
{
	const size_t tail = NAME_DIGITS + 4;
	if (detail.n < tail || memcmp(detail.p + detail.n - 4, ".eml", 4) != 0)
		return (struct slice){0};
	return (struct slice){detail.p + detail.n - tail, NAME_DIGITS};
}

static int on_row(void *user, const struct outbox_view *v)
{
	struct map *wiped = user;
	struct message m;
	char name[33];
	if (v->state < OUTBOX_DONE || !slice_is(v->row.channel, "mail") ||
		message_decode(v->row.payload, &m) == 0)
		return 0;
	message_name(&(struct message){.key = v->row.key}, name);
	*map_at(wiped, (struct slice){name, NAME_DIGITS}, NULL) = 1;
	if (digits_of(v->detail).n)
		*map_at(wiped, digits_of(v->detail), NULL) = 1;
	return 0;
}

/* "…-1a2b3c4d.eml" of a wiped message; or "….eml.XXXXXX", never finished. */
static bool must_go(const struct map *wiped, int folder, const char *name)
{
	const char *end = strstr(name, ".eml");
	struct stat st;
	if (!end || name[0] == '.' || end - name < (ptrdiff_t)NAME_DIGITS)
		return false;
	if (!end[4])
		return map_find(wiped, (struct slice){end - NAME_DIGITS, NAME_DIGITS}) != NULL;
	return end[4] == '.' && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISREG(st.st_mode) && clock_now() - st.st_mtime * CLOCK_SECOND > UNFINISHED_MS;
}

int sweep(struct escalate *x, struct error *e)
{
	const char *path = x->config->mail.folder;
	DIR *folder = path && !x->config->mail.url ? opendir(path) : NULL;
	if (!folder)
		return 0;
	struct map *wiped = map_new();
	int r = reader_outbox(x->reader, 0, false, on_row, wiped, e);
	size_t gone = 0;
	struct dirent *entry;
	while (r == 0 && (entry = readdir(folder)) != NULL)
		if (must_go(wiped, dirfd(folder), entry->d_name) &&
			unlinkat(dirfd(folder), entry->d_name, 0) == 0)
			gone++;
	if (gone && fsync(dirfd(folder)) < 0)
		r = error_set(e, -errno, "%s : %s", path, strerror(errno));
	closedir(folder);
	map_free(wiped);
	if (gone)
		service_log(&x->service, LOG_INFO_, "purge : %zu courriel(s) retiré(s) de %s", gone,
			path);
	return r;
}
