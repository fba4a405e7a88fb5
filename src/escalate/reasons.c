/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why it rings: how many, since when, against what is usual, how rare that is, and where it is said. */
#include "letter.h"
#include <tocsin/base/clock.h>
#include <tocsin/phrase/phrase.h>

void letter_why(struct letter *j)
{
	struct buf *b = &j->w.text;
	char time[CLOCK_TEXT];
	phrase_why(j->l, j->i, letter_time(j, j->f->since, time), j->counts_only, b);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Pourquoi :"));
	if (phrase_rhythm(j->l, j->f, b)) {
		size_t said = b->n;
		writer_curve(b, j->f->series);
		writer_block(
			&j->w, b->n > said ? BLOCK_CURVE : BLOCK_TEXT, words(j->l, "Rythme :"));
	}
}

void letter_where(struct letter *j)
{
	struct buf *b = &j->w.text;
	const struct incident_facts *f = j->f;
	bool first = true;
	for (uint32_t i = 0; i < f->n_per_source; i++) {
		writer_comma(&j->w, &first);
		buf_add_slice(b, j->c->source_title(j->c->user, f->per_source[i]));
		buf_printf(b, "\u00a0%u", f->per_source_count[i]);
	}
	buf_add_string(b, first ? "" : ". ");
	if (f->authors > 5)
		buf_printf(b, words(j->l, "Les cinq comptes les plus actifs : %u %%. "),
			f->top5_share);
	if (f->copied)
		buf_printf(b, words(j->l, "Texte recopié : %u. "), f->copied);
	phrase_breadth(j->l, j->i, b);
	writer_block(&j->w, BLOCK_TEXT, words(j->l, "Où :"));
}
