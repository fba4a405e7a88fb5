/* SPDX-License-Identifier: GPL-3.0-or-later
 * What travels on `work`.
 *   HELLO    pid u64, name bytes, window varint; also in answer to WHO
 *   WELCOME  epoch u64
 *   ALIVE    epoch u64: my loop runs; deliveries that I scored stay mine
 *   WHO      (producer) I don't know this connection
 *   DELIVER  tag u64, batch u64, first varint, count varint, attempt varint, accepted_at i64, bundle 32 bytes,
 *            items (rest)
 *   PULL     credit varint       ACK tag u64       EXTEND tag u64       SCORED tag u64
 *   NAK      tag u64, reason u8, delay_ms u32
 *   DEATH    pid u64, from the supervisor */
#ifndef BUS_WORK_MESSAGES_H
#define BUS_WORK_MESSAGES_H
#include "socket.h"

#define WORK_CHANNEL "work"
enum {
	MESSAGE_ALIVE = MESSAGE_CHANNEL,
	MESSAGE_WHO,
	MESSAGE_DELIVER,
	MESSAGE_PULL,
	MESSAGE_ACK,
	MESSAGE_EXTEND,
	MESSAGE_SCORED,
	MESSAGE_NAK,
	MESSAGE_DEATH
};
#endif
