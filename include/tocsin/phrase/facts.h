/* SPDX-License-Identifier: GPL-3.0-or-later
 * An incident's figures as a table of a page. */
#ifndef TOCSIN_PHRASE_FACTS_H
#define TOCSIN_PHRASE_FACTS_H
#include <tocsin/record/incident.h>
#include <tocsin/words/words.h>

/* What people call a source. */
typedef struct slice facts_title_fn(const void *user, struct slice source);
struct facts_words {
	enum words_lang lang;
	facts_title_fn *title;
	const void *user;
	const struct incident_questions *questions;
};
/* Since when, how many messages of how many people, what is usual, where: how many, never who. */
void facts_html(struct buf *out, const struct incident *i, const struct facts_words *w);
#endif
