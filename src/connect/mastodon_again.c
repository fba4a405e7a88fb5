/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was heard on Mastodon, once more: edits and deletions that no stream told. */
#include "mastodon.h"

#define AGAIN 100u /* statuses that are asked for again in one look … */
#define TOGETHER 20u /* … so many in one request: Mastodon takes no more */
#define ALONE 20u /* … and by themselves */

/* The server itself says that it is gone: a guard in front of it may say 404 to everything. */
static bool is_gone(struct mastodon *m, const struct page *page)
{
	struct json_value v;

	return (page->status == 404 || page->status == 410) &&
		json_parse(m->json, page->body, &v, NULL) == 0 && field_text(v, "error").n;
}

static int look_at_one(struct pass *p, struct mastodon *m, const char *id, struct error *e)
{
	_buf_ struct buf url = {0};
	struct json_value v;
	struct page page;
	int r;

	mastodon_site(pass_source(p), &url);
	buf_add_string(&url, "/api/v1/statuses/");
	address_part(&url, slice_of(id));
	r = pass_ask(p, buf_string(&url), (struct slice){0}, &page, e);
	mastodon_heed(p, m, r);
	if (r == FETCH_BODY && json_parse(m->json, page.body, &v, NULL) == 0)
		mastodon_take(p, m, v, (struct slice){0});
	else if (r == FETCH_REFUSED && is_gone(m, &page))
		mastodon_bury(p, m, slice_of(id));
	return r == FETCH_LATER ? r : FETCH_BODY;
}

/* Many at once (Mastodon 4.3 and later): those that came lose their id. */
static int look_at_many(
	struct pass *p, struct mastodon *m, struct watched *some, size_t n, struct error *e)
{
	struct json_value list, v;
	struct slice key;
	uint32_t it = 0;
	int r;

	buf_clear(&m->path);
	buf_add_string(&m->path, "/api/v1/statuses");
	for (size_t i = 0; i < n; i++)
		buf_printf(&m->path, "%cid[]=%s", i ? '&' : '?', some[i].id);
	r = mastodon_ask(p, m, buf_string(&m->path), &list, e);
	while (r == FETCH_BODY && list.type == JSON_ARRAY && json_each(list, &it, &key, &v)) {
		struct slice id = field_text(v, "id");

		for (size_t i = 0; i < n; i++)
			if (id.n && slice_is(id, some[i].id)) {
				some[i].id[0] = 0;
				mastodon_take(p, m, v, (struct slice){0});
			}
	}
	return r == FETCH_LATER ? r : FETCH_BODY;
}

int mastodon_look_again(struct pass *p, struct mastodon *m, struct error *e)
{
	size_t alone = 0, most = m->watch.n < AGAIN ? m->watch.n : AGAIN;
	int r = FETCH_BODY;

	for (size_t done = 0; r == FETCH_BODY && done < most && !m->spent;) {
		struct watched some[TOGETHER];
		size_t n = most - done < TOGETHER ? most - done : TOGETHER;

		memcpy(some, m->watch.list, n * sizeof(*some));
		watch_turn(&m->watch, n);
		done += n;
		r = look_at_many(p, m, some, n, e);
		for (size_t i = 0; r == FETCH_BODY && i < n && !m->spent; i++)
			if (some[i].id[0] && alone++ < ALONE)
				r = look_at_one(p, m, some[i].id, e);
		mastodon_print(p, m);
	}
	return r;
}
