/* SPDX-License-Identifier: GPL-3.0-or-later
 * What one token may ask for: a burst, and so much a second afterwards; and answers that are kept under a key, so that a program
 * which got none may ask again. Pure: time is an argument. */
#ifndef CONSOLE_API_LIMIT_H
#define CONSOLE_API_LIMIT_H
#include <stdint.h>
#include <tocsin/base/buf.h>
#include <tocsin/digest/digest.h>

#define API_BURST 60u
#define API_A_SECOND 10u
#define API_CALLERS 256u /* the one that has been quiet longest is forgotten for a new one */
#define API_KEPT 1024u /* answers; the oldest goes first */
#define API_KEEP_MS (24 * INT64_C(3600000))
#define API_KEY_MAX 128u /* bytes of an idempotency key */

struct api_limits {
	struct api_caller {
		unsigned char id[DIGEST_SIZE];
		int64_t last; /* ms; 0: free */
		uint32_t left; /* thousandths of a question */
	} callers[API_CALLERS];
	struct api_kept {
		unsigned char key[DIGEST_SIZE]; /* of the token, the key */
		unsigned char asked[DIGEST_SIZE]; /* of the path, the body */
		int64_t at; /* ms; 0: free */
		struct buf answer;
	} kept[API_KEPT];
};
void api_limits_release(struct api_limits *l);
/* Whether one more may be asked now; counts it. id: a digest of the token's name. */
bool api_may_ask(struct api_limits *l, const unsigned char id[static DIGEST_SIZE], int64_t now);
enum { API_NEW, API_SAME, API_OTHER /* the same key was used for something else */ };
/* What was answered under this key: API_SAME with *ret (lives until the next api_keep), else API_NEW or API_OTHER. */
int api_kept_find(struct api_limits *l, const unsigned char key[static DIGEST_SIZE],
	const unsigned char asked[static DIGEST_SIZE], int64_t now, struct slice *ret);
void api_keep(struct api_limits *l, const unsigned char key[static DIGEST_SIZE],
	const unsigned char asked[static DIGEST_SIZE], int64_t now, struct slice answer);
#endif
