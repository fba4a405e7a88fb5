/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass over all literals, then each find is checked where it stands: borders, endings, accents. */
#include "scratch.h"

#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "guess.h"
#include "literals.h"

/* What is known of a literal is spread over megabytes, and mostly not in the cache: finds are gathered, and the memory of
 * many is asked for before the first one is looked at. */
enum { GATHERED_MAX = 64 };
struct gathered {
	uint32_t literal;
	uint32_t start, end; /* in the view that was searched */
};

struct pass {
	struct match_scratch *s;
	struct slice view;
	enum text_view which;
	bool flat; /* the flat view is searched in its place */
	struct gathered list[GATHERED_MAX];
	size_t n;
};

static bool is_word(struct slice view, size_t at)
{
	unsigned char c = (unsigned char)view.p[at];

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	return text_is_word(view, at);
}

/* Where a term that ends at `end` may end inside its word, or 0 when what follows is no ending of it. */
static size_t word_end(struct slice view, size_t end, uint8_t endings)
{
	size_t n = 0;
	const char *p = view.p + end;
	bool ok;

	while (n < 3 && end + n < view.n && is_word(view, end + n))
		n++;
	if (n == 0)
		return end;
	if (n == 1)
		ok = (*p == 'e' && (endings & MATCH_E)) || (*p == 's' && (endings & MATCH_S)) ||
			(*p == 'x' && (endings & MATCH_X));
	else
		ok = n == 2 && p[0] == 'e' && p[1] == 's' && (endings & MATCH_ES);
	return ok ? end + n : 0;
}

/* The two dots on a letter, which few words have: dëbïle is a disguise. Two bytes, of the plain view. */
static bool is_dotted(struct slice plain, size_t at)
{
	return at + 1 < plain.n && plain.p[at] == '\xc3' &&
		strchr("\xa4\xab\xaf\xb6\xbc\xbf", plain.p[at + 1]);
}

/* The accents of the term against those of the text at [start, end) of the folded view. In a text without
 * any accent nobody can tell; a capital may lack its accent, as is the custom, and two dots say nothing. */
static bool accents_agree(
	const struct match_scratch *s, struct slice term, size_t start, size_t end, size_t term_end)
{
	struct slice plain = text_view(s->views, TEXT_PLAIN), original;
	size_t from, to, i = 0, at;
	uint32_t a, b;

	if (term.n == term_end - start && !text_is_changed(s->views, start, end) &&
		memcmp(s->folded.p + start, term.p, term.n) == 0)
		return true;
	text_view_below(s->views, TEXT_FOLDED, start, end, &from, &to);
	/* the ending is plain letters: as many bytes in both views */
	if (to - from == term.n + (end - term_end) && memcmp(plain.p + from, term.p, term.n) == 0)
		return true;
	for (at = from; i < term.n && at < to; at++, i++) {
		if (is_dotted(plain, at) &&
			!(i + 1 < term.n && memcmp(plain.p + at, term.p + i, 2) == 0)) {
			at++;
			while (i + 1 < term.n && ((unsigned char)term.p[i + 1] & 0xc0) == 0x80)
				i++;
			continue;
		}
		if (plain.p[at] == term.p[i])
			continue;
		if ((unsigned char)plain.p[at] >= 0x80 || (unsigned char)term.p[i] < 0x80)
			return false; /* an accent too many, or another one */
		text_view_origin(s->views, TEXT_PLAIN, at, at + 1, &a, &b);
		original = (struct slice){text_original(s->views).p + a, b - a};
		if (original.n != 1 || *original.p < 'A' || *original.p > 'Z')
			return false;
		while (i + 1 < term.n && ((unsigned char)term.p[i + 1] & 0xc0) == 0x80)
			i++;
	}
	return i == term.n && to - at == end - term_end;
}

