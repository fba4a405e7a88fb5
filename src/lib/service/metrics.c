/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers under names, in Prometheus' text format, one file a process. No fsync: they describe the present. */
#include <tocsin/service/service.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include "private.h"

enum { METRICS_MAX = 4096, FLUSH_PAUSE = 500 /* ms */ };

static struct metric *find(struct service_private *p, const char *name, const char *labels)
{
	char key[256];
	int n = snprintf(key, sizeof(key), "%s{%s}", name, labels ? labels : "");
	if (n < 0 || (size_t)n >= sizeof(key))
		return NULL;
	bool new;
	struct slice k = {key, (size_t)n};
	if (p->n_metrics >= METRICS_MAX && !map_find(p->index, k))
		return NULL;
	uint64_t *place = map_at(p->index, k, &new);
	if (!new)
		return &p->metrics[*place];
	*place = p->n_metrics;
	p->metrics = xgrow(p->metrics, p->n_metrics, &p->cap_metrics, sizeof(*p->metrics));
	struct metric *m = &p->metrics[p->n_metrics++];
	*m = (struct metric){xstrdup(name), labels ? xstrdup(labels) : NULL, 0};
	return m;
}

void service_metric_set(struct service *s, const char *name, const char *labels, double v)
{
	struct metric *m = find(s->private_, name, labels);
	if (m)
		m->value = v;
}

void service_metric_add(struct service *s, const char *name, const char *labels, double v)
{
	struct metric *m = find(s->private_, name, labels);
	if (m)
		m->value += v;
}

static void print(const struct service_private *p, struct buf *out)
{
	buf_printf(out, "tocsin_process_pid %ld\n", (long)getpid());
	buf_printf(out, "tocsin_process_started_seconds %.3f\n", (double)p->started_at / 1000);
	buf_printf(out, "tocsin_process_written_seconds %.3f\n", (double)clock_now() / 1000);
	for (size_t i = 0; i < p->n_metrics; i++) {
		const struct metric *m = &p->metrics[i];
		if (m->labels)
			buf_printf(out, "tocsin_%s{%s} %.17g\n", m->name, m->labels, m->value);
		else
			buf_printf(out, "tocsin_%s %.17g\n", m->name, m->value);
	}
}

static int write_file(const char *path, struct slice text)
{
	_free_ char *beside = xasprintf("%s.new", path);
	_close_ int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (write(fd, text.p, text.n) != (ssize_t)text.n)
		return -EIO;
	return rename(beside, path) < 0 ? -errno : 0;
}

void service_metrics_flush(struct service *s)
{
	struct service_private *p = s->private_;
	int64_t now = clock_monotonic();
	if (p->flushed_at && now - p->flushed_at < FLUSH_PAUSE)
		return;
	p->flushed_at = now;
	if (!p->metrics_path) {
		_free_ char *folder = xasprintf("%s/metrics", s->config.run_dir);
		if (mkdir(folder, 0700) < 0 && errno != EEXIST)
			return;
		p->metrics_path = xasprintf("%s/%s.prom", folder, p->name);
	}
	_buf_ struct buf out = {0};
	print(p, &out);
	int r = write_file(p->metrics_path, buf_slice(&out));
	if (r < 0)
		service_log(s, LOG_DEBUG_, "%s: %s", p->metrics_path, strerror(-r));
}

void metrics_release(struct service_private *p)
{
	for (size_t i = 0; i < p->n_metrics; i++) {
		free(p->metrics[i].name);
		free(p->metrics[i].labels);
	}
	free(p->metrics);
	free(p->metrics_path);
	map_free(p->index);
}
