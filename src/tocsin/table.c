/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"
#include <stdarg.h>
#include <wchar.h>
#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>

static bool marker(uint32_t c)
{
	return c == 1 || c == 2;
}

/* Controls, and what changes the direction of writing. */
static bool harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || c == 0x061c ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void table_clean(struct buf *out, struct slice text, bool keep_marks)
{
	_buf_ struct buf repaired = {0};
	utf8_repair(&repaired, text);
	struct slice s = buf_slice(&repaired);
	for (size_t i = 0; i < s.n;) {
		size_t start = i;
		uint32_t c = utf8_next(s, &i);
		if (harmful(c) && !(keep_marks && marker(c)))
			buf_add_char(out, ' ');
		else
			buf_add(out, s.p + start, i - start);
	}
}

static size_t width_of(uint32_t c)
{
	if (marker(c))
		return 0;
	int w = wcwidth((wchar_t)c);
	return w < 0 ? 1 : (size_t)w;
}

size_t table_width(struct slice text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.n;)
		width += width_of(utf8_next(text, &i));
	return width;
}

void table_init(struct table *t, const char *const *names)
{
	*t = (struct table){0};
	for (; names[t->columns] && t->columns < TABLE_COLUMNS; t->columns++)
		t->right[t->columns] = names[t->columns][0] == '>';
	for (size_t i = 0; i < t->columns; i++)
		table_add(t, slice_of(names[i] + t->right[i]));
}

void table_release(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i]);
	free(t->cells);
	*t = (struct table){0};
}

void table_add(struct table *t, struct slice text)
{
	_buf_ struct buf clean = {0};
	table_clean(&clean, text, true);
	t->cells = xgrow(t->cells, t->n, &t->cap, sizeof(*t->cells));
	t->cells[t->n++] = xstrndup(buf_string(&clean), clean.n);
}

void table_printf(struct table *t, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	table_add(t, slice_of(text));
}

/* Appends the text, at most `limit` wide; returns its width. */
static size_t put_cut(struct buf *out, struct slice s, size_t limit, bool terminal)
{
	bool cut = table_width(s) > limit;
	size_t width = 0;
	bool marked = false;
	for (size_t i = 0; i < s.n;) {
		size_t start = i;
		uint32_t c = utf8_next(s, &i);
		if (marker(c)) {
			marked = c == 1;
			if (terminal)
				buf_add_string(out, marked ? "\033[1;7m" : "\033[0m");
			continue;
		}
		if (cut && width + width_of(c) > limit - 1)
			break;
		buf_add(out, s.p + start, i - start);
		width += width_of(c);
	}
	if (marked && terminal)
		buf_add_string(out, "\033[0m");
	if (cut) {
		buf_add_string(out, "…");
		width++;
	}
	return width;
}

static void pad(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_add_char(out, ' ');
}

static size_t limit_of(const struct table *t, size_t column)
{
	return t->limit[column] ? t->limit[column] : 1000;
}

static void print_row(
	const struct table *t, size_t first, const size_t *widths, bool terminal, struct buf *out)
{
	for (size_t c = 0; c < t->columns && first + c < t->n; c++) {
		_buf_ struct buf cell = {0};
		size_t width =
			put_cut(&cell, slice_of(t->cells[first + c]), limit_of(t, c), terminal);
		size_t gap = widths[c] - width;
		bool last = c + 1 == t->columns;
		if (t->right[c])
			pad(out, gap);
		buf_add_slice(out, buf_slice(&cell));
		if (!t->right[c] && !last)
			pad(out, gap);
		if (!last)
			pad(out, 2);
	}
	buf_add_char(out, '\n');
}

void table_print(const struct table *t, bool terminal, struct buf *out)
{
	size_t widths[TABLE_COLUMNS] = {0};
	if (t->n <= t->columns)
		return;
	for (size_t i = 0; i < t->n; i++) {
		size_t c = i % t->columns;
		size_t width = table_width(slice_of(t->cells[i]));
		if (width > limit_of(t, c))
			width = limit_of(t, c);
		if (width > widths[c])
			widths[c] = width;
	}
	if (terminal)
		buf_add_string(out, "\033[1m");
	print_row(t, 0, widths, false, out);
	if (terminal)
		buf_add_string(out, "\033[0m");
	for (size_t first = t->columns; first < t->n; first += t->columns)
		print_row(t, first, widths, terminal, out);
}
