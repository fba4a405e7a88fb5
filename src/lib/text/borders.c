/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where words begin and end: at the edges of letters and figures, and inside what people glue together. */
#include <tocsin/base/utf8.h>
#include <utf8proc.h>

#include "scalar.h"
#include "views.h"

static bool is_wide_word(struct slice view, size_t at)
{
	size_t length;
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)scalar_at(view, at, &length));

	/* letters, their marks, figures: they stand in a row, but for the enclosing marks */
	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NL && c != UTF8PROC_CATEGORY_ME;
}

bool text_is_word(struct slice view, size_t at)
{
	unsigned char c = (unsigned char)view.p[at];

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
	while (at && is_inside(view, at))
		at--;
	return is_wide_word(view, at);
}

bool text_is_border(struct slice view, size_t at)
{
	bool before = at > 0 && text_is_word(view, at - 1);
	bool after = at < view.n && text_is_word(view, at);

	return before != after;
}

/* How far a look around a place goes, in bytes. */
#define FAR_ENOUGH 64u

static bool is_in_hashtag(struct slice view, size_t at)
{
	for (size_t i = 0; i < FAR_ENOUGH && at; i++) {
		at--;
		if (view.p[at] == '#')
			return at == 0 || !text_is_word(view, at - 1);
		if (view.p[at] != '_' && !text_is_word(view, at))
			return false;
	}
	return false;
}

static bool is_in_row(const struct text_views *v, size_t at)
{
	size_t low = 0, high = v->rows.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (v->rows.list[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < v->rows.n && v->rows.list[low].start < at;
}

static utf8proc_category_t letter_case(struct slice s, size_t at)
{
	size_t length;
	uint32_t c = scalar_at(s, at, &length);

	return utf8proc_category((utf8proc_int32_t)c);
}

static bool is_case_at(struct slice s, size_t at, utf8proc_category_t c)
{
	return at < s.n && letter_case(s, at) == c;
}

static size_t behind(struct slice s, size_t at)
{
	size_t length;

	if (at >= s.n)
		return s.n;
	(void)scalar_at(s, at, &length);
	return at + length;
}

/* A capital behind a small letter, in the original. One of the two humps has three letters at least, or dEs
 * GeNs wOuLd be full of them. */
static bool is_hump(struct slice s, size_t at)
{
	size_t before, next;

	if (!at || at >= s.n || !is_case_at(s, at, UTF8PROC_CATEGORY_LU))
		return false;
	before = scalar_before(s, at);
	next = behind(s, at);
	if (!is_case_at(s, before, UTF8PROC_CATEGORY_LL) ||
		!is_case_at(s, next, UTF8PROC_CATEGORY_LL))
		return false;
	if (is_case_at(s, behind(s, next), UTF8PROC_CATEGORY_LL))
		return true;
	return before && is_case_at(s, scalar_before(s, before), UTF8PROC_CATEGORY_LL);
}

enum text_border text_border(const struct text_views *v, enum text_view which, size_t at)
{
	struct slice view = text_view(v, which);
	uint32_t start, end;

	if (text_is_border(view, at))
		return TEXT_BORDER_WORD;
	if (!at || at >= view.n || is_inside(view, at) || !text_is_word(view, at))
		return TEXT_BORDER_NONE;
	view_source(v, which, at, at + 1, &start, &end);
	if (is_hump(v->original, start))
		return TEXT_BORDER_CAMEL;
	if (which == TEXT_SQUEEZED && v->squeezed && is_in_row(v, at))
		return TEXT_BORDER_GLUED;
	return is_in_hashtag(view, at) ? TEXT_BORDER_GLUED : TEXT_BORDER_NONE;
}
