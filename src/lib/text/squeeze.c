/* SPDX-License-Identifier: GPL-3.0-or-later
 * The squeezed view: what people do to a word so that a filter does not see it, undone.
 *   c o n n a r d, c.o.n, t-a g-u-e-u-l-e   single letters behind each other are one word
 *   en_cu_lé                                an underscore between letters goes
 *   c0nn@rd, s@l0p3                         signs that stand for a letter, inside a word only
 *   connaaaard, CONNNNN                     in a word with a letter three times in a row, every
 *                                           doubled letter becomes a single one (text_collapse
 *                                           does the same to a rule's term)
 * Numbers, prices, exclamation marks and @names keep their signs: a sign is a letter only between
 * letters, a figure also behind one. */
#include "views.h"

enum sign {
	C_OTHER,
	C_LETTER,
	C_DIGIT,
	C_SIGN, /* stands for a letter between letters */
	C_JOINER, /* put between single letters */
	C_UNDERSCORE,
	C_SPACE
};

static enum sign sign_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return C_LETTER;
	if (c >= '0' && c <= '9')
		return C_DIGIT;
	switch (c) {
	case '@':
	case '$':
	case '!':
	case '|': return C_SIGN;
	case '.':
	case '-':
	case '*':
	case '/':
	case '+':
	case ',': return C_JOINER;
	case '_': return C_UNDERSCORE;
	case ' ':
	case '\n': return C_SPACE;
	default: return C_OTHER;
	}
}

static bool is_joiner(char c)
{
	return sign_of(c) == C_JOINER || c == '_';
}

static char letter_of(char c)
{
	static const char figures[] = {'o', 'i', 'z', 'e', 'a', 's', 'g', 't', 'b', 'g'};

	if (c >= '0' && c <= '9')
		return figures[c - '0'];
	return c == '@' ? 'a' : c == '$' ? 's' : c == '|' ? 'l' : 'i';
}

/* What two neighbours and three in a row say: the signs of a place, each in three bits. */
enum {
	ADJACENT = 1, /* a letter beside a figure, behind a sign or an underscore */
	ALONE = 2, /* the middle one is a letter without a letter or figure beside it */
	ALONE_JOINED = 4 /* … and stands behind a joiner */
};

static unsigned char clue_of(enum sign c2, enum sign c1, enum sign c)
{
	bool word2 = c2 == C_LETTER || c2 == C_DIGIT, word = c == C_LETTER || c == C_DIGIT;
	unsigned char clue = 0;

	if ((c == C_LETTER && (c1 == C_DIGIT || c1 == C_SIGN || c1 == C_UNDERSCORE)) ||
		(c == C_DIGIT && c1 == C_LETTER))
		clue |= ADJACENT;
	if (c1 == C_LETTER && !word2 && !word)
		clue |= ALONE;
	if ((clue & ALONE) && (c2 == C_JOINER || c2 == C_UNDERSCORE))
		clue |= ALONE_JOINED;
	return clue;
}

void squeeze_tables(struct squeeze_tables *t)
{
	for (unsigned i = 0; i < 256; i++)
		t->signs[i] = (unsigned char)sign_of((char)i);
	for (unsigned i = 0; i < CLUES; i++)
		t->clues[i] =
			clue_of((enum sign)(i >> 6), (enum sign)(i >> 3 & 7), (enum sign)(i & 7));
}

static bool is_triple(const char *p)
{
	return p[0] == p[1] && p[0] == p[2] && sign_of(*p) == C_LETTER;
}

/* A letter three times in a row: eight places at a time. */
static bool has_triple(struct slice in)
{
	const uint64_t low = UINT64_C(0x0101010101010101), high = low << 7;
	size_t i = 0;

	for (; i + 10 <= in.n; i += 8) {
		uint64_t a, b, c, differ;

		memcpy(&a, in.p + i, 8);
		memcpy(&b, in.p + i + 1, 8);
		memcpy(&c, in.p + i + 2, 8);
		differ = (a ^ b) | (b ^ c);
		/* some byte of it is zero: a triple, of letters or of dots */
		if ((differ - low) & ~differ & high)
			for (size_t k = i; k < i + 8; k++)
				if (is_triple(in.p + k))
					return true;
	}
	for (; i + 2 < in.n; i++)
		if (is_triple(in.p + i))
			return true;
	return false;
}

