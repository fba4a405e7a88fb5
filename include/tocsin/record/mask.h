/* SPDX-License-Identifier: GPL-3.0-or-later
 * Personal data in a citizen's text, masked before the text leaves in an alarm. */
#ifndef TOCSIN_RECORD_MASK_H
#define TOCSIN_RECORD_MASK_H
#include <tocsin/base/buf.h>

/* Appends text on one line, with mail addresses, telephone numbers, postal addresses (number and street),
 * number plates, bank account numbers and @handles replaced by […], and web addresses by their host
 * ("facebook.com/[…]"), for what follows it names people; at most max bytes, cut at a word with "…". Rather one datum too many than one too few: numbers of ten digits and more are taken for
 * telephone numbers. Names of people cannot be known from the text and stay. */
void mask_text(struct buf *out, struct slice text, size_t max);
#endif
