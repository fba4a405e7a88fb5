/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of this room share: pass.c makes plain and folded, squeeze.c the squeezed view; maps are made by
 * running both once more with `maps` on, when somebody first asks where a place comes from. */
#ifndef TEXT_VIEWS_H
#define TEXT_VIEWS_H
#include <tocsin/text/text.h>

#include "map.h"
#include "suspects.h"
#include "tables.h"

struct spots {
	struct text_word *list;
	size_t n, cap;
};

/* A word that was written out: bytes of the written text, and of the original it stands for. */
struct patch {
	uint32_t start, end, from, to;
	bool sure, sound; /* of the table; by its sound */
	bool repair, guessed; /* only a disguise was undone, by a guess */
};

struct text_views {
	struct text_views *self; /* the same, for const callers that are the first to need a map */
	struct slice original; /* or the written text */
	struct buf written;
	struct buf read; /* scratch of capital_read() */
	struct patch *patches; /* in order; n_patches is 0 but after text_views_repair */
	size_t n_patches, cap_patches;
	bool crowded; /* the text is full of such words */
	bool sms; /* it is SMS, besides repairs */
	struct buf view[TEXT_VIEWS];
	/* each view's map to the one it was made from: plain → original, folded → plain, squeezed → folded */
	struct map_edges edges[TEXT_VIEWS];
	bool mapped; /* the edges are made */
	uint64_t *
		changed; /* a bit a byte of the folded view: the plain one has something else there */
	size_t cap_changed;
	bool squeezed; /* that view differs from the folded one */
	uint8_t accents; /* not 0: some letter had one */
	bool suspect; /* something in the folded view is worth a look */
	uint64_t *places; /* where: see suspects.h */
	size_t cap_places;
	bool masks_made, words_made;
	struct spots rows; /* of the squeezed view: letters that stood apart */
	struct text_undone *undone;
	size_t n_undone, cap_undone;
	struct spots words;
	struct text_mask *masks; /* TEXT_MASKS_MAX */
	size_t n_masks;
	struct buf word; /* scratch of squeeze() */
	char joined[64];
	struct tables tables;
};

void spots_add(struct spots *s, size_t start, size_t end);
/* capital.c: the original with l for every capital I that stands for one, as long as it; good until the next call. */
struct slice capital_read(struct text_views *v);
/* Fills view[TEXT_PLAIN] and view[TEXT_FOLDED], their edges too where `maps` says so. */
void pass(struct text_views *v, bool maps);
/* Fills view[TEXT_SQUEEZED] from view[TEXT_FOLDED]; false when nothing was to be undone. */
bool squeeze(struct text_views *v, bool maps);
/* A row of single letters (s a l e, c.o.n) that starts at `at`: where its last letter ends, the letters' places
 * in steps of *ret_step. `at` itself when there is none; *ret_skip: nothing to be found before. */
size_t row_of_letters(struct slice in, size_t at, size_t *ret_step, size_t *ret_skip);
/* The start of text_view_below() alone, of the plain or the folded view. */
size_t text_start_below(const struct text_views *v, enum text_view which, size_t start);
/* Makes the maps unless they are there. */
void need_maps(const struct text_views *v);

/* text_view_origin down to v->original: of a text that was written out, the written one. */
void view_source(const struct text_views *v, enum text_view which, size_t start, size_t end,
	uint32_t *ret_start, uint32_t *ret_end);
/* Bytes of the written text → bytes of the original one. */
void patches_origin(const struct text_views *v, uint32_t *start, uint32_t *end);

static inline bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_letter_at(struct slice s, size_t at)
{
	return at < s.n && is_letter(s.p[at]);
}

static inline bool is_inside(struct slice s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;
}
#endif
