/* SPDX-License-Identifier: GPL-3.0-or-later
 * A table as spreadsheets and other people's programs save it (RFC 4180, any separator), row by row as comments. Pure. */
#ifndef CONNECT_CSV_H
#define CONNECT_CSV_H
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>
#include <tocsin/service/config.h>

#define CSV_COLUMNS_MAX 256u
#define CSV_HEADER_MAX (64u << 10)
#define CSV_QUOTED_MAX \
	(256u << 10) /* bytes of a row over several lines: a quote that never closes must not swallow a file */

enum csv_found {
	CSV_MORE, /* its end is not there yet */
	CSV_ROW,
	CSV_BAD, /* no row: a quote that does not close, words behind one that does; go on with the next line */
};
struct csv_row {
	struct slice raw; /* without the end of its line */
	size_t used; /* with it */
	unsigned lines;
	const char *odd; /* CSV_BAD: the quote where it goes wrong */
};
/* The row at the beginning of in. at_end: nothing comes behind it. */
enum csv_found csv_next(struct slice in, char separator, bool at_end, struct csv_row *ret);

/* How the rows of one file are read. */
struct csv_form {
	char separator;
	enum source_encoding encoding; /* SOURCE_AUTO: row by row, UTF-8 where it is valid */
	size_t n; /* columns of the file */
	size_t place[SOURCE_COLUMNS]; /* of a field of a comment; CSV_COLUMNS_MAX: it has none */
};
/* Reads the names of the columns at the beginning of a file (behind a byte order mark): finds those that the source names, and
 * the separator when the source leaves that open. ret_used: bytes, ret_lines: lines before the first row. -EINVAL with the
 * reason in French. at_end: this is all of the file. */
int csv_form_read(struct slice head, bool at_end, const struct source_config *source,
	struct csv_form *ret, size_t *ret_used, unsigned *ret_lines, struct error *e) _must_check_;
/* A row as a line of JSON (record/comment.h), appended; without a column for the id, a digest of the row's own words is
 * one. A date or a number that cannot be read stands there as it is, for the reader to refuse. False: the row has not the
 * columns of the file, or is no UTF-8 where that was promised. ret_odd: where in raw the first thing of these stands, or NULL. */
bool csv_line(const struct csv_form *form, struct slice raw, struct buf *out, const char **ret_odd);
/* What people call that place: lines down from the row's first one, and the column there, from 1, in characters. */
unsigned csv_place(struct slice raw, const char *odd, unsigned *ret_down);
/* No words in it. */
bool csv_blank(struct slice raw);
#endif
