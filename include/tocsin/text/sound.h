/* SPDX-License-Identifier: GPL-3.0-or-later
 * How French words sound, roughly: the key by which « konar », « ankulé » and « ta geule » meet « connard »,
 * « enculé » and « ta gueule ». A last reading, for words that no view recognised, and scored below them all.
 *
 * A letter of the key is a sound:
 *	a b d e f g i j k l m n o p r s t u v w y z   as in French; u is « u », w is « ou », e is é, è, ê, ai
 *	A  an, en, am, em     I  in, ain, ein, un     O  on, om     2  eu, œu     C  ch     N  gn
 * Left out: h, mute e, doubled letters, and final consonants that are silent (d t s x z p).
 * It collides by design: sot, seau, saut, sceau and saute/sauté (without accents) have few keys between them, and so do
 * con/qu'on/compte, cul/qu'eût, pute/put/putt. Hence: keys of four sounds and more only, words of the
 * language excepted by the caller (near.h has the set), and a low score. */
#ifndef TOCSIN_TEXT_SOUND_H
#define TOCSIN_TEXT_SOUND_H
#include <tocsin/base/slice.h>

/* Fewer sounds than this say nothing. */
#define SOUND_MIN 4u
#define SOUND_MAX 48u

/* The key of one or more words of the plain or folded view, written together (« je vais te niquer » and « jvé te
 * niké » are one key). Accents help: give the comment's plain words, and of a term both its plain and its
 * folded form (a comment without accents has lost é). No NUL. Returns how many sounds; 0 when the text
 * holds other letters than Latin ones, or more than SOUND_MAX sounds. About 5 ns a letter. */
size_t sound_key(char out[static SOUND_MAX], struct slice text);
#endif
