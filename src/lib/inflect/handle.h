/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a handle is made of. */
#ifndef INFLECT_HANDLE_H
#define INFLECT_HANDLE_H
#include <tocsin/base/arena.h>
#include <tocsin/base/map.h>
#include <tocsin/inflect/inflect.h>
#include "dict.h"
#include "lexicon.h"

enum question { ASK_WORDS = 'w', ASK_VERB = 'v' };

struct answer {
	struct slice key; /* a question's letter, then the term as it was asked */
	struct inflect_forms forms;
	int outcome;
};
struct inflect {
	struct dict dict; /* no entries: no dictionary */
	bool has_dict, has_lexicon;
	struct lexicon lexicon;
	struct plain *plain;
	struct map *known; /* key → answers + 1 */
	struct answer *answers;
	size_t n_answers, cap_answers;
	struct arena arena; /* the answers' text */
	void *mapped;
	size_t n_mapped;
};

/* words.c: makes the answer; forms are added to the list in any order, the term itself by the caller. */
struct form_list {
	struct arena *arena;
	struct slice *list;
	size_t n, cap;
	bool full; /* more than INFLECT_FORMS_MAX */
};
void form_list_add(struct form_list *l, struct slice form);
int words_answer(struct inflect *i, struct slice term, struct form_list *out);
int verb_answer(struct inflect *i, struct slice phrase, struct form_list *out);

/* inflect.c */
void answer_keep(struct inflect *i, struct answer answer);
struct inflect *handle_new(void);

/* pack.c */
int pack_write(const struct lexicon *l, const struct answer *answers, size_t n, struct buf *out,
	struct error *e) _must_check_;
int pack_read(struct inflect *i, struct slice packed, struct error *e) _must_check_;
#endif
