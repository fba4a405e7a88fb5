/* SPDX-License-Identifier: GPL-3.0-or-later
 * A topic that emerged, as a pack for the rule author to go on with: in observation, with examples from the comments,
 * personal data off. */
#ifndef TOCSIN_ADOPT_DRAFT_H
#define TOCSIN_ADOPT_DRAFT_H
#include <tocsin/base/buf.h>

#define DRAFT_YES 5u
#define DRAFT_NO 2u
#define DRAFT_ID_MAX 40u

struct draft {
	char id[DRAFT_ID_MAX + 1]; /* draft_id */
	struct slice label; /* as people write it */
	struct slice title; /* empty: the label */
	const char *
		pack; /* of a topic that is followed at once; NULL: it is in observation, for an author */
	struct slice owner;
	const struct slice *beside; /* what rises with it: said, not used */
	size_t n_beside;
	struct slice yes[DRAFT_YES], no[DRAFT_NO]; /* examples, masked */
	size_t n_yes, n_no;
};

/* "passerelle du Moulin-Vert" → "passerelle_du_moulin_vert"; "sujet" when nothing is left. */
void draft_id(struct slice label, char ret[static DRAFT_ID_MAX + 1]);
/* Whether a text has one of the label's words: then it may well be about the topic. */
bool draft_touches(const struct draft *d, struct slice text);
/* Appends the YAML. */
void draft_write(const struct draft *d, struct buf *out);
/* Appends a comment's text on one line without its personal data (record/mask.h), and without names: the author's, and
 * what follows M., Mme, Monsieur … with a capital. */
void draft_hide(struct buf *out, struct slice text, struct slice author_name);
#endif
