/* SPDX-License-Identifier: GPL-3.0-or-later
 * What travels on `put`.
 *   HELLO    name bytes, epoch known u64       ASK     number, source bytes → REPLY number, cursor (rest)
 *   WELCOME  epoch u64
 *   PUT      number u64, failure seen u64, oldest unanswered u64 (maybe itself), count varint, source bytes,
 *            cursor bytes, items (rest)
 *   PUTACK   number u64, status u8, retry_ms u32
 *
 * Order: after a PUT of a connection was not taken, the later ones that were already on their way are not
 * taken either, until one says that its sender has seen the failure. A sender that repeats in order therefore
 * never has a cursor kept that is ahead of something not taken. The same after a reconnection: while the sender
 * counts on a PUT that this connection never brought, those that carry a cursor are answered lost. */
#ifndef BUS_PUT_MESSAGES_H
#define BUS_PUT_MESSAGES_H
#include "socket.h"

#define PUT_CHANNEL "put"
enum { MESSAGE_PUT = MESSAGE_CHANNEL, MESSAGE_PUTACK };
#endif
