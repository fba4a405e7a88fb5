/* SPDX-License-Identifier: GPL-3.0-or-later
 * What reading Facebook's and Instagram's comments by the Graph API and acting on them share
 * (developers.facebook.com/docs/graph-api). */
#ifndef CONNECT_META_H
#define CONNECT_META_H
#include <tocsin/json/fields.h>

#include "../address.h"
#include "../poller.h"
#include "../watch.h"

/* How the two say the same. */
struct meta_words {
	const char *feed, *feed_fields; /* the edge of what is commented */
	const char *comments; /* the edge of the comments, with its fields */
	const char *more; /* … and of the answers to one of them */
	const char *alone; /* fields of one comment */
	const char *text, *time, *likes;
	const char *hide; /* "=true" hides, "=false" shows */
	const char *hidden; /* whether it is */
	const char *answers; /* the edge of the answers to one */
};
const struct meta_words *meta_words(const struct source_config *source);

enum meta_error {
	META_NONE,
	META_EXPIRED, /* the token is of no use any more */
	META_BUSY, /* too many requests */
	META_GONE, /* it is not there, or not for us */
	META_RIGHT, /* the token has not the right */
	META_LATER, /* their fault */
	META_OTHER
};
/* Pure: what an answer that is no success says; why is its message. */
enum meta_error meta_error(struct json_value v, struct slice *ret_why);
/* Pure: a comment of `post`. author and text may be empty. Bufs are overwritten. False: it is none. */
bool meta_comment(const struct meta_words *w, struct json_value v, struct slice post,
	struct slice page, struct comment *ret);
/* Pure: "2026-11-29T10:00:00+0000" too; 0: none. */
int64_t meta_time(struct slice date);
/* Pure: how much of a quota is used, in percent, by X-App-Usage or X-Business-Use-Case-Usage; ret_ms: after how long there is some
 * again, when it says so. */
int64_t meta_usage(struct json_reader *json, struct slice header, int64_t *ret_ms);
/* "…/v25.0/" of the source. */
void meta_site(const struct source_config *source, struct buf *url);
/* appsecret_proof=…, appended, when the source has the app's secret. 0 or a negative errno with the reason. */
int meta_proof(const struct source_config *source, const char *token, struct buf *url,
	struct error *e) _must_check_;
int meta_deed(struct deed *d, const struct page *last, struct error *e);
#endif
