/* SPDX-License-Identifier: GPL-3.0-or-later
 * Digests, keyed digests, randomness. Sole user of libsodium. */
#ifndef TOCSIN_DIGEST_DIGEST_H
#define TOCSIN_DIGEST_DIGEST_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/base/error.h>

#define DIGEST_SIZE 32
#define DIGEST_HEX (2 * DIGEST_SIZE + 1)
#define DIGEST_KEY 32

struct digest_state {
	_Alignas(64) unsigned char opaque[448];
};
/* SHA-256 (FIPS 180-4), in one go or in parts. */
void digest_sha256(struct slice s, unsigned char out[static DIGEST_SIZE]);
void digest_begin(struct digest_state *st);
void digest_add(struct digest_state *st, struct slice s);
void digest_end(struct digest_state *st, unsigned char out[static DIGEST_SIZE]);
/* HMAC-SHA256 (RFC 2104) with a key of any length. */
void digest_hmac(struct slice key, struct slice s, unsigned char out[static DIGEST_SIZE]);
/* Keyed BLAKE2b-128 (RFC 7693): the pseudonym of an author. Fast, 16 bytes. */
void digest_pseudonym(
	const unsigned char key[static DIGEST_KEY], struct slice s, unsigned char out[static 16]);
/* Constant-time comparison. */
bool digest_equal(const void *a, const void *b, size_t n);
const char *digest_hex(const unsigned char *p, size_t n, char *out /* 2n+1 */);
/* -EINVAL unless s is exactly 2n hex digits. */
int digest_unhex(struct slice s, unsigned char *out, size_t n) _must_check_;
/* Base64 with padding (RFC 4648), appended. */
void digest_base64(struct buf *out, struct slice s);
void digest_random(void *p, size_t n);
/* Argon2id (RFC 9106) with libsodium's interactive cost (64 MiB, two passes): a password as what is kept of it, with its salt
 * and cost. Takes some 50 ms. -ENOMEM when the machine has not the memory. */
#define DIGEST_PASSWORD 128
int digest_password(struct slice password, char out[static DIGEST_PASSWORD]) _must_check_;
/* Whether it is the password of what is kept; false for anything that is no such text. As slow. */
bool digest_password_is(struct slice kept, struct slice password);
/* Reads a key file of DIGEST_KEY bytes, 0600; makes it with random bytes when missing. */
int digest_key_file(const char *path, unsigned char key[static DIGEST_KEY], struct error *e)
	_must_check_;
/* Overwrites before release, not optimised away. */
void digest_wipe(void *p, size_t n);
#endif
