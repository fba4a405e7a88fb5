/* SPDX-License-Identifier: GPL-3.0-or-later
 * The squeezed view: what people do to a word so that a filter does not see it, undone.
 *   c o n n a r d, c.o.n, c👏o👏n, t-a g-u-e-u-l-e   single letters behind each other are one word
 *   en_cu_lé                                an underscore between letters goes
 *   c0nn@rd, s@l0p3, $alope, m€rde          signs that stand for a letter, inside a word or in front
 *   connard·e·s, connard(e)s, élu.e.s       inclusive forms are one word; endings that do not simply
 *                                           follow (menteur·euse·s) leave the first form: menteurs
 *   connaaaard, CONNNNN                     in a word with a letter three times in a row, every
 *                                           doubled letter becomes a single one (text_collapse
 *                                           does the same to a rule's term)
 * Numbers, prices, exclamation marks and @names keep their signs: a sign is a letter only between
 * letters, a figure also behind one. Addresses of web pages stay as they are. */
#include "squeeze.h"

#include <tocsin/base/alloc.h>
#include <tocsin/base/lanes.h>

static bool is_sign(char c)
{
	return c == '@' || c == '$' || c == '!' || c == '|';
}

static bool is_blank_at(struct slice in, size_t at)
{
	return at >= in.n || in.p[at] == ' ' || in.p[at] == '\n';
}

static uint32_t blanks_at(const char *p)
{
	lanes v = lanes_load(p);

	return lanes_bits((v == lanes_all(' ')) | (v == lanes_all('\n')));
}

/* The first blank at `at` or behind; those behind the text's end stop it. */
static size_t word_end(struct slice in, size_t at)
{
	uint32_t blanks = blanks_at(in.p + at);

	for (; !blanks; blanks = blanks_at(in.p + at))
		at += LANES;
	at += (size_t)__builtin_ctz(blanks);
	return at < in.n ? at : in.n;
}

/* The place behind the last blank before `at`. Not before `first`. */
static size_t word_start(struct slice in, size_t first, size_t at)
{
	while (at > first && at >= LANES) {
		uint32_t blanks = blanks_at(in.p + at - LANES);

		if (blanks) {
			at -= (size_t)__builtin_clz(blanks) - (32 - LANES);
			return at > first ? at : first;
		}
		at -= LANES;
	}
	while (at > first && !is_blank_at(in, at - 1))
		at--;
	return at > first ? at : first;
}

static bool is_word_at(struct slice in, size_t at)
{
	return at < in.n && text_is_word(in, at);
}

static char letter_of(char c)
{
	static const char figures[] = {'o', 'i', 'z', 'e', 'a', 's', 'g', 't', 'b', 'g'};

	if (is_digit(c))
		return figures[c - '0'];
	return c == '@' ? 'a' : c == '$' ? 's' : c == '|' ? 'l' : 'i';
}

static bool is_euro(struct slice in, size_t at)
{
	return in.n - at >= 3 && memcmp(in.p + at, "\xe2\x82\xac", 3) == 0;
}

/* Length of what stands between the letter at `at` and the next one, 0 when that cannot part a row. */
static size_t separator(struct slice in, size_t at)
{
	enum { LONGEST = 4 };
	size_t n = 1;

	while (n <= LONGEST && at + n < in.n && !is_letter(in.p[at + n])) {
		char c = in.p[at + n];

		if (c == '\'' || c == '(' || c == ')' || text_is_word(in, at + n))
			return 0;
		n++;
	}
	return at + n >= in.n || !is_letter(in.p[at + n]) ? 0 : n - 1;
}

/* « b o u l e t n'a »: the n is of what follows. */
static bool is_elided(struct slice in, size_t at)
{
	return at + 1 < in.n && in.p[at + 1] == '\'';
}

