/* SPDX-License-Identifier: GPL-3.0-or-later
 * What reading Mastodon, listening to it and acting on it share (docs.joinmastodon.org/api: version 1 of its REST API, which other
 * servers of the fediverse speak too). */
#ifndef CONNECT_MASTODON_H
#define CONNECT_MASTODON_H
#include <tocsin/json/fields.h>
#include <tocsin/net/stream.h>

#include "../address.h"
#include "../poller.h"
#include "../sse.h"
#include "../watch.h"

enum mastodon_kind {
	MASTODON_COMMENT,
	MASTODON_STRANGE, /* no status */
	MASTODON_PRIVATE, /* only some may read it: not for us */
	MASTODON_OTHER /* the town's own, somebody's boost of another one, or without words */
};
/* Pure: a Status. me is the town's account; text is overwritten, and holds what ret's text points to. thread is what it answers. */
enum mastodon_kind mastodon_status(
	struct json_value v, struct slice me, struct buf *text, struct comment *ret);
/* Pure: its content as people read it, its warning first; appended. */
void mastodon_text(struct json_value v, struct buf *out);
/* Pure: the value of a parameter (max_id, min_id) of the address that a Link header (RFC 8288) gives this relation, appended. False:
 * there is none. */
bool mastodon_link(
	struct slice header, const char *relation, const char *parameter, struct buf *out);

/* Pure: after which id a hashtag is asked for when the newest seen was top, appended: an hour before it, for a status of another
 * server has the id of its date, not of its arrival (Mastodon's Snowflake: milliseconds << 16). top itself when it is none. */
void mastodon_overlap(struct slice top, struct buf *out);
/* Pure: whether id is younger than top, as far as they are numbers; else it is. */
bool mastodon_is_newer(struct slice id, struct slice top);

struct place { /* a timeline: the mentions (tag NULL), or a hashtag */
	const char *tag;
	bool live; /* what was before us is read */
	struct buf at; /* back: older than this one; empty: from the newest */
	struct buf top; /* the newest that was seen; empty: nothing was ever there */
	struct buf from; /* live: this look asks for what is newer than this one */
};
struct mastodon;
/* What the server sent: one author's broken letters stop nothing (tame.h). ret lives until the next call. */
bool mastodon_parse(struct mastodon *m, struct slice body, struct json_value *ret);
struct event { /* whose it is */
	struct pass *p;
	struct mastodon *m;
};
struct mastodon {
	struct json_reader *json;
	struct buf me, path, text, tamed;
	struct place *places;
	size_t n_places;
	struct watch watch;
	bool spent; /* the server's quota: no more requests in this look … */
	int64_t wait_ms; /* … and none for so long; 0: it does not say */
	bool heard; /* a page was read in this look */
	struct stream *stream;
	struct event at;
	struct sse sse[STREAM_MAX];
	int64_t told; /* monotonic */
};
/* GET path at the site: an outcome of fetch.h, with the JSON of what came for FETCH_BODY. */
int mastodon_ask(struct pass *p, struct mastodon *m, const char *path, struct json_value *ret,
	struct error *e) _must_check_;
/* A status that came: added and watched when it is a comment. root: of its thread, empty: found. False: it is no status. */
bool mastodon_take(struct pass *p, struct mastodon *m, struct json_value status, struct slice root);
void mastodon_bury(struct pass *p, struct mastodon *m, struct slice id);
/* What the server says of its quota (300 requests in five minutes as a rule), after a request with this outcome. */
void mastodon_heed(struct pass *p, struct mastodon *m, int outcome);
/* A part of what is watched is asked for again: an outcome of fetch.h. */
int mastodon_look_again(struct pass *p, struct mastodon *m, struct error *e) _must_check_;
/* What was added goes out, and where we are. */
void mastodon_print(struct pass *p, struct mastodon *m);
/* ".../api/…" of the source. */
void mastodon_site(const struct source_config *source, struct buf *url);

/* The streams of the account and the hashtags; none when the server has none: then the looks do. */
void mastodon_open(struct pass *p, struct mastodon *m, const char *token);
void mastodon_listen(struct pass *p, struct mastodon *m, int64_t ms);
int mastodon_deed(struct deed *d, const struct page *last, struct error *e);
#endif
