/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quota.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/cleanup.h>

#define LINE 32 /* "START USED", always as long */

int quota_step(struct quota *q, uint32_t most, int64_t period_ms, int64_t now, int64_t *ret_ms)
{
	if (now >= q->start_ms + period_ms)
		*q = (struct quota){.start_ms = now};
	if (now < q->start_ms)
		q->start_ms = now;
	*ret_ms = 0;
	if (q->used < most) {
		q->used++;
		return QUOTA_FREE;
	}
	*ret_ms = q->start_ms + period_ms - now;
	return QUOTA_SPENT;
}

static void read_line(int fd, struct quota *q)
{
	char text[LINE + 1] = "";

	if (pread(fd, text, LINE, 0) != LINE ||
		sscanf(text, "%" SCNd64 " %" SCNu32, &q->start_ms, &q->used) != 2)
		*q = (struct quota){0};
}

static bool write_line(int fd, const struct quota *q)
{
	char text[LINE + 1];

	snprintf(text, sizeof(text), "%020" PRId64 " %010" PRIu32 "\n", q->start_ms, q->used);
	return pwrite(fd, text, LINE, 0) == LINE;
}

int quota_take(const struct config *config, const struct source_config *source, int64_t now,
	uint32_t *ret_left, int64_t *ret_ms, struct error *e)
{
	struct quota q = {0};
	_free_ char *path = NULL;
	_close_ int fd = -1;
	int r;

	*ret_left = UINT32_MAX;
	*ret_ms = 0;
	if (!source->quota)
		return QUOTA_FREE;
	path = xasprintf("%s/quota.%s", config->state_dir, source->id);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return error_set(e, -errno, "%s : %s", path, error_reason(-errno));
	read_line(fd, &q);
	r = quota_step(&q, source->quota, source->quota_ms, now, ret_ms);
	if (!write_line(fd, &q))
		return error_set(e, -EIO, "%s : %s", path, error_reason(-EIO));
	*ret_left = source->quota - q.used;
	return r;
}
