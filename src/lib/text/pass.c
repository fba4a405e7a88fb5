/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass over the original: the plain and the folded view, side by side. Sixteen bytes of ASCII at a time; what stops
 * them goes through the tables. */
#include <tocsin/base/alloc.h>
#include <tocsin/base/lanes.h>
#include <tocsin/base/utf8.h>

#include "looks.h"
#include "scalar.h"
#include "views.h"

/* Which script's letters stand in a word of look-alikes, as bits. */
enum { GREEK = 1, CYRILLIC = 2, OTHER_SCRIPT = 4 };

struct company {
	size_t end; /* of the word, in the original */
	size_t latin, strong, weak, foreign; /* letters */
	unsigned scripts;
};

struct state {
	struct text_views *v;
	uint64_t *changed; /* of the folded view, a bit a byte */
	struct map_edges *plain_edges, *folded_edges; /* NULL when maps are not asked for */
	struct slice in;
	size_t at; /* of the original */
	char *plain, *folded;
	size_t np, nf; /* written */
	size_t last_p, last_f; /* where the last character was written */
	bool blank; /* the last character is a blank */
	bool dropped; /* something was dropped since */
	size_t after; /* where the last character ends in the original */
	size_t word_end, flags_end; /* up to where the two answers below hold */
	bool disguised, flags;
	bool scripts_known;
	unsigned scripts; /* whose words stand in the text beyond doubt */
};

static void note_dropped(struct state *s)
{
	if (!s->dropped)
		return;
	s->dropped = false;
	if (!s->plain_edges)
		return;
	/* what was dropped belongs neither to the character before it nor to the one behind */
	edges_push(s->plain_edges, s->np, s->after);
	edges_push(s->plain_edges, s->np, s->at);
}

static void drop(struct state *s, size_t length)
{
	s->at += length;
	s->dropped = true;
}

/* The bytes from `at` on do not stand in the plain view as they stand in the folded one; a few more may be said to. */
static inline void note_changed(uint64_t *changed, size_t at, size_t n)
{
	uint64_t bits = (UINT64_C(1) << n) - 1;

	changed[at / 64] |= bits << at % 64;
	changed[at / 64 + 1] |= bits >> 1 >> (63 - at % 64);
}

/* Writes a character's image; `length` bytes of the original made it. The images lie in GLYPH_MAX bytes. */
static inline void emit(
	struct state *s, const char *plain, size_t np, const char *folded, size_t nf, size_t length)
{
	note_dropped(s);
	s->blank = false;
	s->last_p = s->np;
	s->last_f = s->nf;
	memcpy(s->plain + s->np, plain, GLYPH_MAX);
	memcpy(s->folded + s->nf, folded, GLYPH_MAX);
	s->np += np;
	s->nf += nf;
	s->at += length;
	s->after = s->at;
	if (!s->plain_edges)
		return;
	if (np != length)
		edges_push(s->plain_edges, s->np, s->at);
	if (np != nf)
		edges_push(s->folded_edges, s->nf, s->np);
}

static void emit_letter(struct state *s, char letter, size_t length)
{
	const char image[GLYPH_MAX] = {letter};

	emit(s, image, 1, image, 1, length);
}

/* Runs of blanks are one blank. */
static void emit_blank(struct state *s, size_t length)
{
	if (s->blank) {
		drop(s, length);
	} else {
		emit_letter(s, ' ', length);
		s->blank = true;
	}
}

static void emit_self(struct state *s, uint32_t scalar, size_t length)
{
	char own[GLYPH_MAX] = {0};
	size_t n = utf8_put(own, scalar);

	emit(s, own, n, own, n, length);
}

static void emit_glyph(struct state *s, const struct glyph *g, size_t length)
{
	if (g->n_plain == 1 && *g->plain == ' ') {
		emit_blank(s, length);
		return;
	}
	s->v->accents |= g->flags & GLYPH_ACCENT;
	note_changed(s->changed, s->nf, g->n_folded);
	emit(s, g->plain, g->n_plain, g->folded, g->n_folded, length);
}

