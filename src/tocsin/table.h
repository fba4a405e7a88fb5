/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables for people: columns aligned by the display width of UTF-8. Text from outside is made harmless: control and
 * direction characters become spaces, so that no comment can move the cursor. */
#ifndef TOCSIN_TABLE_H
#define TOCSIN_TABLE_H
#include <stdio.h>
#include <tocsin/base/buf.h>

/* Around a marked part of a cell: bold on a terminal, nothing elsewhere. */
#define TABLE_MARK "\x01"
#define TABLE_UNMARK "\x02"

enum { TABLE_COLUMNS = 12 };
struct table {
	size_t columns;
	bool right[TABLE_COLUMNS]; /* numbers */
	unsigned limit
		[TABLE_COLUMNS]; /* widest, in cells of the terminal; longer text ends in "…"; 0 = none */
	char **cells; /* row by row; the first row is the header */
	size_t n, cap;
};
/* Header names up to NULL; a name that begins with '>' is a column of numbers, aligned right. */
void table_init(struct table *t, const char *const *names);
void table_release(struct table *t);
/* The next cell, cleaned. */
void table_add(struct table *t, struct slice text);
void table_printf(struct table *t, const char *format, ...) _format_(2, 3);
/* Header and rows; bold when terminal. A table without rows prints nothing. */
void table_print(const struct table *t, bool terminal, struct buf *out);
/* Display width of UTF-8 text (markers count nothing). */
size_t table_width(struct slice text);
/* Appends text made harmless; keep_marks leaves TABLE_MARK and TABLE_UNMARK. */
void table_clean(struct buf *out, struct slice text, bool keep_marks);
#define _table_ _cleanup_(table_release)
#endif
