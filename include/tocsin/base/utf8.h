/* SPDX-License-Identifier: GPL-3.0-or-later
 * UTF-8 (RFC 3629): check, repair, step, cut. */
#ifndef TOCSIN_BASE_UTF8_H
#define TOCSIN_BASE_UTF8_H
#include <stdint.h>
#include <tocsin/base/buf.h>

bool utf8_valid(struct slice s);
/* Offset of the first invalid byte, or s.n. */
size_t utf8_valid_prefix(struct slice s);
/* Appends s with every invalid sequence replaced by U+FFFD (maximal subparts, Unicode ch. 3.9).
 * Returns how many were replaced. */
size_t utf8_repair(struct buf *out, struct slice s);
/* Decodes one scalar from valid text at *i (< s.n) and steps over it. */
uint32_t utf8_next(struct slice s, size_t *i);
/* Appends one scalar; out has room for 4 bytes; returns the length. */
size_t utf8_put(char out[static 4], uint32_t scalar);
/* The longest prefix of at most max bytes that ends at a character border. */
struct slice utf8_cut(struct slice s, size_t max);
/* Number of scalars in valid text. */
size_t utf8_length(struct slice s);
#endif
