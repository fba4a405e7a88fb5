/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parts of addresses. Pure. */
#ifndef CONNECT_ADDRESS_H
#define CONNECT_ADDRESS_H
#include <tocsin/base/buf.h>

/* Appended: all but letters, figures and -._~ percent-encoded. */
void address_part(struct buf *out, struct slice text);
#endif
