/* SPDX-License-Identifier: GPL-3.0-or-later
 * What travels on `commit`.
 *   HELLO     name bytes, all_ranges u8, epoch known u64
 *   WELCOME   epoch u64, has u8, bundle 32 bytes if has
 *   RESULT    batch u64, first varint, count varint, accepted_at i64, bundle 32 bytes, items bytes, verdicts (rest)
 *   COMMITTED batch u64, first varint, count varint
 *   BUNDLE    32 bytes
 *   ASK       number u64, verb u8, body (rest)    REPLY number u64, status i64, body or text (rest)
 *   TELL      verb u8, body (rest)                no answer */
#ifndef BUS_COMMIT_MESSAGES_H
#define BUS_COMMIT_MESSAGES_H
#include "socket.h"

#define COMMIT_CHANNEL "commit"
enum { MESSAGE_RESULT = MESSAGE_CHANNEL, MESSAGE_COMMITTED, MESSAGE_BUNDLE, MESSAGE_TELL };

static inline uint32_t read_u32(struct wire *w)
{
	uint64_t v = wire_varint(w);

	if (v > UINT32_MAX)
		w->bad = true;
	return w->bad ? 0 : (uint32_t)v;
}
static inline struct slice read_rest(struct wire *w)
{
	return (struct slice){(const char *)w->p, w->bad ? 0 : (size_t)(w->end - w->p)};
}
static inline void read_bundle(struct wire *w, unsigned char bundle[BUS_BUNDLE])
{
	if (w->bad || (size_t)(w->end - w->p) < BUS_BUNDLE) {
		w->bad = true;
		return;
	}
	memcpy(bundle, w->p, BUS_BUNDLE);
	w->p += BUS_BUNDLE;
}
#endif
