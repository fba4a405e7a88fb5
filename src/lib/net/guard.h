/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may be inside: an administrator's list of hosts. */
#ifndef NET_GUARD_H
#define NET_GUARD_H
#include <tocsin/net/fetch.h>

/* Whether the list (NULL-terminated, or NULL) names this host, on every port or on this one. */
bool guard_allows(const char *const *internal, const char *host, const char *port);
/* An address in figures. */
#define GUARD_TEXT 64
void guard_print(const struct sockaddr *a, char out[static GUARD_TEXT]);
#endif