/* Whether there may be anything to undo: one look at each byte without a branch, too eager but never blind. */
static bool is_suspect(struct slice in, const struct squeeze_tables *t)
{
	unsigned c1 = C_SPACE, c2 = C_SPACE; /* one and two bytes before */
	unsigned alone = 0, found = 0; /* alone: a bit a place, the last one lowest */

	for (size_t i = 0; i < in.n; i++) {
		unsigned c = t->signs[(unsigned char)in.p[i]];
		unsigned clue = t->clues[c2 << 6 | c1 << 3 | c];

		alone = alone << 1 | (clue >> 1 & 1);
		/* three alone in every other place, or two with a joiner between them */
		found |= (clue & ADJACENT) | (alone & alone >> 2 & alone >> 4 & 1) |
			(clue >> 2 & alone >> 2 & 1);
		c2 = c1;
		c1 = c;
	}
	alone = alone << 1 | (t->clues[c2 << 6 | c1 << 3 | C_SPACE] >> 1 & 1);
	found |= (alone & alone >> 2 & alone >> 4 & 1) | (alone & alone >> 2 & 1);
	return found || has_triple(in);
}

/* One word on its way: each byte with the place it comes from. */
struct unit {
	uint32_t from;
	char c;
};

static bool is_letter(char c)
{
	return sign_of(c) == C_LETTER;
}

static bool is_letter_at(struct slice in, size_t at)
{
	return at < in.n && is_letter(in.p[at]);
}

static bool is_blank_at(struct slice in, size_t at)
{
	return at >= in.n || sign_of(in.p[at]) == C_SPACE;
}

static size_t word_end(struct slice in, size_t at)
{
	while (!is_blank_at(in, at))
		at++;
	return at;
}

/* End of a row of single letters that starts at `at` with one kind of separator between them, or
 * `at` when there is none. Blanks need three letters, and two of them no words: « il y a à » is French. */
static size_t row_of_letters(struct slice in, size_t at)
{
	char separator = at + 1 < in.n ? in.p[at + 1] : 0;
	size_t end = at, letters = 0, odd = 0;

	if (separator != ' ' && !is_joiner(separator))
		return at;
	if (at && text_is_word(in, at - 1))
		return at;
	for (size_t i = at; is_letter_at(in, i) && (i + 1 >= in.n || !text_is_word(in, i + 1));
		i += 2) {
		end = i + 1;
		letters++;
		odd += in.p[i] != 'a' && in.p[i] != 'y' && in.p[i] != 'o';
		if (end >= in.n || in.p[end] != separator)
			break;
	}
	/* a row that runs into a longer word is no row: « a-t-il » */
	if (end + 1 < in.n && in.p[end] == separator && separator != ' ' &&
		text_is_word(in, end + 1))
		return at;
	if (separator == ' ')
		return letters >= 3 && odd >= 2 ? end : at;
	return letters >= 2 ? end : at;
}

/* Takes a word apart into units, rows of single letters written together, underscores out. */
static size_t gather(struct slice in, size_t start, size_t end, struct unit *word)
{
	size_t n = 0;

	for (size_t i = start; i < end; i++) {
		size_t row = is_letter_at(in, i) ? row_of_letters(in, i) : i;

		if (row > i && row <= end) {
			for (; i < row; i += 2)
				word[n++] = (struct unit){(uint32_t)i, in.p[i]};
			i = row - 1;
			continue;
		}
		if (in.p[i] == '_' && i > start && is_letter_at(in, i - 1) &&
			is_letter_at(in, i + 1))
			continue;
		word[n++] = (struct unit){(uint32_t)i, in.p[i]};
	}
	return n;
}

