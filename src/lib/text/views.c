/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "views.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>
#include <tocsin/base/utf8.h>
#include <tocsin/text/text.h>
#include <utf8proc.h>

/* Raised whenever a view of some text changes, so that bundles scored with other tables differ. */
#define TABLES_VERSION "1"

struct text_views *text_views_new(void)
{
	struct text_views *v = xcalloc(1, sizeof(*v));

	tables_fill(&v->tables);
	squeeze_tables(&v->squeeze);
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
	free(v);
	return NULL;
}

/* The state of one pass over the original. */
struct pass {
	struct text_views *v;
	const unsigned char *in;
	size_t n, at; /* of the original */
	char *plain, *folded;
	size_t np, nf; /* written */
	size_t last_p, last_f; /* where the last character was written */
	bool dropped; /* something was dropped since */
	size_t after; /* where the last character ends in the original */
};

static void note_dropped(struct pass *s)
{
	if (!s->dropped)
		return;
	/* what was dropped belongs neither to the character before it nor to the one behind */
	edges_push(&s->v->edges[TEXT_PLAIN], s->np, s->after);
	edges_push(&s->v->edges[TEXT_PLAIN], s->np, s->at);
	s->dropped = false;
}

/* Writes a character's image; `length` bytes of the original made it. */
static void emit(
	struct pass *s, const char *plain, size_t np, const char *folded, size_t nf, size_t length)
{
	/* runs of blanks are one blank */
	if (np == 1 && *plain == ' ' && s->np && s->plain[s->np - 1] == ' ') {
		s->at += length;
		s->dropped = true;
		return;
	}
	note_dropped(s);
	s->last_p = s->np;
	s->last_f = s->nf;
	memcpy(s->plain + s->np, plain, np);
	memcpy(s->folded + s->nf, folded, nf);
	s->np += np;
	s->nf += nf;
	s->at += length;
	s->after = s->at;
	if (np != length)
		edges_push(&s->v->edges[TEXT_PLAIN], s->np, s->at);
	if (np != nf)
		edges_push(&s->v->edges[TEXT_FOLDED], s->nf, s->np);
}

/* A combining mark joins the character before it where Unicode knows the pair, else it is paint and
 * is dropped; in scripts that we do not fold it stays. */
static void combine(struct pass *s, uint32_t mark, size_t length)
{
	struct slice last = {s->plain + s->last_p, s->np - s->last_p};
	uint32_t base = 0, composed;
	size_t i = 0;
	struct glyph g;

	if (s->np && last.n)
		base = utf8_next(last, &i);
	composed = base && i == last.n ? glyph_compose(base, mark) : 0;
	if (composed) {
		glyph_lookup(&s->v->tables, composed, &g);
		if (g.kind == GLYPH_TEXT) {
			s->np = s->last_p;
			s->nf = s->last_f;
			edges_cut(&s->v->edges[TEXT_PLAIN], s->np);
			edges_cut(&s->v->edges[TEXT_FOLDED], s->nf);
			s->dropped = false;
			memcpy(s->plain + s->np, g.plain, g.n_plain);
			memcpy(s->folded + s->nf, g.folded, g.n_folded);
			s->np += g.n_plain;
			s->nf += g.n_folded;
			s->at += length;
			s->after = s->at;
			s->v->accents |= g.accent;
			edges_push(&s->v->edges[TEXT_PLAIN], s->np, s->at);
			edges_push(&s->v->edges[TEXT_FOLDED], s->nf, s->np);
			return;
		}
	}
	if (base >= 0x590) {
		char own[4];

		utf8_put(own, mark);
		emit(s, own, length, own, length, length);
		return;
	}
	s->at += length;
	s->dropped = true;
}

