/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/alloc.h>
#include <tocsin/base/problem.h>
#include <tocsin/base/utf8.h>
#include <stdarg.h>

void problems_release(struct problems *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->list[i].path);
		free(p->list[i].text);
		free(p->list[i].hint);
	}
	free(p->list);
	*p = (struct problems){0};
}

void problem_add(struct problems *p, enum problem_severity severity, const char *path,
	unsigned line, unsigned column, const char *hint, const char *format, ...)
{
	struct buf text = {0};
	char small[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	utf8_repair(&text, slice_of(small));
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 8;
		p->list = xreallocarray(p->list, p->cap, sizeof(*p->list));
	}
	p->list[p->n++] = (struct problem){severity, xstrdup(path ? path : ""), line, column,
		xstrdup(buf_string(&text)), hint ? xstrdup(hint) : NULL};
	p->errors += severity == PROBLEM_ERROR;
	buf_release(&text);
}

void problem_print(struct buf *out, const struct problem *p, const char *word_error,
	const char *word_warning, const char *word_hint)
{
	buf_add_string(out, p->path);
	if (p->line)
		buf_printf(out, ":%u:%u", p->line, p->column);
	buf_printf(out, ": %s: %s\n", p->severity == PROBLEM_ERROR ? word_error : word_warning,
		p->text);
	if (p->hint)
		buf_printf(out, "  %s: %s\n", word_hint, p->hint);
}

#define WORD_MAX 64

/* Optimal string alignment distance over bytes; words longer than WORD_MAX are too far. */
static size_t distance(struct slice a, struct slice b)
{
	size_t rows[3][WORD_MAX + 1];
	if (a.n > WORD_MAX || b.n > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t d = last[j - 1] + (a.p[i - 1] != b.p[j - 1]);
			d = last[j] + 1 < d ? last[j] + 1 : d;
			d = now[j - 1] + 1 < d ? now[j - 1] + 1 : d;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1 < d)
				d = before[j - 2] + 1;
			now[j] = d;
		}
	}
	return rows[a.n % 3][b.n];
}

const char *problem_did_you_mean(struct slice typed, const char *const *candidates, size_t n)
{
	const char *best = NULL;
	size_t limit = typed.n / 3 < 2 ? typed.n / 3 : 2;
	for (size_t i = 0; i < n; i++) {
		if (!candidates[i])
			continue;
		size_t d = distance(typed, slice_of(candidates[i]));
		if (d <= limit && (!best || d < distance(typed, slice_of(best))))
			best = candidates[i];
	}
	return best;
}
