/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gauges.h"
#include <dirent.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/file.h>

enum { FILE_MAX = 1 << 20, GAUGES_MAX = 20000 };

/* tocsin_name{key="label",…} value */
static void read_line(struct gauges *g, const char *process, struct slice line)
{
	static const char prefix[] = "tocsin_";
	const char *space = memrchr(line.p, ' ', line.n);
	if (!space || line.n < sizeof(prefix) || memcmp(line.p, prefix, sizeof(prefix) - 1) != 0 ||
		g->n >= GAUGES_MAX)
		return;
	const char *start = line.p + sizeof(prefix) - 1;
	const char *brace = memchr(start, '{', (size_t)(space - start));
	const char *end = brace ? brace : space;
	struct slice label = {"", 0};
	if (brace) {
		const char *quote = memchr(brace, '"', (size_t)(space - brace));
		const char *close =
			quote ? memchr(quote + 1, '"', (size_t)(space - quote - 1)) : NULL;
		if (close)
			label = (struct slice){quote + 1, (size_t)(close - quote - 1)};
	}
	g->list = xgrow(g->list, g->n, &g->cap, sizeof(*g->list));
	_free_ char *value = xstrndup(space + 1, (size_t)(line.p + line.n - space - 1));
	g->list[g->n++] = (struct gauge){xstrdup(process), xstrndup(start, (size_t)(end - start)),
		xstrndup(label.p, label.n), strtod(value, NULL)};
}

static void read_file(struct gauges *g, const char *folder, const char *name)
{
	static const char suffix[] = ".prom";
	size_t n = strlen(name);
	if (n <= sizeof(suffix) - 1 || strcmp(name + n - (sizeof(suffix) - 1), suffix) != 0)
		return;
	_free_ char *path = xasprintf("%s/%s", folder, name);
	_free_ char *process = xstrndup(name, n - (sizeof(suffix) - 1));
	_buf_ struct buf text = {0};
	if (file_read(path, FILE_MAX, &text, NULL) < 0)
		return; /* being replaced, or gone: the next look sees it */
	const char *p = text.p, *end = text.p + text.n;
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		if (!newline)
			break;
		read_line(g, process, (struct slice){p, (size_t)(newline - p)});
		p = newline + 1;
	}
}

void gauges_read(struct gauges *g, const char *run_dir)
{
	_free_ char *folder = xasprintf("%s/metrics", run_dir);
	DIR *d = opendir(folder);
	if (!d)
		return;
	for (struct dirent *entry; (entry = readdir(d));)
		read_file(g, folder, entry->d_name);
	closedir(d);
}

void gauges_release(struct gauges *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->list[i].process);
		free(g->list[i].name);
		free(g->list[i].label);
	}
	free(g->list);
	*g = (struct gauges){0};
}

double gauge_get(const struct gauges *g, const char *name, const char *label, double otherwise)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->list[i].name, name) == 0 &&
			(!label || strcmp(g->list[i].label, label) == 0))
			return g->list[i].value;
	return otherwise;
}

double gauge_sum(const struct gauges *g, const char *name)
{
	double sum = 0;
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->list[i].name, name) == 0)
			sum += g->list[i].value;
	return sum;
}

double gauge_max(const struct gauges *g, const char *name, const char *label)
{
	double max = 0;
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->list[i].name, name) == 0 && strcmp(g->list[i].label, label) == 0 &&
			g->list[i].value > max)
			max = g->list[i].value;
	return max;
}
