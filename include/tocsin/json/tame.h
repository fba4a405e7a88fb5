/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON of a server that hands on what anybody wrote into it. Our reader refuses a whole document for one string; a single author
 * could make us deaf. So what it would refuse is mended first, wherever it stands: a NUL or half a surrogate pair becomes U+FFFD,
 * bytes that are no UTF-8 too, and what lies deeper than JSON_DEPTH becomes null. What is malformed stays so. Pure. */
#ifndef TOCSIN_JSON_TAME_H
#define TOCSIN_JSON_TAME_H
#include <tocsin/json/json.h>

/* Appended. */
void json_tame(struct slice document, struct buf *out);
#endif
