/* SPDX-License-Identifier: GPL-3.0-or-later
 * kind bluesky: whether what others wrote still stands. Nothing is edited there; what is deleted is missing from the answer, but so
 * is what its author keeps from us by blocking the town: gone is only what the server says to have no record of. */
#include <stdlib.h>

#include <tocsin/base/alloc.h>

#include "look.h"
#include "../fields.h"

#define AT_ONCE 25u /* as many as getPosts takes */
#define CHECKS 100u /* of one look */

static bool stands_url(struct pass *p, struct sky *s)
{
	size_t left = s->mark.n_known, most = CHECKS - s->checked;

	if (s->checked >= CHECKS || s->checked >= left)
		return false;
	if (most > left - s->checked)
		most = left - s->checked;
	s->asked_for = most < AT_ONCE ? most : AT_ONCE;
	buf_clear(&s->url);
	bluesky_method(pass_source(p), "app.bsky.feed.getPosts", &s->url);
	for (size_t i = 0; i < s->asked_for; i++) {
		_buf_ struct buf uri = {0};

		bluesky_known_uri(s->mark.known[i], &uri);
		bluesky_argument(&s->url, "uris", buf_slice(&uri));
	}
	s->url.n--; /* the last & */
	return true;
}

static bool fate_url(struct pass *p, struct sky *s)
{
	struct at_uri u = {0};

	while (s->at_missing < s->n_missing &&
		!at_uri_parse(slice_of(s->missing[s->at_missing]), &u))
		free(s->missing[s->at_missing++]);
	if (s->at_missing == s->n_missing)
		return false;
	s->step = SKY_FATE;
	buf_clear(&s->url);
	bluesky_method(pass_source(p), "com.atproto.repo.getRecord", &s->url);
	bluesky_argument(&s->url, "repo", u.who);
	bluesky_argument(&s->url, "collection", u.collection);
	bluesky_argument(&s->url, "rkey", u.key);
	s->url.n--;
	return true;
}

bool sky_stands_begin(struct pass *p, struct sky *s)
{
	return stands_url(p, s);
}

static bool is_shown(struct json_value list, struct slice uri)
{
	struct json_value view;
	struct slice key;

	for (uint32_t it = 0; json_each(list, &it, &key, &view);)
		if (slice_equal(field_text(view, "uri"), uri))
			return true;
	return false;
}

/* Those that were asked for go behind the others; who is missing is asked for by itself. */
static void read_shown(struct sky *s, struct json_value list)
{
	for (size_t i = 0; i < s->asked_for; i++) {
		_buf_ struct buf uri = {0};

		bluesky_known_uri(s->mark.known[0], &uri);
		if (!is_shown(list, buf_slice(&uri)) &&
			s->n_missing < sizeof(s->missing) / sizeof(*s->missing))
			s->missing[s->n_missing++] = xstrndup(uri.p, uri.n);
		bluesky_known_next(&s->mark, false);
	}
	s->checked += s->asked_for;
}

static bool is_gone(long status, struct json_value v)
{
	struct slice code = field_text(v, "error"), words = field_text(v, "message");

	return status >= 400 && status < 500 &&
		(slice_is(code, "RecordNotFound") || slice_is(code, "RepoNotFound") ||
			slice_begins(words, "Could not locate record") ||
			slice_begins(words, "Could not find repo"));
}

static void forget(struct bluesky_mark *m, struct slice uri)
{
	for (size_t i = m->n_known; i; i--) {
		_buf_ struct buf first = {0};

		bluesky_known_uri(m->known[0], &first);
		bluesky_known_next(m, slice_equal(buf_slice(&first), uri));
	}
}

static void read_fate(struct pass *p, struct sky *s, long status, struct json_value v)
{
	char *uri = s->missing[s->at_missing++];

	if (is_gone(status, v)) {
		pass_add(p, &(struct comment){.type = COMMENT_TOMBSTONE, .id = slice_of(uri)});
		forget(&s->mark, slice_of(uri));
	}
	free(uri);
}

bool sky_stands(struct pass *p, struct sky *s, long status, struct json_value v)
{
	struct json_value list;

	if (s->step == SKY_FATE) {
		read_fate(p, s, status, v);
		return fate_url(p, s);
	}
	if (status >= 300 || !field_inner(v, "posts", JSON_ARRAY, &list))
		return fate_url(p, s);
	read_shown(s, list);
	return stands_url(p, s) || fate_url(p, s);
}
