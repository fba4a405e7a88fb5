/* SPDX-License-Identifier: GPL-3.0-or-later
 * An address in figures. */
#ifndef NET_GUARD_H
#define NET_GUARD_H
#include <tocsin/net/fetch.h>

#define GUARD_TEXT 64
void guard_print(const struct sockaddr *a, char out[static GUARD_TEXT]);
#endif