/* Takes the last character back, to write a mark onto it. */
static void take_back(struct state *s)
{
	s->np = s->last_p;
	s->nf = s->last_f;
	s->dropped = s->blank = false;
	if (s->plain_edges) {
		edges_cut(s->plain_edges, s->np);
		edges_cut(s->folded_edges, s->nf);
	}
}

/* A combining mark joins the character before it where Unicode knows the pair, else it is paint and
 * is dropped; in scripts that we do not fold it stays. */
static void combine(struct state *s, uint32_t mark, size_t length)
{
	struct slice last = {s->plain + s->last_p, s->np - s->last_p};
	uint32_t base = 0, composed;
	const struct glyph *g;
	size_t i = 0;

	if (s->np && last.n)
		base = scalar_at(last, 0, &i);
	composed = base && i == last.n ? glyph_compose(&s->v->tables, base, mark) : 0;
	g = composed ? glyph_at(&s->v->tables, composed) : NULL;
	if (g && (g->kind == GLYPH_TEXT || g->kind == GLYPH_LOOK)) {
		take_back(s);
		note_changed(s->changed, s->nf, g->n_folded);
		memcpy(s->plain + s->np, g->plain, GLYPH_MAX);
		memcpy(s->folded + s->nf, g->folded, GLYPH_MAX);
		s->np += g->n_plain;
		s->nf += g->n_folded;
		s->at += length;
		s->after = s->at;
		s->v->accents |= g->flags & GLYPH_ACCENT;
		if (s->plain_edges) {
			edges_push(s->plain_edges, s->np, s->at);
			edges_push(s->folded_edges, s->nf, s->np);
		}
	} else if (base >= 0x590 && base != SCALAR_BAD) {
		emit_self(s, mark, length);
	} else {
		drop(s, length);
	}
}

static unsigned script_of(uint32_t scalar)
{
	if (scalar < 0x400 || (scalar >= 0x1f00 && scalar < 0x2000))
		return GREEK;
	return scalar < 0x530 ? CYRILLIC : OTHER_SCRIPT;
}

/* Counts a character of a word; false when it ends the word. */
static bool add_company(struct state *s, size_t at, struct company *c, size_t *ret_length)
{
	uint32_t scalar = scalar_at(s->in, at, ret_length);
	const struct glyph *g;

	if (scalar < 0x80) {
		bool letter = is_letter((char)(scalar | 0x20));

		c->latin += letter;
		return letter || is_digit((char)scalar) || scalar == '@' || scalar == '$' ||
			scalar == '*' || scalar == '_';
	}
	g = glyph_at(&s->v->tables, scalar);
	if (g->kind == GLYPH_LOOK) {
		c->scripts |= script_of(scalar);
		if (g->look & LOOK_WEAK)
			c->weak++;
		else
			c->strong++;
	} else if (g->flags & GLYPH_LETTER) {
		bool latin = scalar < 0x370 || (g->kind == GLYPH_TEXT && is_letter(*g->plain)) ||
			(scalar >= 0x1e00 && scalar < 0x1f00);

		c->latin += latin;
		c->foreign += !latin;
		if (!latin)
			c->scripts |= script_of(scalar);
	}
	return !(g->flags & GLYPH_STOP);
}

/* The word from `at` on. */
static void count_company(struct state *s, size_t at, struct company *c)
{
	size_t length;

	while (at < s->in.n && add_company(s, at, c, &length))
		at += length;
	c->end = at;
}

/* The scripts that have a word of their own somewhere: « сон » is Russian beside « я иду ». */
static unsigned text_scripts(struct state *s)
{
	size_t at = 0;

	if (s->scripts_known)
		return s->scripts;
	s->scripts_known = true;
	while (at < s->in.n) {
		struct company c = {0};
		size_t length;

		count_company(s, at, &c);
		if (!c.latin && (c.foreign || c.weak))
			s->scripts |= c.scripts;
		at = c.end;
		if (at < s->in.n) {
			(void)scalar_at(s->in, at, &length);
			at += length;
		}
	}
	return s->scripts;
}

/* Whether the look-alikes of the word around this place are Latin letters in disguise: its company has Latin letters, or
 * it is nothing but look-alikes in a text that has no word of their script. */
