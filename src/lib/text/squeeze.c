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
	C_SPACE
};

static enum sign sign_of(unsigned char c)
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
	case '_':
	case '*':
	case '/':
	case '+':
	case ',': return C_JOINER;
	case ' ':
	case '\n': return C_SPACE;
	default: return C_OTHER;
	}
}

static char letter_of(char c)
{
	static const char figures[] = {'o', 'i', 'z', 'e', 'a', 's', 'g', 't', 'b', 'g'};

	if (c >= '0' && c <= '9')
		return figures[c - '0'];
	return c == '@' ? 'a' : c == '$' ? 's' : c == '|' ? 'l' : 'i';
}

/* Whether there may be anything to undo: one look at each byte, too eager but never blind. */
static bool is_suspect(struct slice in)
{
	enum sign c1 = C_SPACE, c2 = C_SPACE; /* one and two bytes before */

	for (size_t i = 0; i < in.n; i++) {
		enum sign c = sign_of((unsigned char)in.p[i]);

		if (c == C_LETTER) {
			if (c1 == C_DIGIT || c1 == C_SIGN || (i && in.p[i - 1] == '_'))
				return true;
			if (c2 == C_LETTER && (c1 == C_JOINER || c1 == C_SPACE))
				if (i < 3 || sign_of((unsigned char)in.p[i - 3]) != C_LETTER)
					return true;
			if (c1 == C_LETTER && c2 == C_LETTER && in.p[i] == in.p[i - 1] &&
				in.p[i] == in.p[i - 2])
				return true;
		} else if (c == C_DIGIT && c1 == C_LETTER) {
			return true;
		}
		c2 = c1;
		c1 = c;
	}
	return false;
}

/* One word on its way: each byte with the place it comes from. */
struct unit {
	uint32_t from;
	char c;
};

static bool is_letter(char c)
{
	return sign_of((unsigned char)c) == C_LETTER;
}

static bool is_letter_at(struct slice in, size_t at)
{
	return at < in.n && is_letter(in.p[at]);
}

static bool is_blank_at(struct slice in, size_t at)
{
	return at >= in.n || sign_of((unsigned char)in.p[at]) == C_SPACE;
}

static size_t word_end(struct slice in, size_t at)
{
	while (!is_blank_at(in, at))
		at++;
	return at;
}

/* End of a row of single letters that starts at `at` with one kind of separator between them, or
 * `at` when there is none. Blanks need three letters: « il y a à » is French. */
static size_t row_of_letters(struct slice in, size_t at)
{
	char separator = at + 1 < in.n ? in.p[at + 1] : 0;
	size_t end = at, letters = 0;

	if (separator != ' ' && sign_of((unsigned char)separator) != C_JOINER)
		return at;
	if (at && text_is_word(in, at - 1))
		return at;
	for (size_t i = at; is_letter_at(in, i) && (i + 1 >= in.n || !text_is_word(in, i + 1));
		i += 2) {
		end = i + 1;
		letters++;
		if (end >= in.n || in.p[end] != separator)
			break;
	}
	/* a row that runs into a longer word is no row: « a-t-il » */
	if (end + 1 < in.n && in.p[end] == separator && separator != ' ' &&
		text_is_word(in, end + 1))
		return at;
	return letters >= (separator == ' ' ? 3u : 2u) ? end : at;
}

/* Takes a word apart into units, rows of single letters written together, underscores out. */
static size_t gather(struct slice in, size_t start, size_t end, struct unit *word)
{
	size_t n = 0;

	for (size_t i = start; i < end; i++) {
		size_t row = is_letter_at(in, i) ? row_of_letters(in, i) : i;

		if (row > i) {
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
		enum sign c = sign_of((unsigned char)word[i].c);
		bool behind = i && is_letter(word[i - 1].c); /* a letter, or one just made */
		size_t after = i + 1;

		if (c != C_SIGN && c != C_DIGIT)
			continue;
		while (after < n &&
			(sign_of((unsigned char)word[after].c) == C_SIGN ||
				sign_of((unsigned char)word[after].c) == C_DIGIT))
			after++;
		if ((behind && after < n && is_letter(word[after].c)) ||
			(c == C_DIGIT && letters >= 3 && (behind || (!i && is_letter(word[1].c)))))
			word[i].c = letter_of(word[i].c);
	}
}

/* In a word with a letter three times in a row no letter stays doubled. */
static size_t unstretch(struct unit *word, size_t n)
{
	bool stretched = false;
	size_t kept = 0;

	for (size_t i = 2; i < n && !stretched; i++)
		stretched = is_letter(word[i].c) && word[i].c == word[i - 1].c &&
			word[i].c == word[i - 2].c;
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

	if (!is_suspect(in))
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
