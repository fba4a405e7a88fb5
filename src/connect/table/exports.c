/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind csv: a table of comments, or a folder into which such tables are put, one after the other by name. With follow, tables
 * that come or grow are read too. What was read travels as the cursor: the states of the tables that were read to their
 * end, and how far the open one was. A table in another state is read again, from where it was if its beginning is the
 * same; store knows what it has. */
#include "../connect.h"

#include <errno.h>
#include <fcntl.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/clock.h>
#include <tocsin/base/utf8.h>

#include "csv.h"
#include "folder.h"

#define LOOK_MS 200 /* a followed folder is looked at so often */
#define SETTLE 25 /* looks without growth before a last row without an end is one */

struct exports {
	struct connect *c;
	struct folder folder;
	struct states done; /* … and those in the cursor */
	struct states refused; /* told, and not read before they change */
	struct cursor cursor;
	struct csv_form form;
	struct table_file *open; /* in folder, NULL: none */
	int fd, still;
	bool has_cursor; /* cursor is of a table that may go on */
	bool whole; /* what was read is all of it */
	bool held; /* the cursor stays before the last row, which has no end: should the table grow, it is read again */
	bool failed, told_more;
	struct buf json;
};

static void move_cursor(struct exports *x)
{
	struct lines *l = &x->c->lines;

	if (x->held)
		return;
	x->cursor.offset = l->offset;
	x->cursor.line = l->number;
	cursor_tail(&x->cursor, lines_tail(l));
}

static void flush(struct exports *x)
{
	struct connect *c = x->c;
	_buf_ struct buf text = {0};

	if (x->open)
		move_cursor(x);
	buf_add_string(&text, "csv ");
	states_print(&text, &x->done);
	buf_add_char(&text, ' ');
	cursor_print(&text, &x->cursor);
	window_send(&c->window, buf_slice(&text));
}

static void parse_cursor(struct exports *x, struct slice text)
{
	const char *blank_at;

	if (!slice_begins(text, "csv "))
		return;
	text = (struct slice){text.p + 4, text.n - 4};
	blank_at = memchr(text.p, ' ', text.n);
	if (!blank_at ||
		!states_parse((struct slice){text.p, (size_t)(blank_at - text.p)}, &x->done))
		return;
	x->has_cursor = cursor_parse(
		(struct slice){blank_at + 1, (size_t)(text.p + text.n - blank_at) - 1}, &x->cursor);
}

/* For what is no row: a line of JSON that is surely refused, for the right reason. */
static struct slice refusal(const struct csv_form *form, struct slice raw)
{
	return form->encoding == SOURCE_UTF8 && !utf8_valid(raw) ? raw : SLICE("?");
}

/* One line of JSON, or of something that is surely none, made of what is shown in quarantine; odd: NULL, or where in that. */
static void add(struct exports *x, struct slot *s, enum line kind, struct slice json,
	struct slice shown, const char *odd)
{
	struct connect *c = x->c;
	unsigned down = 0;

	c->items.shown = shown;
	c->items.column = odd ? csv_place(shown, odd, &down) : 0;
	c->lines.number += down;
	connect_add(c, s, kind, json);
	c->lines.number -= down;
	c->items.shown = (struct slice){0};
	c->items.column = 0;
}

static void add_row(struct exports *x, struct slot *s, const struct csv_row *row)
{
	struct connect *c = x->c;
	const char *odd = NULL;

	if (x->whole && row->raw.n == row->used) {
		move_cursor(x);
		x->held = true;
	}
	lines_consume(&c->lines, row->used);
	c->lines.number++;
	buf_clear(&x->json);
	if (!csv_blank(row->raw) && csv_line(&x->form, row->raw, &x->json, &odd))
		add(x, s, LINE_OK, buf_slice(&x->json), row->raw, odd);
	else if (!csv_blank(row->raw))
		add(x, s, LINE_OK, refusal(&x->form, row->raw), row->raw, odd);
	c->lines.number += row->lines - 1;
}

