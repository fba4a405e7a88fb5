/* SPDX-License-Identifier: GPL-3.0-or-later
 * What needs the source text again and not the speed: where a document is wrong, how a value was written. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H
#include <stdint.h>
#include <tocsin/base/buf.h>

/* The first fault by RFC 8259 (UTF-8, lone surrogates and depth too): its offset and what is wrong, or NULL. */
const char *json_scan_fault(struct slice document, unsigned depth, size_t *ret_offset);

/* Appends value number `at`, in document order from 0, as it stands in a valid document, without the
 * blanks between tokens. */
void json_scan_print(struct buf *out, struct slice document, uint32_t at);

/* Appends the document with an exponent behind each long integer, which makes it a floating-point number. */
void json_scan_widen(struct buf *out, struct slice document);
#endif
