/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "items.h"

#include <errno.h>

#include <tocsin/base/utf8.h>

#define NAME_MAX_ 400u /* bytes of a place's name in an id: its end says more than its beginning */

void items_init(struct items *t, struct slice source, bool force_source, size_t max)
{
	*t = (struct items){.source = source, .force_source = force_source};
	t->json = json_reader_new(max);
}

void items_release(struct items *t)
{
	json_reader_free(t->json);
	buf_release(&t->extra);
	buf_release(&t->raw);
	buf_release(&t->id);
}

/* Valid text without NUL, at most COMMENT_RAW_MAX bytes. */
static struct slice readable(struct items *t, struct slice line)
{
	size_t n = line.n < COMMENT_RAW_MAX ? line.n : COMMENT_RAW_MAX;
	struct slice part;
	const char *nul;

	buf_clear(&t->raw);
	for (line.n = n; line.n; line.p += part.n + 1, line.n -= part.n + 1) {
		nul = memchr(line.p, 0, line.n);
		part = (struct slice){line.p, nul ? (size_t)(nul - line.p) : line.n};
		utf8_repair(&t->raw, part);
		if (!nul)
			break;
		buf_add_string(&t->raw, "\xef\xbf\xbd");
	}
	return utf8_cut(buf_slice(&t->raw), COMMENT_RAW_MAX);
}

static void quarantine(struct items *t, struct buf *batch, struct slice line, struct slice name,
	uint64_t number, enum comment_refusal why)
{
	struct comment c = {.type = COMMENT_QUARANTINE, .source = t->source};

	if (name.n > NAME_MAX_) {
		name.p += name.n - NAME_MAX_;
		name.n = NAME_MAX_;
	}
	buf_clear(&t->id);
	utf8_repair(&t->id, name);
	buf_printf(&t->id, ":%llu", (unsigned long long)number);
	if (t->column)
		buf_printf(&t->id, ":%u", t->column);
	c.id = buf_slice(&t->id);
	c.text = readable(t, t->shown.n ? t->shown : line);
	c.extra = slice_of(comment_refusal_key(why));
	batch_add(batch, &c);
}

static bool blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r')
			return false;
	return true;
}

/* None says that people told the town hall of it: such a line is its file's. */
static enum comment_refusal read_comment(
	struct items *t, struct json_value v, struct comment *c, struct error *e)
{
	enum comment_refusal why =
		comment_from_json(v, t->source, t->force_source, c, &t->extra, e);

	if (why == COMMENT_OK && comment_is_reported(c))
		why = comment_from_json(v, t->source, true, c, &t->extra, e);
	return why;
}

enum comment_refusal items_add(struct items *t, struct buf *batch, enum line kind,
	struct slice line, struct slice name, uint64_t number, bool *ret_added)
{
	enum comment_refusal why = COMMENT_TOO_LONG;
	struct json_value v;
	struct comment c;
	struct error e;
	int r;

	*ret_added = true;
	if (number == 1 && line.n >= 3 && memcmp(line.p, "\xef\xbb\xbf", 3) == 0)
		line = (struct slice){line.p + 3, line.n - 3};
	if (kind == LINE_OK) {
		if (line.n == 0 || (line.p[0] != '{' && blank(line))) {
			*ret_added = false;
			return COMMENT_OK;
		}
		r = json_parse(t->json, line, &v, &e);
		if (r == 0)
			why = read_comment(t, v, &c, &e);
		else if (r == -EFBIG)
			why = COMMENT_TOO_LONG;
		else
			why = utf8_valid(line) ? COMMENT_MALFORMED : COMMENT_BAD_UTF8;
	}
	if (why == COMMENT_OK)
		batch_add(batch, &c);
	else
		quarantine(t, batch, line, name, number, why);
	return why;
}
