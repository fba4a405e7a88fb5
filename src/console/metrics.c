/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metrics.h"
#include <dirent.h>
#include <stdlib.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/arena.h>
#include <tocsin/base/file.h>

enum { FILE_BYTES = 1 << 20, SAMPLES_MAX = 20000 };
#define SUFFIX ".prom"

struct sample { /* tocsin_name{labels} value */
	struct slice name, labels, value, writer; /* labels without braces */
};
struct samples {
	struct arena arena;
	struct sample *list;
	size_t n, cap;
};

static bool name_ok(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
			s.p[i] != '_')
			return false;
	return slice_begins(s, "tocsin_");
}

static bool value_ok(struct slice s)
{
	char text[64], *end;
	if (!s.n || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	(void)strtod(text, &end);
	return *end == '\0';
}

static void read_line(struct samples *all, struct slice writer, struct slice line)
{
	struct sample s = {.name = line, .writer = writer};
	const char *space = line.n ? memrchr(line.p, ' ', line.n) : NULL;
	if (!space || all->n >= SAMPLES_MAX)
		return;
	s.value = (struct slice){space + 1, (size_t)(line.p + line.n - space - 1)};
	s.name.n = (size_t)(space - line.p);
	const char *brace = memchr(s.name.p, '{', s.name.n);
	if (brace) {
		s.labels = (struct slice){brace + 1, (size_t)(space - brace - 1)};
		s.name.n = (size_t)(brace - s.name.p);
		if (!s.labels.n || s.labels.p[s.labels.n - 1] != '}')
			return;
		s.labels.n--;
	}
	if (!name_ok(s.name) || !value_ok(s.value))
		return;
	all->list = xgrow(all->list, all->n, &all->cap, sizeof(*all->list));
	all->list[all->n++] = s;
}

static void read_file(struct samples *all, const char *folder, struct slice file)
{
	_free_ char *path = xasprintf("%s/%.*s", folder, (int)file.n, file.p);
	_buf_ struct buf read = {0};
	if (file_read(path, FILE_BYTES, &read, NULL) < 0)
		return; /* being replaced, or gone */
	struct slice writer = {file.p, file.n - strlen(SUFFIX)};
	struct slice text = arena_copy(&all->arena, buf_slice(&read));
	writer = arena_copy(&all->arena, writer);
	while (text.n) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		read_line(all, writer, (struct slice){text.p, n});
		n += end != NULL;
		text = (struct slice){text.p + n, text.n - n};
	}
}

static int compare(struct slice a, struct slice b)
{
	int d = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
	return d ? d : (a.n > b.n) - (a.n < b.n);
}

static int by_name(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;
	int d = compare(x->name, y->name);
	if (d == 0)
		d = compare(x->writer, y->writer);
	return d ? d : compare(x->labels, y->labels);
}

static void put_family(struct buf *out, struct slice name)
{
	const char *help = metrics_help(name);
	if (help)
		buf_printf(out, "# HELP %.*s %s\n", (int)name.n, name.p, help);
	buf_printf(out, "# TYPE %.*s %s\n", (int)name.n, name.p,
		slice_ends(name, "_total") ? "counter" : "gauge");
}

bool metrics_number(const char *run_dir, const char *writer, const char *name, double *ret)
{
	_free_ char *folder = xasprintf("%s/metrics", run_dir);
	_free_ char *file = xasprintf("%s" SUFFIX, writer);
	struct samples all = {0};
	bool found = false;
	arena_init(&all.arena, 0);
	read_file(&all, folder, slice_of(file));
	for (size_t i = 0; i < all.n && !found; i++) {
		const struct sample *s = &all.list[i];
		char text[64];
		found = s->name.n == strlen("tocsin_") + strlen(name) && slice_ends(s->name, name);
		snprintf(text, sizeof(text), "%.*s", (int)s->value.n, s->value.p);
		if (found)
			*ret = strtod(text, NULL);
	}
	free(all.list);
	arena_release(&all.arena);
	return found;
}

void metrics_write(struct buf *out, const char *run_dir)
{
	_free_ char *folder = xasprintf("%s/metrics", run_dir);
	struct samples all = {0};
	DIR *d = opendir(folder);
	if (!d)
		return;
	arena_init(&all.arena, 0);
	for (struct dirent *entry; (entry = readdir(d));)
		if (slice_ends(slice_of(entry->d_name), SUFFIX))
			read_file(&all, folder, slice_of(entry->d_name));
	closedir(d);
	if (all.n)
		qsort(all.list, all.n, sizeof(*all.list), by_name);
	for (size_t i = 0; i < all.n; i++) {
		const struct sample *s = &all.list[i];
		if (i == 0 || compare(s->name, s[-1].name) != 0)
			put_family(out, s->name);
		buf_printf(out, "%.*s{writer=\"%.*s\"%s%.*s} %.*s\n", (int)s->name.n, s->name.p,
			(int)s->writer.n, s->writer.p, s->labels.n ? "," : "", (int)s->labels.n,
			s->labels.n ? s->labels.p : "", (int)s->value.n, s->value.p);
	}
	free(all.list);
	arena_release(&all.arena);
}