static bool is_disguised(struct state *s)
{
	struct company c = {0};
	size_t start = s->at, unused;

	if (s->at < s->word_end)
		return s->disguised;
	while (start > 0) {
		size_t before = scalar_before(s->in, start);
		struct company none = {0};

		if (!add_company(s, before, &none, &unused))
			break;
		start = before;
	}
	count_company(s, start, &c);
	s->word_end = c.end > s->at ? c.end : s->at + 1;
	if (c.latin)
		s->disguised = c.foreign <= c.latin;
	else
		s->disguised = !c.weak && !c.foreign &&
			((c.scripts & (c.scripts - 1)) || !(text_scripts(s) & c.scripts));
	return s->disguised;
}

/* Whether the regional indicators from here on make flags, each two of them. */
static bool is_flags(struct state *s)
{
	size_t at = s->at, n = 0, length;
	char before = 0;

	if (s->at < s->flags_end)
		return s->flags;
	s->flags = true;
	for (; at < s->in.n; at += length, n++) {
		uint32_t scalar = scalar_at(s->in, at, &length);
		char letter;

		if (scalar < 0x1f1e6 || scalar > 0x1f1ff)
			break;
		letter = (char)('a' + (scalar - 0x1f1e6));
		if (n % 2)
			s->flags &= is_region(&s->v->tables, before, letter);
		before = letter;
	}
	s->flags_end = at;
	s->flags &= n % 2 == 0;
	return s->flags;
}

/* One character beyond ASCII. */
static void wide(struct state *s)
{
	size_t length;
	uint32_t scalar = scalar_at(s->in, s->at, &length);
	const struct glyph *g;

	if (scalar >= 0x1f200 && scalar < 0x1fb00) { /* emoji: frequent, and nothing to do */
		emit_self(s, scalar, length);
		return;
	}
	g = glyph_at(&s->v->tables, scalar);
	switch ((enum glyph_kind)g->kind) {
	case GLYPH_TEXT: emit_glyph(s, g, length); break;
	case GLYPH_SELF: emit_self(s, scalar, length); break;
	case GLYPH_MARK: combine(s, scalar, length); break;
	case GLYPH_DROP: drop(s, length); break;
	case GLYPH_LOOK:
		if (is_disguised(s))
			emit_letter(s, (char)(g->look & ~LOOK_WEAK), length);
		else
			emit_glyph(s, g, length);
		break;
	case GLYPH_FLAG:
		if (is_flags(s))
			emit_self(s, scalar, length);
		else
			emit_letter(s, (char)g->look, length);
		break;
	}
}

/* An ASCII character that is not simply itself in lower case. */
static void narrow(struct state *s)
{
	char c = s->in.p[s->at];

	if (c == ' ' || c == '\t')
		emit_blank(s, 1);
	else if (c == '\n' || c == '\r')
		emit_letter(s, '\n', 1);
	else if (c == '`')
		emit_letter(s, '\'', 1);
	else
		drop(s, 1);
}

/* Copies up to LANES bytes of ASCII in lower case, stops before the first that is not just copied, and says how
 * many went. Writes LANES bytes all the same. */
static inline size_t copy_lanes(const char *from, char *plain, char *folded, uint32_t *blank)
{
	lanes v = lanes_load(from);
	lanes special = (v < lanes_all(' ')) | (v == lanes_all(0x7f)) | (v == lanes_all('`'));
	lanes upper = lanes_range(v, 'A', 'Z');
	uint32_t blanks = lanes_bits(v == lanes_all(' ')) << 1 | *blank, stop;
	size_t n;

	/* beyond ASCII is below zero; a blank behind a blank stops too */
	stop = lanes_bits(special) | (blanks & blanks >> 1) | 1u << LANES;
	v |= upper & lanes_all(0x20);
	lanes_store(plain, v);
	lanes_store(folded, v);
	n = (size_t)__builtin_ctz(stop);
	*blank = blanks >> n & 1;
	return n;
}

