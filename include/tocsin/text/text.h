/* SPDX-License-Identifier: GPL-3.0-or-later
 * Normalised views of a comment, each with a map back to the original bytes. Sole user of utf8proc.
 * Rules' own terms go through the same functions, so both sides agree by construction.
 *
 *	original   Espèce de C0NN@RD de 𝐦𝐚𝐢𝐫𝐞, ç𝗮 pue… #MairePourri, enc*lé
 *	plain      espèce de c0nn@rd de maire, ça pue... #mairepourri, enc*lé     lower case, one alphabet
 *	folded     espece de c0nn@rd de maire, ca pue... #mairepourri, enc*le     accents off
 *	squeezed   espece de connard de maire, ca pue... #mairepourri, enc*le     disguises undone
 *
 * Each is made from the one above it. On top of them, for a caller who wants it:
 *	borders    where a word may begin inside a word: maire|pourri (text_border)
 *	masks      words with letters hidden, as patterns: enc?le (text_masks)
 *	words      the list of words, for the last readings: two fragments joined (text_joined), the
 *	           sound of a word (sound.h), one letter wrong (near.h); only worth it for words
 *	           that nothing else recognised
 * Costs: one pass over the text for the three views; masks, borders, words and maps are made when asked
 * for, and every one of them is linear in the text. A text in SMS spelling has a second set of views, of what it
 * says in full letters: spell.h. */
#ifndef TOCSIN_TEXT_TEXT_H
#define TOCSIN_TEXT_TEXT_H
#include <stdint.h>
#include <tocsin/base/buf.h>

enum text_view {
	TEXT_PLAIN, /* NFC, case-folded, invisibles dropped, look-alikes, apostrophes and ligatures unified; accents kept */
	TEXT_FOLDED, /* plain with accents off */
	TEXT_SQUEEZED, /* folded with leet, separators between single letters and stretched letters undone,
			* inclusive forms read as one word */
	TEXT_VIEWS
};

struct text_views; /* reused for each comment; holds the three views and what the maps need */
struct text_views *text_views_new(void);
struct text_views *text_views_free(struct text_views *v);
/* original should be valid UTF-8: on other bytes the views are safe, but say nothing. It must outlive the
 * views, which live until the next text_views_make. */
void text_views_make(struct text_views *v, struct slice original);
/* Of views made by text_views_repair (spell.h): the written text, which text_view_origin looks behind. */
struct slice text_original(const struct text_views *v);
/* Behind the end of the folded and the squeezed view TEXT_SLACK blanks may be read. */
#define TEXT_SLACK 64u
struct slice text_view(const struct text_views *v, enum text_view which);
/* Bytes [start, end) of a view → bytes in the original, widened to whole characters as people see them
 * (a letter with all its marks, an emoji with its modifiers), and never beyond them. */
void text_view_origin(const struct text_views *v, enum text_view which, size_t start, size_t end,
	uint32_t *ret_start, uint32_t *ret_end);
/* The same, one view down: squeezed → folded → plain → original. Widened to whole scalars only. */
void text_view_below(const struct text_views *v, enum text_view which, size_t start, size_t end,
	size_t *ret_start, size_t *ret_end);
/* A place of the plain view in the folded one. */
size_t text_plain_to_folded(const struct text_views *v, size_t at);
/* True when the squeezed view is not simply the folded one. */
bool text_is_squeezed(const struct text_views *v);
/* Words of which the squeezed view undid a disguise, in order: leet, letters apart or stretched; an inclusive form is none.
 * They live as long as the views. */
struct text_undone {
	uint32_t start, end; /* in the folded view */
	uint32_t says, says_end; /* in the squeezed one */
};
size_t text_undone(const struct text_views *v, const struct text_undone **ret_list);
/* True when the squeezed view has a row of single letters written together. */
bool text_has_rows(const struct text_views *v);
/* False: what stands at [start, end) of the folded view stands just so in the plain one. True: it may have lost accents. */
bool text_is_changed(const struct text_views *v, size_t start, size_t end);
/* True when a Latin letter of the text carries an accent. */
bool text_has_accents(const struct text_views *v);
/* True at a word border: between a letter or digit and neither, in a view. */
bool text_is_border(struct slice view, size_t at);
/* True when the character at (or around) this byte of a view is a letter or a digit. */
bool text_is_word(struct slice view, size_t at);
/* Appends a folded term with doubled letters made single, as stretched words are in the squeezed view. */
void text_collapse(struct buf *out, struct slice folded);

