/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers that never end: a few connections that are kept open, each byte handed on as it comes. The guard of fetch.h stands in
 * front of them too; no redirect is followed. Blocks: run it in a child process. */
#ifndef TOCSIN_NET_STREAM_H
#define TOCSIN_NET_STREAM_H
#include <stdint.h>
#include <tocsin/base/error.h>
#include <tocsin/base/slice.h>

#define STREAM_MAX 12u
#define STREAM_SILENCE_MS 50000 /* a server that says nothing for so long is not there any more */

struct stream_job {
	const char *const *urls; /* NULL-terminated, STREAM_MAX at most */
	const char *accept;
	const char *bearer; /* each of them gets it; NULL or "": none */
	const char *ca_file;
	const char *const *internal; /* as in fetch.h */
};
/* Bytes of the connection of this number. False: enough, it is ended. */
typedef bool stream_fn(void *user, size_t which, struct slice bytes);
struct stream;
/* All of them answer 200 within timeout_ms: FETCH_BODY, else FETCH_LATER or FETCH_REFUSED with the reason and *ret NULL. What they
 * say from then on waits until it is listened to. */
int stream_open(const struct stream_job *job, int64_t timeout_ms, stream_fn *each, void *user,
	struct stream **ret, struct error *e) _must_check_;
/* Listens for so long: FETCH_BODY when the time is over, FETCH_LATER when one of them is cut, silent, or told enough. */
int stream_listen(struct stream *s, int64_t ms, struct error *e) _must_check_;
struct stream *stream_close(struct stream *s);
#endif