/* True when this part of the squeezed view reads the same in the folded one: found there already. */
static bool is_unchanged(const struct pass *p, size_t start, size_t end, size_t *from, size_t *to)
{
	text_view_below(p->s->views, TEXT_SQUEEZED, start, end, from, to);
	return *to - *from == end - start &&
		memcmp(p->s->folded.p + *from, p->view.p + start, end - start) == 0;
}

static bool is_pcre_ascii(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		(c >= 'A' && c <= 'Z');
}

/* What PCRE2 holds for a word's character, at a character's first byte. */
static bool is_pcre_word(struct match_scratch *s, struct slice view, size_t at)
{
	unsigned char c = (unsigned char)view.p[at];
	size_t n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (c < 0x80)
		return is_pcre_ascii(c);
	if (n > view.n - at)
		n = view.n - at;
	return matcher_run(&s->matcher, s->set->word, (struct slice){view.p + at, n}, 0, 0) > 0;
}

/* \b between [.., at) and [at, ..), of which one side is `inside` the find. */
static bool is_pcre_border(struct match_scratch *s, struct slice view, size_t at)
{
	size_t before = at;
	bool left = false, right = at < view.n && is_pcre_word(s, view, at);

	if (before) {
		do
			before--;
		while (before && ((unsigned char)view.p[before] & 0xc0) == 0x80);
		left = is_pcre_word(s, view, before);
	}
	return left != right;
}

/* Whether the text is this string, in which BLANKS stands for a run of blanks. */
static bool reads_as(struct slice text, struct slice string)
{
	size_t at = 0;

	for (size_t i = 0; i < string.n; i++) {
		if (at == text.n)
			return false;
		if (string.p[i] != BLANKS) {
			if (text.p[at++] != string.p[i])
				return false;
			continue;
		}
		if (!is_blank(text.p[at]))
			return false;
		while (at < text.n && is_blank(text.p[at]))
			at++;
	}
	return at == text.n;
}

/* A string of an expression that is only words: as PCRE2 would match it. */
static void accept_exact(const struct pass *p, const struct term *term, size_t start, size_t end)
{
	struct match_scratch *s = p->s;
	struct slice view = p->view;
	size_t from = start, to = end;

	if (term->flags & TERM_PLAIN) {
		view = text_view(s->views, TEXT_PLAIN);
		text_view_below(s->views, TEXT_FOLDED, start, end, &from, &to);
	}
	if (!reads_as((struct slice){view.p + from, to - from}, term->plain))
		return;
	if ((term->flags & TERM_LEFT) && !is_pcre_border(s, view, from))
		return;
	if ((term->flags & TERM_RIGHT) && !is_pcre_border(s, view, to))
		return;
	add_find(s, served_by(term), start, end, MATCH_BY_TEXT);
}

#define GLUED_MIN 5u /* letters of a term that is believed anywhere in a hashtag */

/* Whether a term of so many letters may begin or end at this place inside a word. */
static bool is_glued(const struct pass *p, const struct term *term, size_t at, size_t length)
{
	enum text_border border;

	if (!(term->flags & TERM_DISGUISED) || !p->s->glued)
		return false;
	border = text_border(p->s->views, p->which, at);
	return border >= TEXT_BORDER_CAMEL || (border == TEXT_BORDER_GLUED && length >= GLUED_MIN);
}

/* Where it ends there, with the longest ending that does; 0 when it does not. */
static size_t glued_end(const struct pass *p, const struct term *term, size_t start, size_t end)
{
	static const struct {
		const char *text;
		uint8_t ending;
	} endings[] = {{"es", MATCH_ES}, {"e", MATCH_E}, {"s", MATCH_S}, {"x", MATCH_X}};

	if (!(term->flags & TERM_DISGUISED) || !p->s->glued)
		return 0;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t n = strlen(endings[i].text);

		if ((term->endings & endings[i].ending) && p->view.n - end >= n &&
			memcmp(p->view.p + end, endings[i].text, n) == 0 &&
			(end + n == p->view.n || !is_word(p->view, end + n) ||
				is_glued(p, term, end + n, end - start)))
			return end + n;
	}
	return is_glued(p, term, end, end - start) ? end : 0;
}

