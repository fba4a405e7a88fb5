/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "views.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>
#include <utf8proc.h>

#include "scalar.h"

/* Raised whenever a view of some text changes, so that bundles scored with other tables differ. */
#define TABLES_VERSION "4"

struct text_views *text_views_new(void)
{
	struct text_views *v = xcalloc(1, sizeof(*v));

	v->self = v;
	v->masks = xcalloc(TEXT_MASKS_MAX, sizeof(*v->masks));
	tables_fill(&v->tables);
	return v;
}

struct text_views *text_views_free(struct text_views *v)
{
	if (!v)
		return NULL;
	for (unsigned i = 0; i < TEXT_VIEWS; i++) {
		buf_release(&v->view[i]);
		edges_release(&v->edges[i]);
	}
	buf_release(&v->word);
	buf_release(&v->written);
	buf_release(&v->read);
	free(v->patches);
	free(v->changed);
	free(v->places);
	free(v->rows.list);
	free(v->undone);
	free(v->words.list);
	free(v->masks);
	free(v);
	return NULL;
}

void spots_add(struct spots *s, size_t start, size_t end)
{
	s->list = xgrow(s->list, s->n, &s->cap, sizeof(*s->list));
	s->list[s->n++] = (struct text_word){(uint32_t)start, (uint32_t)end};
}

void text_views_make(struct text_views *v, struct slice original)
{
	v->original = original;
	v->n_patches = 0;
	v->accents = 0;
	v->mapped = v->masks_made = v->words_made = false;
	pass(v, false);
	v->squeezed = squeeze(v, false);
}

void need_maps(const struct text_views *v)
{
	struct text_views *own = v->self;

	if (own->mapped)
		return;
	own->mapped = true;
	pass(own, true);
	if (own->squeezed)
		(void)squeeze(own, true);
}

struct slice text_original(const struct text_views *v)
{
	return v->original;
}

struct slice text_view(const struct text_views *v, enum text_view which)
{
	if (which == TEXT_SQUEEZED && !v->squeezed)
		which = TEXT_FOLDED;
	return buf_slice(&v->view[which]);
}

bool text_has_accents(const struct text_views *v)
{
	/* nor does a text in SMS spelling, of which some words were given theirs */
	return v->accents != 0 && !(v->n_patches && v->sms);
}

bool text_is_changed(const struct text_views *v, size_t start, size_t end)
{
	for (size_t at = start; at < end; at = (at / 64 + 1) * 64) {
		size_t n = end - at < 64 - at % 64 ? end - at : 64 - at % 64;

		if (v->changed[at / 64] >> at % 64 << (64 - n))
			return true;
	}
	return false;
}

bool text_is_squeezed(const struct text_views *v)
{
	return v->squeezed;
}

bool text_has_rows(const struct text_views *v)
{
	return v->squeezed && v->rows.n;
}

size_t text_undone(const struct text_views *v, const struct text_undone **ret_list)
{
	*ret_list = v->undone;
	return v->squeezed ? v->n_undone : 0;
}

size_t text_start_below(const struct text_views *v, enum text_view which, size_t start)
{
	struct slice below = which == TEXT_PLAIN ? v->original : buf_slice(&v->view[TEXT_PLAIN]);
	size_t from;

	need_maps(v);
	from = edges_start(&v->edges[which], start);
	if (from > below.n)
		from = below.n;
	while (from && is_inside(below, from))
		from--;
	return from;
}

void text_view_below(const struct text_views *v, enum text_view which, size_t start, size_t end,
	size_t *ret_start, size_t *ret_end)
{
	struct slice below =
		which == TEXT_PLAIN ? v->original : text_view(v, (enum text_view)(which - 1));
	size_t from, to;

	if (which == TEXT_SQUEEZED && !v->squeezed) {
		*ret_start = start;
		*ret_end = end;
		return;
	}
	need_maps(v);
	from = edges_start(&v->edges[which], start);
	to = edges_end(&v->edges[which], end);
	if (from > below.n)
		from = below.n;
	if (to > below.n)
		to = below.n;
	while (from && is_inside(below, from))
		from--;
	while (is_inside(below, to))
		to++;
	*ret_start = from;
	*ret_end = to > from ? to : from;
}

size_t text_plain_to_folded(const struct text_views *v, size_t at)
{
	size_t folded;

	need_maps(v);
	folded = edges_view(&v->edges[TEXT_FOLDED], at);
	return folded < v->view[TEXT_FOLDED].n ? folded : v->view[TEXT_FOLDED].n;
}

static bool is_regional(uint32_t scalar)
{
	return scalar >= 0x1f1e6 && scalar <= 0x1f1ff;
}

/* Whether the regional indicator at `at` is the second of a flag. */
static bool is_second(struct slice s, size_t at)
{
	enum { FAR_ENOUGH = 64 };
	size_t n = 0, length;

	while (at && n < FAR_ENOUGH) {
		at = scalar_before(s, at);
		if (!is_regional(scalar_at(s, at, &length)))
			break;
		n++;
	}
	return n % 2;
}

/* Whether no border between two characters lies at this place (Unicode, UAX 29). */
static bool is_joined(struct slice s, size_t at)
{
	uint32_t before, after;
	size_t length;

	if (!at || at >= s.n)
		return false;
	after = scalar_at(s, at, &length);
	if (after < 0x300) /* nothing below goes onto the character before it */
		return false;
	before = scalar_at(s, scalar_before(s, at), &length);
	if (is_regional(after))
		return is_regional(before) && is_second(s, at);
	if (before == 0x200d &&
		utf8proc_get_property((utf8proc_int32_t)after)->boundclass ==
			UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC)
		return true;
	return !utf8proc_grapheme_break((utf8proc_int32_t)before, (utf8proc_int32_t)after);
}

void view_source(const struct text_views *v, enum text_view which, size_t start, size_t end,
	uint32_t *ret_start, uint32_t *ret_end)
{
	struct slice in = v->original;

	for (int view = (int)which; view >= TEXT_PLAIN; view--)
		text_view_below(v, (enum text_view)view, start, end, &start, &end);
	while (start < end && is_joined(in, start))
		start = scalar_before(in, start);
	while (start < end && is_joined(in, end)) {
		size_t length;

		(void)scalar_at(in, end, &length);
		end += length;
	}
	*ret_start = (uint32_t)start;
	*ret_end = (uint32_t)end;
}

void text_view_origin(const struct text_views *v, enum text_view which, size_t start, size_t end,
	uint32_t *ret_start, uint32_t *ret_end)
{
	view_source(v, which, start, end, ret_start, ret_end);
	if (v->n_patches)
		patches_origin(v, ret_start, ret_end);
}

const char *text_version(void)
{
#define NUMBER(n) #n
#define TEXT_OF(n) NUMBER(n)
	return "text " TABLES_VERSION ", utf8proc " TEXT_OF(UTF8PROC_VERSION_MAJOR) "." TEXT_OF(
		UTF8PROC_VERSION_MINOR) "." TEXT_OF(UTF8PROC_VERSION_PATCH);
#undef TEXT_OF
#undef NUMBER
}
