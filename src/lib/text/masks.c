/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words with hidden letters, found in the folded view and held against terms: one bit for each place of the term that the
 * signs read so far may have reached (Baeza-Yates and Gonnet, CACM 35(10), 1992). */
#include "scalar.h"
#include "views.h"

/* Longer words are no words; a term with its borders fits 64 bits. */
enum { WORD_MAX = 63 };

enum kind {
	READ, /* one of `set` */
	ONE, /* hides one letter: c.n, c?n */
	STARS, /* one or more, as many as signs if they were counted */
	PICTURE /* hides one letter, none or two */
};

struct element {
	uint32_t set; /* letters as bits; then blank, apostrophe, hyphen */
	uint8_t kind; /* enum kind */
	uint8_t signs;
	uint8_t length; /* bytes */
};

struct pattern {
	struct element list[WORD_MAX + 1];
	size_t n;
	unsigned letters; /* that can be read */
};

#define BIT(letter) (1u << ((letter) - 'a'))

static uint32_t set_of(char c)
{
	if (is_letter(c))
		return BIT(c);
	switch (c) {
	case ' ': return 1u << 26;
	case '\'': return 1u << 27;
	case '-': return 1u << 28;
	case '@': return BIT('a');
	case '$': return BIT('s');
	case '!':
	case '|':
	case '1': return BIT('i') | BIT('l');
	case '0': return BIT('o');
	case '2': return BIT('z');
	case '3': return BIT('e');
	case '4': return BIT('a');
	case '5': return BIT('s');
	case '6': return BIT('g') | BIT('b');
	case '7': return BIT('t');
	case '8': return BIT('b');
	case '9': return BIT('g') | BIT('q');
	default: return 0;
	}
}

static bool is_star(char c)
{
	return c == '*' || c == '#' || c == '_' || c == '~' || c == '^' || c == '=';
}

static size_t run_of(struct slice in, size_t at)
{
	size_t n = 1;

	while (at + n < in.n && in.p[at + n] == in.p[at])
		n++;
	return n;
}

static bool read_wide(struct slice in, size_t at, struct element *e)
{
	size_t length;
	uint32_t scalar = scalar_at(in, at, &length);

	*e = (struct element){.kind = PICTURE, .signs = 1, .length = (uint8_t)length};
	if (scalar == 0x20ac)
		*e = (struct element){.set = BIT('e'), .kind = READ, .length = 3};
	else if (scalar == 0xb7 || scalar == SCALAR_BAD)
		e->kind = STARS;
	else if (scalar < 0x1f000 && (scalar < 0x2190 || scalar >= 0x2c00))
		return false;
	return true;
}

/* What stands at `at` of a word; false when it ends the word. */
static bool read_element(struct slice in, size_t at, struct element *e)
{
	char c = in.p[at];
	size_t run;

	if ((unsigned char)c >= 0x80)
		return read_wide(in, at, e);
	*e = (struct element){.set = set_of(c), .kind = READ, .length = 1};
	if (e->set && c != ' ' && c != '\'' && c != '-')
		return true;
	if (!is_star(c) && c != '.' && c != '-') {
		e->kind = ONE;
		e->signs = 1;
		return c == '?' || c == '%' || c == '&' || c == '+';
	}
	run = run_of(in, at);
	if (run > WORD_MAX || (c == '-' && run == 1))
		return false;
	*e = (struct element){.kind = c == '.' && run == 1 ? ONE : STARS,
		.signs = (uint8_t)run,
		.length = (uint8_t)run};
	return true;
}

/* Signs that close a sentence, emphasis or a footnote hide nothing. */
static bool is_hiding_at_end(struct slice in, size_t start, size_t at, const struct pattern *p)
{
	const struct element *e = &p->list[p->n - 1];
	char c = in.p[at];

	if (e->kind != STARS || e->signs < 2)
		return false;
	if (c == '.' || c == '-')
		return c == '.' && p->letters <= 2;
	return !start || in.p[start - 1] != c;
}

static bool is_ambiguous(const struct element *e)
{
	return e->kind == READ && (e->set & (e->set - 1));
}

/* ord*r€, c*nn@rd5: a sign that stands for one letter, and closes nothing. */
static bool is_letter_at_end(const struct element *e)
{
	return e->kind == READ && !is_ambiguous(e);
}

