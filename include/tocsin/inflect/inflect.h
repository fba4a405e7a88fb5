/* SPDX-License-Identifier: GPL-3.0-or-later
 * French inflection: a listed word becomes its gender and number forms, a verb all its forms. The forms come from
 * the Hunspell dictionary that the machine has (Debian: hunspell-fr-comprehensive), read when rules are published;
 * a bundle carries what was asked for and the set of all French forms in one packed file, so that a scorer needs no
 * dictionary and two machines with two dictionaries agree.
 *
 * Forms are spelt as in the plain view (tocsin/text: small letters, accents kept, oe for œ). Inclusive spellings are
 * the text view's work. Slices that come back are borrowed until inflect_close. A handle belongs to one thread, except
 * that inflect_is_word and inflect_each on a packed handle only read. */
#ifndef TOCSIN_INFLECT_INFLECT_H
#define TOCSIN_INFLECT_INFLECT_H
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

struct inflect;

/* Outcomes. */
enum {
	INFLECT_ABSENT = 1, /* no dictionary there: the handle works, by the regular rules alone */
	INFLECT_REGULAR, /* a word that inflects is not in the dictionary: regular rules made its forms */
	INFLECT_FIXED, /* nothing inflects: an acronym, no verb, a term out of bounds; the term alone comes back */
};

#define INFLECT_TERM_MAX 200u /* bytes of a term; a longer one is INFLECT_FIXED */
#define INFLECT_FORMS_MAX 256u /* forms of a term */

/* Sorted by bytes, each once, the term itself among them. */
struct inflect_forms {
	const struct slice *list;
	size_t n;
};

/* Opens the dictionary PATH.aff and PATH.dic; NULL: the first of the system's French ones. The two files are read
 * whole (measured: tests/bench/bench-inflect.c); everything else waits until it is asked for. Only UTF-8 dictionaries.
 * Returns 0, INFLECT_ABSENT (with a handle too), -EINVAL with file and line when a file is broken, -EFBIG when it is
 * beyond the limits, -errno. */
int inflect_open(const char *path, struct inflect **ret, struct error *e) _must_check_;
/* The same from the text of the two files. */
int inflect_open_text(struct slice aff, struct slice dic, struct inflect **ret, struct error *e)
	_must_check_;
/* Opens a packed file, mapped read-only. -EINVAL when it is no whole one; hostile bytes are harmless. */
int inflect_open_packed(const char *path, struct inflect **ret, struct error *e) _must_check_;
/* The same from bytes that outlive the handle, aligned to four. */
int inflect_open_bytes(struct slice packed, struct inflect **ret, struct error *e) _must_check_;
struct inflect *inflect_close(struct inflect *i); /* returns NULL */

/* The gender and number forms of a word or of a term of several words.
 *
 * A masculine or a base form opens all forms: abruti → abrutie, abruties, abrutis. A form that is already feminine
 * or plural stays so: ordures → ordures alone; sales → sales; menteuse → menteuse, menteuses. The words of a term
 * agree: sale con → sale conne, sales connes, sales cons; articles and possessives bind (ta gueule stays). What
 * follows a preposition agrees on its own: tête de con → têtes de cons. A word that the dictionary knows as something
 * else (an adverb, a verb's form) stays as it is. When there would be more than INFLECT_FORMS_MAX forms, only what
 * stands before the first preposition inflects.
 * Returns 0, INFLECT_REGULAR or INFLECT_FIXED. */
int inflect_words(struct inflect *i, struct slice term, struct inflect_forms *ret);

/* Every form of a verb given as its infinitive, participles with their gender and number. Of several words the first
 * one inflects: casser la gueule → cassera la gueule. « se » and « s' » before it are dropped; « en » and « y » stay.
 * An unknown verb in -er or -ir takes the regular endings: INFLECT_REGULAR; any other is INFLECT_FIXED. */
int inflect_verb(struct inflect *i, struct slice phrase, struct inflect_forms *ret);

/* What the dictionary says of one word, as a set; 0: unknown. Without a dictionary always 0. */
enum {
	INFLECT_NOUN = 1, /* noun or adjective, as its base form */
	INFLECT_VERB = 2, /* an infinitive */
	INFLECT_FORM = 4, /* an inflected form, or a word of another class */
};
unsigned inflect_kinds(struct inflect *i, struct slice word);

/* The regular rules, pure: calls back each form of an unknown noun or adjective (as plain text), or of an infinitive
 * in -er or -ir (returns false for any other, without a call). */
typedef void inflect_fn(void *arg, struct slice form);
void inflect_regular_word(struct slice word, inflect_fn *fn, void *arg);
bool inflect_regular_verb(struct slice lemma, inflect_fn *fn, void *arg);

/* All French forms (simple words and hyphenated ones, names, no elided article): an exact set, no false positives. On a
 * dictionary's handle the first call of these or of inflect_pack builds it. */
enum inflect_view {
	INFLECT_PLAIN, /* accents count */
	INFLECT_FOLDED, /* the word comes without accents: it is a form with its accents off */
};
bool inflect_is_word(struct inflect *i, struct slice word, enum inflect_view view);
/* In byte order; stops when fn returns false. */
typedef bool inflect_each_fn(void *arg, struct slice form);
void inflect_each(struct inflect *i, inflect_each_fn *fn, void *arg);
size_t inflect_count(struct inflect *i);

/* Appends what a bundle carries: every answer that inflect_words and inflect_verb gave through this handle, and the set
 * of all forms. The same questions (in any order) and the same dictionary give the same bytes. A handle opened on them
 * gives the same answers; a question that was not asked before gets the regular rules' answer.
 * Returns 0, or -E2BIG when the dictionary's forms are beyond the format's limits. */
int inflect_pack(struct inflect *i, struct buf *out, struct error *e) _must_check_;
#endif