static bool is_vowel(char letter)
{
	const uint32_t vowels = 1u << ('a' - 'a') | 1u << ('e' - 'a') | 1u << ('i' - 'a') |
		1u << ('o' - 'a') | 1u << ('u' - 'a') | 1u << ('y' - 'a');

	return vowels >> (letter - 'a') & 1;
}

size_t row_of_letters(struct slice in, size_t at, size_t *ret_step, size_t *ret_skip)
{
	size_t length = separator(in, at), end = at, letters = 0, odd = 0, vowels = 0, i = at;
	bool blank = length && is_blank_at(in, at + 1);

	*ret_step = length + 1;
	*ret_skip = at + 1;
	if (!length)
		return at;
	for (; is_letter_at(in, i) && !is_word_at(in, i + 1) && !is_elided(in, i);
		i += length + 1) {
		end = i + 1;
		letters++;
		vowels += is_vowel(in.p[i]);
		odd += in.p[i] != 'a' && in.p[i] != 'y' && in.p[i] != 'o';
		if (end + length > in.n || memcmp(in.p + end, in.p + at + 1, length) != 0)
			break;
	}
	*ret_skip = end;
	/* a row that runs into a longer word is no row: « a-t-il » */
	if (!blank && end + length < in.n && memcmp(in.p + end, in.p + at + 1, length) == 0 &&
		is_word_at(in, end + length))
		return at;
	/* the sign is the vowel: b@t@r, d€g€n€r€ */
	if (!vowels && length &&
		(in.p[at + 1] != '$' && (is_sign(in.p[at + 1]) || is_euro(in, at + 1))))
		return at;
	/* blanks need three letters, and two of them no words: « il y a à » is French. So do slashes: « h/f »; and the
	 * signs that are letters themselves: « m!n@ble » */
	if (blank)
		return letters >= 3 && odd >= 2 ? end : at;
	return letters >= (in.p[at + 1] == '/' || in.p[at + 1] == ',' || is_sign(in.p[at + 1]) ? 3u
											       : 2u)
		? end
		: at;
}

static inline struct unit *add_unit(struct unit *to, size_t from, char c, bool in_row)
{
	*to = (struct unit){(uint32_t)from, c, in_row};
	return to + 1;
}

static bool is_letter_or_sign(char c)
{
	return is_letter(c) || is_sign(c) || (unsigned char)c >= 0x80;
}

/* €uros, m€rde, salop€, m!n@bl€, conn@$$€: between letters, or beside three of them or of their like. */
static bool is_euro_letter(const struct work *w, size_t at)
{
	struct slice in = w->in;
	bool behind = at && (is_letter(in.p[at - 1]) || is_sign(in.p[at - 1])),
	     before = is_letter_at(in, at + 3);

	if (behind && before && is_letter(in.p[at - 1]))
		return true;
	if (before)
		return (!at || !text_is_word(in, at - 1)) && is_letter_at(in, at + 4) &&
			is_letter_at(in, at + 5);
	return behind && at >= 3 && is_letter_or_sign(in.p[at - 2]) &&
		is_letter_or_sign(in.p[at - 3]);
}

/* An underscore between letters, three at most in each part before it: en_cu_lé, but not liste_de_fichiers. */
static bool is_break(struct work *w, size_t start, size_t at)
{
	size_t first = at;

	while (first > start && at - first < 4 && is_letter(w->in.p[first - 1]))
		first--;
	if (first == at || at - first == 4 || !is_letter_at(w->in, at + 1))
		return false;
	if (first > start && w->in.p[first - 1] == '_' && w->last_break != first - 1)
		return false;
	w->last_break = at;
	return true;
}