/* Signs and figures as the letters they stand for. */
static void unleet(struct unit *word, size_t n)
{
	size_t letters = 0;

	for (size_t i = 0; i < n; i++)
		letters += is_letter(word[i].c);
	for (size_t i = 0; i < n && letters >= 2; i++) {
		enum sign c = sign_of(word[i].c);
		bool behind = i && is_letter(word[i - 1].c); /* a letter, or one just made */
		size_t after = i + 1;

		if (c != C_SIGN && c != C_DIGIT)
			continue;
		while (after < n &&
			(sign_of(word[after].c) == C_SIGN || sign_of(word[after].c) == C_DIGIT))
			after++;
		if ((behind && after < n && is_letter(word[after].c)) ||
			(c == C_DIGIT && letters >= 3 && behind) ||
			/* « 3nculé », but not « 2eme » */
			(c == C_DIGIT && letters >= 4 && !i && is_letter(word[1].c)))
			word[i].c = letter_of(word[i].c);
	}
}

/* In a word with a letter three times in a row no letter stays doubled. Four times for e: « créée ». */
static size_t unstretch(struct unit *word, size_t n)
{
	bool stretched = false;
	size_t kept = 0, run = 1;

	for (size_t i = 1; i < n && !stretched; i++) {
		run = is_letter(word[i].c) && word[i].c == word[i - 1].c ? run + 1 : 1;
		stretched = run >= (word[i].c == 'e' ? 4u : 3u);
	}
	if (!stretched)
		return n;
	for (size_t i = 0; i < n; i++)
		if (!kept || word[i].c != word[kept - 1].c || !is_letter(word[i].c))
			word[kept++] = word[i];
	return kept;
}

/* Appends the word; where it left the step of the view below, an edge says so. */
static bool flush(struct text_views *v, const struct unit *word, size_t n, size_t *next)
{
	struct slice in = buf_slice(&v->view[TEXT_FOLDED]);
	struct buf *out = &v->view[TEXT_SQUEEZED];
	struct map_edges *edges = &v->edges[TEXT_SQUEEZED];
	bool changed = false;

	for (size_t i = 0; i < n; i++) {
		if (word[i].from != *next) {
			edges_push(edges, out->n, *next);
			edges_push(edges, out->n, word[i].from);
			changed = true;
		}
		changed |= word[i].c != in.p[word[i].from];
		out->p[out->n++] = word[i].c;
		*next = word[i].from + 1;
	}
	return changed;
}

bool squeeze(struct text_views *v)
{
	struct slice in = buf_slice(&v->view[TEXT_FOLDED]);
	bool changed = false;
	size_t next = 0;

	if (!is_suspect(in, &v->squeeze))
		return false;
	(void)buf_reserve(&v->view[TEXT_SQUEEZED], in.n);
	buf_clear(&v->word);
	(void)buf_reserve(&v->word, in.n * sizeof(struct unit));
	for (size_t at = 0; at < in.n;) {
		struct unit *word = (struct unit *)(void *)v->word.p;
		size_t end = word_end(in, at), row = at, n;

		if (at + 1 < in.n && in.p[at + 1] == ' ' && is_letter_at(in, at))
			row = row_of_letters(in, at);
		if (row > at) {
			/* the row may end on a letter with a sign behind it: the word's end is the row's */
			end = row;
		} else if (end == at) {
			end = at + 1; /* a blank goes as it is */
		}
		n = gather(in, at, end, word);
		unleet(word, n);
		n = unstretch(word, n);
		changed |= flush(v, word, n, &next);
		at = end;
	}
	if (next < in.n) {
		edges_push(&v->edges[TEXT_SQUEEZED], v->view[TEXT_SQUEEZED].n, next);
		changed = true;
	}
	return changed;
}

void text_collapse(struct buf *out, struct slice folded)
{
	for (size_t i = 0; i < folded.n; i++)
		if (!i || folded.p[i] != folded.p[i - 1] || !is_letter(folded.p[i]))
			buf_add_char(out, folded.p[i]);
}