/* A disguised word that was written out has no accents to lose. */
static bool is_repaired(const struct match_scratch *s, size_t start, size_t end)
{
	return s->views == s->spelled && text_spell_trust(s->views, start, end) != SPELL_UNTOUCHED;
}

/* Letters of another script, or of a mathematician: who writes so has other cares than accents. Zero-width signs and
 * marks of their own are none. */
static bool is_foreign(const struct match_scratch *s, size_t start, size_t end)
{
	struct slice original = text_original(s->views);
	uint32_t from, to;

	if (!s->foreign) /* no maps are needed */
		return false;
	text_view_origin(s->views, TEXT_FOLDED, start, end, &from, &to);
	for (; from < to && from < original.n; from++) {
		unsigned char c = (unsigned char)original.p[from];

		if (c >= 0xce && c != 0xe2)
			return true;
	}
	return false;
}

/* « debile » among words with accents: it has lost its own, and is no other word, nor a name. */
static bool is_bare(
	const struct match_scratch *s, const struct term *term, size_t start, size_t end)
{
	struct text_word w = {(uint32_t)start, (uint32_t)end};

	return (term->flags & TERM_BARE) && !text_is_changed(s->views, start, end) &&
		!text_word_is_name(s->views, w);
}

static void accept(const struct pass *p, const struct term *term, size_t start, size_t end)
{
	struct match_scratch *s = p->s;
	size_t stop = end, from = start, to;
	bool squeezed = p->which == TEXT_SQUEEZED;
	enum match_by by = squeezed ? MATCH_BY_SQUEEZING : MATCH_BY_TEXT;

	if (squeezed ? !(term->flags & TERM_DISGUISED) : (term->flags & TERM_SQUEEZED) != 0)
		return;
	if ((term->flags & TERM_LEFT) && start && is_word(p->view, start - 1)) {
		if (!is_glued(p, term, start, end - start))
			return;
		by = MATCH_BY_GLUE;
	}
	if (term->flags & TERM_RIGHT) {
		stop = word_end(p->view, end, term->endings);
		if (!stop) {
			stop = glued_end(p, term, start, end);
			by = MATCH_BY_GLUE;
		}
		if (!stop)
			return;
	}
	to = stop;
	if (squeezed) {
		if (is_unchanged(p, start, stop, &from, &to))
			return;
	} else if (text_has_accents(s->views) && !accents_agree(s, term->plain, start, stop, end) &&
		!is_repaired(s, start, stop) && !is_foreign(s, start, stop)) {
		if (!is_bare(s, term, start, stop))
			return;
		by = MATCH_BY_SQUEEZING;
	}
	add_find(s, served_by(term), from, to, by);
}

/* A literal of an expression. Its borders are looked at as far as ASCII says what they are. */
static void accept_regex(const struct pass *p, const struct term *term, size_t start, size_t end)
{
	struct slice view = p->view;

	if ((term->flags & TERM_LEFT) && start && is_pcre_ascii((unsigned char)view.p[start]) &&
		is_pcre_ascii((unsigned char)view.p[start - 1]))
		return;
	if ((term->flags & TERM_RIGHT) && end < view.n &&
		is_pcre_ascii((unsigned char)view.p[end]) &&
		is_pcre_ascii((unsigned char)view.p[end - 1]))
		return;
	announce(p->s, term, end);
}

/* In the view. */
static void unflatten(const struct pass *p, struct gathered *g)
{
	if (!p->flat)
		return;
	g->start = p->s->places[g->start];
	g->end = p->s->places[g->end - 1] + 1;
}

/* Most finds stand inside another word, and few texts have words that are glued together. */
static bool passes(const struct pass *p, struct gate gate, const struct gathered *g)
{
	return p->s->glued ||
		!((gate.left && g->start && is_figure_or_letter(p->view.p[g->start - 1])) ||
			(gate.right && g->end < p->view.n &&
				is_figure_or_letter(p->view.p[g->end])));
}