/* The glyph of a letter of the French alphabet beyond ASCII at `p`, two bytes; NULL when it is none. */
static inline const struct glyph *latin_at(const struct state *s, const char *p, size_t left)
{
	unsigned char first = (unsigned char)*p;
	const struct glyph *g;

	if ((first & 0xfe) != 0xc2 || left < 2 || ((unsigned char)p[1] & 0xc0) != 0x80)
		return NULL;
	g = &s->v->tables.latin[((first & 1u) << 6) + ((unsigned char)p[1] & 0x3f)];
	return g->kind == GLYPH_TEXT && *g->plain != ' ' ? g : NULL;
}

/* The common case, in few steps: ASCII in lower case and French letters, until something else comes. Where maps are
 * made, until the first letter that needs an edge. */
static inline void run(struct state *s)
{
	const char *in = s->in.p + s->at, *end = s->in.p + s->in.n;
	char *plain = s->plain + s->np, *folded = s->folded + s->nf;
	char *last_p = s->plain + s->last_p, *last_f = s->folded + s->last_f;
	uint32_t blank = s->blank, accents = 0;

	while (in < end) {
		const struct glyph *g;
		size_t n;

		if (end - in >= (ptrdiff_t)LANES) {
			n = copy_lanes(in, plain, folded, &blank);
		} else {
			char tail[LANES] = {0}; /* zeros stop */

			memcpy(tail, in, (size_t)(end - in));
			n = copy_lanes(tail, plain, folded, &blank);
		}
		in += n;
		plain += n;
		folded += n;
		if (n) {
			last_p = plain - 1;
			last_f = folded - 1;
		}
		if (n == LANES)
			continue;
		g = in < end && !s->plain_edges ? latin_at(s, in, (size_t)(end - in)) : NULL;
		if (!g)
			break;
		last_p = plain;
		last_f = folded;
		note_changed(s->changed, (size_t)(folded - s->folded), g->n_folded);
		memcpy(plain, g->plain, GLYPH_MAX);
		memcpy(folded, g->folded, GLYPH_MAX);
		plain += g->n_plain;
		folded += g->n_folded;
		in += 2;
		accents |= g->flags;
		blank = 0;
	}
	s->blank = blank;
	s->v->accents |= accents & GLYPH_ACCENT;
	s->last_p = (size_t)(last_p - s->plain);
	s->last_f = (size_t)(last_f - s->folded);
	s->np = (size_t)(plain - s->plain);
	s->nf = (size_t)(folded - s->folded);
	if (s->at != (size_t)(in - s->in.p))
		s->at = s->after = (size_t)(in - s->in.p);
}

/* Room for a view of so many bytes, and for what note_changed() says beyond them. */
static uint64_t *changed_begin(struct text_views *v, size_t bytes)
{
	size_t words = bytes / 64 + 2;

	if (words > v->cap_changed) {
		v->cap_changed = words;
		v->changed = xreallocarray(v->changed, words, sizeof(*v->changed));
	}
	memset(v->changed, 0, words * sizeof(*v->changed));
	return v->changed;
}

void pass(struct text_views *v, bool maps)
{
	struct state s = {.v = v, .in = capital_read(v)};
	size_t room = GLYPH_GROWTH * s.in.n + TEXT_SLACK;

	if (maps) {
		s.plain_edges = &v->edges[TEXT_PLAIN];
		s.folded_edges = &v->edges[TEXT_FOLDED];
		s.plain_edges->n = s.folded_edges->n = 0;
	}
	buf_clear(&v->view[TEXT_PLAIN]);
	buf_clear(&v->view[TEXT_FOLDED]);
	s.plain = buf_reserve(&v->view[TEXT_PLAIN], room);
	s.folded = buf_reserve(&v->view[TEXT_FOLDED], room);
	s.changed = changed_begin(v, room);
	while (s.at < s.in.n) {
		if ((unsigned char)s.in.p[s.at] < 0x80)
			note_dropped(&s);
		run(&s);
		if (s.at == s.in.n)
			break;
		if ((unsigned char)s.in.p[s.at] < 0x80)
			narrow(&s);
		else
			wide(&s);
	}
	v->view[TEXT_PLAIN].n = s.np;
	v->view[TEXT_FOLDED].n = s.nf;
	memset(s.folded + s.nf, ' ', TEXT_SLACK);
}
