/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "write.h"
#include <stdio.h>
#include <string.h>
#include <tocsin/record/wire.h>

#define COLUMNS 40u
#define MINUTES_MAX (7u * 24 * 60)

struct slice writer_take(struct writer *w)
{
	struct slice s = arena_copy(w->arena, buf_slice(&w->text));
	buf_clear(&w->text);
	return s;
}

void writer_block(struct writer *w, enum block_kind kind, const char *label)
{
	if (!w->text.n || w->m->n_blocks == MESSAGE_BLOCKS_MAX)
		return;
	while (w->text.n && (w->text.p[w->text.n - 1] == ' ' || w->text.p[w->text.n - 1] == '\n'))
		w->text.n--;
	w->m->blocks[w->m->n_blocks++] =
		(struct message_block){kind, arena_copy(w->arena, slice_of(label)), writer_take(w)};
}

void writer_comma(struct writer *w, bool *first)
{
	if (!*first)
		buf_add_string(&w->text, ", ");
	*first = false;
}

const char *writer_time(int64_t ms, int64_t at, char out[static CLOCK_TEXT])
{
	struct local_time a = clock_local(ms), b = clock_local(at);
	bool today = a.year == b.year && a.yearday == b.yearday;
	return today ? clock_format_hm(ms, out) : clock_format_dhm(ms, out);
}

const char *writer_at(enum words_lang l, int64_t ms, int64_t at, char out[static CLOCK_TEXT])
{
	char day[CLOCK_TEXT], hour[CLOCK_TEXT];
	clock_format_hm(ms, hour);
	if (strcmp(writer_time(ms, at, day), hour) == 0) {
		snprintf(out, CLOCK_TEXT, words(l, "à %s"), hour);
		return out;
	}
	day[strcspn(day, " ")] = 0;
	snprintf(out, CLOCK_TEXT, words(l, "le %s à %s"), day, hour);
	return out;
}

void writer_curve(struct buf *out, struct slice series)
{
	static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	struct wire count = wire_reader(series), w = wire_reader(series);
	size_t n = 0;
	while (!wire_done(&count) && !count.bad && n < MINUTES_MAX) {
		(void)wire_varint(&count);
		n++;
	}
	if (n < 3 || count.bad)
		return;
	size_t columns = n < COLUMNS ? n : COLUMNS;
	uint64_t sums[COLUMNS] = {0}, most = 1;
	for (size_t i = 0; i < n; i++)
		sums[i * columns / n] += wire_varint(&w);
	for (size_t i = 0; i < columns; i++)
		most = sums[i] > most ? sums[i] : most;
	for (size_t i = 0; i < columns; i++)
		buf_add_string(out, bars[(size_t)((double)sums[i] / (double)most * 7.0 + 0.5)]);
}
