/* SPDX-License-Identifier: GPL-3.0-or-later
 * SMS spelling written out, so that a rule's words of several are met: « jvé te defoncé » is « je vais te défoncer ».
 *
 *	original   On c ou tabite, jvé te defoncé
 *	written    On sait où tu habites, je vais te défoncer     and its plain, folded and squeezed views
 *
 * Three ways to read a word, the first that fits:
 *	table   sms.txt beside the code: jvais, tlm, pk, c un, jen peu plu
 *	glue    a pronoun or an article without its apostrophe: jtebute, dargent, « c est »
 *	sound   a word that is none of the language, and sounds (sound.h; z counts as s) like a word that the rules use.
 *		Of those that sound the same the one whose ending its place asks for: -er behind va, veut, faut; -é
 *		behind a, est; -ez behind vous; else the closest in length.
 * A word of the language is left as it is, but in a text that has such words for an entry of the table that is marked, and
 * for « va payé » and « les voleur ». Names, tags, addresses and capitals among small letters (PR, TS) are left as they are. Accents are
 * not asked for in the written text: who writes so does without.
 *
 * Only texts with such a word are written out; the others pay a bit tested for each word, and the key of a sound for each
 * strange one. */
#ifndef TOCSIN_TEXT_SPELL_H
#define TOCSIN_TEXT_SPELL_H
#include <tocsin/text/text.h>

/* What words are written out to. Immutable once sealed, shared by threads. */
struct spelling;
struct wordset; /* near.h */
/* french: the words of the language, folded; borrowed. */
struct spelling *spelling_new(const struct wordset *french);
struct spelling *spelling_free(struct spelling *s);
/* A word of the rules in the letters of the plain view: one that a strange word may be meant for. It should be French. */
void spelling_add(struct spelling *s, struct slice plain);
void spelling_seal(struct spelling *s);

/* Whether a text with this word (the wordhash of its folded form) is worth writing out: it stands in the table. */
bool spelling_has_sms(const struct spelling *s, uint64_t hash);
/* The same of a text in the letters of the plain view: it has a word like é, cé, mé; or « va te tué ». */
bool spelling_has_lone_e(struct slice plain);
/* The same of a strange word, without its accents and with them, and its sound (sound_key of `plain`). */
bool spelling_has_sound(
	const struct spelling *s, struct slice folded, struct slice plain, struct slice sound);

/* A disguised word of the folded view, and what it says. */
struct text_repair {
	uint32_t start, end;
	struct slice says; /* of the folded view's letters; outlives the call */
	bool guessed; /* the word might be another one */
};
/* Writes out the text of `from` and makes the views of that in `to`, whose places map to the original text of `from`:
 * a part of a written word maps to the whole word that it stands for. `from` must outlive them unchanged. False: nothing
 * was written out, `to` says nothing. Linear in the text. The repairs are written out too: in order, none in another, each
 * from a word's border to another one. spelling: NULL for the repairs alone; then accents are asked for outside of them. */
bool text_views_repair(struct text_views *to, struct text_views *from,
	const struct spelling *spelling, const struct text_repair *repairs, size_t n);

/* How far to believe what was found at bytes [start, end) of the folded view of such a text. */
enum spell_trust {
	SPELL_UNTOUCHED, /* nothing was written out there */
	SPELL_GUESSED, /* by its sound, and nothing confirms it */
	SPELL_SINGLE, /* by the table, and it is the only word of the text that was written out */
	SPELL_SURE, /* by the table, or several words of it, or the text is full of such words */
	SPELL_REPAIRED /* nothing but a disguise was undone */
};
enum spell_trust text_spell_trust(const struct text_views *v, size_t start, size_t end);
#endif
