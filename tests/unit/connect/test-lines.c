/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines out of blocks, whatever the blocks; and how far a file was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../src/connect/cursor.h"
#include "../../../src/connect/lines.h"

#define LIMIT 50u
#define TEXT 4000u

struct expected {
	enum line kind;
	size_t start, n, end;
};

/* What the lines are, found the plain way. */
static size_t split(const char *text, size_t n, struct expected *out)
{
	size_t lines = 0, start = 0;

	for (size_t i = 0; i <= n; i++) {
		bool ends = i < n && text[i] == '\n';
		size_t length = i - start;

		if (!ends && i < n)
			continue;
		if (i == n && !length)
			break;
		out[lines] = (struct expected){
			length > LIMIT ? LINE_LONG : LINE_OK, start, length, ends ? i + 1 : i};
		if (length <= LIMIT && length && text[i - 1] == '\r')
			out[lines].n--;
		lines++;
		start = i + 1;
	}
	return lines;
}

static size_t drain(
	struct lines *l, bool at_end, const char *text, const struct expected *want, size_t have)
{
	struct slice s;
	enum line kind;

	while ((kind = lines_next(l, at_end, &s)) != LINE_NONE) {
		const struct expected *w = &want[have++];

		assert_int_equal(kind, w->kind);
		assert_int_equal(l->number, have);
		assert_int_equal(l->offset, w->end);
		assert_true(s.n <= w->n);
		assert_memory_equal(s.p, text + w->start, s.n);
		if (kind == LINE_OK)
			assert_int_equal(s.n, w->n);
		else
			assert_true(s.n > 0);
	}
	return have;
}

static void any_blocks_give_the_same_lines(void **state)
{
	static char text[TEXT];
	static struct expected want[TEXT];

	(void)state;
	srand(5);
	for (int round = 0; round < 400; round++) {
		size_t n = (size_t)rand() % TEXT, at = 0, lines, have = 0;
		int ends = 2 + rand() % 120;
		struct lines l;

		for (size_t i = 0; i < n; i++)
			text[i] = rand() % ends == 0 ? '\n'
				: rand() % 9 == 0    ? '\r'
						     : 'a' + (char)(i % 26);
		lines = split(text, n, want);
		lines_init(&l, LIMIT);
		while (at < n) {
			size_t room, part = 1 + (size_t)rand() % (rand() % 2 ? 7 : 900);
			char *p = lines_room(&l, &room);

			assert_true(room >= 65536);
			if (part > n - at)
				part = n - at;
			memcpy(p, text + at, part);
			lines_added(&l, part);
			at += part;
			have = drain(&l, false, text, want, have);
			/* memory is bounded: what is kept is at most one line that is not too long */
			assert_true(lines_left(&l) <= LIMIT);
		}
		have = drain(&l, true, text, want, have);
		assert_int_equal(have, lines);
		assert_int_equal(lines_left(&l), 0);
		lines_release(&l);
	}
}

static void long_streams_wrap(void **state)
{
	struct lines l;
	uint64_t seen = 0;
	struct slice s;

	(void)state;
	lines_init(&l, 1000);
	for (int i = 0; i < 3000; i++) {
		size_t room;
		char *p = lines_room(&l, &room);
		int n = snprintf(p, room, "ligne %d %0*d\nreste", i, i % 700, 0);

		lines_added(&l, (size_t)n);
		while (lines_next(&l, false, &s) == LINE_OK) {
			struct slice tail = lines_tail(&l);

			seen++;
			assert_true(tail.n > 0 && tail.p[tail.n - 1] == '\n');
		}
	}
	assert_int_equal(seen, 3000);
	lines_restart(&l, 77, 9);
	assert_int_equal(lines_left(&l), 0);
	assert_int_equal(l.offset, 77);
	lines_release(&l);
}

static void cursors_come_back(void **state)
{
	static const char *const bad[] = {"", "1", "2 1 1 1 1 0 1", "1 1 1 1 1 0",
		"1 1 1 1 1 0 1 1", "1 1 1 1 1 0 x", "1 1 1 1 1 257 1", "1 1 1 5 1 6 1",
		"1 -1 1 1 1 0 1", "1 99999999999999999999999 1 1 1 0 1", "1  1 1 1 1 0 1",
		"1 1 1 1 1 0 1 ", "1 1 1 18446744073709551615 1 0 1"};
	const struct cursor c = {64769, UINT64_MAX, 123456789012, 42, 7, UINT64_MAX};
	_buf_ struct buf text = {0};
	struct cursor back = {0};

	(void)state;
	cursor_print(&text, &c);
	assert_true(cursor_parse(buf_slice(&text), &back));
	assert_true(back.dev == c.dev && back.inode == c.inode && back.offset == c.offset);
	assert_true(
		back.line == c.line && back.tail_n == c.tail_n && back.tail_hash == c.tail_hash);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(cursor_parse(slice_of(bad[i]), &back));
}

static void another_content_is_noticed(void **state)
{
	char path[] = "/tmp/tocsin-cursor-XXXXXX";
	int fd = mkstemp(path);
	struct cursor c = {0};
	struct stat st;

	(void)state;
	assert_int_equal(write(fd, "un\ndeux\ntrois\n", 14), 14);
	assert_int_equal(fstat(fd, &st), 0);
	c.dev = st.st_dev;
	c.inode = st.st_ino;
	c.offset = 8;
	cursor_tail(&c, SLICE("un\ndeux\n"));
	assert_true(cursor_matches(&c, fd));
	assert_int_equal(pwrite(fd, "U", 1, 0), 1);
	assert_false(cursor_matches(&c, fd));
	assert_int_equal(pwrite(fd, "u", 1, 0), 1);
	assert_true(cursor_matches(&c, fd));
	assert_int_equal(ftruncate(fd, 7), 0);
	assert_false(cursor_matches(&c, fd));
	assert_int_equal(pwrite(fd, "\n", 1, 7), 1);
	assert_true(cursor_matches(&c, fd));
	c.inode++;
	assert_false(cursor_matches(&c, fd));
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_blocks_give_the_same_lines),
		cmocka_unit_test(long_streams_wrap),
		cmocka_unit_test(cursors_come_back),
		cmocka_unit_test(another_content_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