/* Takes a word apart into units, rows of single letters written together, underscores out. */
static void gather(struct work *w, size_t start, size_t end)
{
	struct slice in = w->in;
	struct unit *to = w->word;

	w->told = false;
	for (size_t i = start; i < end; i++) {
		size_t row = i, step = 1;
		char c = in.p[i];

		if (is_letter(c) && is_letter_at(in, i + 1)) {
			to = add_unit(to, i, c, false);
			continue;
		}
		if (is_letter(c) && i >= w->no_row && (!i || !text_is_word(in, i - 1)))
			row = row_of_letters(in, i, &step, &w->no_row);
		if (row > i && row <= end) {
			/* ·e·s behind a word is none */
			w->told |= i == start || row - i > 2 * step;
			for (; i < row; i += step)
				to = add_unit(to, i, in.p[i], true);
			i = row - 1;
		} else if (is_euro(in, i) && is_euro_letter(w, i)) {
			to = add_unit(to, i, 'e', false);
			w->told = true;
			i += 2;
		} else if (c != '_' || !is_break(w, start, i)) {
			to = add_unit(to, i, c, false);
		} else {
			w->told = true;
		}
	}
	w->n = (size_t)(to - w->word);
}

/* Whether the sign or figure at `i`, with `after` behind it and its like, stands for a letter. */
static bool is_for_letter(const struct work *w, size_t i, size_t after, size_t letters)
{
	char c = w->word[i].c;
	bool behind = i && is_letter(w->word[i - 1].c); /* a letter, or one just made */
	bool before = after < w->n && is_letter(w->word[after].c);
	bool front = !i || !(is_unit_word(w, i - 1) || is_sign(w->word[i - 1].c));

	if (behind && before)
		return true;
	if (is_digit(c))
		/* « debil3 », « s@l0p1 », « 54l0p35 », but not « covid19 » or « lot4 »; « 3nculé », but not « 2eme » */
		return (behind && ((after == i + 1 && c == '3' && letters >= 3) || w->undone)) ||
			(front && before && (w->undone || (after == i + 1 && letters >= 4)));
	/* « $alope », « con$ », « !d!ot$ » */
	return (c == '$' || (w->undone && front)) && after == i + 1 &&
		letters >= (w->undone ? 2u : 3u) && (front ? before : behind);
}

/* Signs and figures as the letters they stand for, those of [0, w->n) that can be told. */
static void unleet_once(struct work *w, size_t letters)
{
	size_t after = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (!is_sign(w->word[i].c) && !is_digit(w->word[i].c))
			continue;
		if (after <= i)
			for (after = i + 1; after < w->n &&
				(is_sign(w->word[after].c) || is_digit(w->word[after].c));)
				after++;
		if (is_for_letter(w, i, after, letters)) {
			w->word[i].c = letter_of(w->word[i].c);
			w->undone = w->told = true;
		}
	}
}

/* One sign inside a word betrays those at its ends. */
static void unleet(struct work *w)
{
	size_t letters = 0;

	w->undone = false;
	for (size_t i = 0; i < w->n; i++)
		letters += is_letter(w->word[i].c);
	if (letters < 2)
		return;
	unleet_once(w, letters);
	if (w->undone)
		unleet_once(w, letters);
}

/* In a word with a letter three times in a row no letter stays doubled. Four times for e: « créée ». */
static void unstretch(struct work *w)
{
	bool stretched = false;
	size_t kept = 0, run = 1;

	for (size_t i = 1; i < w->n && !stretched; i++) {
		const struct unit *u = &w->word[i];

		run = is_letter(u->c) && u->c == u[-1].c ? run + 1 : 1;
		stretched = run >= (u->c == 'e' ? 4u : 3u);
	}
	if (!stretched)
		return;
	w->told = true;
	for (size_t i = 0; i < w->n; i++)
		if (!kept || w->word[i].c != w->word[kept - 1].c || !is_letter(w->word[i].c))
			w->word[kept++] = w->word[i];
	w->n = kept;
}

/* An edge where the view leaves the step of the one below. */
static void step_to(struct work *w, size_t from)
{
	struct map_edges *edges = &w->v->edges[TEXT_SQUEEZED];
	size_t at = w->v->view[TEXT_SQUEEZED].n;

	if (w->maps && from != w->next) {
		edges_push(edges, at, w->next);
		edges_push(edges, at, from);
	}
}