/* The elements of a word from `start` on; returns where it ends. */
static size_t read_word(struct slice in, size_t start, struct pattern *p)
{
	size_t at = start;
	struct element e;

	*p = (struct pattern){0};
	while (at < in.n && at - start <= WORD_MAX && p->n < WORD_MAX && read_element(in, at, &e)) {
		p->list[p->n++] = e;
		p->letters += e.kind == READ && !is_ambiguous(&e);
		at += e.length;
	}
	while (p->n > 1) {
		const struct element *last = &p->list[p->n - 1];

		if (is_letter(in.p[at - 1]) || is_hiding_at_end(in, start, at - last->length, p) ||
			is_letter_at_end(last))
			break;
		at -= last->length;
		p->letters -= last->kind == READ && !is_ambiguous(last);
		p->n--;
	}
	return at;
}

/* Whether what is left of the pattern from `i` on is no more than an inflection: s, e, es, x. */
static bool is_inflection(const struct pattern *p, size_t i)
{
	for (size_t k = i; k < p->n; k++)
		if (p->list[k].kind != READ ||
			!(p->list[k].set == BIT('s') || p->list[k].set == BIT('e') ||
				p->list[k].set == BIT('x')))
			return false;
	return p->n - i <= 2;
}

/* Whether it hides anything worth a look. */
static bool is_masked(struct slice in, size_t start, const struct pattern *p)
{
	size_t hidden = 0, ambiguous = 0, stops = 0, at = start;

	for (size_t i = 0; i < p->n; at += p->list[i++].length) {
		hidden += p->list[i].kind != READ;
		ambiguous += is_ambiguous(&p->list[i]);
		stops += p->list[i].kind == ONE && in.p[at] == '.';
	}
	if (stops > 1) /* an address, or a row of letters */
		return false;
	return hidden ? p->letters >= 1 : ambiguous && p->letters >= 3;
}

/* A letter that is read stands in the term too, unless it is the inflection behind it. */
static uint32_t needed_of(const struct pattern *p)
{
	size_t n = p->n;
	uint32_t needed = 0;

	for (size_t i = 0; i < 2 && n && is_inflection(p, n - 1); i++)
		n--;
	for (size_t i = 0; i < n; i++)
		if (p->list[i].kind == READ && !is_ambiguous(&p->list[i]))
			needed |= p->list[i].set;
	return needed;
}

