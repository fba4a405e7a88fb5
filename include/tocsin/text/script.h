/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names that mix alphabets: « Мairie », whose first letter is Cyrillic, is nobody's town hall. The idea is that of UTS 39 (mixed
 * scripts, highly restrictive), word by word: people have names in two alphabets (« Юлия Dupont »), a word has one. */
#ifndef TOCSIN_TEXT_SCRIPT_H
#define TOCSIN_TEXT_SCRIPT_H
#include <tocsin/base/slice.h>

/* Whether one word has letters of two scripts. Digits, marks and signs belong to all; Latin may stand beside Chinese, Japanese and
 * Korean. Any bytes; a byte that is no UTF-8 ends a word. Pure. */
bool script_mixed(struct slice text);
#endif
