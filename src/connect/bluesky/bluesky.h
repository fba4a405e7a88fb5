/* SPDX-License-Identifier: GPL-3.0-or-later
 * What reading Bluesky (AT protocol, atproto.com/specs; lexicons app.bsky.* and com.atproto.*) and acting on it share. */
#ifndef CONNECT_BLUESKY_H
#define CONNECT_BLUESKY_H
#include <tocsin/json/json.h>
#include <tocsin/record/comment.h>

#include "../poller.h"
#include "../session.h"

#define BLUESKY_ANSWER (8u << 20)
#define BLUESKY_POSTS "app.bsky.feed.post" /* the collection of posts */

/* A post as an answer shows it (postView, or a notification): slices live as long as the answer, or as the buffers. */
struct post {
	struct slice uri, cid, who /* DID of its author */;
	struct slice root, root_cid,
		parent; /* uris of what it answers; "" when it answers nothing */
	int64_t replies; /* direct ones, as far as is known */
	struct buf text, name, thread, url;
	struct comment comment;
};
/* False: it is no post, or its author is not whom its address names. ret is overwritten, its buffers are used again.
 *
 * text     what the author wrote, then, each on a line, what a reader sees too: the addresses behind its words (facets) and the
 *          card, unless they stand there, and what is said of the pictures (alt)
 * author   the DID; author_name: as shown, with the handle
 * thread   the page of the post that began it; parent: the post that is answered
 * kind     "reply", "quote" or "post" */
bool bluesky_post(struct json_value view, struct post *ret);
void bluesky_post_release(struct post *p);

/* Parts of at://DID/COLLECTION/KEY, the address of a record; false when it is none. */
struct at_uri {
	struct slice who, collection, key;
};
bool at_uri_parse(struct slice uri, struct at_uri *ret);
/* "https://…/xrpc/METHOD?" of the source, appended; then NAME=VALUE& each. */
void bluesky_method(const struct source_config *source, const char *method, struct buf *url);
void bluesky_argument(struct buf *url, const char *name, struct slice value);
/* An answer of the server, mended (tame.h) into text, where its strings live. False: it is no object. */
bool bluesky_parse(
	struct json_reader *json, struct slice body, struct buf *text, struct json_value *ret);

extern const struct login bluesky_login;
int bluesky_deed(struct deed *d, const struct page *last, struct error *e);
#endif
