/* SPDX-License-Identifier: GPL-3.0-or-later
 * The state of the room, and the parts that write a topic out. */
#ifndef EMERGENT_STATE_H
#define EMERGENT_STATE_H
#include <tocsin/emergent/emergent.h>
#include "copies.h"
#include "memory.h"
#include "rise.h"
#include "told.h"

#define RECENT (1u << 13) /* latest comments that are kept to quote from; a power of two */

struct heard {
	int64_t at;
	bool told; /* it belongs to a topic that was told */
	bool declared;
	uint16_t text_n;
	uint8_t id_n;
	char id[EMERGENT_ID_MAX];
	char text[TEXT_READ];
};

#define MINUTE_AUTHORS 1024u

/* One of event time. */
struct minute {
	uint32_t number, heard, remembered; /* comments */
	uint8_t authors[MINUTE_AUTHORS]; /* remembered ones, by author */
};

struct emergent {
	struct emergent_config config;
	struct text_views *views, *label_views;
	struct empty_words empty;
	struct memory *memory;
	struct copies *copies;
	struct heard *recent;
	int64_t now;
	struct minute minute;
	int64_t leap; /* a date far ahead that the next comment must confirm; 0 = none */
	struct moment moment;
	double all; /* comments, weighted down to all_at */
	int64_t all_at;
	double bar; /* over the lowest; each topic raises it */
	int64_t bar_at;
	struct word words[WORDS_MAX];
	struct term terms[TERMS_MAX];
	struct rise rise;
	struct told told;
};

static inline struct heard *heard_at(const struct emergent *e, uint32_t ordinal)
{
	return &e->recent[ordinal & (RECENT - 1)];
}
static inline struct slice heard_text(const struct heard *h)
{
	return (struct slice){h->text, h->text_n};
}

/* How many of a riser's comments say it in words of their own: of those that have a passage of six words around it in
 * common, one counts. ret_most: of how many the passage is that most of them have. */
unsigned passages_own(struct emergent *e, const struct riser *x, unsigned *ret_most);
/* Terms and examples of a topic around a riser and what rises beside it. */
void label_topic(struct emergent *e, struct emergent_topic *topic, const struct riser *seed,
	const struct riser *const *with, unsigned n_with);
#endif