/* No row: its first line goes to quarantine. odd: NULL, or where it goes wrong. False: that is not there yet. */
static bool add_bad(struct exports *x, struct slot *s, const char *odd)
{
	struct slice line;
	enum line kind = lines_next(&x->c->lines, x->whole, &line);

	if (kind == LINE_NONE)
		return false;
	if (odd < line.p || odd > line.p + line.n)
		odd = NULL;
	add(x, s, kind, refusal(&x->form, line), line, odd);
	return true;
}

/* The rows that were read go to where they belong. False: the window is full. */
static bool take(struct exports *x)
{
	struct connect *c = x->c;
	struct csv_row row;

	for (;;) {
		struct slot *s = window_slot(&c->window);
		struct slice in = lines_peek(&c->lines);
		enum csv_found found = CSV_BAD;

		if (!s)
			return false;
		row.odd = NULL;
		if (!c->lines.skipping)
			found = csv_next(in, x->form.separator, x->whole, &row);
		if (found == CSV_ROW)
			add_row(x, s, &row);
		else if ((found == CSV_MORE && in.n <= c->lines.max) ||
			!add_bad(x, s, found == CSV_BAD ? row.odd : NULL))
			return true;
		if (slot_full(s))
			flush(x);
	}
}

static void close_table(struct exports *x)
{
	x->open = NULL;
	x->whole = x->held = false;
	close_fd(&x->fd);
}

/* Not read as it is; told once. */
static void refuse(struct exports *x, const struct table_file *file, const char *why)
{
	states_add(&x->refused, state_key(file->path, &file->st));
	connect_trouble(x->c, "%s : %s", file->path, why);
	x->failed = true;
}

/* Behind the names of the columns, or where the cursor says. 0 or -errno; e is said. */
static int begin_table(struct exports *x, struct table_file *file, int fd, struct error *e)
{
	struct connect *c = x->c;
	_free_ char *head = xmalloc(CSV_HEADER_MAX);
	ssize_t n = pread(fd, head, CSV_HEADER_MAX, 0);
	size_t used = 0;
	unsigned lines = 0;
	int r;

	if (n < 0)
		return error_set(e, -errno, "%s", error_reason(-errno));
	r = csv_form_read((struct slice){head, (size_t)n}, (size_t)n < CSV_HEADER_MAX, c->source,
		&x->form, &used, &lines, e);
	if (r < 0)
		return r;
	if (x->has_cursor && x->cursor.offset >= used && cursor_matches(&x->cursor, fd)) {
		lines_restart(&c->lines, x->cursor.offset, x->cursor.line);
	} else {
		lines_restart(&c->lines, used, lines);
		x->cursor = (struct cursor){.dev = file->st.st_dev, .inode = file->st.st_ino};
	}
	if (lseek(fd, (off_t)c->lines.offset, SEEK_SET) < 0)
		return error_set(e, -errno, "%s", error_reason(-errno));
	return 0;
}

static bool open_table(struct exports *x, struct table_file *file)
{
	struct connect *c = x->c;
	struct error e = {0};
	int fd = folder_open(file);

	if (fd == -ENOENT || fd == -ESTALE)
		return false; /* seen at the next look as it is then */
	if (fd < 0 || begin_table(x, file, fd, &e) < 0) {
		refuse(x, file, fd < 0 ? error_reason(fd) : e.text);
		close_fd(&fd);
		return false;
	}
	x->fd = fd;
	x->open = file;
	x->has_cursor = true;
	x->still = 0;
	buf_clear(&c->place);
	buf_add_string(&c->place, file->path);
	return true;
}

/* States of tables that are gone mean nothing any more. */
static void forget(struct exports *x)
{
	struct states kept = {0};

	for (size_t i = 0; i < x->folder.n; i++) {
		struct state_key key = state_key(x->folder.list[i].path, &x->folder.list[i].st);

		if (states_have(&x->done, key))
			states_add(&kept, key);
	}
	states_release(&x->done);
	x->done = kept;
}

static bool list(struct exports *x)
{
	struct connect *c = x->c;
	int r;

	folder_release(&x->folder);
	r = folder_list(c->source->path, &x->folder);
	if (r < 0) {
		if (!c->trouble)
			connect_trouble(c, "%s : %s", c->source->path, error_reason(r));
		x->failed = true;
		return false;
	}
	if (x->folder.more && !x->told_more)
		connect_trouble(c,
			"%s : plus de %u fichiers, les autres ne sont pas lus ; "
			"rangez les anciens ailleurs",
			c->source->path, FOLDER_MAX);
	x->told_more = x->folder.more;
	forget(x);
	return true;
}

