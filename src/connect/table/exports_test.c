/* SPDX-License-Identifier: GPL-3.0-or-later
 * tocsin connect test, for kind csv: the first rows of the first table. */
#include <errno.h>

#include "../connect.h"
#include "csv.h"
#include "folder.h"

#define TEST_ROWS 50

/* raw: the row, or the first line of what is none. */
static void test_refused(const char *path, unsigned line, struct slice raw, const char *odd)
{
	unsigned down = 0, column = 0;

	if (odd && odd >= raw.p && odd <= raw.p + raw.n)
		column = csv_place(raw, odd, &down);
	printf("refused %s:%u", path, line + down);
	if (column)
		printf(":%u", column);
	putchar('\n');
}

static void test_rows(
	const struct csv_form *form, const char *path, struct slice in, unsigned line, bool at_end)
{
	_buf_ struct buf json = {0};
	struct csv_row row;

	for (int i = 0; i < TEST_ROWS && in.n; i++) {
		enum csv_found found = csv_next(in, form->separator, at_end, &row);
		const char *end;

		if (found == CSV_MORE)
			return;
		if (found == CSV_BAD) {
			for (end = in.p; end < in.p + in.n && *end != '\n';)
				end++;
			row.raw = (struct slice){in.p, (size_t)(end - in.p)};
			row.used = row.raw.n + (row.raw.n < in.n);
			row.lines = 1;
		}
		buf_clear(&json);
		if (found == CSV_ROW && csv_blank(row.raw))
			; /* none */
		else if (found == CSV_ROW && csv_line(form, row.raw, &json, &row.odd) && !row.odd)
			printf("%s\n", buf_string(&json));
		else
			test_refused(path, line + 1, row.raw, row.odd);
		in = (struct slice){in.p + row.used, in.n - row.used};
		line += row.lines;
	}
}

int exports_test(const struct source_config *source)
{
	struct folder f;
	struct error e = {0};
	_buf_ struct buf text = {0};
	struct csv_form form;
	size_t used = 0;
	unsigned lines = 0;
	ssize_t n = 0;
	int r = folder_list(source->path, &f), fd;

	if (r == 0 && f.n) {
		fd = folder_open(&f.list[0]);
		n = fd < 0 ? fd : read(fd, buf_reserve(&text, 1u << 20), 1u << 20);
		close_fd(&fd);
	}
	if (r < 0 || n < 0) {
		printf("wait 0 %s : %s\n", source->path, error_reason(r < 0 ? r : -EIO));
	} else if (f.n) {
		text.n = (size_t)n;
		r = csv_form_read(
			buf_slice(&text), text.n < 1u << 20, source, &form, &used, &lines, &e);
		if (r < 0)
			printf("wait 0 %s : %s\n", f.list[0].path, e.text);
		else
			test_rows(&form, f.list[0].path,
				(struct slice){text.p + used, text.n - used}, lines,
				text.n < 1u << 20);
	}
	if (r == 0 && n >= 0)
		printf("cursor {}\n");
	folder_release(&f);
	return fflush(stdout) == 0 ? 0 : 1;
}
