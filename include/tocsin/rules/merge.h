/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two hands on the same rules: the folder of the configuration, and what people publish in the console or by a push. Merged pack by
 * pack (a file, to the byte), so that neither undoes the other without a word. */
#ifndef TOCSIN_RULES_MERGE_H
#define TOCSIN_RULES_MERGE_H
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

struct pack_sides {
	const char *base; /* what the folder held when it was taken last; NULL: nobody knows */
	const char *folder, *active; /* what it holds now; what is in force */
	/* What was in force since then: a folder that says what one of these said is only behind. */
	const char *const *since;
	size_t n_since;
};
enum pack_outcome {
	PACK_SAME, /* both say the same */
	PACK_TAKEN, /* the folder's: nobody else changed it */
	PACK_KEPT, /* that in force: the folder did not change it */
	PACK_DISPUTED /* that in force, although both changed it */
};
/* file: its name. there: the pack that was chosen; without it the pack is in none of the rules that follow. */
typedef void pack_merged_fn(void *user, const char *file, enum pack_outcome outcome, bool there);
/* Copies into a folder that is there what is to be in force. With nothing known of before, what differs is disputed, and what is
 * on one side only is kept or taken. 0 or -errno. */
int packs_merge(const struct pack_sides *s, const char *into, pack_merged_fn *fn, void *user,
	struct error *e) _must_check_;
/* Whether a pack says the same in two folders; one that is in neither does. */
bool packs_agree(const char *file, const char *a, const char *b);
/* Of these files (a line each) those that still differ between two folders, as people call them: "menaces, suivi-3". Appended. */
void packs_differing(struct slice files, const char *a, const char *b, struct buf *out);
/* "menaces.yaml" → "menaces", after ", " when something is there. */
void pack_add_name(struct buf *out, struct slice file);
#endif
