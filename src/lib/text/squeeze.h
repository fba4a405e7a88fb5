/* SPDX-License-Identifier: GPL-3.0-or-later
 * What squeeze.c and forms.c share: a word taken apart. */
#ifndef TEXT_SQUEEZE_H
#define TEXT_SQUEEZE_H
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

static inline bool is_unit(const struct work *w, size_t i, char c)
{
	return i < w->n && w->word[i].c == c;
}

static inline bool is_unit_word(const struct work *w, size_t i)
{
	/* beyond ASCII: a middle dot is none, other letters hardly stand in such a form */
	return i < w->n && (is_letter(w->word[i].c) || is_digit(w->word[i].c));
}

/* Inclusive forms become one word: connard·e·s → connardes, menteur·euse·s → menteurs */
void join_forms(struct work *w);
#endif
