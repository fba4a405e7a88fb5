/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names and words as an erasure looks for them: without regard to case and accents, and whole. */
#ifndef DB_NAME_H
#define DB_NAME_H
#include <tocsin/base/buf.h>
#include "sq.h"

/* Adds s in small letters, without accents; of the Latin alphabet alone. */
void name_fold(struct slice s, struct buf *out);
/* Adds s with the escapes of JSON and of forms as what they stand for. */
void name_unescape(struct slice s, struct buf *out);
/* Whether this byte of folded text is of a word. */
bool name_letter(char c);
/* without_name(text, name): the text with blanks for the name, where it is a word; a name of less than three letters is none.
 * holds_name(raw, name, whole): whether a raw input (also with the escapes of JSON and forms), or a comment in wire form, holds the
 * name; anywhere, for the rest of a raw input says nothing of where a name in it ends, but as a word of its own when `whole` or when
 * it is short, and as all that stands in one place when it has less than three letters. */
int name_functions(sqlite3 *db, struct error *e) _must_check_;
#endif