/* What lies between the last changed word and this place goes over as it is. */
static void copy_until(struct work *w, size_t at)
{
	if (at == w->copied)
		return;
	step_to(w, w->copied);
	buf_add(&w->v->view[TEXT_SQUEEZED], w->in.p + w->copied, at - w->copied);
	w->next = w->copied = at;
}

static bool is_changed(const struct work *w, size_t start, size_t end)
{
	const char *from = w->in.p + start;
	uint32_t other = 0;

	if (w->n != end - start)
		return true;
	for (size_t i = 0; i < w->n; i++)
		other |= w->word[i].c != from[i];
	return other != 0;
}

/* Without what is the same at both ends. */
static void add_undone(struct work *w, size_t start, size_t end, size_t says)
{
	struct text_views *v = w->v;
	struct slice to = buf_slice(&v->view[TEXT_SQUEEZED]);
	size_t says_end = to.n;

	while (start < end && says < says_end && w->in.p[start] == to.p[says] &&
		!text_is_word(w->in, start)) {
		start++;
		says++;
	}
	while (end > start && says_end > says && w->in.p[end - 1] == to.p[says_end - 1] &&
		!text_is_word(w->in, end - 1)) {
		end--;
		says_end--;
	}
	v->undone = xgrow(v->undone, v->n_undone, &v->cap_undone, sizeof(*v->undone));
	v->undone[v->n_undone++] = (struct text_undone){
		(uint32_t)start, (uint32_t)end, (uint32_t)says, (uint32_t)says_end};
}

/* The letters that stood apart, and the places that maps need: [first, out->n) is the word. */
static void note_word(struct work *w, size_t first)
{
	struct buf *out = &w->v->view[TEXT_SQUEEZED];
	size_t row = 0;

	for (size_t i = 0; i < w->n; i++) {
		out->n = first + i;
		if (w->word[i].in_row && (!i || !w->word[i - 1].in_row))
			row = out->n;
		step_to(w, w->word[i].from);
		w->next = w->word[i].from + 1;
		if (w->word[i].in_row && (i + 1 == w->n || !w->word[i + 1].in_row))
			spots_add(&w->v->rows, row, out->n + 1);
	}
	out->n = first + w->n;
}

static void put_word(struct work *w, size_t start, size_t end)
{
	struct buf *out = &w->v->view[TEXT_SQUEEZED];
	const struct unit *word = w->word;
	size_t first, n = w->n;
	bool rows = false;
	char *to;

	copy_until(w, start);
	first = out->n;
	to = out->p + first;
	for (size_t i = 0; i < n; i++) {
		to[i] = word[i].c;
		rows |= word[i].in_row;
	}
	out->n += n;
	if (rows || w->maps)
		note_word(w, first);
	w->copied = end;
	if (w->told)
		add_undone(w, start, end, first);
}

/* What is in a word, or in the few bytes behind it: too much may be said. */
struct content {
	bool colon, joint, sign; /* joint: parts an inclusive form; sign: may stand for a letter */
};

static inline struct content content_of(struct slice in, size_t start, size_t end)
{
	lanes colon = lanes_all(0), joint = colon, sign = colon;

	for (size_t i = start; i < end; i += LANES) {
		lanes v = lanes_load(in.p + i);

		colon |= v == lanes_all(':');
		joint |=
			(v == lanes_all('(')) | lanes_range(v, '-', '/') | (v == lanes_all('\xc2'));
		sign |= lanes_range(v, '0', '9') | (v == lanes_all('@')) | (v == lanes_all('$')) |
			(v == lanes_all('!')) | (v == lanes_all('|'));
	}
	return (struct content){lanes_bits(colon), lanes_bits(joint), lanes_bits(sign)};
}

static bool is_address(struct slice in, size_t start, size_t end, bool colon)
{
	struct slice s = {in.p + start, end - start};

	return s.n > 4 && (memcmp(s.p, "www.", 4) == 0 || (colon && memmem(s.p, s.n, "://", 3)));
}