/* The first that is not read yet. False: there is none. */
static bool next_table(struct exports *x)
{
	if (!list(x))
		return false;
	for (size_t i = 0; i < x->folder.n; i++) {
		struct table_file *file = &x->folder.list[i];
		struct state_key key = state_key(file->path, &file->st);

		if (file->st.st_size == 0 || states_have(&x->done, key) ||
			states_have(&x->refused, key))
			continue;
		if (open_table(x, file))
			return true;
	}
	return false;
}

/* Whether the end that was reached is one. A writer may stand in the middle of a row. */
static bool settled(struct exports *x)
{
	struct lines *l = &x->c->lines;
	uint64_t have = l->offset + lines_left(l);
	struct stat st;

	if (fstat(x->fd, &st) < 0 || (uint64_t)st.st_size != have)
		return !x->c->source->follow;
	return !x->c->source->follow || (!lines_left(l) && !l->skipping) || ++x->still >= SETTLE;
}

/* In the state in which all of it was read; when that has changed since, it is looked at again. */
static void end_table(struct exports *x)
{
	struct connect *c = x->c;
	struct stat st;

	if (fstat(x->fd, &st) == 0 && (uint64_t)st.st_size == c->lines.offset)
		states_add(&x->done, state_key(x->open->path, &st));
	else if (!c->source->follow)
		states_add(&x->refused, state_key(x->open->path, &x->open->st));
	flush(x);
	close_table(x);
}

static void idle(struct exports *x)
{
	struct connect *c = x->c;

	if (c->source->follow)
		return;
	flush(x);
	c->ended = true;
	c->failed = x->failed;
	if (window_empty(&c->window))
		bus_stop(c->bus);
}

static void pump(struct exports *x)
{
	struct connect *c = x->c;

	while (!c->ended) {
		ssize_t n;

		if (!x->open && !next_table(x)) {
			idle(x);
			return;
		}
		if (!take(x))
			return;
		if (x->whole) {
			end_table(x);
			continue;
		}
		n = connect_read(c, x->fd);
		if (n > 0) {
			connect_heard(c);
			x->still = 0;
		} else if (n < 0) {
			refuse(x, x->open, error_reason((int)n));
			flush(x);
			close_table(x);
		} else if (settled(x)) {
			x->whole = true;
		} else {
			flush(x);
			return;
		}
	}
}

/* The open table was cut short under us: from its beginning. */
static bool is_cut(struct exports *x)
{
	struct stat st;

	return x->open && !x->whole && fstat(x->fd, &st) == 0 &&
		(uint64_t)st.st_size < x->c->lines.offset + lines_left(&x->c->lines);
}

static void look(void *user)
{
	struct exports *x = user;

	if (is_cut(x)) {
		flush(x);
		close_table(x);
	}
	pump(x);
}

static int start(struct connect *c, struct error *e)
{
	struct exports *x = c->state = xcalloc(1, sizeof(*x));
	_buf_ struct buf text = {0};
	int r;

	x->c = c;
	x->fd = -1;
	c->items.force_source = true;
	buf_add_string(&c->place, c->source->path);
	r = connect_ask_cursor(c, &text);
	if (r == -EINTR) {
		c->ended = true;
		return 0;
	}
	if (r < 0)
		return error_set(e, r, "%s : %s", c->source->path, error_reason(r));
	parse_cursor(x, buf_slice(&text));
	bus_timer(c->bus, 0, c->source->follow ? LOOK_MS : 0, look, x);
	return 0;
}

static void space(struct connect *c)
{
	pump(c->state);
}

static void stop(struct connect *c)
{
	flush(c->state);
}

static void release(struct connect *c)
{
	struct exports *x = c->state;

	if (!x)
		return;
	close_table(x);
	folder_release(&x->folder);
	states_release(&x->done);
	states_release(&x->refused);
	buf_release(&x->json);
	free(x);
}

const struct kind kind_csv = {.name = "csv",
	.start = start,
	.space = space,
	.stop = stop,
	.release = release,

	.test = exports_test};
