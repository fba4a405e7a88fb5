/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

static char *make(struct error *e)
{
	const char *set = getenv("TMPDIR");
	const char *const places[] = {set ? set : "/dev/shm", "/dev/shm", "/tmp"};
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		char *path = xasprintf("%s/tocsin-replay-XXXXXX", places[i]);
		if (mkdtemp(path))
			return path;
		free(path);
	}
	error_set(e, -errno, "aucun dossier temporaire : %s", strerror(errno));
	return NULL;
}

/* The child: waits for the end of whoever replays, then sweeps. What interrupts the other does not interrupt it. */
static _Noreturn void keep(const char *path, int alive)
{
	char byte;
	(void)setpgid(0, 0); /* nor what ends its group */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	(void)prctl(PR_SET_NAME, "tocsin-replay");
	while (read(alive, &byte, 1) < 0 && errno == EINTR)
		continue;
	_exit(file_remove_tree(path) < 0);
}

int folder_make(struct folder *f, struct error *e)
{
	int ends[2];
	*f = (struct folder){.path = make(e)};
	if (!f->path)
		return -EIO;
	int r = pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0;
	f->keeper = r == 0 ? fork() : -1;
	if (f->keeper == 0) {
		close(ends[1]);
		close(STDOUT_FILENO); /* whoever reads it must not wait for us */
		keep(f->path, ends[0]);
	}
	if (f->keeper < 0) {
		r = r < 0 ? r : -errno;
		rmdir(f->path);
		free(f->path);
		f->path = NULL;
		return error_set(e, r, "dossier temporaire : %s", strerror(-r));
	}
	close(ends[0]);
	f->alive = ends[1];
	return 0;
}

int folder_remove(struct folder *f)
{
	int status;
	if (!f->path)
		return 0;
	close(f->alive);
	while (waitpid(f->keeper, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	free(f->path);
	f->path = NULL;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}