/* Those that pass their gates, to the front. */
static size_t pass_gates(struct pass *p)
{
	const struct match_set *set = p->s->set;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct gathered g = p->list[i];
		struct gate gate = set->gates[g.literal];

		g.start = g.end - gate.length;
		unflatten(p, &g);
		if (!passes(p, gate, &g))
			continue;
		__builtin_prefetch(&set->terms[set->literals[g.literal].first_term]);
		p->list[n++] = g;
	}
	return n;
}

static void accept_literal(const struct pass *p, const struct gathered *g)
{
	const struct match_set *set = p->s->set;
	const struct literal *literal = &set->literals[g->literal];
	const size_t start = g->start, end = g->end;

	for (uint32_t i = 0; i < literal->n_terms; i++) {
		const struct term *term = &set->terms[literal->first_term + i];

		if (!(term->flags & (TERM_REGEX | TERM_EXACT))) {
			/* a term's blanks are spaces */
			if (!p->flat ||
				(end - start == set->gates[g->literal].length &&
					memcmp(p->view.p + start, literal->text, end - start) == 0))
				accept(p, term, start, end);
		} else if (p->which == TEXT_SQUEEZED)
			continue;
		else if (term->flags & TERM_REGEX)
			accept_regex(p, term, start, end);
		else
			accept_exact(p, term, start, end);
	}
}

static void accept_gathered(struct pass *p)
{
	const struct match_set *set = p->s->set;

	p->n = pass_gates(p);
	for (size_t i = 0; i < p->n; i++) {
		const struct term *term = &set->terms[set->literals[p->list[i].literal].first_term];

		__builtin_prefetch(&set->term_atoms[term->first_atom]);
		__builtin_prefetch(term->plain.p);
	}
	for (size_t i = 0; i < p->n; i++)
		accept_literal(p, &p->list[i]);
	p->n = 0;
}

static void on_literal(struct pass *p, uint32_t id, size_t end)
{
	__builtin_prefetch(&p->s->set->gates[id]);
	__builtin_prefetch(&p->s->set->literals[id]);
	p->list[p->n++] = (struct gathered){id, 0, (uint32_t)end};
	if (p->n == GATHERED_MAX)
		accept_gathered(p);
}

static void on_start(void *user, uint32_t literal, size_t end)
{
	on_literal(user, literal, end);
}

static int on_scan(
	unsigned id, unsigned long long unused, unsigned long long to, unsigned flags, void *user)
{
	(void)unused;
	(void)flags;
	on_literal(user, id, (size_t)to);
	return 0;
}

/* Where the gates of these literals let anything pass; a text of glued words has starts everywhere. */
static void scan_starts(struct pass *p, struct slice seen)
{
	const struct start_call call = {on_start, p};

	if (!p->s->glued)
		find_word_starts(p->s->set, seen, call);
	for (size_t at = 0; p->s->glued && at < seen.n; at++)
		find_starts(p->s->set, seen, at, call);
}

static void scan_view(struct match_scratch *s, enum text_view which)
{
	struct pass p; /* its list is not cleared */
	struct slice seen;

	p.s = s;
	p.view = seen = text_view(s->views, which);
	p.which = which;
	p.n = 0;
	p.flat = which == TEXT_FOLDED && flatten(s);
	if (p.flat)
		seen = buf_slice(&s->flat);
	scan_starts(&p, seen);
	if (s->set->scanner &&
		hs_scan(s->set->scanner, seen.p, (unsigned)seen.n, 0, s->scratch, on_scan, &p) !=
			HS_SUCCESS)
		s->limited = true;
	accept_gathered(&p);
}

