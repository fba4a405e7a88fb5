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
#include <tocsin/base/alloc.h>

#include "views.h"

/* A word on its way: each byte with the place it comes from. */
struct unit {
	uint32_t from;
	char c;
	bool in_row;
};

struct work {
	struct text_views *v;
	struct slice in;
	struct unit *word;
	size_t n; /* units */
	size_t copied; /* the view is made from the folded one up to here */
	size_t next; /* the byte behind the last one that went over */
	size_t last_break; /* the last underscore left out */
	size_t no_row; /* no row of letters begins before */
	bool undone; /* a sign of this word became a letter */
	bool told; /* this word is more than an inclusive form */
	bool maps;
};

static bool is_sign(char c)
{
	return c == '@' || c == '$' || c == '!' || c == '|';
}

static bool is_blank_at(struct slice in, size_t at)
{
	return at >= in.n || in.p[at] == ' ' || in.p[at] == '\n';
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
		vowels += strchr("aeiouy", in.p[i]) != NULL;
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

static void add_unit(struct work *w, size_t from, char c, bool in_row)
{
	w->word[w->n++] = (struct unit){(uint32_t)from, c, in_row};
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

	w->n = 0;
	w->told = false;
	for (size_t i = start; i < end; i++) {
		size_t row = i, step = 1;

		if (is_letter(in.p[i]) && !is_letter_at(in, i + 1) && i >= w->no_row &&
			(!i || !text_is_word(in, i - 1)))
			row = row_of_letters(in, i, &step, &w->no_row);
		if (row > i && row <= end) {
			/* ·e·s behind a word is none */
			w->told |= i == start || row - i > 2 * step;
			for (; i < row; i += step)
				add_unit(w, i, in.p[i], true);
			i = row - 1;
		} else if (is_euro(in, i) && is_euro_letter(w, i)) {
			add_unit(w, i, 'e', false);
			w->told = true;
			i += 2;
		} else if (in.p[i] != '_' || !is_break(w, start, i)) {
			add_unit(w, i, in.p[i], false);
		} else {
			w->told = true;
		}
	}
}

static bool is_unit(const struct work *w, size_t i, char c)
{
	return i < w->n && w->word[i].c == c;
}

static bool is_unit_word(const struct work *w, size_t i)
{
	/* beyond ASCII: a middle dot is none, other letters hardly stand in such a form */
	return i < w->n && (is_letter(w->word[i].c) || is_digit(w->word[i].c));
}

/* The part that an inclusive form adds at `at`, without its sign. */
struct ending {
	size_t start, end; /* letters of the ending, units */
	size_t plural; /* where its s is, 0 for none */
	size_t stop; /* behind it all */
};

/* Length of the sign that parts an inclusive form: · ( . - / */
static size_t ending_sign(const struct work *w, size_t i)
{
	if (is_unit(w, i, '\xc2') && is_unit(w, i + 1, '\xb7'))
		return 2;
	return is_unit(w, i, '(') || is_unit(w, i, '.') || is_unit(w, i, '-') || is_unit(w, i, '/');
}

static bool is_listed(const struct work *w, size_t start, size_t end, const char *const *list)
{
	for (; *list; list++) {
		size_t n = strlen(*list), i = 0;

		while (i < n && start + i < end && w->word[start + i].c == (*list)[i])
			i++;
		if (i == n && start + n == end)
			return true;
	}
	return false;
}

static bool find_ending(const struct work *w, size_t at, struct ending *e)
{
	static const char *const always[] = {"e", "es", "euse", "euses", "rice", "rices", "trice",
		"trices", "esse", "esses", NULL};
	static const char *const clear[] = {"s", "ne", "nes", "le", "les", "te", "tes", "se", "ses",
		"fe", "ve", "ere", "eres", "ice", "ices", "teuse", "teuses", NULL};
	static const char *const hyphened[] = {"e", "es", NULL};
	size_t sign = ending_sign(w, at), i = at + sign;
	char c = w->word[at].c;

	*e = (struct ending){.start = i};
	while (i < w->n && is_letter(w->word[i].c))
		i++;
	e->end = i;
	if (c == '(') {
		if (!is_unit(w, i, ')'))
			return false;
		i++;
		if (is_unit(w, i, 's') && !is_unit_word(w, i + 1))
			e->plural = i++;
	} else if (ending_sign(w, i) == sign && is_unit(w, i, c) && is_unit(w, i + sign, 's') &&
		!is_unit_word(w, i + sign + 1)) {
		e->plural = i + sign;
		i += sign + 1;
	}
	e->stop = i;
	if (is_unit_word(w, i))
		return false;
	if (c == '-')
		return is_listed(w, e->start, e->end, hyphened);
	return is_listed(w, e->start, e->end, always) ||
		((e->plural || (c != '.' && c != '/')) && is_listed(w, e->start, e->end, clear));
}

/* connard·e·s → connardes, menteur·euse·s → menteurs */
static void join_forms(struct work *w)
{
	size_t kept = 0, letters = 0, i = 0;

	while (i < w->n) {
		struct ending e;
		bool short_one;

		if (letters < 2 || !ending_sign(w, i) || !find_ending(w, i, &e)) {
			letters = is_letter(w->word[i].c) ? letters + 1 : 0;
			w->word[kept++] = w->word[i++];
			continue;
		}
		short_one =
			e.end - e.start == 1 || (e.end - e.start == 2 && w->word[e.start].c == 'e');
		if (short_one)
			while (e.start < e.end)
				w->word[kept++] = w->word[e.start++];
		else if (!e.plural && w->word[e.end - 1].c == 's')
			e.plural = e.end - 1;
		if (e.plural && !is_unit(w, kept - 1, 's') && !is_unit(w, kept - 1, 'x'))
			w->word[kept++] = w->word[e.plural];
		i = e.stop;
		letters = 0;
	}
	w->n = kept;
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
	if (w->n != end - start)
		return true;
	for (size_t i = 0; i < w->n; i++)
		if (w->word[i].c != w->in.p[start + i])
			return true;
	return false;
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

static void put_word(struct work *w, size_t start, size_t end)
{
	struct buf *out = &w->v->view[TEXT_SQUEEZED];
	size_t row = 0, first;

	copy_until(w, start);
	first = out->n;
	for (size_t i = 0; i < w->n; i++) {
		if (w->word[i].in_row && (!i || !w->word[i - 1].in_row))
			row = out->n;
		step_to(w, w->word[i].from);
		out->p[out->n++] = w->word[i].c;
		w->next = w->word[i].from + 1;
		if (w->word[i].in_row && (i + 1 == w->n || !w->word[i + 1].in_row))
			spots_add(&w->v->rows, row, out->n);
	}
	w->copied = end;
	if (w->told)
		add_undone(w, start, end, first);
}

static bool is_address(struct slice in, size_t start, size_t end)
{
	struct slice s = {in.p + start, end - start};

	return s.n > 4 && (memcmp(s.p, "www.", 4) == 0 || memmem(s.p, s.n, "://", 3));
}

/* One word, with the row of letters it may begin. Returns where it ends. */
static size_t undo(struct work *w, size_t at)
{
	size_t row = at, end = at, unused, skip = at;

	if (is_letter_at(w->in, at) && at >= w->no_row)
		row = row_of_letters(w->in, at, &unused, &skip);
	if (row > at) { /* it may end on a letter with a sign behind: the word's end is the row's */
		end = row;
	} else {
		if (is_letter_at(w->in, at) && at >= w->no_row)
			w->no_row = skip;
		while (!is_blank_at(w->in, end))
			end++;
		if (!suspects_confirm(w->in, at, end))
			return end;
	}
	if (is_address(w->in, at, end))
		return end;
	gather(w, at, end);
	join_forms(w);
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
	size_t start = at;

	while (start > first && !is_blank_at(in, start - 1))
		start--;
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

bool squeeze(struct text_views *v, bool maps)
{
	struct work w = {.v = v, .in = buf_slice(&v->view[TEXT_FOLDED]), .maps = maps};
	struct suspects suspects = suspects_of(w.in);
	struct buf *out = &v->view[TEXT_SQUEEZED];
	size_t at, done = 0;

	buf_clear(out);
	v->edges[TEXT_SQUEEZED].n = v->rows.n = v->n_undone = 0;
	at = suspects_next(&suspects);
	v->suspect = at < w.in.n;
	if (!v->suspect)
		return false;
	begin(&w);
	for (; at < w.in.n; at = suspects_next(&suspects)) {
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
