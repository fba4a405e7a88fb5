/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/html/html.h>
#include <stdio.h>
#include <tocsin/base/utf8.h>

enum { PILED_MAX = 4 };

struct range {
	uint32_t first, last;
};

static bool is_in(const struct range *table, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= table[i].first && c <= table[i].last)
			return true;
	return false;
}

static bool is_invisible(uint32_t c)
{
	static const struct range table[] = {{0x00, 0x08}, {0x0b, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad},
		{0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5},
		{0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
		{0x3164, 0x3164}, {0xfe00, 0xfe0d}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
		{0xfff0, 0xfffb}, {0xe0000, 0xe0fff}};
	return is_in(table, sizeof(table) / sizeof(*table), c);
}

static bool is_piled(uint32_t c)
{
	static const struct range table[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x1ab0, 0x1aff},
		{0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe20, 0xfe2f}};
	return is_in(table, sizeof(table) / sizeof(*table), c);
}

/* A joiner behind an emoji (or its variation selector) makes one of two. */
static bool joins_emoji(uint32_t c, uint32_t before)
{
	return c == 0x200d && (before >= 0x1f000 || before == 0xfe0f || (before >> 8) == 0x26);
}

struct writer {
	struct buf *out;
	bool spans; /* markup may be written */
	uint32_t before; /* the character that came last */
	uint32_t piled; /* marks upon it */
};

static void put_note(struct writer *w, const char *note)
{
	buf_add_string(w->out, w->spans ? "<span class=\"inv\">" : "");
	buf_add_string(w->out, note);
	buf_add_string(w->out, w->spans ? "</span>" : "");
}

static void end_pile(struct writer *w)
{
	char note[32];
	if (w->piled > PILED_MAX) {
		snprintf(note, sizeof(note), "‹+%u›", w->piled - PILED_MAX);
		put_note(w, note);
	}
	w->piled = 0;
}

static void put_one(struct writer *w, uint32_t c, struct slice bytes)
{
	char note[32];
	if (is_piled(c)) {
		if (++w->piled <= PILED_MAX)
			buf_add_slice(w->out, bytes);
		return;
	}
	end_pile(w);
	if (is_invisible(c) && !joins_emoji(c, w->before)) {
		snprintf(note, sizeof(note), "‹U+%04X›", c);
		put_note(w, note);
	} else {
		switch (c) {
		case '&': buf_add_string(w->out, "&amp;"); break;
		case '<': buf_add_string(w->out, "&lt;"); break;
		case '>': buf_add_string(w->out, "&gt;"); break;
		case '"': buf_add_string(w->out, "&quot;"); break;
		case '\'': buf_add_string(w->out, "&#39;"); break;
		default: buf_add_slice(w->out, bytes);
		}
	}
	w->before = c;
}

/* Text that is valid UTF-8. */
static void put(struct writer *w, struct slice text)
{
	for (size_t i = 0; i < text.n;) {
		size_t start = i;
		uint32_t c = utf8_next(text, &i);
		put_one(w, c, (struct slice){text.p + start, i - start});
	}
}

void html_text(struct buf *out, struct slice text)
{
	_buf_ struct buf repaired = {0};
	struct writer w = {.out = out};
	utf8_repair(&repaired, text);
	put(&w, buf_slice(&repaired));
	end_pile(&w);
}

void html_string(struct buf *out, const char *text)
{
	html_text(out, slice_of(text));
}

void html_kept(struct buf *out, struct slice text)
{
	_buf_ struct buf repaired = {0};
	utf8_repair(&repaired, text);
	for (size_t i = 0; i < repaired.n; i++)
		switch (repaired.p[i]) {
		case '&': buf_add_string(out, "&amp;"); break;
		case '<': buf_add_string(out, "&lt;"); break;
		case '>': buf_add_string(out, "&gt;"); break;
		case '"': buf_add_string(out, "&quot;"); break;
		default: buf_add_char(out, repaired.p[i]);
		}
}

void html_shown(struct buf *out, struct slice text)
{
	html_marked(out, text, NULL, 0);
}

/* --- marks */

static bool inside(struct slice text, size_t at)
{
	return at > 0 && at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80;
}

/* Cut to the text, at the borders of characters. False: nothing is left. */
static bool fit(struct slice text, const struct html_span *s, struct html_span *ret)
{
	*ret = *s;
	if (ret->end > text.n)
		ret->end = text.n;
	while (inside(text, ret->start))
		ret->start--;
	while (inside(text, ret->end))
		ret->end++;
	return ret->start < ret->end;
}

/* By their beginning; those that touch are one. How many. */
static size_t arrange(struct slice text, const struct html_span *spans, size_t n,
	struct html_span list[HTML_SPANS_MAX])
{
	size_t kept = 0, merged = 0;
	for (size_t i = 0; i < n && kept < HTML_SPANS_MAX; i++) {
		struct html_span s;
		size_t at = kept;
		if (!fit(text, &spans[i], &s))
			continue;
		for (; at > 0 && list[at - 1].start > s.start; at--)
			list[at] = list[at - 1];
		list[at] = s;
		kept++;
	}
	for (size_t i = 0; i < kept; i++) {
		struct html_span *last = merged ? &list[merged - 1] : NULL;
		if (!last || list[i].start >= last->end)
			list[merged++] = list[i];
		else if (list[i].end > last->end)
			last->end = list[i].end;
	}
	return merged;
}

void html_marked(struct buf *out, struct slice text, const struct html_span *spans, size_t n)
{
	struct html_span list[HTML_SPANS_MAX];
	_buf_ struct buf repaired = {0};
	struct writer w = {.out = out, .spans = true};
	size_t at = 0;
	/* places in a text that is not valid are those of no character: it is shown without */
	if (utf8_repair(&repaired, text))
		n = 0;
	text = buf_slice(&repaired);
	n = arrange(text, spans, n, list);
	buf_add_string(out, "<bdi>");
	for (size_t i = 0; i < n; i++) {
		put(&w, (struct slice){text.p + at, list[i].start - at});
		end_pile(&w);
		buf_add_string(out, "<mark");
		if (list[i].label.n) {
			buf_add_string(out, " title=\"");
			html_text(out, list[i].label);
			buf_add_char(out, '"');
		}
		buf_add_char(out, '>');
		put(&w, (struct slice){text.p + list[i].start, list[i].end - list[i].start});
		end_pile(&w);
		buf_add_string(out, "</mark>");
		at = list[i].end;
	}
	put(&w, (struct slice){text.p + at, text.n - at});
	end_pile(&w);
	buf_add_string(out, "</bdi>");
}
