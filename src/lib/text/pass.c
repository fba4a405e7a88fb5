/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass over the original: the plain and the folded view, side by side. A block of ASCII and French letters at a
 * time; what stops them goes through the tables. */
#include "pass.h"

#include <tocsin/base/alloc.h>
#include <tocsin/base/lanes.h>
#include <tocsin/base/utf8.h>

#include "looks.h"
#include "scalar.h"

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

/* ASCII in lower case. */
static inline lanes lower(lanes v)
{
	return v | (lanes_range(v, 'A', 'Z') & lanes_all(0x20));
}

/* Up to BLOCK bytes in lower case to `plain` and `folded`; a bit for each byte that is not just copied. `blank`: a blank
 * stands before them; one behind another stops. */
static inline uint64_t copy_block(const char *from, char *plain, char *folded, uint64_t *blank)
{
	uint64_t stop = 0, blanks = 0, before;

	for (unsigned i = 0; i < BLOCK; i += LANES) {
		lanes v = lanes_load(from + i);

		/* beyond ASCII is below zero */
		stop |= (uint64_t)lanes_bits((v < lanes_all(' ')) | (v == lanes_all(0x7f)) |
				(v == lanes_all('`')))
			<< i;
		blanks |= (uint64_t)lanes_bits(v == lanes_all(' ')) << i;
		v = lower(v);
		lanes_store(plain + i, v);
		lanes_store(folded + i, v);
	}
	before = blanks << 1 | *blank;
	*blank = blanks;
	return stop | (blanks & before);
}

/* What of a block lies from `at` on once more, to another place of the folded view. */
static inline void copy_rest(const char *from, size_t at, char *folded)
{
	for (; at < BLOCK; at += LANES, folded += LANES)
		lanes_store(folded, lower(lanes_load(from + at)));
}

/* The glyph of a letter of the French alphabet beyond ASCII at `p`, two bytes that stay two in the plain view; NULL when
 * it is none. */
static inline const struct glyph *latin_at(const struct state *s, const char *p)
{
	unsigned char first = (unsigned char)p[0], next = (unsigned char)p[1];
	const struct glyph *g;

	if ((first & 0xfe) != 0xc2 || (next & 0xc0) != 0x80)
		return NULL;
	g = &s->v->tables.latin[((first & 1u) << 6) + (next & 0x3f)];
	return g->kind == GLYPH_TEXT && g->n_plain == 2 ? g : NULL;
}

/* One block of ASCII and French letters, up to what is neither, or is cut by the block's end. Returns how many bytes went
 * over. Where maps are made, letters that need an edge are left to others. */
static inline size_t run_block(struct state *s, const char *from)
{
	char *plain = s->plain + s->np, *folded = s->folded + s->nf;
	uint64_t blanks = s->blank, stop = copy_block(from, plain, folded, &blanks);
	size_t n, letter = 0,
		  lost = 0; /* behind the last French letter; bytes that the folded view has less */
	uint32_t accents = 0;

	while (stop) {
		size_t at = (size_t)__builtin_ctzll(stop);
		const struct glyph *g =
			at + 1 < BLOCK && !s->plain_edges ? latin_at(s, from + at) : NULL;

		if (!g)
			break;
		memcpy(plain + at, g->plain, 2);
		memcpy(folded + at - lost, g->folded, 2);
		s->last_f = s->nf + at - lost;
		note_changed(s->changed, s->last_f, g->n_folded);
		lost += 2u - g->n_folded;
		letter = at + 2;
		copy_rest(from, letter, folded + letter - lost);
		accents |= g->flags;
		stop &= ~(UINT64_C(3) << at);
	}
	s->v->accents |= accents & GLYPH_ACCENT;
	n = stop ? (size_t)__builtin_ctzll(stop) : BLOCK;
	if (!n)
		return 0;
	s->np += n;
	s->nf += n - lost;
	s->last_p = s->np - (n == letter ? 2 : 1);
	if (n != letter)
		s->last_f = s->nf - 1;
	s->blank = blanks >> (n - 1) & 1;
	s->at += n;
	s->after = s->at;
	return n;
}

/* The last bytes of the text with zeros behind them, which stop: nobody reads beyond what is the caller's. */
static inline void keep_tail(struct state *s)
{
	s->n_tail = s->in.n < WINDOW ? s->in.n : WINDOW;
	if (s->n_tail)
		memcpy(s->tail, s->in.p + s->in.n - s->n_tail, s->n_tail);
	for (size_t i = 0; i < WINDOW; i += LANES)
		lanes_store(s->tail + s->n_tail + i, lanes_all(0));
}

static inline const char *window_at(const struct state *s)
{
	size_t left = s->in.n - s->at;

	return left >= WINDOW ? s->in.p + s->at : s->tail + (s->n_tail - left);
}

/* What else is frequent: an emoji of four bytes, typographic punctuation. False when it is none of that. */
static inline bool frequent(struct state *s, const char *from)
{
	unsigned char b[4];
	const struct glyph *g;

	memcpy(b, from, sizeof(b));
	if (b[0] == 0xf0 && b[1] == 0x9f && b[2] >= 0x88 && b[2] < 0xac && (b[3] & 0xc0) == 0x80) {
		const char image[GLYPH_MAX] = {from[0], from[1], from[2], from[3]};

		emit(s, image, 4, image, 4, 4);
		return true;
	}
	if (b[0] != 0xe2 || b[1] != 0x80 || (b[2] & 0xc0) != 0x80)
		return false;
	g = &s->v->tables.punct[b[2] & 0x3f];
	if (g->kind != GLYPH_TEXT || *g->plain == ' ')
		return false;
	emit_glyph(s, g, 3);
	return true;
}

/* The common case, in few steps: until something else comes. */
static inline void run(struct state *s)
{
	bool more = true;

	while (more && s->at < s->in.n) {
		more = run_block(s, window_at(s)) + 1 >= BLOCK;
		while (s->at < s->in.n && frequent(s, window_at(s)))
			more = true;
	}
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

/* One by one: a struct of this size at once is cleared by an instruction that takes longer than a short text. */
static inline void state_init(struct state *s, struct text_views *v, bool maps)
{
	s->v = v;
	s->plain_edges = maps ? &v->edges[TEXT_PLAIN] : NULL;
	s->folded_edges = maps ? &v->edges[TEXT_FOLDED] : NULL;
	s->in = capital_read(v);
	s->at = s->np = s->nf = s->last_p = s->last_f = s->after = 0;
	s->blank = s->dropped = false;
	s->known = (struct answers){0};
	keep_tail(s);
}

void pass(struct text_views *v, bool maps)
{
	struct state s;
	size_t room;

	state_init(&s, v, maps);
	room = GLYPH_GROWTH * s.in.n + WINDOW;
	if (maps)
		s.plain_edges->n = s.folded_edges->n = 0;
	buf_clear(&v->view[TEXT_PLAIN]);
	buf_clear(&v->view[TEXT_FOLDED]);
	s.plain = buf_reserve(&v->view[TEXT_PLAIN], room);
	s.folded = buf_reserve(&v->view[TEXT_FOLDED], room);
	s.changed = changed_begin(v, room);
	while (s.at < s.in.n) {
		unsigned char first = (unsigned char)s.in.p[s.at];

		if (first < 0x80)
			note_dropped(&s);
		if (first < 0x80 || (first & 0xfe) == 0xc2)
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