/* One word, with the row of letters it may begin. Returns where it ends. */
static size_t undo(struct work *w, size_t at)
{
	size_t row = at, end = at, unused, skip = at;
	struct content has;

	if (is_letter_at(w->in, at) && at >= w->no_row)
		row = row_of_letters(w->in, at, &unused, &skip);
	if (row > at) { /* it may end on a letter with a sign behind: the word's end is the row's */
		end = row;
	} else {
		if (is_letter_at(w->in, at) && at >= w->no_row)
			w->no_row = skip;
		end = word_end(w->in, at);
		if (!suspects_confirm(w->in, at, end))
			return end;
	}
	has = content_of(w->in, at, end);
	if (is_address(w->in, at, end, has.colon))
		return end;
	gather(w, at, end);
	if (has.joint)
		join_forms(w);
	if (has.sign)
		unleet(w);
	unstretch(w);
	if (is_changed(w, at, end))
		put_word(w, at, end);
	return end;
}

/* Whether a letter by itself, not before `first`, stands at `at`. */
static bool is_single(struct slice in, size_t first, size_t at)
{
	return is_letter(in.p[at]) &&
		(at == first || is_blank_at(in, at - 1) || in.p[at - 1] == '\'');
}

/* Where the word around `at` begins, or the row of single letters that it ends (a b c, a . b . c). Not before
 * `first`. */
static size_t first_of(struct slice in, size_t first, size_t at)
{
	size_t start = word_start(in, first, at);

	for (;;) {
		if (start > first && in.p[start - 1] == '\'')
			return start;
		if (start >= first + 2 && is_single(in, first, start - 2))
			start -= 2;
		else if (start >= first + 4 && is_blank_at(in, start - 3) &&
			!text_is_word(in, start - 2) && is_single(in, first, start - 4))
			start -= 4;
		else
			return start;
	}
}

/* Room for the view and the word; true the first time around. */
static void begin(struct work *w)
{
	buf_clear(&w->v->word);
	w->word = (struct unit *)(void *)buf_reserve(&w->v->word, w->in.n * sizeof(struct unit));
	(void)buf_reserve(&w->v->view[TEXT_SQUEEZED], w->in.n + TEXT_SLACK);
}

static bool find_suspects(struct text_views *v, struct slice in)
{
	size_t looks = suspects_looks(in.n);

	if (looks > v->cap_places) {
		v->cap_places = looks;
		v->places = xreallocarray(v->places, looks, sizeof(*v->places));
	}
	return suspects_find(in, v->places);
}

bool squeeze(struct text_views *v, bool maps)
{
	struct work w = {.v = v, .in = buf_slice(&v->view[TEXT_FOLDED]), .maps = maps};
	struct suspects suspects;
	struct buf *out = &v->view[TEXT_SQUEEZED];
	size_t at, done = 0;

	buf_clear(out);
	v->edges[TEXT_SQUEEZED].n = v->rows.n = v->n_undone = 0;
	v->suspect = find_suspects(v, w.in);
	if (!v->suspect)
		return false;
	begin(&w);
	suspects = suspects_of(v->places, w.in.n);
	while ((at = suspects_next(&suspects)) < w.in.n) {
		size_t word;

		if (at < done)
			continue;
		for (word = first_of(w.in, done, at); word <= at; word = done) {
			done = undo(&w, word);
			while (done < w.in.n && is_blank_at(w.in, done))
				done++;
		}
	}
	if (!w.copied)
		return false;
	copy_until(&w, w.in.n);
	step_to(&w, w.in.n);
	memset(out->p + out->n, ' ', TEXT_SLACK);
	return true;
}

void text_collapse(struct buf *out, struct slice folded)
{
	for (size_t i = 0; i < folded.n; i++)
		if (!i || folded.p[i] != folded.p[i - 1] || !is_letter(folded.p[i]))
			buf_add_char(out, folded.p[i]);
}
