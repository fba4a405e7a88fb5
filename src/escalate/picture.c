/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/child.h>
#include <unistd.h>

#define PROGRAM "tocsin-chart"

static const char signature[] = "\x89PNG\r\n\x1a\n";

/* NULL: not found. */
static char *program(void)
{
	char self[PATH_MAX];
	const char *folder = getenv("TOCSIN_LIBEXEC");
	if (folder && *folder)
		return xasprintf("%s/" PROGRAM, folder);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0)
		return NULL;
	self[n] = 0;
	*strrchr(self, '/') = 0;
	char *path = xasprintf("%s/" PROGRAM, self);
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return xasprintf("%s/../chart/" PROGRAM, self);
}

static int check(int status, struct slice png, struct error *e)
{
	if (WIFSIGNALED(status))
		return error_set(e, -EIO, "%s : signal %d", PROGRAM, WTERMSIG(status));
	if (WEXITSTATUS(status))
		return error_set(e, -EIO, "%s : code %d", PROGRAM, WEXITSTATUS(status));
	if (png.n < sizeof(signature) || memcmp(png.p, signature, sizeof(signature) - 1) != 0)
		return error_set(e, -EBADMSG, "%s : ceci n'est pas un PNG", PROGRAM);
	if (png.n > PICTURE_MAX)
		return error_set(e, -EFBIG, "%s : image trop grande", PROGRAM);
	return 0;
}

int picture_draw(struct slice curve, enum words_lang lang, const char *zone, struct buf *ret,
	struct error *e)
{
	_free_ char *path = program();
	_free_ char *zone_copy = xstrdup(zone);
	char *const argv[] = {(char[]){PROGRAM}, (char[]){"--lang"},
		lang == WORDS_EN ? (char[]){"en"} : (char[]){"fr"}, (char[]){"--zone"}, zone_copy,
		NULL};
	char *const nothing[] = {NULL}; /* an environment may hold secrets */
	const struct child_spec spec = {.path = path,
		.argv = argv,
		.env = nothing,
		.in = -1,
		.out = -1,
		.err = -1,
		.die_with_parent = true,
		.own_group = true};
	int status = 0;
	if (!path)
		return error_set(e, -ENOENT, PROGRAM);
	size_t before = ret->n;
	/* a byte more than fits shows what was cut */
	int r = child_run(&spec, curve, ret, PICTURE_MAX + 1, PICTURE_MS, &status, e);
	if (r == 0)
		r = check(status, (struct slice){ret->p + before, ret->n - before}, e);
	if (r < 0)
		ret->n = before;
	return r;
}
