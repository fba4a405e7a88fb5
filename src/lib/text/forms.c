/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "squeeze.h"

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

void join_forms(struct work *w)
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
