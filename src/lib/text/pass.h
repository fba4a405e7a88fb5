/* SPDX-License-Identifier: GPL-3.0-or-later
 * What pass.c and company.c share: how far one pass has come. */
#ifndef TEXT_PASS_H
#define TEXT_PASS_H
#include <tocsin/base/lanes.h>

#include "views.h"

/* Which script's letters stand in a word of look-alikes, as bits. */
enum { GREEK = 1, CYRILLIC = 2, OTHER_SCRIPT = 4 };

/* Bytes in one step of run(), a bit each in 64, and so many it may read. */
enum { BLOCK = 4 * LANES, WINDOW = BLOCK + LANES };

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
	struct answers {
		size_t word_end, flags_end; /* up to where these two hold: */
		bool disguised, flags;
		bool scripts_known;
		unsigned scripts; /* whose words stand in the text beyond doubt */
	} known;
	size_t n_tail;
	char tail[2 * WINDOW]; /* see keep_tail() */
};

/* Whether the look-alikes of the word around this place are Latin letters in disguise: its company has Latin letters, or
 * it is nothing but look-alikes in a text that has no word of their script. */
bool is_disguised(struct state *s);
/* Whether the regional indicators from here on make flags, each two of them. */
bool is_flags(struct state *s);
#endif