/* What kind of border a place of a view is, best last. Ask only when text_is_border said no: that is cheap
 * for a caller, and this looks at up to 64 characters around the place. */
enum text_border {
	TEXT_BORDER_NONE,
	TEXT_BORDER_GLUED, /* inside a #hashtag or a row of single letters (s a l e c o n): a word may begin
			    * anywhere. Believe terms of 5 letters and more, or check what is left over
			    * with wordset_cover() of near.h. */
	TEXT_BORDER_CAMEL, /* ConnardsDeLaMairie: as good as a word's */
	TEXT_BORDER_WORD
};
enum text_border text_border(const struct text_views *v, enum text_view which, size_t at);

/* A word with hidden letters: c*n, enc***s, p*te, ta g.., f*ck, c🤡nnard, sa1ope (1 is an i or an l).
 * Only what has a letter in front of the hidden part counts; *con* is emphasis. */
struct text_mask {
	uint32_t start, end; /* in the folded view */
	uint8_t letters; /* that can be read, at most 255 */
	char first; /* the word's first letter, always readable: an index for the caller's terms */
	uint32_t
		needed; /* text_letters that a term must hold, or hold with an ending, to be fit for it */
};
enum text_fit {
	TEXT_FIT_NONE,
	TEXT_FIT_LOOSE, /* another number of letters than signs hide: ask for three readable letters or more */
	TEXT_FIT_EXACT /* one letter for each sign */
};
/* The masked words of the comment, mostly none (one look at a flag). Returns how many; the list lives as long
 * as the views. At most TEXT_MASKS_MAX. */
#define TEXT_MASKS_MAX 64u
size_t text_masks(struct text_views *v, const struct text_mask **ret_list);
/* The letters of a folded term, as bits: 1 is a. */
uint32_t text_letters(struct slice term);
/* Whether a folded term reads as this masked word. A term of several words (ta gueule) must find its other words
 * beside the mask; letters read there count too, so « ta g.. » says more than « g.. ».
 * ret_*: what the whole term covers in the folded view; ret_letters: readable letters it rests on (2 is
 * little: c*n; 1 is nothing: c..). Cost: about the length of both. */
enum text_fit text_mask_fits(const struct text_views *v, const struct text_mask *m,
	struct slice term, size_t *ret_start, size_t *ret_end, unsigned *ret_letters);

/* The words (runs of letters and digits) of the folded view, in order; the list lives as long as the views. */
struct text_word {
	uint32_t start, end;
};
size_t text_words(struct text_views *v, const struct text_word **ret_list);
/* A word of text_words with its accents. */
struct slice text_word_plain(const struct text_views *v, struct text_word word);
/* False: a byte beside it says that it is no word: a mail or web address, a name of the net, a mask. */
bool text_word_is_free(const struct text_views *v, struct text_word word);
/* Villages are called Candes-Saint-Martin, Viviers-sur-Chiers. */
bool text_word_is_hyphened(const struct text_views *v, struct text_word word);
/* A capital and small letters; a name: that, where no sentence begins. */
bool text_word_is_capital(const struct text_views *v, struct text_word word);
bool text_word_is_name(const struct text_views *v, struct text_word word);
/* n words written together (abru ti → abruti, en-cu-lé → encule), or empty when more than one character stands
 * between two of them or the result is longer than 64 bytes. Lives until the next call.
 * Worth a look when at least one of them is not a word of the language, and lower-scored than any view. */
struct slice text_joined(struct text_views *v, size_t first, size_t n);

/* Version of the tables and of the library, part of a bundle's hash. */
const char *text_version(void);
#endif