/* The expressions that no literal announces. */
static void scan_covers(struct match_scratch *s)
{
	static const enum text_view views[] = {TEXT_PLAIN, TEXT_FOLDED};

	for (size_t i = 0; i < 2; i++) {
		const struct shared *shared = &s->set->shared[i];
		struct slice view = text_view(s->views, views[i]);
		uint64_t asked[COVER_FEW / OPENING_MAX] = {0};
		const int *found = NULL;
		bool any = shared->n > COVER_FEW;
		size_t n;

		for (size_t k = 0; k < COVER_FEW / OPENING_MAX && shared->openings[k]; k++) {
			asked[k] = opening_find(shared->openings[k], view);
			any |= asked[k] != 0;
		}
		if (!any)
			continue;
		n = cover_find(shared->cover, s->cover, view.p, view.n, asked, &found);
		for (size_t k = 0; k < n; k++)
			announce_all(s, shared->atoms[found[k]]);
	}
}

static void on_gist(void *user, uint32_t atom)
{
	announce_all(user, atom);
}

/* A hashtag, or a capital behind a small letter. Vectors: it runs over every text. */
__attribute__((optimize("O3"))) static bool has_glue(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	unsigned char found = 0;

	for (size_t i = 0; i + 1 < text.n; i++) {
		unsigned char small = (unsigned char)(p[i] - 'a') < 26;
		unsigned char big = (unsigned char)(p[i + 1] - 'A') < 26;

		found |= (small & big) | (p[i] == '#');
	}
	/* capitals beyond ASCII are left to the rare text that has one of the above */
	return found;
}

__attribute__((optimize("O3"))) static bool has_foreign(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	unsigned char found = 0;

	for (size_t i = 0; i < text.n; i++)
		found |= (p[i] >= 0xce) & (p[i] != 0xe2);
	return found;
}

static void scan_literals(struct match_scratch *s)
{
	s->foreign = has_foreign(text_original(s->views));
	s->glued = has_glue(text_original(s->views));
	scan_view(s, TEXT_FOLDED);
	if (text_is_squeezed(s->views)) {
		s->glued |= text_has_rows(s->views);
		scan_view(s, TEXT_SQUEEZED);
	}
	add_undone(s, true);
	scan_masks(s);
	scan_guesses(s);
	add_undone(s, false);
}

void scan_views(struct match_scratch *s)
{
	s->folded = text_view(s->views, TEXT_FOLDED);
	scratch_begin(s);
	s->limited = s->sms = false;
	if (!s->folded.n)
		return;
	gists_find(s->set->gists, s->folded, &s->gist, (struct gist_call){on_gist, s});
	scan_covers(s);
	if (s->set->n_literals)
		scan_literals(s);
	wake_owners(s);
}

void match_scan(struct match_scratch *s, struct slice text)
{
	s->views = s->own;
	text_views_make(s->views, text);
	scan_views(s);
}

/* A disguised word in so many bytes: fewer are the slips of a long text, and not worth another look. */
#define SPARSE 600u

bool match_scan_spelled(struct match_scratch *s)
{
	if (s->n_repairs * SPARSE < s->folded.n)
		s->n_repairs = 0;
	if (!s->spelled || !(s->sms || s->n_repairs))
		return false;
	sort_repairs(s);
	if (!text_views_repair(s->spelled, s->own, s->sms ? s->set->guesses->spelling : NULL,
		    s->repairs, s->n_repairs))
		return false;
	s->views = s->spelled;
	scan_views(s);
	return true;
}

const struct text_views *match_views(const struct match_scratch *s)
{
	return s->views;
}

const uint64_t *match_owners(const struct match_scratch *s, size_t *ret_words)
{
	*ret_words = s->n_words;
	return s->owners;
}

bool match_is_limited(const struct match_scratch *s)
{
	return s->limited;
}

void match_version(struct buf *out)
{
	char pcre2[64];

	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	buf_printf(out, "pcre2 %s, vectorscan %s", pcre2, hs_version());
	/* RE2 only announces: what it is changes no verdict */
}
