/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/problem.h>
#include <tocsin/base/alloc.h>
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
	struct problem made = {.severity = severity, .line = line, .column = column};
	va_list ap;
	va_start(ap, format);
	int n = vasprintf(&made.text, format, ap);
	va_end(ap);
	if (n < 0)
		made.text = xstrdup(format);
	made.path = xstrdup(path ? path : "-");
	made.hint = hint ? xstrdup(hint) : NULL;
	p->list = xgrow(p->list, p->n, &p->cap, sizeof(*p->list));
	p->list[p->n++] = made;
	p->errors += severity == PROBLEM_ERROR;
}

/* Texts quote what a person or a stranger wrote: no control character reaches the terminal. */
static void print_text(struct buf *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '\n')
			buf_add_string(out, "\n    ");
		else if (c < 0x20 || c == 0x7F)
			buf_printf(out, "\\x%02x", c);
		else if (c == 0xC2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xA0)
			buf_printf(out, "\\u%04x", (unsigned char)*++s);
		else
			buf_add_char(out, *s);
	}
}

void problem_print(struct buf *out, const struct problem *p, const char *word_error,
	const char *word_warning, const char *word_hint)
{
	print_text(out, p->path);
	if (p->line)
		buf_printf(out, ":%u", p->line);
	if (p->line && p->column)
		buf_printf(out, ":%u", p->column);
	buf_printf(out, ": %s: ", p->severity == PROBLEM_ERROR ? word_error : word_warning);
	print_text(out, p->text);
	buf_add_char(out, '\n');
	if (p->hint) {
		buf_printf(out, "  %s: ", word_hint);
		print_text(out, p->hint);
		buf_add_char(out, '\n');
	}
}
