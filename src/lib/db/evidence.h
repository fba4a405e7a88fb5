/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chain over flagged comments: link = SHA-256(previous link ‖ mark ‖ metadata), mark = HMAC-SHA256(salt, evidence).
 * A purge destroys the salt: the mark then tells nothing of the text, and the chain still verifies. */
#ifndef DB_EVIDENCE_H
#define DB_EVIDENCE_H
#include <stdint.h>
#include <tocsin/base/slice.h>
#include <tocsin/digest/digest.h>

#define EVIDENCE_SALT 16u

/* Over the bytes as stored: when it was accepted, who (the handle), what (the comment's record). */
void evidence_mark(struct slice salt, int64_t accepted, struct slice handle, struct slice body,
	unsigned char ret[static DIGEST_SIZE]);
void evidence_link(const unsigned char previous[static DIGEST_SIZE], struct slice mark, int64_t seq,
	int64_t accepted, unsigned char ret[static DIGEST_SIZE]);
#endif