/* One character beyond ASCII. The text is valid UTF-8; a short tail is dropped all the same. */
static void wide(struct pass *s)
{
	const unsigned char *p = s->in + s->at;
	size_t length = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	const struct glyph *g;
	struct glyph computed;
	uint32_t scalar;

	if (length > s->n - s->at) {
		s->at = s->n;
		return;
	}
	if (length == 2)
		scalar = (uint32_t)(*p & 0x1f) << 6 | (p[1] & 0x3f);
	else if (length == 3)
		scalar = (uint32_t)(*p & 0xf) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	else
		scalar = (uint32_t)(*p & 7) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
			(uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
	if (scalar >= LATIN_FIRST && scalar < LATIN_END) {
		g = &s->v->tables.latin[scalar - LATIN_FIRST];
	} else {
		glyph_lookup(&s->v->tables, scalar, &computed);
		g = &computed;
	}
	if (g->kind == GLYPH_TEXT) {
		s->v->accents |= g->accent;
		emit(s, g->plain, g->n_plain, g->folded, g->n_folded, length);
	} else if (g->kind == GLYPH_SELF) {
		emit(s, (const char *)p, length, (const char *)p, length, length);
	} else if (g->kind == GLYPH_MARK) {
		combine(s, scalar, length);
	} else {
		s->at += length;
		s->dropped = true;
	}
}

/* The common case: ASCII to itself in lower case, in both views at once. */
static void ascii_run(struct pass *s)
{
	const unsigned char *in = s->in, *table = s->v->tables.ascii;
	size_t at = s->at, np = s->np, nf = s->nf;
	unsigned char before = np ? (unsigned char)s->plain[np - 1] : 0;

	for (; at < s->n && in[at] < 0x80; at++) {
		unsigned char c = table[in[at]];

		if ((c == 0) | ((c == ' ') & (before == ' ')))
			break;
		s->plain[np++] = (char)c;
		s->folded[nf++] = (char)c;
		before = c;
	}
	if (at == s->at)
		return;
	s->last_p = np - 1;
	s->last_f = nf - 1;
	s->at = s->after = at;
	s->np = np;
	s->nf = nf;
}

void text_views_make(struct text_views *v, struct slice original)
{
	struct pass s = {.v = v, .in = (const unsigned char *)original.p, .n = original.n};

	v->original = original;
	v->accents = false;
	for (unsigned i = 0; i < TEXT_VIEWS; i++) {
		buf_clear(&v->view[i]);
		v->edges[i].n = 0;
	}
	s.plain = buf_reserve(&v->view[TEXT_PLAIN], GLYPH_GROWTH * original.n + GLYPH_MAX);
	s.folded = buf_reserve(&v->view[TEXT_FOLDED], GLYPH_GROWTH * original.n + GLYPH_MAX);
	while (s.at < s.n) {
		if (s.in[s.at] >= 0x80) {
			wide(&s);
			continue;
		}
		note_dropped(&s);
		ascii_run(&s);
		if (s.at < s.n && s.in[s.at] < 0x80) {
			s.at++; /* a control character, or a blank behind a blank */
			s.dropped = true;
		}
	}
	v->view[TEXT_PLAIN].n = s.np;
	v->view[TEXT_FOLDED].n = s.nf;
	v->squeezed = squeeze(v);
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
	return v->accents;
}

bool text_is_squeezed(const struct text_views *v)
{
	return v->squeezed;
}

static bool inside(struct slice s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;
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
	from = edges_start(&v->edges[which], start);
	to = edges_end(&v->edges[which], end);
	if (from > below.n)
		from = below.n;
	if (to > below.n)
		to = below.n;
	while (from && inside(below, from))
		from--;
	while (inside(below, to))
		to++;
	*ret_start = from;
	*ret_end = to > from ? to : from;
}

size_t text_plain_to_folded(const struct text_views *v, size_t at)
{
	size_t folded = edges_view(&v->edges[TEXT_FOLDED], at);

	return folded < v->view[TEXT_FOLDED].n ? folded : v->view[TEXT_FOLDED].n;
}

void text_view_origin(const struct text_views *v, enum text_view which, size_t start, size_t end,
	uint32_t *ret_start, uint32_t *ret_end)
{
	for (int view = (int)which; view >= TEXT_PLAIN; view--)
		text_view_below(v, (enum text_view)view, start, end, &start, &end);
	*ret_start = (uint32_t)start;
	*ret_end = (uint32_t)end;
}

static bool is_wide_word(struct slice view, size_t at)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)utf8_next(view, &at));

	/* letters, their marks, figures: they stand in a row, but for the enclosing marks */
	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NL && c != UTF8PROC_CATEGORY_ME;
}

bool text_is_word(struct slice view, size_t at)
{
	unsigned char c = (unsigned char)view.p[at];

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
	while (at && inside(view, at))
		at--;
	return is_wide_word(view, at);
}

bool text_is_border(struct slice view, size_t at)
{
	bool before = at > 0 && text_is_word(view, at - 1);
	bool after = at < view.n && text_is_word(view, at);

	return before != after;
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