static void add_masks(struct text_views *v, struct slice in, size_t start, size_t end)
{
	struct pattern p;

	while (start < end && v->n_masks < TEXT_MASKS_MAX) {
		size_t stop = start + 1;

		if (is_letter(in.p[start]) && (!start || !text_is_word(in, start - 1))) {
			stop = read_word(in, start, &p);
			if (stop - start <= WORD_MAX && is_masked(in, start, &p))
				v->masks[v->n_masks++] =
					(struct text_mask){(uint32_t)start, (uint32_t)stop,
						(uint8_t)p.letters, in.p[start], needed_of(&p)};
		}
		start = stop;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

/* One look before the closer ones: a sign that hides, or one that stands for one of two letters. */
static bool may_hide(struct slice in, size_t start, size_t end)
{
	for (; start < end; start++)
		if ((unsigned char)in.p[start] >= 0x80 || is_star(in.p[start]) ||
			(in.p[start] && strchr(".?%&+-!|169", in.p[start])))
			return true;
	return false;
}

static void make_masks(struct text_views *v)
{
	struct slice in = buf_slice(&v->view[TEXT_FOLDED]);
	struct suspects s = suspects_of(v->places, in.n);
	size_t done = 0;

	v->n_masks = 0;
	v->masks_made = true;
	for (size_t at; (at = suspects_next(&s)) < in.n && v->n_masks < TEXT_MASKS_MAX;) {
		size_t start = at, end = at;

		if (at < done)
			continue;
		while (start > done && !is_blank(in.p[start - 1]))
			start--;
		while (end < in.n && !is_blank(in.p[end]))
			end++;
		if (may_hide(in, start, end))
			add_masks(v, in, start, end);
		done = end;
	}
}

size_t text_masks(struct text_views *v, const struct text_mask **ret_list)
{
	*ret_list = v->masks;
	if (!v->suspect)
		return 0;
	if (!v->masks_made)
		make_masks(v);
	return v->n_masks;
}

uint32_t text_letters(struct slice term)
{
	uint32_t letters = 0;

	for (size_t i = 0; i < term.n; i++)
		letters |= is_letter(term.p[i]) ? BIT(term.p[i]) : 0;
	return letters;
}

/* A term as bits: which places hold a letter of the set. */
static uint64_t places_of(struct slice term, uint32_t set)
{
	uint64_t places = 0;

	for (size_t i = 0; i < term.n; i++)
		places |= (uint64_t)((set_of(term.p[i]) & set) != 0) << i;
	return places;
}

/* Places reached by an element that hides `signs` letters, or about as many. */
static uint64_t step(struct slice term, const struct element *e, uint64_t reach, bool loose)
{
	if (e->kind == READ)
		return (reach & places_of(term, e->set)) << 1;
	if (loose && e->kind == STARS && reach)
		return ~((reach & -reach) | ((reach & -reach) - 1));
	if (loose && e->kind == PICTURE)
		return reach | reach << 1 | reach << 2;
	return e->signs < 64 ? reach << e->signs : 0;
}

static bool is_fit(const struct pattern *p, struct slice term, bool loose)
{
	uint64_t reach = 1, end = UINT64_C(1) << term.n;

	for (size_t i = 0; i < p->n && reach; i++) {
		reach = step(term, &p->list[i], reach, loose) & (end | (end - 1));
		if ((reach & end) && is_inflection(p, i + 1))
			return true;
	}
	return false;
}

static bool is_parting(char c)
{
	return c == ' ' || c == '\'' || c == '-';
}

/* Where the `n`th word before `at` begins. SIZE_MAX: there are not as many. */
static size_t words_before(struct slice in, size_t at, size_t n)
{
	for (; n; n--) {
		size_t end;

		if (!at || !is_parting(in.p[at - 1]))
			return SIZE_MAX;
		end = --at;
		while (at && end - at <= WORD_MAX && !is_blank(in.p[at - 1]) &&
			!is_parting(in.p[at - 1]))
			at--;
		if (at == end)
			return SIZE_MAX;
	}
	return at;
}

static size_t words_behind(struct slice in, size_t at, size_t n)
{
	for (; n; n--) {
		size_t start;

		if (at >= in.n || !is_parting(in.p[at]))
			return SIZE_MAX;
		start = ++at;
		while (at < in.n && at - start <= WORD_MAX &&
			(is_letter(in.p[at]) || is_digit(in.p[at]) || in.p[at] == '*'))
			at++;
		if (at == start)
			return SIZE_MAX;
	}
	return at;
}

/* The pattern of a whole phrase, its blanks and hyphens as they are. */
static bool read_phrase(struct slice in, size_t start, size_t end, struct pattern *p)
{
	*p = (struct pattern){0};
	while (start < end) {
		struct element e;

		if (p->n > WORD_MAX)
			return false;
		if (!read_element(in, start, &e)) {
			if (!is_parting(in.p[start]))
				return false;
			e = (struct element){.set = set_of(in.p[start]), .kind = READ, .length = 1};
		}
		p->letters += e.kind == READ && e.set < 1u << 26 && !is_ambiguous(&e);
		p->list[p->n++] = e;
		start += e.length;
	}
	return true;
}

enum text_fit text_mask_fits(const struct text_views *v, const struct text_mask *m,
	struct slice term, size_t *ret_start, size_t *ret_end, unsigned *ret_letters)
{
	struct slice in = buf_slice(&v->view[TEXT_FOLDED]);
	size_t words = 1, before = 0;
	bool initial = true;

	if (!term.n || term.n > WORD_MAX)
		return TEXT_FIT_NONE;
	for (size_t i = 0; i < term.n; i++)
		words += is_parting(term.p[i]);
	for (size_t i = 0; i < term.n; i++) {
		size_t start, end;
		struct pattern p;

		if (initial && term.p[i] == m->first) {
			start = words_before(in, m->start, before);
			end = words_behind(in, m->end, words - 1 - before);
			if (start != SIZE_MAX && end != SIZE_MAX &&
				read_phrase(in, start, end, &p) && is_fit(&p, term, true)) {
				*ret_start = start;
				*ret_end = end;
				*ret_letters = p.letters;
				return is_fit(&p, term, false) ? TEXT_FIT_EXACT : TEXT_FIT_LOOSE;
			}
		}
		initial = is_parting(term.p[i]);
		before += initial;
	}
	return TEXT_FIT_NONE;
}
